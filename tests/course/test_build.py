"""Two notebooks out of one source: what stands in each, the same bytes each time, and what is refused."""

import pytest

from utils.course.build import build, build_lesson
from utils.course.lesson_source import LessonError


def test_the_learner_gets_a_stub_and_the_solved_notebook_the_answer(built):
    solved = {cell.id: cell for cell in built.read("solutions").cells}
    learner = {cell.id: cell for cell in built.read("notebooks").cells}
    assert list(solved) == list(learner)
    assert solved["exercise-7-1"].source.endswith("return number / 2")
    assert learner["exercise-7-1"].source == (
        'def half(number):\n    """Half of a number.\n\n    Healthy: half of 4 is 2\n    """\n'
        "    return ...  # your answer replaces the three dots"
    )
    assert learner["exercise-7-2"].source == (
        "def double(number):\n    return ...  # your answer replaces the three dots"
    )
    assert "SOLUTION" not in solved["exercise-7-2"].source


def test_a_listing_shows_functions_and_constants_as_the_library_has_them(built):
    listing = next(
        cell for cell in built.read("notebooks").cells if "listing" in cell.metadata.get("tags", [])
    )
    assert listing.source.startswith(
        'LIMITS = {\n    "low": 0,  # nothing\n    "high": 9,\n}\n\n\ndef root(number):'
    )


def test_the_learner_keeps_the_pictures_to_aim_for_and_no_verdicts(built):
    solved, learner = built.read("solutions").cells, built.read("notebooks").cells
    for mine, theirs in zip(solved, learner, strict=True):
        if mine.cell_type != "code":
            continue
        assert mine.execution_count is not None
        if "check" in mine.metadata.get("tags", []):
            assert mine.outputs[0].text.startswith("✓ ") and not theirs.outputs
        else:
            assert theirs.outputs == mine.outputs
        assert (theirs.execution_count is None) == (not theirs.outputs)
    counts = [cell.execution_count for cell in solved if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_of_this_machine_is_stored(built):
    for folder in ("solutions", "notebooks"):
        text = (built.root / folder / "07_tiny.ipynb").read_text(encoding="utf-8")
        assert "ipykernel_" not in text and "\\u001b" not in text and "site-packages" not in text
        assert "0x…" in text  # the address of the object that a cell showed
        assert '"execution"' not in text
        assert "/tmp" not in text and "pytest-of" not in text


def test_two_builds_give_the_same_bytes_and_another_lesson_other_bytes(built):
    files = [built.root / folder / "07_tiny.ipynb" for folder in ("solutions", "notebooks")]
    before = [file.read_bytes() for file in files]
    build_lesson(built.solutions / "07_tiny.py", built)
    assert [file.read_bytes() for file in files] == before
    source = built.solutions / "07_tiny.py"
    source.write_text(source.read_text(encoding="utf-8").replace("root(16)", "root(25)"), encoding="utf-8")
    build_lesson(source, built)
    assert [file.read_bytes() for file in files] != before


def test_ids_of_other_cells_stay_when_a_cell_changes(built):
    from utils.course.cells import notebook_cells
    from utils.course.lesson_source import read_lesson

    source = built.solutions / "07_tiny.py"
    before = [cell.id for cell in notebook_cells(read_lesson(source, built), built)]
    source.write_text(source.read_text(encoding="utf-8").replace("root(16)", "root(25)"), encoding="utf-8")
    after = [cell.id for cell in notebook_cells(read_lesson(source, built), built)]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert len(set(before)) == len(before)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# %%\n1 / 0\n", 2, "the cell failed: ZeroDivisionError"),
        ("# %%\nx = 1\n\n1 / x / 0\n", 4, "the cell failed: ZeroDivisionError"),
        ('# %% tags=["broken"]\nx = 1\n', 2, "a broken cell must raise"),
        ("# %%\nimport os\nos._exit(1)\n", 2, "its kernel died"),
        (
            "# %%\nfrom IPython.display import display\n"
            "display({'image/png': 'aGk=', 'text/plain': 'x'}, raw=True)\n",
            2,
            "1 picture(s) without alternative text",
        ),
        ("# %%\nimport os, base64\nprint(base64.b64encode(os.urandom(1_200_000)))\n", 2, "more than 1.5 MB"),
        (
            "# %%\nfrom toy.exercises import check\n"
            '# %% tags=["exercise"]\n'
            "def double(x):\n    # BEGIN SOLUTION\n    return 3 * x\n    # END SOLUTION\n"
            '# %% tags=["check"]\ndouble = check("7.2", double)\n',
            9,
            "the course's own answer fails its check. Received: ✗ 7.2 wrong number",
        ),
    ],
)  # fmt: skip
def test_what_fails_while_it_runs_is_named_by_line_and_the_old_files_stay(built, text, line, message):
    from utils.course.lesson_source import HEADER

    before = (built.solutions / "07_tiny.ipynb").read_bytes()
    with pytest.raises(LessonError) as caught:
        build_lesson(built.write_lesson(text), built)
    assert f"solutions/07_tiny.py:{len(HEADER) + line}: " in str(caught.value)
    assert message in str(caught.value)
    assert (built.solutions / "07_tiny.ipynb").read_bytes() == before


def test_stderr_and_widgets_are_not_stored_and_the_author_hears_of_log_lines(course):
    text = (
        "# %%\nimport sys\nfrom tqdm.auto import tqdm\nprint('one')\nprint('a warning', file=sys.stderr)\n"
        "for _ in tqdm(range(3)):\n    pass\nprint('two')\n"
    )
    _, remarks = build_lesson(course.write_lesson(text), course)
    outputs = course.read("solutions").cells[0].outputs
    assert [output.text for output in outputs] == ["one\ntwo\n"]
    assert len(remarks) == 1 and "a warning" in remarks[0]


def test_the_kernel_has_its_own_progress_and_the_budget_of_the_caller(course, monkeypatch):
    monkeypatch.setenv("COURSE_BUDGET", "smoke")
    monkeypatch.setenv("COURSE_FOLDER", str(course.root / "mine"))
    text = (
        "# %%\nimport os\nfolder = os.environ['COURSE_FOLDER']\nprint(os.environ['COURSE_BUDGET'], folder)\n"
        "open(folder + '/progress.sqlite', 'w').close()\n"
    )
    build_lesson(course.write_lesson(text), course)
    assert course.read("solutions").cells[0].outputs[0].text == "smoke COURSE_FOLDER\n"
    assert not (course.root / "mine" / "progress.sqlite").exists()


def test_an_unknown_lesson_lists_the_right_ones(course):
    for name in ("7", "07", "07_tiny", "solutions/07_tiny.py", "notebooks/07_tiny.ipynb"):
        assert course.find(name).name == "07_tiny.py"
    with pytest.raises(ValueError, match="one of 07_tiny. Received: '09'"):
        course.find("09")


def test_build_says_what_it_wrote_and_counts_failures(built):
    said = []
    assert build([], built, said.append) == 0
    assert "solutions/07_tiny.ipynb" in said[0] and "notebooks/07_tiny.ipynb" in said[0]
    built.write_lesson("# %%\n1 / 0\n", "08_bad")
    assert build(["08"], built, said.append) == 1
    assert "solutions/08_bad.py" in said[-1]


def test_prose_alone_is_built_without_running_a_cell(built, monkeypatch):
    path = built.solutions / "07_tiny.py"
    before = built.read("solutions").cells
    monkeypatch.setattr("utils.course.build.execute", None)  # whoever runs a cell fails
    path.write_text(path.read_text("utf-8") + "\n# %% [markdown]\n# A last word.\n", "utf-8")
    build_lesson(path, built, text_only=True)
    after, learner = built.read("solutions").cells, built.read("notebooks").cells
    assert after[-1].source == learner[-1].source == "A last word."
    assert [cell.get("outputs") for cell in after[:-1]] == [cell.get("outputs") for cell in before]


def test_outputs_of_other_code_are_not_kept(built):
    path = built.solutions / "07_tiny.py"
    path.write_text(path.read_text("utf-8") + "\n# %%\nprint('new')\n", "utf-8")
    before = [(built.root / folder / "07_tiny.ipynb").read_bytes() for folder in ("solutions", "notebooks")]
    with pytest.raises(LessonError, match="code has changed since the last build.*without --text"):
        build_lesson(path, built, text_only=True)
    assert before == [
        (built.root / folder / "07_tiny.ipynb").read_bytes() for folder in ("solutions", "notebooks")
    ]
