"""python -m utils.interview.lint [TOPIC …]: all that is wrong with the deck (for authors)."""

import functools
import re
import sys
from pathlib import Path

import jsonschema
import yaml

from utils.interview.deck import FOLDER, TOPICS, read_file
from utils.interview.translations import stale

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
LONGEST = {  # what can be said in the time: English words, Chinese characters
    ("short", "en"): 90,
    ("short", "zh"): 170,
    ("long", "en"): 330,
    ("long", "zh"): 620,
    ("question", "en"): 60,
    ("question", "zh"): 110,
}
SHORTEST = {("short", "en"): 35, ("short", "zh"): 60, ("long", "en"): 90, ("long", "zh"): 150}
EXERCISE = re.compile(r"^(?:# )?### Exercise (\d+\.\d+) ", re.M)
HEADING = re.compile(r"^(?:# )?#{2,4} (.+)$", re.M)


def faults(topics=TOPICS):
    """Every fault of these topics, in words."""
    entries = {topic: read_file(topic) for topic in topics}
    broken = [fault for topic, entry in entries.items() for fault in schema_faults(topic, entry)]
    if broken:  # the other rules take a whole card
        yield from broken
        return
    cards = [(topic, card) for topic, entry in entries.items() for card in entry["cards"]]
    yield from order_faults(cards)
    for _, card in cards:
        yield from length_faults(card)
        yield from proof_faults(card)
    for card in stale(topics):
        cure = f"read the Chinese, then `python -m utils.interview.translations {card}`"
        yield f"{card}: the English has changed: {cure}"


def schema_faults(topic, entry):
    """Where a file breaks the schema: the card and the part of it."""
    schema = yaml.safe_load((FOLDER / "schema.yaml").read_text(encoding="utf-8"))
    for error in jsonschema.Draft202012Validator(schema).iter_errors(entry):
        path = list(error.absolute_path)
        if path[:1] == ["cards"] and len(path) > 1:
            path[:2] = [entry["cards"][path[1]].get("id", f"card {path[1]}")]
        yield f"{topic}: {'.'.join(map(str, path))}: {error.validator}: {error.message[:160]}"


def order_faults(cards):
    """Ids used twice, and follow-ups that do not exist or do not stand later: an interview must end."""
    places = {}
    for place, (topic, card) in enumerate(cards):
        if card["id"] in places:
            yield f"{topic}: {card['id']}: this id is used twice"
        places[card["id"]] = place
    for topic, card in cards:
        follow_ups = card.get("follow_ups", [])
        asked = [point["ask"] for point in card.get("must", []) if "ask" in point]
        for other in {*follow_ups, *asked}:
            if places.get(other, -1) <= places[card["id"]]:
                yield f"{topic}: {card['id']}: follow-up {other} must be a card that stands later in the deck"
        for other in asked:
            if other not in follow_ups:
                yield f"{topic}: {card['id']}: {other}, asked for a missed point, is missing in follow_ups"


def length_faults(card):
    """Answers that cannot be said in their time, and answers that say too little."""
    for (part, language), limit in LONGEST.items():
        size = spoken_length(card[part][language], language)
        if size > limit:
            yield f"{card['id']}: {part}.{language} has {size} {UNIT[language]}, at most {limit}"
    for (part, language), limit in SHORTEST.items():
        size = spoken_length(card[part][language], language)
        if size < limit:
            yield f"{card['id']}: {part}.{language} has {size} {UNIT[language]}, at least {limit}"
    for part in ("question", "short", "long"):
        if gap := re.search("[一-鿿，。；：！？、] +[一-鿿“]", card[part]["zh"]):
            yield f"{card['id']}: {part}.zh has a blank in {gap[0]!r}: keep a Chinese paragraph on one line"
    steps = [len(re.findall("^- ", card["long"][language], re.M)) for language in ("en", "zh")]
    if steps[0] != steps[1] or steps[0] < 3:
        counts = f"{steps[0]} steps in English and {steps[1]} in Chinese"
        yield f"{card['id']}: long has {counts}, not the same 3 or more"


UNIT = {"en": "words", "zh": "characters"}


def spoken_length(text, language):
    """Words of English; characters of Chinese, where a word in Latin letters counts as two."""
    if language == "en":
        return len(text.split())
    return len(re.findall(r"[一-鿿]", text)) + 2 * len(re.findall(r"[A-Za-z0-9]+", text))


def proof_faults(card):
    """Proofs that name no heading of a lesson, and coding tasks that no lesson has."""
    for proof in card.get("proof", []):
        if proof not in headings():
            yield f"{card['id']}: proof {proof!r}: no lesson has this heading"
    if "exercise" in card and card["exercise"] not in exercises():
        yield f"{card['id']}: exercise {card['exercise']} is in no lesson"


@functools.cache
def headings():
    """Every heading of every lesson: "03 The smallest GAN"; an exercise without its minutes."""
    return {
        f"{path.stem[:2]} {heading.split(' (')[0]}"
        for path in lessons()
        for heading in HEADING.findall(path.read_text(encoding="utf-8"))
    }


@functools.cache
def exercises():
    """The exercises that the lessons hold."""
    return {key for path in lessons() for key in EXERCISE.findall(path.read_text(encoding="utf-8"))}


def lessons():
    """The sources of the lessons."""
    return sorted(SOLUTIONS.glob("[0-9][0-9]_*.py"))


if __name__ == "__main__":
    found = list(faults(sys.argv[1:] or TOPICS))
    print("\n".join(found) or "The deck has no fault.")
    sys.exit(bool(found))
