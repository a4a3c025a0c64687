"""All grades as one page: the tables, what to teach again, what happened, which answers are alike."""

from collections import Counter
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from utils.course.grading.marks import SIGNS, clean

PAGE = Path(__file__).with_name("page.html")  # the look of the page
NETWORK = {
    True: "No run had a network, and none could see another process.",
    False: "This system lends no namespaces: only what asks for the proxy was kept from the network.",
}


def as_page(graded, pairs, skipped, titles, closed):
    """The page; `graded` is (submission, result) by lesson, `closed` says whether there was no network."""
    by_lesson = [(lesson, list(rows)) for lesson, rows in groupby(graded, lambda row: row[0].lesson)]
    learners = len({submission.learner for submission, _ in graded})
    minutes = sum(result.seconds for _, result in graded) / 60
    whose = f"{count(len(graded), 'notebook')} of {count(learners, 'learner')}"
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        summary=escape(f"{whose}, {minutes:.1f} minutes of running."),
        lessons="\n".join(lesson_part(lesson, rows, titles) for lesson, rows in by_lesson),
        incidents=incident_list(graded),
        similar=similar_list(pairs),
        skipped=skipped_list(skipped),
        network=NETWORK[closed],
    )


def lesson_part(lesson, rows, titles):
    """One lesson: who has solved what, and the mistakes that most people made."""
    keys = [mark.exercise for mark in rows[0][1].marks]
    head = '<th scope="col" class="learner">Learner</th><th scope="col" class="short">Solved</th>'
    head += '<th scope="col">First mistake</th>'
    for key in keys:
        solved = sum(
            mark.outcome == "right" for _, result in rows for mark in result.marks if mark.exercise == key
        )
        said = f"{escape(titles.get(key, ''))}<br>{solved:d} of {len(rows)} solved"
        head += f'<th scope="col">{escape(key)}<small>{said}</small></th>'
    head += '<th scope="col" class="short">Minutes</th>'
    body = "\n".join(f"<tr>{row(submission, result)}</tr>" for submission, result in rows)
    return (
        f'<h2 id="{escape(lesson)}">{escape(lesson)}</h2>\n'
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{escape(lesson)}">\n'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>\n"
        f"<h3>What to teach again</h3>\n{frequent(rows, keys, titles)}"
    )


def row(submission, result):
    """The cells of one learner."""
    solved = sum(mark.outcome == "right" for mark in result.marks)
    first = next((mark for mark in result.marks if mark.outcome == "wrong"), None)
    cells = [f'<th scope="row" class="learner"><bdi>{text(submission.learner)}</bdi></th>']
    cells.append(f'<td class="short">{solved} of {len(result.marks)}</td>')
    cells.append(f"<td>{text(f'{first.exercise} {first.mistake}') if first else 'none'}</td>")
    cells += [f'<td class="{escape(mark.outcome)}">{text(said(mark))}</td>' for mark in result.marks]
    cells.append(f'<td class="short">{result.seconds / 60:.1f}</td>')
    return "".join(cells)


def said(mark):
    """A mark in a few words: the sign alone is not read aloud well, so a word stands beside it."""
    words = {"right": "solved", "open": "not attempted"}.get(mark.outcome, mark.mistake)
    return f"{SIGNS[mark.outcome]} {words}"


def frequent(rows, keys, titles):
    """The mistakes of each exercise by how many people made them."""
    items = []
    for key in keys:
        marks = [mark for _, result in rows for mark in result.marks if mark.exercise == key]
        mistakes = Counter(mark.mistake for mark in marks if mark.outcome == "wrong").most_common(3)
        unsolved = sum(mark.outcome != "right" for mark in marks)
        if unsolved:
            parts = [f"{count(number, 'learner')}: {text(name)}" for name, number in mistakes]
            left = sum(mark.outcome == "open" for mark in marks)
            parts += [f"{count(left, 'learner')}: not attempted"] if left else []
            title = f"{key} {titles.get(key, '')}".strip()
            items.append((unsolved, f"<li><b>{text(title)}</b>: {'; '.join(parts)}</li>"))
    items.sort(key=lambda item: -item[0])
    return (
        "<ul>\n" + "\n".join(item for _, item in items) + "\n</ul>"
        if items
        else "<p>Nothing: all is solved.</p>"
    )


def incident_list(graded):
    """What notebooks did beside answering."""
    items = [
        f"<li><b><bdi>{text(submission.learner)}</bdi></b>, {text(submission.lesson)}: {text(each)}</li>"
        for submission, result in graded
        for each in result.incidents
    ]
    return "<ul>\n" + "\n".join(items) + "\n</ul>" if items else "<p>Nothing to tell.</p>"


def similar_list(pairs):
    """Who has handed in nearly the same, and where."""
    items = []
    for pair in pairs:
        names = " and ".join(f"<b><bdi>{text(name)}</bdi></b>" for name in pair.learners)
        where = ", ".join(f"{escape(key)} ({100 * share:.0f} %)" for key, share in pair.shares.items())
        items.append(f"<li>{names}, {text(pair.lesson)}: {where}</li>")
    if not items:
        return "<p>None. Stubs, the course's own answers and single lines do not count.</p>"
    return (
        "<p>A reason to ask, not a proof. Names and comments do not count, "
        "nor do the course's own answers.</p>\n"
        "<ul>\n" + "\n".join(items) + "\n</ul>"
    )


def skipped_list(skipped):
    """The notebooks that belong to no lesson."""
    if not skipped:
        return ""
    items = "\n".join(f"<li><bdi>{text(path)}</bdi>: {text(why)}</li>" for path, why in skipped)
    return f"<h2>Skipped files</h2>\n<ul>\n{items}\n</ul>"


def text(value):
    """A stranger's words as text of a page."""
    return escape(clean(value))


def count(number, noun):
    """One learner, two learners."""
    return f"{number:d} {noun}{'' if number == 1 else 's'}"
