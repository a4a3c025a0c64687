"""A vote by mouse and by key is the same vote, blind, saved at once; who stops goes on where they were."""

import base64
import io
import re
from html import unescape

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from utils.show import style
from utils.show import vote as vote_module
from utils.show.ballot import OBVIOUS, RUINED, VOTE, plan_votes, read_votes, votes_in, votes_path
from utils.show.vote import QUICKEST, Booth, Study, vote

METHODS = {"dark": np.full((3, 8, 8, 3), 30, "uint8"), "light": np.full((3, 8, 8, 3), 220, "uint8")}


class Clock:
    """Time that passes only when a test says so."""

    now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(vote_module, "time", clock)
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    return clock


class Page:
    """The box of a vote, found by its names, and what a voter sees of it."""

    def __init__(self, box, clock):
        self.clock = clock
        self.rows = [row.children for row in box.children]
        (self.asked,), self.views, (self.left, self.right), (self.keys,), (self.status,) = self.rows

    def wait(self, seconds=1.0):
        self.clock.now += seconds

    @property
    def sentence(self):
        return unescape(re.search(">(.*)</div>", self.status.value)[1])

    @property
    def alts(self):
        return [unescape(re.search('alt="([^"]*)"', view.value)[1]) for view in self.views]

    def level(self, side):
        """How bright the picture of a side is, and how much its pixels differ."""
        source = re.search('base64,([^"]+)', self.views[side].value)[1]
        pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(source))), float)
        return pixels.mean(), pixels.std()


def opened(clock, tmp_path, **settings):
    return Page(
        vote(**{"pictures": METHODS, "study": "s", "count": 10, "folder": tmp_path} | settings), clock
    )


def saved(tmp_path, study="s", rater="me"):
    return votes_in(votes_path(study, rater, tmp_path))


def test_plain_python_gives_a_figure_that_names_no_method(tmp_path):
    figure = vote(METHODS, "s", folder=tmp_path)
    assert figure.alt.startswith("A pair of pictures to vote on, 48 left")
    assert "dark" not in figure.alt and saved(tmp_path) == []


def test_a_click_saves_the_picture_of_its_side_at_once(clock, tmp_path):
    page = opened(clock, tmp_path)
    for button, choice in ((page.left, "left"), (page.right, "right")):
        page.wait(1.25)
        levels = [page.level(side) for side in (0, 1)]
        button.click()
        last = saved(tmp_path)[-1]
        assert last.choice == choice and last.seconds == 1.25 and last.rater == "me"
        for (mean, spread), name in zip(levels, (last.left, last.right), strict=True):
            if name.endswith(RUINED):
                assert spread > 20
            else:  # what the file calls left was seen on the left
                assert (mean, spread) == ({"dark": 30, "light": 220}[name], 0)
    assert page.sentence == "Saved. Pair 3 of 12."


def assert_votes_by(key, choice, page, tmp_path):
    before = len(saved(tmp_path))
    page.wait()
    page.keys.value = key
    assert [vote.choice for vote in saved(tmp_path)[before:]] == [choice]
    assert page.keys.value == ""  # ready for the next


@pytest.mark.parametrize(
    ("key", "choice"),
    [("1", "left"), ("f", "left"), ("F", "left"), ("2", "right"), ("j", "right"), ("1 2", "right")],
)
def test_a_key_is_a_vote_and_the_box_is_empty_again(clock, tmp_path, key, choice):
    page = opened(clock, tmp_path)
    assert_votes_by(key, choice, page, tmp_path)
    other = {"left": "right", "right": "left"}[choice]
    with pytest.raises(AssertionError):  # planted: sides mixed up
        assert_votes_by(key, other, page, tmp_path)


def test_any_other_key_is_no_vote_and_the_right_ones_are_named(clock, tmp_path):
    page = opened(clock, tmp_path)
    for typed in ("3", "x", "<b>", "左", "   "):
        page.wait()
        page.keys.value = typed
    assert saved(tmp_path) == [] and page.sentence == "1 or f is the left one, 2 or j the right one."


def test_a_key_that_is_held_down_is_one_vote(clock, tmp_path):
    page = opened(clock, tmp_path)
    page.wait()
    for _ in range(5):
        page.keys.value = "1"
        page.wait(QUICKEST / 10)
    assert len(saved(tmp_path)) == 1 and "too quick" in page.sentence
    page.wait()
    page.left.click()
    assert len(saved(tmp_path)) == 2


def test_nothing_on_the_page_names_a_method_or_a_check(clock, tmp_path):
    page = opened(clock, tmp_path)
    for place in range(12):
        html = page.asked.value + page.status.value + "".join(view.value for view in page.views)
        told = re.sub('base64,[^"]*', "", html)
        assert not any(word in told for word in ("dark", "light", "ruined", "again", "obvious"))
        assert page.alts == [f"left picture of pair {place + 1}", f"right picture of pair {place + 1}"]
        page.wait()
        page.left.click()


def test_who_stops_goes_on_where_they_were_and_votes_are_given_once(clock, tmp_path):
    first = opened(clock, tmp_path)
    for _ in range(4):
        first.wait()
        first.left.click()
    second = opened(clock, tmp_path)  # another day
    assert second.sentence == "Pair 5 of 12."
    for _ in range(8):
        second.wait()
        second.right.click()
    votes = saved(tmp_path)
    assert [vote.trial for vote in votes] == list(range(12))
    assert [vote.choice for vote in votes] == ["left"] * 4 + ["right"] * 8
    assert second.sentence == "All 12 votes are saved in s-me.csv. Thank you!"
    assert second.left.disabled and second.keys.disabled and second.views[0].value == ""
    second.right.click()
    first.wait()
    first.left.click()  # a page that was left open: its trial has a vote, nothing is added
    assert len(saved(tmp_path)) == 12 and "Thank you" in first.sentence
    assert "Thank you" in opened(clock, tmp_path).sentence


def test_the_plan_is_followed_and_recorded(clock, tmp_path):
    study = Study(METHODS, "s", "me", 10, tmp_path)
    page = Page(Booth(study, "Which?").box, clock)
    for _ in study.trials:
        page.wait()
        page.left.click()
    assert [vote[3:7] for vote in saved(tmp_path)] == [tuple(trial) for trial in study.trials]
    assert {vote.kind for vote in saved(tmp_path)} == {VOTE, "again", OBVIOUS}


def test_raters_see_other_orders_and_their_votes_come_back_together(clock, tmp_path):
    orders = []
    for rater in ("Ada", "Bob"):
        page = opened(clock, tmp_path, rater=rater)
        for _ in range(12):
            page.wait()
            page.left.click()
        orders.append([vote[3:7] for vote in saved(tmp_path, rater=rater)])
    assert orders[0] != orders[1]
    assert [vote.rater for vote in read_votes("s", tmp_path)] == ["Ada"] * 12 + ["Bob"] * 12


def test_other_pictures_or_another_count_are_not_mixed_in(clock, tmp_path):
    page = opened(clock, tmp_path)
    page.wait()
    page.left.click()
    changed = METHODS | {"light": METHODS["light"] - 1}
    for settings in ({"pictures": changed}, {"count": 11}):
        with pytest.raises(ValueError, match="another plan.*'s 2'"):
            opened(clock, tmp_path, **settings)
    assert len(saved(tmp_path)) == 1
    opened(clock, tmp_path, study="s 2", count=11)


def test_a_vote_that_cannot_be_saved_is_said_and_asked_again(clock, tmp_path, monkeypatch):
    page = opened(clock, tmp_path)
    alts = page.alts

    def refused(path, vote):
        raise OSError(28, "s-me.csv should be <written>")

    with monkeypatch.context() as patch:
        patch.setattr(vote_module, "add_vote", refused)
        page.wait()
        page.left.click()
    assert page.sentence.startswith("The vote was not saved.") and "<written>" not in page.status.value
    assert page.alts == alts and saved(tmp_path) == []
    page.left.click()
    assert len(saved(tmp_path)) == 1


def test_every_control_has_a_name_and_the_page_keeps_its_height(clock, tmp_path):
    page = opened(clock, tmp_path, question="<b>Which?</b>")
    assert page.left.description == "◀ The left one" and page.right.description == "The right one ▶"
    assert page.keys.description == "Keys" and page.keys.continuous_update
    assert all(control.tooltip for control in (page.left, page.right, page.keys))
    assert isinstance(page.keys, ipywidgets.Text) and 'aria-live="polite"' in page.status.value
    assert all(view.layout.height == "348px" for view in page.views)
    assert "&lt;b&gt;Which?" in page.asked.value


@pytest.mark.parametrize(
    ("pictures", "says"),
    [
        ({"a": METHODS["dark"]}, "Two methods or more"),
        ({"a": METHODS["dark"], "b": METHODS["light"][:2]}, "same slice"),
        ({"a": METHODS["dark"], "b" + RUINED: METHODS["light"]}, "Two methods or more"),
        ({"a": METHODS["dark"][0], "b": METHODS["light"][0]}, "images.None."),
        ({"a": METHODS["dark"] / 1.0, "b": METHODS["light"] / 1.0}, "scale_images"),
    ],
)
def test_what_cannot_be_voted_on_is_an_error(tmp_path, pictures, says):
    with pytest.raises(ValueError, match=says):
        vote(pictures, "s", folder=tmp_path)


def test_grey_floats_and_the_learners_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path))
    grey = {"a": np.zeros((2, 8, 8, 1)), "b": np.ones((2, 8, 8, 1))}
    assert vote(grey, "s", count=3).alt
    assert votes_path("s", "me").parent == tmp_path / "votes"
    assert len(plan_votes(["a", "b"], 2, 3, 0)) == 5
