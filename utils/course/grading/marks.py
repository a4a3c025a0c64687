"""Turns what came of one run into marks, one per exercise, and into a list of what was odd about it."""

import re
from dataclasses import asdict, dataclass

from utils.course.graded_cells import match_checks
from utils.course.grading.fresh_copy import check_cells
from utils.course.grading.witnessed import VERDICT
from utils.course.outputs import printed

SIGNS = {"right": "✓", "wrong": "✗", "open": "·"}
NO_WORDS = ["", "it did not run"]
LENGTH = 300  # of a text that a learner's code may have written
NETWORK = re.compile(
    r"URLError|ConnectionError|ConnectionRefused|gaierror|ProxyError|MaxRetry|Network is unreach"
)
FATAL = re.compile(r"the kernel died|printed more than \d+ MB")


@dataclass(frozen=True)
class Mark:
    """What one learner has reached in one exercise."""

    exercise: str
    outcome: str  # "right" | "wrong" | "open"
    text: str  # the line that the learner reads, without sign and number

    @property
    def mistake(self):
        """The mistake by its name: what stands before the colon."""
        return "" if self.outcome == "right" else self.text.split(": ")[0]


@dataclass(frozen=True)
class Result:
    """One graded notebook: marks, what it did, how long it ran, and why it was ended, if it was."""

    marks: list[Mark]
    incidents: list[str]
    seconds: float
    ended: str = ""

    def as_json(self):
        """The result as plain lists and words."""
        return asdict(self)


def from_json(stored):
    """The result that as_json() gave."""
    return Result(**stored | {"marks": [Mark(**mark) for mark in stored["marks"]]})


def failed(solved, why):
    """The result of a notebook that was not run, for one reason."""
    text = clean(why)
    return Result([Mark(key, "wrong", text) for key in check_cells(solved)], [text], 0.0)


def result_of(events, ended, judged, solved, seconds):
    """Marks and incidents of one run; `judged` is what the judge says of its checks."""
    errors = {event.get("cell"): event["error"] for event in events if "error" in event}
    deaths = [(cell, why) for cell, (_, words) in errors.items() if (why := death(words))]
    died_in, died_of = deaths[0] if deaths else ("", "")
    stop, marks = ended or died_of, []
    for key in check_cells(solved):
        answer, check = (f"{role}-{key.replace('.', '-')}" for role in ("exercise", "check"))
        outcome, text, _ = judged.get(key, ["wrong", "", []])
        if not text and stop:
            reached = died_in in (answer, check) if deaths else not any(mark.text == stop for mark in marks)
            text = stop if reached else f"not reached: {stop}"
        elif outcome == "wrong" and answer in errors:
            text = f"its cell {in_words(*errors[answer])}"
        marks.append(Mark(key, outcome, clean(text or f"its check {in_words(*errors.get(check, NO_WORDS))}")))
    odd = [clean(each) for each in incidents(events, stop, died_in, judged, marks)]
    return Result(marks, odd, round(seconds, 1), ended)


def death(words):
    """Why no cell could run after this one, or ""."""
    if hung := re.match(r"Timeout of (\S+) seconds exceeded while executing cell", words):
        return f"stopped after {hung[1]} s"  # and it did not listen
    found = FATAL.search(words)
    return found[0] if found else ""


def in_words(kind, words):
    """How a cell ended, as an end of a sentence."""
    if hung := re.match(r"Timeout of (\S+) seconds", words):
        return f"was stopped after {hung[1]} s"
    return f"stops with {kind}: {words}" if kind else f"ended: {words}"


def incidents(events, stop, died_in, judged, marks):
    """What was odd about a run, in words that name it."""
    if stop:
        yield f"{stop} (in {place(died_in)})" if died_in else stop
    for event in events:
        (kind, words), where = event.get("error", NO_WORDS), place(event.get("cell", ""))
        if words.startswith("Timeout") and not death(words):
            yield f"{where} {in_words(kind, words)}"
        if kind == "MemoryError":
            yield f"{where} asked for more memory than there is"
        if NETWORK.search(f"{kind}: {words}") or NETWORK.search(str(event.get("sighting", {}))[:2000]):
            yield f"{where} called the network"
        if "did" in event:
            yield event["did"]
    changed = sorted({name for _, _, names in judged.values() for name in names})
    if changed:
        yield f"edited the course's library in memory: {', '.join(changed)}"
    right = {mark.exercise for mark in marks if mark.outcome == "right"}
    said = {key for event in events for key in event.get("said", [])} - right
    if said:
        yield f"printed a verdict itself: ✓ {', '.join(sorted(said))}"


def place(cell_id):
    """A cell as a teacher would call it."""
    role, _, number = str(cell_id).partition("-")
    if role in ("exercise", "check"):
        return f"the {'answer' if role == 'exercise' else 'check'} of {number.replace('-', '.')}"
    return f"the learner's cell {int(number) + 1}" if role == "own" else "a cell of the course"


def stored_verdicts(notebook, solved, marks):
    """The check cells whose stored output says ✓ where a fresh run does not: a pasted or an old verdict."""
    checks = {cell.id: cell for cell in check_cells(solved).values()}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = set()
    for at in match_checks(cells, checks):
        shown.update(VERDICT.findall(printed(cells[at].outputs)))
    shown -= {mark.exercise for mark in marks if mark.outcome == "right"}
    return [f"the file shows ✓ {', '.join(sorted(shown))}, a fresh run does not"] if shown else []


def clean(text):
    """A text that a stranger's code may have written, as one line of plain characters."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)).split())
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
