"""A plan is fair and blind, a vote is in the file at once, and the file survives whatever happens to it."""

import os
import threading
from collections import Counter

import numpy as np
import pytest

from utils.data import storage
from utils.metrics.attention import attention, attentive, votes_on_pairs
from utils.metrics.preference import bradley_terry, win_table
from utils.show.ballot import (
    AGAIN,
    APART,
    OBVIOUS,
    RUINED,
    VOTE,
    Trial,
    Vote,
    add_vote,
    fingerprint,
    plan_votes,
    read_votes,
    ruined,
    votes_in,
    votes_path,
)

METHODS = ["ours", "theirs", "real"]


def of_kind(trials, kind):
    return [trial for trial in trials if trial.kind == kind]


def test_each_pair_of_methods_and_each_picture_is_voted_on_equally_often():
    def assert_fair(trials):
        votes = of_kind(trials, VOTE)
        pairs = Counter(frozenset((vote.left, vote.right)) for vote in votes)
        items = Counter((frozenset((vote.left, vote.right)), vote.item) for vote in votes)
        assert len(votes) == 60 and set(pairs.values()) == {20}
        assert len(items) == 60 and set(items.values()) == {1}

    assert_fair(plan_votes(METHODS, 20, 60, seed=1))
    rng = np.random.default_rng(0)  # planted: each vote drawn by itself
    drawn = [Trial(VOTE, int(rng.integers(20)), *rng.choice(METHODS, 2, replace=False)) for _ in range(60)]
    with pytest.raises(AssertionError):
        assert_fair(drawn)


def test_sides_and_order_are_random_and_differ_between_seeds():
    def assert_random(trials):
        votes = of_kind(trials, VOTE)
        left = np.mean([vote.left == "ours" for vote in votes if "ours" in (vote.left, vote.right)])
        assert 0.4 < left < 0.6
        items = [vote.item for vote in votes]
        assert abs(np.corrcoef(items, range(len(items)))[0, 1]) < 0.2

    plans = [plan_votes(METHODS, 100, 300, seed) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    assert_random(plans[0])
    always_left = [trial._replace(left="ours", right="real") for trial in plans[0]]  # planted
    with pytest.raises(AssertionError):
        assert_random(always_left)
    with pytest.raises(AssertionError):
        assert_random(sorted(plans[0], key=lambda trial: trial.item))


def test_one_trial_in_ten_comes_again_with_its_sides_swapped_and_one_in_ten_is_obvious():
    trials = plan_votes(METHODS, 50, 100, seed=3)
    again, obvious = of_kind(trials, AGAIN), of_kind(trials, OBVIOUS)
    assert len(again) == len(obvious) == 10 and len(trials) == 120
    for one in again:
        first = next(
            n for n, t in enumerate(trials) if t.kind == VOTE and t[1:] == (one.item, one.right, one.left)
        )
        gap = trials.index(one) - first
        assert gap > min(APART, len(trials) - 1 - first) - 1 and gap > 0
    for one in obvious:
        assert {one.left, one.right} == {(name := one.left.removesuffix(RUINED)), name + RUINED}
    assert 0 < sum(one.left.endswith(RUINED) for one in obvious) < 10


@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_shortest_vote_has_its_checks_too(count):
    kinds = Counter(trial.kind for trial in plan_votes(["a", "b"], 1, count, seed=0))
    assert kinds == {VOTE: count, AGAIN: 1, OBVIOUS: 1}


@pytest.mark.parametrize(
    ("methods", "items", "count", "words"),
    [
        (["a"], 3, 5, "Received: a; 3 pictures, 5 votes"),
        ([], 3, 5, "no methods"),
        (["a", "a"], 3, 5, "different names"),
        (["a", "b"], 0, 5, "0 pictures"),
        (["a", "b"], 3, 0, "0 votes"),
    ],
)
def test_votes_without_a_plan_are_refused(methods, items, count, words):
    with pytest.raises(ValueError, match=words):
        plan_votes(methods, items, count, seed=0)


def test_a_ruined_picture_is_far_from_the_picture():
    picture = np.full((16, 16, 3), 200, "uint8")
    assert np.abs(ruined(picture).astype(int) - 200).mean() > 50 and ruined(picture).dtype == np.uint8


def test_the_fingerprint_changes_with_a_pixel_a_name_and_the_plan():
    pictures, trials = {"a": np.zeros((1, 2, 2, 3), "uint8")}, plan_votes(["a", "b"], 1, 2, 0)
    known = fingerprint(pictures, trials)
    other = {"a": pictures["a"].copy()}
    assert fingerprint(other, trials) == known
    other["a"][0, 0, 0, 0] = 1
    prints = {known, fingerprint(other, trials), fingerprint({"b": pictures["a"]}, trials)}
    assert len({*prints, fingerprint(pictures, trials[1:])}) == 4


def a_vote(trial=0, rater="Ada", kind=VOTE, item=0, left="ours", right="real", choice="left", seconds=1.5):
    return Vote(rater, "abc", trial, kind, item, left, right, choice, seconds)


def test_a_vote_comes_back_from_the_file_as_it_was_given(tmp_path):
    path = votes_path("mugs", "Ada L. 爱", tmp_path)
    assert path.name == "mugs-Ada_L_爱.csv" and votes_in(path) == []
    votes = [a_vote(0), a_vote(1, left='with, "commas"\nand lines', choice="right"), a_vote(2, rater="爱")]
    for vote in votes:
        add_vote(path, vote)
    assert votes_in(path) == votes == read_votes("mugs", tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "rater,plan,trial,kind,item,left,right,choice,seconds,winner"
    assert lines[1] == "Ada,abc,0,vote,0,ours,real,left,1.5,ours"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as a spreadsheet saves it
    assert votes_in(path) == votes


def test_a_trial_keeps_its_first_vote(tmp_path):
    path = tmp_path / "v.csv"
    add_vote(path, a_vote(0))
    add_vote(path, a_vote(0, choice="right"))
    assert votes_in(path) == [a_vote(0)]


def test_a_full_disk_leaves_the_votes_of_before(tmp_path, monkeypatch):
    path = tmp_path / "v.csv"
    add_vote(path, a_vote(0))

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            add_vote(path, a_vote(1))
    assert votes_in(path) == [a_vote(0)]
    assert {file.name for file in tmp_path.iterdir()} <= {"v.csv", "v.lock"}


def test_an_interrupt_while_writing_leaves_the_votes_of_before(tmp_path, monkeypatch):
    from utils.show import ballot

    path = tmp_path / "v.csv"
    add_vote(path, a_vote(0))

    def interrupted(place, votes):
        place.write_text("rater,pl")
        raise KeyboardInterrupt

    monkeypatch.setattr(ballot, "write_votes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add_vote(path, a_vote(1))
    assert votes_in(path) == [a_vote(0)]
    monkeypatch.setattr(storage, "write_atomic", None)
    monkeypatch.setattr(ballot, "write_atomic", lambda path, write: write(path))  # planted: written in place
    with pytest.raises(KeyboardInterrupt):
        add_vote(path, a_vote(1))
    with pytest.raises(ValueError, match="line 1: 'rater,pl'"):
        votes_in(path)


def test_two_notebooks_at_once_lose_no_vote(tmp_path):
    path = tmp_path / "v.csv"
    threads = [
        threading.Thread(target=lambda start=start: [add_vote(path, a_vote(start + n)) for n in range(15)])
        for start in (0, 100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(votes_in(path)) == 30


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Ada,abc,x,vote,0,a,b,left,1.5,a", "line 3: 'Ada,abc,x"),
        ("Ada,abc,1,vote,0,a,b,up,1.5,a", "up"),
        ("Ada,abc,1,joke,0,a,b,left,1.5,a", "joke"),
        ("Ada,abc", "Received in line 3"),
        ("", "Received in line 3: ''"),
    ],
)
def test_a_line_that_was_edited_is_named(tmp_path, line, says):
    path = tmp_path / "v.csv"
    add_vote(path, a_vote(0))
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ValueError, match=says):
        votes_in(path)


def test_a_study_without_votes_or_a_name_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="No votes of the study 'mugs'.*0 files"):
        read_votes("mugs", tmp_path)
    with pytest.raises(ValueError, match="need a name"):
        votes_path("mugs", " / ", tmp_path)


# --- what the votes say


def votes_by(rater, choose, seed=0, count=200):
    trials = plan_votes(METHODS, 50, count, seed)
    rng = np.random.default_rng(seed)
    return [
        Vote(rater, "abc", number, *trial, choose(trial, rng), 2.0) for number, trial in enumerate(trials)
    ]


def careful(trial, rng):
    """Prefers ours to theirs to real in three of four, and is never fooled by noise."""
    if trial.kind == OBVIOUS:
        return "left" if trial.right.endswith(RUINED) else "right"
    better = "left" if METHODS.index(trial.left) < METHODS.index(trial.right) else "right"
    fixed = np.random.default_rng([trial.item, METHODS.index(trial.left) + METHODS.index(trial.right)])
    return better if fixed.random() < 0.75 else {"left": "right", "right": "left"}[better]


def guessing(trial, rng):
    return rng.choice(["left", "right"])


def always_left(trial, rng):
    return "left"


def test_attention_tells_a_careful_rater_from_one_who_guesses_and_one_who_always_clicks_left():
    votes = votes_by("Ada", careful) + votes_by("Bob", guessing, 1) + votes_by("Cy", always_left, 2)
    found = attention(votes)
    assert list(found) == ["Ada", "Bob", "Cy"]
    assert found["Ada"]["obvious"] == found["Ada"]["again"] == 1 and found["Ada"]["seconds"] == 2
    assert 0.2 < found["Bob"]["obvious"] < 0.8 and 0.2 < found["Bob"]["again"] < 0.8
    assert found["Cy"]["again"] == 0 and found["Cy"]["left"].low > 0.97  # the same side is the other picture
    assert found["Ada"]["left"].low < 0.5 < found["Ada"]["left"].high
    assert {vote.rater for vote in attentive(votes)} == {"Ada"}


def test_raters_without_checks_are_not_trusted():
    votes = [vote for vote in votes_by("Ada", careful) if vote.kind == VOTE]
    found = attention(votes)["Ada"]
    assert np.isnan(found["obvious"]) and np.isnan(found["again"]) and attentive(votes) == []
    checks = attention([vote for vote in votes_by("Ada", careful) if vote.kind == OBVIOUS])["Ada"]
    assert checks["left"] is None and checks["obvious"] == 1


def test_votes_go_into_the_ranking_and_checks_do_not():
    votes = votes_by("Ada", careful, count=300)
    first, second, outcome, raters = votes_on_pairs(votes, METHODS)
    assert len(first) == 300 and set(raters) == {"Ada"}

    def assert_ranked(first, second, outcome):
        strengths = bradley_terry(win_table(first, second, outcome, 3))
        assert strengths[0] > strengths[1] > strengths[2]

    assert_ranked(first, second, outcome)
    with pytest.raises(AssertionError):  # planted: left and right mixed up
        assert_ranked(second, first, outcome)
    with pytest.raises(ValueError, match="Votes must be on ours, real. Received: theirs"):
        votes_on_pairs(votes, ["ours", "real"])
    with pytest.raises(ValueError, match="no votes"):
        votes_on_pairs([], METHODS)
