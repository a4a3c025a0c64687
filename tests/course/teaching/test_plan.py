"""A plan adds up, fits its time, has breaks, and asks for no model that was not trained."""

import re

import pytest

from utils.course.__main__ import main
from utils.course.needed_cells import needed_cells, tags_of
from utils.course.sections import read_sections, solved_notebook
from utils.course.teaching.plan import Day, Plan, Row, plan_names, read_plan, time_day
from utils.course.teaching.plan_page import before, plan_html, plan_text

TIMES = {"90min": [90], "half-day": [210], "two-days": [360, 360]}
LONGEST_STRETCH = 100  # minutes without a break


def faults(day):
    """What is wrong with the times of a day."""
    ends = [row.start + row.minutes for row in day.rows]
    if [row.start for row in day.rows] != [0, *ends[:-1]]:
        yield "a row does not start where the one before ends"
    if any(row.minutes != row.talk + row.run + row.exercise for row in day.rows if row.lesson):
        yield "a row does not add up"
    if day.planned != ends[-1]:
        yield "the rows do not add up to the day"
    if not 0.03 * day.minutes <= day.minutes - day.planned <= 0.2 * day.minutes:
        yield "no reserve, or too much"
    if max(stretches(day)) > LONGEST_STRETCH:
        yield "no break"


def stretches(day):
    """Minutes from one break to the next."""
    minutes = [0]
    for row in day.rows:
        minutes = [*minutes[:-1], minutes[-1] + row.minutes] if row.lesson else [*minutes, 0]
    return minutes


def untrained(lesson, titles):
    """Trainings of a lesson that its chosen sections need, and that are in none of them."""
    notebook = solved_notebook(lesson)
    chosen = {cell.id for each in read_sections(notebook) if each.title in titles for cell in each.cells}
    needed = needed_cells(notebook.cells, lambda cell: cell.id in chosen)
    return [cell.source for cell in needed if "train" in tags_of(cell) and cell.id not in chosen]


def titles_of(plan, lesson):
    """The sections of a lesson that a plan runs."""
    rows = [row for day in plan.days for row in day.rows if row.lesson == lesson]
    return {row.title.removesuffix(", at home: run its cells") for row in rows}


def test_the_plans_are_those_that_the_course_promises():
    assert {name: [day.minutes for day in read_plan(name).days] for name in plan_names()} == TIMES


@pytest.mark.parametrize("name", TIMES)
def test_a_plan_adds_up_and_fits_its_time_with_breaks(name):
    for day in read_plan(name).days:
        assert list(faults(day)) == []


@pytest.mark.parametrize("name", TIMES)
def test_every_training_that_a_chosen_section_needs_is_in_the_plan(name):
    plan = read_plan(name)
    for lesson in {row.lesson for day in plan.days for row in day.rows if row.lesson}:
        assert untrained(lesson, titles_of(plan, lesson)) == []


def test_planted_plans_are_found():
    day = read_plan("90min").days[0]
    assert list(faults(Day(80, day.rows, ()))) == [] and list(faults(Day(76, day.rows, ())))  # too full
    assert list(faults(Day(360, day.rows, ())))  # too empty
    assert list(faults(Day(day.minutes, day.rows[1:], ())))  # a gap at the start
    longer = Row(day.planned, "02_code_a_gan", "again", 1, 1, 1, 5)
    assert "a row does not add up" in list(faults(Day(96, (*day.rows, longer), ())))
    rows = tuple(Row(start, "02_code_a_gan", "talk", 50, 0, 0, 50) for start in range(0, 300, 50))
    assert list(faults(Day(320, rows, ()))) == ["no break"]
    assert untrained("02", titles_of(read_plan("90min"), "02_code_a_gan") - {"Train it, live"})


def test_homework_is_left_out_unless_its_cells_train_what_follows():
    item = {"lesson": "06", "chapters": ["Lever 1: deeper networks"], "homework": ["6.1"]}
    day = time_day(60, [item])
    left = [row for row in day.rows if "6.1" in row.title]
    assert [(row.exercise, row.talk, row.title.endswith("run its cells")) for row in left] == [(0, 0, True)]
    (title, minutes), *others = day.homework
    assert "6.1" in title and minutes > 12 and not others
    assert not any("2.4" in row.title for row in read_plan("90min").days[0].rows)


def test_a_wrong_chapter_and_a_wrong_plan_are_answered_with_the_right_names(capsys):
    with pytest.raises(ValueError, match="(?s)Received: 'The pictres'.*The pictures"):
        time_day(60, [{"lesson": "02", "chapters": ["The pictres"]}])
    assert main(["plan", "week"]) == 2
    assert "one of 90min, half-day, two-days. Received: 'week'" in capsys.readouterr().err


def test_the_command_lists_prints_and_writes(tmp_path, capsys):
    assert main(["plan"]) == 0
    assert re.findall(r"^ +(\S+)  [A-Z]", capsys.readouterr().out, re.M) == list(TIMES)
    assert main(["plan", "90min", "--into", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert plan_text(read_plan("90min")) in said and str(tmp_path / "90min.html") in said
    assert "The day before:\npython -m utils.course slides 02\npython -m utils.course handout 02" in said
    page = (tmp_path / "90min.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page and page.count('scope="col"') == 6
    assert page.count('scope="row"') == len(read_plan("90min").days[0].rows) + 1


def test_a_page_escapes_what_a_plan_says():
    row = Row(0, "02_code_a_gan", "<b>", 1, 0, 0, 1)
    page = plan_html(Plan("x", "<script>", "<i>", (Day(2, (row,), (("<u>", 3),)),)))
    assert not re.search("<(script|i|b|u)>", page) and page.count("&lt;") == 5


def test_breaks_have_no_slides():
    assert before(Plan("x", "", "", (Day(2, (Row(0, None, "Break", 0, 0, 0, 2),), ()),))) == []
