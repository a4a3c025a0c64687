"""The plan of a vote on pairs of pictures, and the file that holds each vote the moment it is given."""

import csv
import itertools
import re
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from utils.data.storage import course_folder, one_at_a_time, write_atomic

VOTE, AGAIN, OBVIOUS = KINDS = ("vote", "again", "obvious")  # again: sides swapped; obvious: against a ruin
SIDES = ("left", "right")
RUINED = " (ruined)"  # stands behind the method whose picture was ruined
APART = 5  # trials, at least, between a pair and the same pair with its sides swapped


class Trial(NamedTuple):
    """One pair to vote on: which picture stands on which side."""

    kind: str
    item: int
    left: str
    right: str


class Vote(NamedTuple):
    """One vote as the file holds it; `plan` marks pictures and plan, so that no other study is mixed in."""

    rater: str
    plan: str
    trial: int
    kind: str
    item: int
    left: str
    right: str
    choice: str
    seconds: float

    @property
    def winner(self):
        """The method that was chosen."""
        return getattr(self, self.choice)


def plan_votes(methods, items, count, seed):
    """Return a list of trials: `count` votes in random order on random sides, and the attention checks.

    Each pair of methods gets equally many votes, give or take one. One trial in ten comes again with its
    sides swapped, one in ten is obvious.
    """
    rng, pairs = np.random.default_rng(seed), list(itertools.combinations(methods, 2))
    if not pairs or items < 1 or count < 1 or len(set(methods)) < len(methods):
        raise ValueError(
            "A vote needs two methods or more with different names, a picture and a vote. "
            f"Received: {', '.join(methods) or 'no methods'}; {items} pictures, {count} votes. "
            "Most likely fix: {'yours': images, 'real': others}, count=40."
        )
    # every pair meets every picture before any meets one twice
    rounds = -(-count // (len(pairs) * items))
    orders = [[rng.permutation(items) for _ in pairs] for _ in range(rounds)]
    all_of = [
        (pair, order[place])
        for one in orders
        for place in range(items)
        for pair, order in zip(pairs, one, strict=True)
    ]
    votes = [all_of[place] for place in rng.permutation(count)]
    trials = [Trial(VOTE, int(item), *(pair if rng.random() < 0.5 else pair[::-1])) for pair, item in votes]
    checks = max(1, round(count / 10))
    for place in sorted(rng.choice(count, min(checks, count), replace=False), reverse=True):
        later = rng.integers(min(place + 1 + APART, len(trials)), len(trials) + 1)
        trials.insert(
            later, trials[place]._replace(kind=AGAIN, left=trials[place].right, right=trials[place].left)
        )
    for _ in range(checks):
        method, item = methods[rng.integers(len(methods))], int(rng.integers(items))
        sides = [method, method + RUINED]
        rng.shuffle(sides)
        trials.insert(rng.integers(len(trials) + 1), Trial(OBVIOUS, item, *sides))
    return trials


def ruined(pixels):
    """Return a picture that is worse for everybody: seven tenths of it are noise."""
    noise = np.random.default_rng(0).integers(0, 256, pixels.shape)
    return np.rint(0.3 * pixels + 0.7 * noise).astype("uint8")


def fingerprint(pictures, trials):
    """Return eight letters that change when a picture or the plan changes."""
    print_ = zlib.crc32(repr(trials).encode())
    for name, stack in pictures.items():
        print_ = zlib.crc32(np.ascontiguousarray(stack), zlib.crc32(name.encode(), print_))
    return f"{print_:08x}"


def votes_path(study, rater, folder=None):
    """Return the file of one rater in one study, in the learner's folder unless another one is named."""
    folder = course_folder("votes") if folder is None else Path(folder)
    return folder / f"{in_a_file_name(study)}-{in_a_file_name(rater)}.csv"


def in_a_file_name(words):
    """Return words as every system takes them in the name of a file."""
    plain = re.sub(r"[^\w]+", "_", str(words)).strip("_")
    if not plain:
        raise ValueError(
            f'Study and rater need a name. Received: {words!r}. Most likely fix: study="mugs", rater="Ada".'
        )
    return plain


def add_vote(path, vote):
    """Write one more vote into the file, whole or not at all; a trial that has its vote keeps it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(path.with_suffix(".lock")):
        votes = votes_in(path)
        if vote.trial not in {known.trial for known in votes}:
            write_atomic(path, lambda place: write_votes(place, [*votes, vote]))


def write_votes(path, votes):
    """Write votes as a table that every spreadsheet opens."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*Vote._fields, "winner"])
        table.writerows([*vote, vote.winner] for vote in votes)


def votes_in(path):
    """Return the votes in one file, none if it does not exist yet; say which line cannot be read."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8-sig", newline="") as file:  # spreadsheets put a mark before the text
        rows = list(csv.reader(file))
    votes = []
    for number, row in enumerate(rows):
        if number == 0 and row[: len(Vote._fields)] == list(Vote._fields):
            continue
        try:
            rater, plan, trial, kind, item, left, right, choice, seconds, *_ = row
            votes.append(Vote(rater, plan, int(trial), kind, int(item), left, right, choice, float(seconds)))
            if number == 0 or kind not in KINDS or choice not in SIDES:
                raise ValueError
        except ValueError:
            raise ValueError(
                f"Each line of {path.name} must hold {', '.join(Vote._fields)}. "
                f"Received in line {number + 1}: {','.join(row)[:60]!r}. "
                "Most likely fix: undo what was edited, or move the file away and vote anew."
            ) from None
    return votes


def read_votes(study, folder=None):
    """Return the votes of all raters of a study, in the order of their files."""
    place = votes_path(study, "anybody", folder).parent
    paths = sorted(place.glob(f"{in_a_file_name(study)}-*.csv"))
    votes = [vote for path in paths for vote in votes_in(path)]
    if not votes:
        raise ValueError(
            f"No votes of the study {study!r} lie in {place.name}. Received: {len(paths)} files. "
            f"Most likely fix: vote(pictures, {study!r}, rater=...) first, with the same folder."
        )
    return votes
