import errno
import os
import subprocess
import sys
import threading
import time

import platformdirs
import pytest

from utils.data import storage
from utils.data.storage import course_folder, one_at_a_time, reason, write_atomic


def no_space(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def assert_old_file_is_whole(write, folder):
    """A write that fails half way leaves the old file as it was and nothing beside it."""
    path = folder / "kept.bin"
    path.write_bytes(b"old")

    def half(target):
        target.write_bytes(b"ne")
        no_space()

    with pytest.raises(OSError):
        write(path, half)
    assert path.read_bytes() == b"old"
    assert [file.name for file in folder.iterdir()] == ["kept.bin"]


def test_the_folder_is_where_course_folder_says(course_home):
    assert course_folder("cache") == course_home / "cache"
    assert (course_home / "cache").is_dir()


def test_without_the_variable_it_is_the_system_s_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COURSE_FOLDER")
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))
    assert course_folder() == tmp_path / "product-image-course"


def test_a_folder_that_cannot_be_made_names_the_variable_to_set(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "file"))
    with pytest.raises(OSError, match="Most likely fix: set COURSE_FOLDER"):
        course_folder("cache")


def test_a_write_replaces_the_file_in_one_step(tmp_path):
    path = tmp_path / "weights.weights.h5"
    path.write_bytes(b"old")
    write_atomic(path, lambda temporary: temporary.write_bytes(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_name_ends_like_the_file(tmp_path):
    names = []
    write_atomic(tmp_path / "a.weights.h5", lambda path: (names.append(path.name), path.touch()))
    assert names[0].endswith("a.weights.h5") and names[0] != "a.weights.h5"


def test_a_full_disk_leaves_the_old_file_whole(tmp_path):
    (tmp_path / "ours").mkdir()
    assert_old_file_is_whole(write_atomic, tmp_path / "ours")
    (tmp_path / "planted").mkdir()
    with pytest.raises(AssertionError):  # planted bug: write in place
        assert_old_file_is_whole(lambda path, write: write(path), tmp_path / "planted")


def test_a_read_only_disk_is_named_in_the_error(monkeypatch, tmp_path):
    monkeypatch.setattr(
        os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EROFS, "Read-only file system"))
    )
    with pytest.raises(OSError, match="a.txt should be written .*Read-only file system") as caught:
        write_atomic(tmp_path / "a.txt", lambda path: path.write_text("a"))
    assert caught.value.errno == errno.EROFS
    assert reason(caught.value) == "Read-only file system"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_no_half_file(tmp_path):
    def stopped(path):
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a.txt", stopped)
    assert list(tmp_path.iterdir()) == []


def most_at_once(turn):
    """Return how many of eight threads were inside at the same moment."""
    inside, most = [], []

    def work(name):
        with turn():
            inside.append(name)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(most)


def test_kernels_take_turns(tmp_path):
    assert most_at_once(lambda: one_at_a_time(tmp_path / "a.lock")) == 1
    assert (
        most_at_once(lambda: one_at_a_time(tmp_path / "none" / "a.lock")) > 1
    )  # planted: a lock that is none


def test_a_killed_kernel_frees_its_turn(tmp_path):
    code = (
        "import sys, time; from utils.data.storage import one_at_a_time\n"
        "with one_at_a_time(sys.argv[1]): print('in', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.lock")], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline().strip() == b"in"
        start = time.monotonic()
        with one_at_a_time(tmp_path / "a.lock", patience=0.3):  # waits in vain, then goes
            assert time.monotonic() - start >= 0.3
        holder.kill()
    start = time.monotonic()
    with one_at_a_time(tmp_path / "a.lock", patience=20):
        assert time.monotonic() - start < 10


def test_storage_starts_without_tensorflow():
    code = (
        f"import sys; import {storage.__name__}, utils.data.products; assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
