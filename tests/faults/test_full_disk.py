"""A full disk: the kernel itself refuses to write on, in the middle of a file.

A limit on the size of files stands in for it: any user may set one, and it hits numpy, SQLite and Python
alike. It says "File too large" where a disk says "No space left on device"; that word is tried with patched
writes in the tests of each module.
"""

import contextlib

import pytest

from utils.course.build import build
from utils.course.run import write_results
from utils.data import load_products
from utils.exercises.record import Record, add_to_record, load_record

resource = pytest.importorskip("resource", reason="Windows sets no such limit")


@contextlib.contextmanager
def room_for(size):
    """Let no file grow beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder):
    """Every file below a folder with its bytes."""
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_catalogue_is_drawn_and_the_next_start_keeps_it(learner_folder, capsys):
    with room_for(10_000):
        assert len(load_products(count=5)) == 5
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("The catalogue is drawn but not kept for next time: File too large")
    assert files(learner_folder) == {}
    load_products(count=5)
    assert [file.suffix for file in files(learner_folder)] == [".npz"]


def test_progress_that_was_kept_stays_and_the_session_counts_in_memory(learner_folder, capsys):
    add_to_record("2.1", tries=1)
    with room_for(100):
        assert add_to_record("2.2", tries=1) == Record(1)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Progress is not kept in this session")
    assert load_record() == {"2.1": Record(1)}
    assert add_to_record("2.1", tries=1) == Record(2)
    assert len(files(learner_folder)) == 1  # no journal, nothing set aside as damaged


def test_a_checkpoint_that_finds_no_room_leaves_the_last_one_whole(tmp_path, capsys):
    keras = pytest.importorskip("keras")
    from utils.training.callbacks import Checkpoint
    from utils.training.state import checkpoints, resume

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8)])
    model.compile("adam", "mse")
    saver = Checkpoint(tmp_path)
    saver.set_model(model)
    saver.save()
    before = files(tmp_path)
    model.optimizer.iterations.assign(7)
    with room_for(500):
        saver.save()
        saver.save()
    assert capsys.readouterr().out.count("Warning: no checkpoint, training goes on.") == 1
    assert files(tmp_path) == before and resume(model, tmp_path) == 0
    model.optimizer.iterations.assign(7)
    saver.save()  # there is room again
    assert [file.name for file in checkpoints(tmp_path)] == ["step_00000007.npz", "step_00000000.npz"]


def test_a_lesson_that_cannot_be_built_keeps_both_old_notebooks(built):
    before, said = files(built.root), []
    source = built.solutions / "07_tiny.py"
    source.write_bytes(source.read_bytes() + b"# %% [markdown]\n# Another text.\n")
    before[source] = source.read_bytes()
    sizes = sorted(
        len(before[built.root / folder / "07_tiny.ipynb"]) for folder in ("solutions", "notebooks")
    )
    with room_for(sizes[0] + (sizes[1] - sizes[0]) // 2):  # enough for the smaller one alone
        assert build(["07"], built, said.append, text_only=True) == 1
    assert "the old ones stay. Received: File too large" in said[0] and "Most likely fix" in said[0]
    assert files(built.root) == before
    assert build(["07"], built, said.append, text_only=True) == 0


def test_the_results_of_a_run_are_kept_elsewhere(built, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    notebook, said = built.read("solutions"), []
    folder = tmp_path / "run"
    (folder / "07_tiny.html").mkdir(parents=True)  # in the way of the page
    written = write_results(notebook, folder, "07_tiny", said.append)
    assert all(file.parent != folder and file.stat().st_size > 1000 for file in written)
    assert "should be written to" in said[0] and "temporary folder instead" in said[0]
    (folder / "07_tiny.ipynb").write_bytes(b"the last run")
    with room_for(500), pytest.raises(OSError, match="Most likely fix: free some space"):
        write_results(notebook, folder, "07_tiny", said.append)  # no room anywhere
    assert (folder / "07_tiny.ipynb").read_bytes() == b"the last run"
