"""Finds answers of different learners that are alike, however they are named, spaced and commented."""

import ast
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import StringIO
from itertools import combinations

from utils.course.needed_cells import as_python

ALIKE = 0.9  # share of words in the same order
SHORTEST = 50  # words, with the first line; the loss of 2.1 has 39, and many people write it alike

WORD = re.compile(r"\w+|[^\w\s]")  # of what is not Python


@dataclass(frozen=True)
class Pair:
    """Two learners of one lesson, and for each exercise that is alike, how much: {"2.3": 0.97}."""

    lesson: str
    learners: tuple[str, str]
    shares: dict[str, float]


def similar_pairs(submissions, solved_notebooks, stub_notebooks):
    """Pairs with something alike, most first; what is the stub or the course's own answer does not count."""
    answers = defaultdict(dict)  # (lesson, exercise) -> learner -> words
    for each in submissions:
        if each.notebook is None:
            continue
        own = [answers_in(notebooks[each.lesson]) for notebooks in (solved_notebooks, stub_notebooks)]
        for cell_id, words in answers_in(each.notebook).items():
            if len(words) >= SHORTEST and words not in [course.get(cell_id) for course in own]:
                answers[each.lesson, cell_id][each.learner] = words
    pairs = defaultdict(dict)
    for (lesson, cell_id), by_learner in answers.items():
        for (one, first), (other, second) in combinations(sorted(by_learner.items()), 2):
            if (share := alike(first, second)) >= ALIKE:
                exercise = cell_id.removeprefix("exercise-").replace("-", ".")
                pairs[lesson, (one, other)][exercise] = round(share, 2)
    found = [Pair(*key, shares) for key, shares in pairs.items()]
    return sorted(found, key=lambda pair: (-sum(pair.shares.values()), pair.lesson, pair.learners))


def answers_in(notebook):
    """The words of each exercise cell of a notebook, by cell id."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {cell.id: words_of(cell.source) for cell in cells if cell.id.startswith("exercise-")}


def words_of(source):
    """A source as words: no comments, no spaces, no descriptions, own names numbered as they come."""
    python = as_python(source)
    try:
        return words_of_code(python)
    except (TypeError, RecursionError):  # no Python, or nested too deeply to be written out
        return tuple(WORD.findall(source))


def words_of_code(python):
    """The same, of what is Python for certain."""
    tree, names = ast.parse(python), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    own = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    words = []
    for token in tokenize.generate_tokens(StringIO(ast.unparse(tree)).readline):
        word = token.string.strip()
        if word in own:
            word = names.setdefault(word, f"name {len(names)}")
        if word:
            words.append(word)
    return tuple(words)


def alike(first, second):
    """The share of words that stand in the same order, from 0 to 1."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
