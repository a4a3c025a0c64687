"""One rehearsal card: the question, the answer, what must be said, and where a lesson proves it."""

from dataclasses import dataclass

LANGUAGES = ("en", "zh")
LEVELS = ("junior", "mid", "senior")
KINDS = ("concept", "derivation", "debug", "curves", "design", "trade-off", "code")


@dataclass(frozen=True)
class Text:
    """The same words in both languages: text["en"], text["zh"]."""

    en: str
    zh: str

    def __getitem__(self, language):
        return getattr(self, language)


@dataclass(frozen=True)
class Point:
    """One thing to say or to avoid; `ask` is the card that follows up when it was missed."""

    text: Text
    ask: str | None = None


@dataclass(frozen=True)
class Card:
    """One question with all that an interviewer needs to judge the answer."""

    id: str
    topic: str  # the name of its file: one topic a file, one lesson a topic
    kind: str
    level: str
    minutes: int  # for the answer
    question: Text
    short: Text  # the answer in 30 seconds
    long: Text  # the answer in 3 minutes
    must: tuple[Point, ...]
    bonus: tuple[Point, ...]
    red_flags: tuple[Point, ...]
    follow_ups: tuple[str, ...]
    proof: tuple[str, ...]  # "03 The smallest GAN": lesson and heading
    sources: tuple[str, ...]
    code: str = ""  # what stands on the whiteboard: the draft to debug, the curves as numbers
    exercise: str = ""  # of a coding task: the exercise that checks it


def card_from(topic, entry):
    """A card from its entry in a deck file; a KeyError or TypeError says which part is missing or unknown."""
    texts = {name: Text(**entry[name]) for name in ("question", "short", "long")}
    points = {name: tuple(map(point_from, entry[name])) for name in ("must", "bonus", "red_flags")}
    lists = {name: tuple(entry.get(name, ())) for name in ("follow_ups", "proof", "sources")}
    plain = {name: entry[name] for name in entry if name not in {*texts, *points, *lists}}
    return Card(topic=topic, **plain, **texts, **points, **lists)


def point_from(entry):
    """A point from its entry."""
    return Point(Text(entry["en"], entry["zh"]), entry.get("ask"))
