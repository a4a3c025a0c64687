"""The door for a terminal: prints what there is to see, reads a letter, a number or a language."""

import re
import shutil
import textwrap
import unicodedata

from utils.data.storage import course_folder
from utils.interview.view import view
from utils.interview.words import word

KEYS = {"start": "s", "continue": "r", "home": "b", "end": "e"}  # of actions that have none of their own


def run(room, choices=None, read=input, write=print):
    """Draw the room, read a line, do what it says, until the learner leaves; returns the exit code."""
    chosen, before = choices or {}, None
    try:
        while True:
            screen = view(room)
            short = before and screen["screen"] == "card" and shape(before) == shape(screen)
            lines = point_lines(screen, room.language) if short else lines_of(screen, room.language)
            write("\n".join(["", *lines]))
            before = screen
            line = read("> ").strip()
            if line in ("q", "quit", "exit"):
                break
            if action := understood(line, screen, room, chosen, write):
                room.do(action)
    except (EOFError, KeyboardInterrupt):
        write("")
    room.do({"do": "pause"})
    return 0


def shape(screen):
    """All of a card that does not change when points are ticked."""
    return {
        name: screen.get(name) for name in ("card", "language", "answer", "task", "paused", "note", "actions")
    }


def understood(line, screen, room, chosen, write):
    """The action that a line asks for, or None."""
    if line in screen["languages"]:
        return {"do": "speak", "language": line}
    if screen["screen"] == "wait" or room.role == "candidate":
        return {"do": "look"}
    if screen["screen"] == "card" and re.fullmatch(r"[\d\s,]+", line):
        for number in re.findall(r"\d+", line):
            tick(int(number), screen, room)
        return None
    found = next((action for action in screen["actions"] if key_of(action) == line.lower()), None)
    if found is None:
        return None
    if found["do"] == "start":
        return {"do": "start", **defaults(screen), **chosen}
    if found["do"] == "try":
        write(screen["task"]["loading"])
        path = answer_file(room.card.id)
        return {"do": "try", "source": path.read_text(encoding="utf-8") if path.exists() else ""}
    return found


def tick(number, screen, room):
    """Tick the point of that number; they are counted through all parts."""
    points = [(part["part"], place) for part in screen["points"] for place in range(len(part["items"]))]
    if 0 < number <= len(points):
        part, place = points[number - 1]
        room.do({"do": "tick", "part": part, "point": place})


def defaults(screen):
    """What is chosen on the start screen as it stands."""
    chosen = {c["name"]: next(i["value"] for i in c["items"] if i["ticked"]) for c in screen["choices"]}
    return {**chosen, "topics": [item["value"] for item in screen["topics"]["items"] if item["ticked"]]}


def key_of(action):
    """The letter of an action."""
    return action.get("key") or KEYS.get(action["do"], "")


def answer_file(card):
    """The file to write a coding task into, in the learner's folder."""
    return course_folder("answers") / f"{card}.py"


def lines_of(screen, language):
    """The lines of a screen."""
    draw = {"start": start_lines, "card": card_lines, "score": score_lines, "wait": lambda s, _: [s["text"]]}
    yield from draw[screen["screen"]](screen, language)
    if screen["note"]:
        yield screen["note"]
    keys = [f"[{key_of(action)}] {action['text']}" for action in screen["actions"]]
    others = [f"[{code}] {name}" for code, name in screen["languages"].items() if code != language]
    yield "   ".join([*keys, *others, "[q]"])


def start_lines(screen, language):
    """The start: what is due, what is chosen."""
    yield screen["title"]
    yield screen["due"]
    for choice in screen["choices"]:
        yield f"{choice['title']}: " + next(item["text"] for item in choice["items"] if item["ticked"])
    ticked = [item["text"] for item in screen["topics"]["items"] if item["ticked"]]
    yield from wrapped(f"{screen['topics']['title']}: " + ", ".join(ticked), language)
    yield from history_lines(screen["history"])


def card_lines(screen, language):
    """A card: the question, then the answer and its points once it is open."""
    yield " · ".join(screen["head"])
    yield ""
    yield from wrapped(screen["question"], language)
    if screen["code"]:
        yield ""
        yield from (f"    {line}" for line in screen["code"].splitlines())
    yield ""
    yield screen["paused"] or screen["say"]
    if screen["task"]:
        yield word("write_here", language, answer_file(screen["card"]))
        yield from screen["task"]["hints"]
        yield screen["task"]["verdict"]
    if screen["answer"]:
        for part in ("short", "long"):
            yield f"\n{screen['answer'][part]['title']}"
            yield from wrapped(screen["answer"][part]["text"], language)
        if screen["answer"]["solution"]:
            yield f"\n{screen['answer']['solution']['title']}\n{screen['answer']['solution']['text']}"
        yield f"\n{screen['answer']['proof']['title']}: " + "; ".join(
            item["text"] for item in screen["answer"]["proof"]["items"]
        )
    yield from point_lines(screen, language)
    yield ""
    clocks = screen["clock"]["this"], screen["clock"]["whole"]
    yield " · ".join(f"{clock['title']} {minutes(clock['seconds'], clock['limit'])}" for clock in clocks)


def point_lines(screen, language):
    """The points with their ticks, numbered through all parts."""
    number = 0
    for part in screen["points"]:
        yield f"\n{part['title']}"
        for item in part["items"]:
            number += 1
            yield from wrapped(f"[{'x' if item['ticked'] else ' '}] {number} {item['text']}", language)


def score_lines(screen, language):
    """The scorecard."""
    yield f"{screen['heading']} · {screen['total']}"
    if screen["rows"]:
        yield screen["weakest"]
    for row in screen["rows"]:
        told = [f"{row['percent']:3d} %", row["topic"], row["points"], row["skipped"]]
        yield "  ".join(part for part in told if part)
        yield from (f"       {item['text']}" for item in row["proof"])
    yield from history_lines(screen["history"])


def history_lines(history):
    """One bar for each interview so far."""
    if history["rows"]:
        yield f"\n{history['title']}"
    for row in history["rows"][-10:]:
        yield f"{row['date']} {'#' * (row['percent'] // 4):25} {row['percent']} %"


def minutes(seconds, limit):
    """Seconds as a clock shows them."""
    told = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    return f"{told} / {limit // 60}:{limit % 60:02d}" if limit else told


def wrapped(text, language):
    """Text in lines that fit the window."""
    width = min(shutil.get_terminal_size().columns, 100) - 2
    text = re.sub(r"\n(?!- )\s*", " " if language == "en" else "", text)
    for line in text.splitlines():
        yield from (
            wrapped_wide(line, width)
            if language == "zh"
            else textwrap.wrap(line, width, subsequent_indent="  ")
        )


def wrapped_wide(line, width):
    """A line of Chinese in pieces: it breaks between any two characters, and each takes two columns."""
    piece, used = "", 0
    for part in re.findall(r"[ -~]+?(?=[ ]|$|[^ -~])|.", line):
        columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in part)
        if used + columns > width and part not in "，。；：、）”！？":
            yield piece
            piece, used = "  ", 2
        piece, used = piece + part, used + columns
    yield piece
