"""A folder of photos becomes shards: whole, mixed, resumed after any kind of stop, and damage is found."""

import csv
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import weakref

import numpy as np
import pytest
from PIL import Image

from utils.data import load_products
from utils.data import shard_files as files
from utils.data import shard_writer as writer
from utils.data.shard_files import read_shard, write_records
from utils.data.shard_manifest import find_damage, only_run, read_manifest
from utils.data.shard_writer import shard_photos
from utils.data.shards import main

SETTINGS = {"image_size": 8, "shard_size": 10}
COMMAND = ["--size", "8", "--shard-size", "10", "--quiet"]
ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def shop(tmp_path):
    """Three classes of fifteen photos; each photo has a colour of its own."""
    for number in range(45):
        path = tmp_path / "shop" / ("coat", "hat", "shoes")[number // 15] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 7), (5 * number, 255 - 5 * number, 7)).save(path)
    return tmp_path / "shop"


def rows_of(out):
    """All rows of all shards."""
    settings = read_manifest(out)["settings"]
    for path in sorted(out.glob("*.tfrecord")):
        yield from read_shard(path, settings["size"], settings["channels"])


def bytes_of(out):
    return {path.name: path.read_bytes() for path in sorted(out.glob("part-*"))}


def assert_same_pictures(rows, products):
    """Rows are the products, each once, in any order."""
    wanted = zip(products.images, products.class_ids, products.captions, strict=True)
    stored, loaded = (sorted((p.tobytes(), int(i), c) for p, i, c in some) for some in (rows, wanted))
    assert stored == loaded


# What is written


@pytest.mark.parametrize(("split", "channels"), [("train", 3), ("train", 1), ("test", 3)])
def test_the_shards_hold_what_load_products_loads(shop, tmp_path, split, channels):
    shard_photos(shop, tmp_path / "out", split=split, channels=channels, **SETTINGS)
    products = load_products("photos", split, folder=shop, image_size=8, channels=channels)
    rows = list(rows_of(tmp_path / "out"))
    assert rows[0][0].shape == (8, 8, channels) and rows[0][0].dtype == np.uint8
    assert_same_pictures(rows, products)
    for planted in (rows[1:] + rows[:1] * 2, rows[1:], [(rows[0][0] ^ 1, *rows[0][1:]), *rows[1:]]):
        with pytest.raises(AssertionError):  # planted bugs: one twice, one lost, one of a wrong colour
            assert_same_pictures(planted, products)


def test_captions_and_classes_of_a_table_are_kept(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    with (shop / "captions.csv").open("w", newline="", encoding="utf-8") as table:
        lines = csv.writer(table)
        lines.writerow(["file", "caption", "class"])
        for number in range(12):
            Image.new("RGB", (8, 8), (20 * number, 0, 0)).save(shop / f"{number}.png")
            lines.writerow([f"{number}.png", f"un café nº {number} ☕", ("cup", "mug")[number % 2]])
    shard_photos(shop, tmp_path / "out", **SETTINGS)
    products = load_products("photos", folder=shop, image_size=8)
    assert products.class_names == ("cup", "mug") and "☕" in products.captions[0]
    assert_same_pictures(rows_of(tmp_path / "out"), products)


def test_the_manifest_says_what_is_there(shop, tmp_path):
    manifest = shard_photos(shop, tmp_path / "out", **SETTINGS)
    assert manifest == json.loads((tmp_path / "out" / "shards.json").read_text("utf-8"))
    assert manifest["class_names"] == ["coat", "hat", "shoes"] and manifest["settings"]["size"] == 8
    assert manifest["pictures"] == sum(entry["pictures"] for entry in manifest["shards"])
    assert manifest["pictures"] == manifest["inputs"]["files"] == len(load_products("photos", folder=shop))
    sizes = [entry["pictures"] for entry in manifest["shards"]]
    assert max(sizes) <= 10 and max(sizes) - min(sizes) <= 1  # workers get equal parts
    assert list(bytes_of(tmp_path / "out")) == [entry["file"] for entry in manifest["shards"]]
    assert manifest["shards"][0]["file"] == f"part-00000-of-{len(sizes):05d}.tfrecord"


def assert_mixed(classes_of_shards):
    """No shard is of one class alone."""
    assert all(len(set(classes)) > 1 for classes in classes_of_shards)


def test_a_shard_is_not_one_class_and_the_seed_decides(shop, tmp_path):
    for name, seed in (("a", 0), ("same", 0), ("other", 1)):
        shard_photos(shop, tmp_path / name, seed=seed, **SETTINGS)
    paths = sorted((tmp_path / "a").glob("*.tfrecord"))
    assert_mixed([[class_id for _, class_id, _ in read_shard(path, 8, 3)] for path in paths])
    with pytest.raises(AssertionError):  # planted bug: photos in the order of the folder
        assert_mixed(np.arange(45).reshape(-1, 5) // 15)
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "same") != bytes_of(tmp_path / "other")


def test_few_pictures_are_in_memory_at_once(shop, tmp_path, monkeypatch):
    alive, most, read_photos = weakref.WeakSet(), [], writer.read_photos

    class Picture(np.ndarray):
        """An array that a set can hold."""

        __hash__ = object.__hash__

    def read_and_count(photos, *settings):
        read, broken = read_photos(photos, *settings)
        read = [(photo, picture.view(Picture)) for photo, picture in read]
        alive.update(picture for _, picture in read)
        most.append(len(alive))
        return read, broken

    monkeypatch.setattr(writer, "read_photos", read_and_count)
    monkeypatch.setattr(writer, "PORTION", 4)
    shard_photos(shop, tmp_path / "a", image_size=8, shard_size=45)
    assert 4 <= max(most) <= 8  # one portion, and the one that is being replaced
    monkeypatch.setattr(writer, "PORTION", 45)  # planted bug: a whole shard at once
    shard_photos(shop, tmp_path / "b", image_size=8, shard_size=45)
    assert max(most) > 8


# Stopped and gone on with


def stop_at(number, monkeypatch, error):
    """Let the writer raise in the middle of the shard of this number."""
    write, as_record, begun = files.write_shard, files.as_record, []

    def count(*arguments):
        begun.append(0)
        return write(*arguments)

    def fail(*row):
        if len(begun) == number:
            begun[-1] += 1
            if begun[-1] == 5:
                raise error
        return as_record(*row)

    monkeypatch.setattr(files, "write_shard", count)
    monkeypatch.setattr(files, "as_record", fail)


def assert_goes_on(shop, tmp_path, finished):
    """The same command makes the same shards as an undisturbed run, and writes no finished one again."""
    before = {path.name: path.stat() for path in (tmp_path / "out").glob("part-*")}
    assert len(before) == finished
    shard_photos(shop, tmp_path / "out", **SETTINGS)
    shard_photos(shop, tmp_path / "undisturbed", **SETTINGS)
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "undisturbed")
    assert read_manifest(tmp_path / "out") == read_manifest(tmp_path / "undisturbed")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        path.name for path in (tmp_path / "undisturbed").iterdir()
    }  # nothing half written is left
    for name, state in before.items():
        now = (tmp_path / "out" / name).stat()
        assert (now.st_ino, now.st_mtime_ns) == (state.st_ino, state.st_mtime_ns)


@pytest.mark.parametrize("error", [RuntimeError("stop"), KeyboardInterrupt()])
def test_a_stopped_run_goes_on_where_it_was(shop, tmp_path, error):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(type(error)):
        stop_at(3, patch, error)
        shard_photos(shop, tmp_path / "out", **SETTINGS)
    assert sum(entry is not None for entry in read_manifest(tmp_path / "out")["shards"]) == 2
    assert_goes_on(shop, tmp_path, finished=2)


KILLED = """
import os, signal, sys
from utils.data import shard_files
from utils.data.shards import main
as_record, rows = shard_files.as_record, []

def kill(*row):
    rows.append(1)
    if len(rows) == 25:
        os.kill(os.getpid(), signal.SIGKILL)
    return as_record(*row)

shard_files.as_record = kill
main(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a system without SIGKILL")
def test_a_killed_process_leaves_nothing_that_harms(shop, tmp_path):
    command = [sys.executable, "-c", KILLED, str(shop), str(tmp_path / "out"), *COMMAND]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert list((tmp_path / "out").glob(".*.tfrecord"))  # the shard that was being written
    assert_goes_on(shop, tmp_path, finished=2)


def test_ctrl_c_says_how_to_go_on(shop, tmp_path, monkeypatch, capsys):
    stop_at(2, monkeypatch, KeyboardInterrupt())
    assert main([str(shop), str(tmp_path / "out"), *COMMAND]) == 130
    assert "give the same command again" in capsys.readouterr().err


def test_a_second_run_at_the_same_time_is_refused(shop, tmp_path):
    (tmp_path / "out").mkdir()
    with only_run(tmp_path / "out"), pytest.raises(ValueError, match="One run at a time.*Most likely fix"):
        shard_photos(shop, tmp_path / "out", **SETTINGS)
    assert shard_photos(shop, tmp_path / "out", **SETTINGS)["pictures"]


# Photos and disks that fail


def test_broken_photos_are_left_out_counted_and_named(shop, tmp_path, capsys):
    whole = shard_photos(shop, tmp_path / "whole", **SETTINGS)["pictures"]
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for number in range(5):  # some of them in the test split
        path = shop / "hat" / f"cut {number}.jpg"
        Image.fromarray(noise).save(path)
        path.write_bytes(path.read_bytes()[:900])
    for number in range(20):
        (shop / "coat" / f"note {number}.jpg").write_text("no photo")
    assert main([str(shop), str(tmp_path / "out"), *COMMAND]) == 0
    manifest, said = read_manifest(tmp_path / "out"), capsys.readouterr().out
    named = [name for entry in manifest["shards"] for name in entry["skipped"]]
    assert manifest["pictures"] == whole and manifest["skipped"] == len(named) > 10
    assert manifest["inputs"]["files"] == whole + len(named)
    cut = [name for name in named if re.fullmatch(r"hat/cut \d.jpg: .*truncated.*", name)]
    notes = [name for name in named if re.fullmatch(r"coat/note \d+.jpg: no JPEG, .* picture", name)]
    assert cut and notes and sorted(cut + notes) == sorted(named)
    assert f"skipped {len(named) - 10} more: see shards.json" in said and f"{len(named)} skipped" in said
    assert_same_pictures(rows_of(tmp_path / "out"), load_products("photos", folder=shop, image_size=8))


@pytest.mark.skipif(os.name == "nt", reason="names with control letters need POSIX")
def test_a_file_name_gives_no_command_to_the_terminal(shop, tmp_path, capsys):
    """Planted: a name that would clear the screen."""
    (shop / "coat" / "a\x1b[2Jb.png").write_text("no photo")
    for split in ("train", "test"):
        main([str(shop), str(tmp_path / split), "--split", split, "--quiet"])
    said = capsys.readouterr().out
    assert "a?[2Jb.png" in said and "\x1b" not in said


def test_a_shard_of_which_every_photo_is_broken_is_empty(tmp_path):
    (tmp_path / "shop" / "hat").mkdir(parents=True)
    for number in range(6):
        Image.new("RGB", (8, 8), (40 * number, 0, 0)).save(tmp_path / "shop" / "hat" / f"{number}.png")
        (tmp_path / "shop" / "hat" / f"{number}.jpg").write_text("no photo")
    manifest = shard_photos(tmp_path / "shop", tmp_path / "out", image_size=8, shard_size=1)
    assert {entry["pictures"] for entry in manifest["shards"]} == {0, 1}
    assert find_damage(tmp_path / "out") == {}
    assert len(list(rows_of(tmp_path / "out"))) == manifest["pictures"]


def test_a_full_disk_is_said_clearly_and_costs_one_shard(shop, tmp_path, capsys):
    with pytest.MonkeyPatch.context() as patch:
        stop_at(3, patch, OSError(28, os.strerror(28)))
        assert main([str(shop), str(tmp_path / "out"), *COMMAND]) == 1
    said = capsys.readouterr().err
    assert f"become shards in {tmp_path / 'out'}. Received: No space left on device. Most likely fix" in said
    assert "Errno" not in said and "Traceback" not in said
    assert_goes_on(shop, tmp_path, finished=2)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a system without a full disk to try")
def test_a_disk_that_is_really_full_is_an_os_error():
    row = (np.zeros((8, 8, 3), np.uint8), 0, "a photo")
    for rows in ([row], [row] * 5_000):  # found when the file is closed, and while it is written
        with pytest.raises(OSError, match="No space left") as caught:
            write_records("/dev/full", rows)
        assert caught.value.errno == 28


def test_a_drive_that_is_unplugged_does_not_count_as_broken_photos(shop, tmp_path, monkeypatch, capsys):
    read_photos, shards = writer.read_photos, []

    def unplug(*settings):
        shards.append(1)
        if len(shards) == 3:
            shop.rename(tmp_path / "away")
        return read_photos(*settings)

    monkeypatch.setattr(writer, "read_photos", unplug)
    assert main([str(shop), str(tmp_path / "out"), *COMMAND]) == 1
    assert f"Received: {shop} is gone" in capsys.readouterr().err
    assert read_manifest(tmp_path / "out")["skipped"] == 0
    (tmp_path / "away").rename(shop)
    monkeypatch.undo()
    assert shard_photos(shop, tmp_path / "out", **SETTINGS)["skipped"] == 0


# Read back


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DAMAGES = {
    "damaged: not the bytes": flip,
    "damaged: 2,558 bytes instead of 2,559": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "missing": pathlib.Path.unlink,
}


@pytest.mark.parametrize("said", DAMAGES)
def test_each_damage_is_found_named_and_repaired(shop, tmp_path, capsys, said):
    out = tmp_path / "out"
    shard_photos(shop, out, **SETTINGS)
    before, path = bytes_of(out), out / read_manifest(out)["shards"][1]["file"]
    assert find_damage(out) == {} and main([str(out), "--verify"]) == 0
    assert "are as they were written" in capsys.readouterr().out
    DAMAGES[said](path)
    assert main([str(out), "--verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[0].startswith(f"{path.name} is {said}") and "fix: delete" in lines[1]
    path.unlink(missing_ok=True)
    assert main([str(shop), str(out), *COMMAND]) == 0
    assert bytes_of(out) == before and main([str(shop), str(out), "--verify"]) == 0


def test_an_unfinished_run_is_not_taken_for_whole(shop, tmp_path, capsys):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RuntimeError):
        stop_at(3, patch, RuntimeError())
        shard_photos(shop, tmp_path / "out", **SETTINGS)
    assert main([str(tmp_path / "out"), "--verify"]) == 1
    assert "part-00002-of-00005.tfrecord is not written yet" in capsys.readouterr().out


def test_the_command_reads_shards_back_without_tensorflow():
    code = "import sys, utils.data.shards; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# Wrong commands


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"seed": 1}, "made with the same settings. Received: seed 1; they were begun with seed 0"),
        ({"image_size": 16, "channels": 1}, "Received: size 16, channels 1; they were begun with size 8"),
        ({"shard_size": 11}, "Received: shard_size 11"),
        ({"split": "test"}, "Received: split test"),
        ({"image_size": 4}, "image_size of photos must be from 8 to 512"),
        ({"channels": 2}, "channels of photos must be 1 or 3"),
        ({"shard_size": 0}, "shard_size must be .* Received: 0"),
        ({"seed": -1}, "seed must be"),
        ({"split": "all"}, "split must be"),
    ],
)
def test_a_run_with_other_or_wrong_settings_is_refused(shop, tmp_path, changed, says):
    shard_photos(shop, tmp_path / "out", **SETTINGS)
    before = bytes_of(tmp_path / "out"), read_manifest(tmp_path / "out")
    with pytest.raises(ValueError, match=f"{says}.*Most likely fix"):
        shard_photos(shop, tmp_path / "out", **SETTINGS | changed)
    assert (bytes_of(tmp_path / "out"), read_manifest(tmp_path / "out")) == before


def touch(shop):
    os.utime(shop / "hat" / "20.png", (1, 1))


def add(shop):
    for number in range(3):
        Image.new("RGB", (8, 8)).save(shop / "hat" / f"new {number}.png")


@pytest.mark.parametrize("change", [touch, add])
def test_photos_that_changed_are_not_mixed_with_those_that_were(shop, tmp_path, change):
    shard_photos(shop, tmp_path / "out", **SETTINGS)
    shard_photos(shop, tmp_path / "out", **SETTINGS)
    change(shop)
    with pytest.raises(ValueError, match="of the same photos. Received: .*fingerprint .*Most likely fix"):
        shard_photos(shop, tmp_path / "out", **SETTINGS)


def test_a_wrong_command_ends_with_status_two_and_one_sentence(shop, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "none" / "hat").mkdir(parents=True)
    for number in range(9):
        (tmp_path / "none" / "hat" / f"{number}.jpg").write_text("no photo")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "shards.json").write_text('{"version": ')
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "shards.json").write_text('{"version": 2}')
    for words, says in (
        (("empty", "out"), "none in this one"),
        (("missing", "out"), "no such folder"),
        (("none", "out 2"), "must be a photo. Received: .* none of which can be read; one is hat/"),
        (("shop", "shop/out"), "must lie outside of the folder of photos"),
        (("shop", "odd"), "a damaged file"),
        (("shop", "later"), "version 2 of it, where 1 is read"),
        (("empty", "--verify"), "no such file"),
    ):
        typed = [word if word.startswith("-") else str(tmp_path / word) for word in words]
        assert main([*typed, "--quiet"]) == 2
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1 and "Received: " in said and "Most likely fix: " in said
        assert re.search(says, said), said
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "out")])
