"""Where a course comes from: which clones can be updated, and what is said about those that cannot."""

import shutil

import pytest

from utils.course.updating.update import update

ANSWER = "def half(number):\n    return 0.5 * number  # mine"
NOTEBOOK = "notebooks/07_tiny.ipynb"


def test_a_shallow_clone_is_updated_too(sides, tmp_path):
    shallow = sides.learner = sides.clone(tmp_path / "shallow", "--depth", "1")
    sides.edit(exercise_7_1=ANSWER)
    sides.publish(("root(16)", "root(25)"))
    assert "1 changed" in sides.update()
    assert sides.git(shallow.root, "rev-parse", "--is-shallow-repository").strip() == "true"
    assert sides.cell("exercise-7-1").source == ANSWER


def without_clone(sides):
    """The course as it comes out of a zip."""
    shutil.rmtree(sides.learner.root / ".git")


def offline(sides):
    """The published course is out of reach."""
    sides.published.rename(sides.published.with_name("moved.git"))


def at_a_fixed_version(sides):
    """No branch is checked out."""
    sides.git(sides.learner.root, "switch", "-q", "--detach")


def without_origin(sides):
    """The clone has forgotten where it came from."""
    sides.git(sides.learner.root, "remote", "remove", "origin")


def in_a_merge(sides):
    """A merge waits for its end."""
    (sides.learner.root / ".git" / "MERGE_HEAD").write_text(
        sides.git(sides.learner.root, "rev-parse", "HEAD")
    )


def begun_anew(sides):
    """The author has published another history."""
    sides.git(sides.author.root, "checkout", "-q", "--orphan", "other")
    sides.git(sides.author.root, "commit", "-qm", "anew")
    sides.git(sides.author.root, "push", "-qf", "origin", "other:main")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (begun_anew, "a past that both sides share.*git clone the course"),
        (without_clone, "which is none; a downloaded zip.*git clone the course into a new folder"),
        (offline, "published.git.*try again when the network is back"),
        (at_a_fixed_version, "detached HEAD.*git switch main"),
        (without_origin, "remote called origin"),
        (in_a_merge, "MERGE_HEAD.*git status"),
    ],
)
def test_where_no_update_is_possible_it_is_said_with_the_cure_and_nothing_changes(sides, spoil, words):
    sides.edit(exercise_7_1=ANSWER)
    before = (sides.learner.root / NOTEBOOK).read_bytes()
    spoil(sides)
    with pytest.raises(ValueError, match=f"{words}") as caught:
        update(sides.learner, print)
    assert "Your files are as they were." in str(caught.value)
    assert (sides.learner.root / NOTEBOOK).read_bytes() == before
