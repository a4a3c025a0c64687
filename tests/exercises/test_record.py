"""The progress file: added to by several kernels, damaged, locked, out of reach."""

import sqlite3
import subprocess
import sys

import pytest

from utils.data import progress_file
from utils.exercises.record import Record, add_to_record, load_record


def test_what_is_added_is_there_afterwards(learner_folder):
    assert load_record() == {}
    add_to_record("2.1", tries=1)
    add_to_record("2.1", tries=1, solved=True)
    assert add_to_record("2.1", tries=1, solved=False, hints=2) == Record(tries=3, solved=True, hints=2)
    assert load_record() == {"2.1": Record(3, True, 2)}
    assert [path.name for path in learner_folder.iterdir()] == ["progress.sqlite"]


def test_nothing_is_lost_when_four_kernels_write_at_once():
    code = (
        "from utils.exercises.record import add_to_record\nfor _ in range(25): add_to_record('2.1', tries=1)"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [kernel.communicate()[1] for kernel in kernels] == [b""] * 4
    assert load_record()["2.1"].tries == 100


def test_four_kernels_that_find_the_same_damage_lose_nothing(learner_folder):
    learner_folder.mkdir()
    damage_text(learner_folder / "progress.sqlite")
    code = (
        "from utils.exercises.record import add_to_record\nfor _ in range(5): add_to_record('2.1', tries=1)"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert all(kernel.communicate()[1].count(b"\n") <= 1 and kernel.returncode == 0 for kernel in kernels)
    assert load_record()["2.1"].tries == 20
    assert len(list(learner_folder.glob("*.damaged-*"))) == 1


def damage_text(path):
    path.write_text("this is no database, " * 100)


def damage_pages(path):
    data = bytearray(path.read_bytes())
    data[100:] = b"\xff" * len(data[100:])
    path.write_bytes(data)


def damage_length(path):
    path.write_bytes(path.read_bytes()[:5000])


def damage_columns(path):
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE exercises (id TEXT PRIMARY KEY, score REAL)")
    connection.close()


@pytest.mark.parametrize("damage", [damage_text, damage_pages, damage_length, damage_columns])
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(damage, learner_folder, capsys):
    add_to_record("2.1", tries=1)
    path = learner_folder / "progress.sqlite"
    damage(path)
    bad = path.read_bytes()
    assert add_to_record("2.2", tries=1) == Record(1)
    assert load_record() == {"2.2": Record(1)}
    assert (learner_folder / "progress.sqlite.damaged-1").read_bytes() == bad
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "progress.sqlite.damaged-1" in err


def test_a_second_damaged_file_does_not_replace_the_first(learner_folder):
    for _ in range(2):
        add_to_record("2.1", tries=1)
        damage_text(learner_folder / "progress.sqlite")
    load_record()
    kept = sorted(path.name for path in learner_folder.iterdir())
    assert kept == ["progress.sqlite", "progress.sqlite.damaged-1", "progress.sqlite.damaged-2"]


def test_a_whole_file_that_another_kernel_has_just_begun_is_left_alone(learner_folder):
    add_to_record("2.1", tries=1)
    path = learner_folder / "progress.sqlite"
    progress_file.set_aside(path, opened=-1)  # this kernel had opened the damaged one, which is gone by now
    assert load_record() == {"2.1": Record(1)}


def test_where_no_file_can_be_kept_the_session_still_counts(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "file" / "learner"))
    add_to_record("2.1", hints=1)
    assert add_to_record("2.1", hints=1) == Record(hints=2)
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Progress is not kept" in err


@pytest.mark.parametrize("reason", ["attempt to write a readonly database", "database or disk is full"])
def test_a_read_only_or_full_disk_is_no_damage(reason, learner_folder, monkeypatch, capsys):
    add_to_record("2.1", tries=1)
    whole = progress_file.commit

    def refuse(connection, work):
        if connection not in progress_file.in_memory:
            raise sqlite3.OperationalError(reason)
        return whole(connection, work)

    monkeypatch.setattr(progress_file, "commit", refuse)
    assert add_to_record("2.2", tries=1) == Record(1)
    assert reason in capsys.readouterr().err
    monkeypatch.setattr(progress_file, "commit", whole)
    assert load_record() == {"2.1": Record(1)}
    assert [path.name for path in learner_folder.iterdir()] == ["progress.sqlite"]


def test_a_lock_that_stays_costs_seconds_not_the_file(learner_folder, monkeypatch, capsys):
    monkeypatch.setattr(progress_file, "WAIT", 0.1)
    add_to_record("2.1", tries=1)
    holder = sqlite3.connect(learner_folder / "progress.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert add_to_record("2.1", tries=1) == Record(1)  # counted in memory
    assert "locked" in capsys.readouterr().err
    holder.execute("ROLLBACK")
    holder.close()
    assert add_to_record("2.1", tries=1) == Record(2)
