"""python -m utils.course plan 90min: a class, minute by minute. A plan names chapters, never minutes."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from utils.course.lesson_source import COURSE
from utils.course.sections import find_section
from utils.course.teaching.minutes import timed_sections
from utils.course.teaching.plan_page import plan_html, plan_text

PLANS = Path(__file__).with_name("plans")


@dataclass(frozen=True)
class Row:
    """One line of a plan: where it starts in its day, how long it takes, and on what."""

    start: int
    lesson: str | None  # "02_code_a_gan"; None for a break
    title: str
    talk: int
    run: int
    exercise: int
    minutes: int


@dataclass(frozen=True)
class Day:
    """The rows of one day in the minutes that it has; homework is (id and title, minutes)."""

    minutes: int
    rows: tuple[Row, ...]
    homework: tuple[tuple[str, int], ...]

    @property
    def planned(self):
        """Minutes that are spoken for; the rest is reserve."""
        return sum(row.minutes for row in self.rows)


@dataclass(frozen=True)
class Plan:
    """A course of one or more days."""

    name: str
    title: str
    audience: str
    days: tuple[Day, ...]


def plan_names():
    """The plans that there are, the shortest first."""
    return sorted((path.stem for path in PLANS.glob("*.yaml")), key=lambda name: total_minutes(_read(name)))


def read_plan(name, course=COURSE):
    """Return a plan with its minutes, computed from the lessons."""
    if name not in plan_names():
        raise ValueError(
            f"A plan must be one of {', '.join(plan_names())}. Received: {name!r}. "
            f"Most likely fix: one of these, or a file {name}.yaml in {COURSE.shown(PLANS)}."
        )
    written = _read(name)
    days = tuple(time_day(day["minutes"], day["items"], course) for day in written["days"])
    return Plan(name, written["title"], written["for"], days)


def plan(name=None, *, into=None, course=COURSE, say=print):
    """List the plans, or print one and write it as a page; returns the exit code."""
    if name is None:
        for each in plan_names():
            say(f"{each:>10}  {_read(each)['title']}")
        return 0
    made = read_plan(name, course)
    folder = Path(into) if into else course.root / "runs" / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{name}.html"
    page.write_text(plan_html(made), encoding="utf-8")
    say(plan_text(made))
    say(f"\nTo print: {page}")
    return 0


def time_day(minutes, items, course=COURSE):
    """Turn the items of a day into rows, one after the other."""
    rows, homework, now = [], [], 0
    for item in items:
        begun = {row.lesson for row in rows}
        for title, lesson, talk, run, exercise in _parts(item, begun, homework, course):
            rows.append(
                Row(now, lesson, title, talk, run, exercise, item.get("break", talk + run + exercise))
            )
            now += rows[-1].minutes
    return Day(minutes, tuple(rows), tuple(homework))


def total_minutes(written):
    """The minutes that the days of a plan have together."""
    return sum(day["minutes"] for day in written["days"])


def _parts(item, begun, homework, course):
    """Yield (title, lesson, talk, run, exercise) for a break, a rehearsal or the chosen sections."""
    if "break" in item:
        yield "Break", None, 0, 0, 0
    elif "rehearse" in item:
        yield "Rehearse aloud, in pairs", course.find("10").stem, 0, 0, item["rehearse"]
    else:
        yield from _lesson_parts(item, begun, homework, course)


def _lesson_parts(item, begun, homework, course):
    """The sections of the chosen chapters, less the homework; a lesson begins with its question."""
    timed, lesson = timed_sections(item["lesson"], course), course.find(item["lesson"]).stem
    sections = [one.section for one in timed]
    chosen = {find_section(sections, name).chapter for name in item["chapters"]}
    chosen |= set() if lesson in begun else {sections[0].chapter}
    at_home = {find_section(sections, key).exercise for key in item.get("homework", ())}
    for one in timed:
        if one.section.chapter not in chosen:
            continue
        if one.section.exercise is None or one.section.exercise not in at_home:
            yield one.section.title, lesson, one.talk, one.run, one.exercise
            continue
        homework.append((one.section.title, one.talk + one.exercise))
        if one.run:  # its cells are run in class all the same: what follows needs them
            yield f"{one.section.title}, at home: run its cells", lesson, 0, one.run, 0


def _read(name):
    return yaml.safe_load((PLANS / f"{name}.yaml").read_text(encoding="utf-8"))
