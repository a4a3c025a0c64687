"""A plan to read: as lines for a terminal, and as a page to print."""

from html import escape
from pathlib import Path
from string import Template

PAGE = Path(__file__).with_name("plan.html")  # the look of the page
COLUMNS = ("start", "minutes", "talk", "run", "exercise")
LEGEND = (
    "Talk: what the lesson says, at the pace of a calm talk. Run: what the lesson takes on two CPU cores. "
    "Exercise: as its heading says."
)


def plan_text(plan):
    """Return the plan as lines of text."""
    lines = [plan.title, plan.audience, LEGEND]
    for number, day in enumerate(plan.days, start=1):
        lines += ["", heading(plan, number, day), "  ".join([*(f"{name:>8}" for name in COLUMNS), "what"])]
        lines += ["  ".join([*(f"{value:>8}" for value in numbers(row)), what(row)]) for row in day.rows]
        lines += ["  ".join([*(f"{value:>8}" for value in sums(day)), "all of it"])]
        lines += [f"At home: {title}, {minutes} minutes" for title, minutes in day.homework]
    return "\n".join([*lines, "", "The day before:", *before(plan)])


def plan_html(plan):
    """Return the plan as a page that needs nothing beside it."""
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(plan.title),
        audience=escape(plan.audience),
        legend=LEGEND,
        days="\n".join(_day(plan, number, day) for number, day in enumerate(plan.days, start=1)),
        before="\n".join(f"<li><code>{escape(command)}</code></li>" for command in before(plan)),
    )


def heading(plan, number, day):
    """Say how full a day is."""
    name = f"Day {number}: " if len(plan.days) > 1 else ""
    return (
        f"{name}{day.planned} of {day.minutes} minutes are planned, {day.minutes - day.planned} are reserve"
    )


def numbers(row):
    """The numbers of a row, in the order of COLUMNS; the start as 1:05."""
    return (clock(row.start), row.minutes, row.talk, row.run, row.exercise)


def sums(day):
    """The numbers of the last row; breaks count as neither talk nor run nor exercise."""
    parts = [sum(getattr(row, name) for row in day.rows) for name in ("minutes", "talk", "run", "exercise")]
    return (clock(day.planned), *parts)


def what(row):
    """What is done, with the lesson's number before it, once."""
    number = f"{row.lesson[:2]} · " if row.lesson else ""
    return number + row.title.removeprefix(number)


def clock(minutes):
    """Minutes since the beginning as hours and minutes."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def before(plan):
    """The commands that a teacher runs the day before: slides and handouts of the plan's lessons."""
    lessons = dict.fromkeys(row.lesson for day in plan.days for row in day.rows if row.lesson)
    return [
        f"python -m utils.course {command} {lesson[:2]}"
        for lesson in lessons
        for command in ("slides", "handout")
        if not lesson.startswith("10")
    ]


def _day(plan, number, day):
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*COLUMNS, "what"))
    rows = "\n".join(_row(numbers(row), what(row), "break" if row.lesson is None else "") for row in day.rows)
    last = _row(sums(day), "all of it", "sum")
    homework = "".join(
        f"<li>{escape(title)}, {minutes:d} minutes with its text</li>" for title, minutes in day.homework
    )
    return (
        f"<h2>{escape(heading(plan, number, day))}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n{last}\n</tbody>\n</table>\n"
        + (f"<h3>At home</h3>\n<ul>{homework}</ul>" if homework else "")
    )


def _row(values, title, kind):
    cells = "".join(
        f'<td data-head="{escape(name)}">{escape(str(value))}</td>'
        for name, value in zip(COLUMNS, values, strict=True)
    )
    return f'<tr class="{escape(kind)}">{cells}<th scope="row">{escape(title)}</th></tr>'
