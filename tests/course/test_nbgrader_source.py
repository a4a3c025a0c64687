"""What the course writes for nbgrader: marks, points, settings, errors."""

import shutil

import pytest

from utils.course.__main__ import main
from utils.course.lesson_source import COURSE, Course, LessonError
from utils.course.nbgrader_source import source_notebook, with_markers, write_source
from utils.exercises import load_lesson

LESSON = "01_what_is_a_gan"
STUB = "return ...  # your answer replaces the three dots"


def test_each_exercise_is_marked_and_each_check_has_as_many_points_as_stars():
    notebook, points = source_notebook(COURSE.find(LESSON))
    assert points == {key: one.difficulty for key, one in load_lesson(1).EXERCISES.items()}
    said = {cell.id: cell.metadata["nbgrader"] for cell in notebook.cells if "nbgrader" in cell.metadata}
    assert len(said) == 2 * len(points) and all(key == one["grade_id"] for key, one in said.items())
    for key, stars in points.items():
        answer, check = (said[f"{part}-{key.replace('.', '-')}"] for part in ("exercise", "check"))
        assert answer["solution"] and not answer["grade"] and not answer["locked"] and "points" not in answer
        assert check["grade"] and check["locked"] and not check["solution"] and check["points"] == stars


def test_the_marks_stand_around_what_the_three_dots_replace():
    solved = 'def half(x):\n    """Half."""\n    # the trick\n    return x / 2\n\nx = 1'
    learner = f'def half(x):\n    """Half."""\n    {STUB}\n\nx = 1'
    assert with_markers(learner, solved) == (
        'def half(x):\n    """Half."""\n    ### BEGIN SOLUTION\n    # the trick\n    return x / 2\n'
        "    ### END SOLUTION\n\nx = 1"
    )


@pytest.mark.parametrize(
    "learner", ["x = ...", f"def f(x):\n    {STUB}\n\ndef g(x):\n    {STUB}", f"def g(x):\n    {STUB}"]
)
def test_an_exercise_that_nbgrader_could_not_release_as_it_is_is_refused(learner):
    with pytest.raises(ValueError, match="one line `return .*Received: .*Most likely fix"):
        with_markers(learner, "def f(x):\n    return x")


def test_settings_that_a_teacher_changed_are_kept_and_a_lesson_without_exercise_is_left_out(tmp_path):
    said = []
    assert write_source(tmp_path, ["10"], say=said.append) == []
    assert not (tmp_path / "nbgrader_config.py").exists() and "no exercise" in said[0]
    (tmp_path / "nbgrader_config.py").write_text("# mine")
    assert write_source(tmp_path, ["0"], say=said.append) == ["00_start_here"]
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine"


def test_a_lesson_that_was_changed_and_not_built_is_refused(tmp_path):
    for name in ("utils", "solutions"):
        shutil.copytree(COURSE.root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    lesson = tmp_path / "solutions" / f"{LESSON}.py"
    lesson.write_text(
        lesson.read_text("utf-8").replace("load_recordings()\n", "load_recordings()\n\nx = 1\n")
    )
    with pytest.raises(LessonError, match="since the last build"):
        write_source(tmp_path / "out", ["01"], Course(tmp_path))


def test_the_command_says_what_it_wrote_and_a_wrong_lesson_is_one_line(tmp_path, capsys):
    assert main(["nbgrader", str(tmp_path), "00"]) == 0
    assert "1 exercise(s), 1 point(s)" in capsys.readouterr().out
    assert main(["nbgrader", str(tmp_path), "99"]) == 2
    assert "Received: '99'" in capsys.readouterr().err
