"""What there is to see at this moment, as plain words and numbers: every door draws the same."""

from pathlib import Path

from utils.interview import coding
from utils.interview.cards import LANGUAGES, LEVELS
from utils.interview.deck import TOPICS, topic_title
from utils.interview.room import PARTS
from utils.interview.scorecard import history, scorecard, total
from utils.interview.selection import standing
from utils.interview.words import word

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LENGTHS = (15, 30, 45)  # minutes
LANGUAGE_NAMES = dict(zip(LANGUAGES, ("English", "中文"), strict=True))
KEYS = {"show": "s", "mark": "n", "skip": "k", "hint": "h", "pause": "p", "resume": "p", "try": "c"}


def view(room):
    """The screen of a room: start, card, score or wait."""

    def say(name, *parts):
        return word(name, room.language, *parts)

    screen = {
        "language": room.language,
        "languages": LANGUAGE_NAMES,
        "title": say("title"),
        "role": room.role,
        "note": say("not_saved", room.trouble) if room.trouble else say(room.note) if room.note else "",
    }
    if room.interview is None:
        return screen | (waiting(say) if room.role == "candidate" else start(room, say))
    if room.state.over or (room.state.turn is None and room.role == "candidate"):
        return screen | score(room, say)
    return screen | card(room, say)


def waiting(say):
    """The candidate's screen before the interviewer begins."""
    return {"screen": "wait", "text": say("waiting"), "actions": []}


def start(room, say):
    """The choices before an interview, with what is due."""
    now = room.now()
    counts = {topic: dict.fromkeys(("due", "new", "known"), 0) for topic in TOPICS}
    for one in room.deck.values():
        counts[one.topic][standing(room.memories.get(one.id), now)] += 1
    last = room.past[-1].plan if room.past else None
    chosen_topics = [topic for topic in (last.topics if last else TOPICS) if topic in TOPICS]
    cut_off, actions = room.unfinished(), [{"do": "start", "text": say("start")}]
    if cut_off:
        when = f"{cut_off.started.astimezone():%Y-%m-%d %H:%M}"
        actions.insert(0, {"do": "continue", "text": say("continue", when)})
    return {
        "screen": "start",
        "choices": [
            choice("kind", say, [(kind, say(kind)) for kind in ("interview", "drill")], last and last.kind),
            choice("level", say, [(level, say(level)) for level in LEVELS], last.level if last else "mid"),
            choice("length", say, [(n, say("minutes", n)) for n in LENGTHS], last.minutes if last else 15),
        ],
        "topics": {
            "title": say("topics"),
            "items": [
                {
                    "value": topic,
                    "text": topic_title(topic)[room.language],
                    "count": say("due_now", *counts[topic].values()),
                    "ticked": topic in chosen_topics,
                }
                for topic in TOPICS
            ],
        },
        "due": say(
            "due_now", *(sum(row[name] for row in counts.values()) for name in ("due", "new", "known"))
        ),
        "pair": say("pair"),
        "history": past(room, say),
        "actions": actions,
    }


def choice(name, say, options, chosen):
    """One choice of several; the first is taken where nothing was chosen before."""
    values = [value for value, _ in options]
    chosen = chosen if chosen in values else values[0]
    items = [{"value": value, "text": text, "ticked": value == chosen} for value, text in options]
    return {"name": "minutes" if name == "length" else name, "title": say(name), "items": items}


def card(room, say):
    """The card on the table."""
    turn, one, language = room.state.turn, room.card, room.language
    asks = room.role != "candidate"
    judging = asks and room.judging
    return {
        "screen": "card",
        "card": one.id,
        "head": [
            say("question_of", len(room.state.turns)),
            say(f"because_{turn.because}"),
            topic_title(one.topic)[language],
            *([] if one.kind == turn.because else [say(one.kind)]),
            say(one.level),
        ],
        "question": one.question[language],
        "code": one.code,
        "listen": {name: say(name) for name in ("heard", "listen", "stop_listening")} if asks else None,
        "say": say(instruction(turn, one, asks)),
        "clock": clock(room, say),
        "task": task(room, say) if one.exercise else None,
        "answer": answer(room, say) if judging else None,
        "points": [points(part, room, say) for part in PARTS] if judging else [],
        "actions": card_actions(room, say) if asks else candidate_actions(room, say),
        "paused": say("paused") if room.state.paused or room.since is None and asks else "",
    }


def instruction(turn, one, asks):
    """What to do now."""
    if turn.shown:
        return "mark_it" if asks else "being_marked"
    if one.exercise:
        return "code_it"
    return "say_it" if asks else "being_heard"


def clock(room, say):
    """Both clocks, in seconds; the door lets them run."""
    all_seconds = room.state.seconds + room.seconds
    limit = room.plan.minutes * 60 if room.plan.kind == "interview" else 0
    return {
        "this": {"title": say("this_answer"), "seconds": room.seconds, "limit": room.card.minutes * 60},
        "whole": {"title": say("whole"), "seconds": all_seconds, "limit": limit},
        "running": room.since is not None or room.role == "candidate" and not room.state.paused,
        "over": say("over_time"),
    }


def task(room, say):
    """The coding page: what was written, what the check said, the hints that were bought."""
    turn = room.state.turn
    return {
        "title": say("your_code"),
        "source": room.source,
        "verdict": turn.verdict,
        "hints": [say("hint_is", hint) for hint in turn.hints],
        "loading": say("loading"),
    }


def answer(room, say):
    """The answer in both lengths, and where it is proven."""
    one, language = room.card, room.language
    solved = one.exercise and room.state.turn.shown
    return {
        "short": {"title": say("short"), "text": one.short[language]},
        "long": {"title": say("long"), "text": one.long[language]},
        "solution": {"title": say("solution"), "text": coding.solution_of(one)} if solved else None,
        "proof": {"title": say("proof"), "items": [link(proof) for proof in one.proof]},
        "sources": {"title": say("sources"), "items": list(one.sources)},
    }


def link(proof):
    """A proof as the notebook, the heading in it, and both in words."""
    number, heading = proof.split(" ", 1)
    file = next((path.name for path in NOTEBOOKS.glob(f"{number}_*.ipynb")), "")
    return {"file": file, "heading": heading, "text": f"{number} · {heading}"}


def points(part, room, say):
    """The points of one kind, with their ticks."""
    ticked = getattr(room.state.turn, part)
    items = [
        {"text": point.text[room.language], "ticked": place in ticked}
        for place, point in enumerate(getattr(room.card, part))
    ]
    return {"part": part, "title": say(part), "items": items}


def card_actions(room, say):
    """What can be done now, the most likely first; each with its key."""
    turn = room.state.turn
    if room.state.paused or room.since is None:
        names = ["resume", "end", "home"]
    else:
        names = ["mark"] if room.judging else ["show"]
        names += ["try", "hint"] if room.card.exercise and not turn.shown else []
        names += ["skip", "pause", "end"]
    texts = {"mark": "next", "try": "check"}
    return [{"do": name, "text": say(texts.get(name, name)), "key": KEYS.get(name, "")} for name in names]


def candidate_actions(room, say):
    """What the candidate of a pair can do: check a coding task."""
    open_task = room.card.exercise and not room.state.turn.shown
    return [{"do": "try", "text": say("check"), "key": KEYS["try"]}] if open_task else []


def score(room, say):
    """The scorecard, the weakest topic first, and the interviews so far."""
    rows = scorecard(room.state, room.deck)
    whole = total(room.state, room.deck)
    empty = "no_card" if room.plan.kind == "drill" and not room.state.turns else "nothing"
    return {
        "screen": "score",
        "heading": say("scorecard"),
        "total": say(empty) if whole is None else say("total", round(100 * whole)),
        "weakest": say("weakest"),
        "rows": [
            {
                "topic": topic_title(row.topic)[room.language],
                "percent": round(100 * row.share),
                "points": say("points", row.said, row.points),
                "skipped": f"{say('skipped')}: {row.skipped}" if row.skipped else "",
                "proof": [link(proof) for proof in row.proof],
            }
            for row in rows
        ],
        "history": past(room, say),
        "actions": [] if room.role == "candidate" else [{"do": "home", "text": say("home"), "key": "b"}],
    }


def past(room, say):
    """Every mock interview that was finished: date and percent."""
    saved = [one for one in room.past if one.id != room.interview]
    rows = [
        {"date": f"{when.astimezone():%Y-%m-%d %H:%M}", "percent": round(100 * share)}
        for when, share in history(saved, room.deck)
    ]
    if (
        room.state.over
        and room.plan.kind == "interview"
        and (whole := total(room.state, room.deck)) is not None
    ):
        rows.append({"date": f"{room.now().astimezone():%Y-%m-%d %H:%M}", "percent": round(100 * whole)})
    return {"title": say("history"), "rows": rows}
