"""A folder of photos is restored beside the originals, which nothing can harm; a stopped run goes on."""

import errno
import functools
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.data import storage
from utils.enhance import folder as folder_module
from utils.enhance.__main__ import main
from utils.enhance.records import read_records

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = Path(__file__).with_name("stand_in.py")


def make_photo(path, seed=0, size=(24, 16)):
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path


@pytest.fixture
def shop(tmp_path):
    """Four photos, one of them in a sub-folder, and two files that are none."""
    for seed, name in enumerate(["coat.png", "hat.jpg", "new/外套 <b>.png", "new/large.png"]):
        make_photo(tmp_path / "shop" / name, seed, (700, 20) if "large" in name else (24, 16))
    (tmp_path / "shop" / "half.jpg").write_bytes((tmp_path / "shop" / "hat.jpg").read_bytes()[:300])
    (tmp_path / "shop" / "notes.txt").write_text("no photo")
    return tmp_path / "shop"


@pytest.fixture
def enhance(smooth):
    """The stand-in, and how often it was called."""

    def counted(images):
        counted.calls += 1
        return smooth(images)

    counted.calls = 0
    return counted


def contents(folder):
    """Every file of a folder with its bytes; records in any order."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    if (records := "report_files/photos.jsonl") in files:
        files[records] = sorted(read_records(folder).items())
    return files


def read(path):
    """A picture's pixels as whole numbers, and what else its file says."""
    with Image.open(path) as image:
        return np.asarray(image).astype(int), image.info | {"format": image.format}


def state(folder):
    """Bytes, times and rights of all files: what must not change."""
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_mode, path.is_file() and path.read_bytes())
        for path in folder.rglob("*")
    }


# What is restored, and where to


def test_every_photo_is_restored_under_its_name_and_no_original_changes(shop, enhance, smooth, capsys):
    before = state(shop)
    assert main([str(shop)], enhance) == 0
    assert state(shop) == before
    out = shop.with_name("shop-enhanced")
    photos = {name for name in contents(out) if not name.startswith("report")}
    assert photos == {"coat.png", "hat.jpg", "new/外套 <b>.png", "new/large.png"}
    pixels, wanted = read(shop / "coat.png")[0], smoothed(smooth, shop / "coat.png")
    assert np.abs(read(out / "coat.png")[0] - wanted).max() <= 0.51
    assert np.abs(pixels - wanted).max() > 50  # planted bug: the original saved again
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"4 restored, 0 were already there, 2 skipped. Report: {out / 'report.html'}"
    assert said[0].startswith("skipped half.jpg: ") and said[1].startswith("skipped notes.txt: no JPEG")
    assert len(said) == 3


def smoothed(smooth, path):
    """What the stand-in makes of a photo, from 0 to 255."""
    return (smooth(read(path)[0][None] / 127.5 - 1).mean[0] + 1) * 127.5


def test_a_jpeg_loses_little(shop, enhance, smooth):
    main([str(shop)], enhance)
    pixels, about = read(shop.with_name("shop-enhanced") / "hat.jpg")
    wanted = smoothed(smooth, shop / "hat.jpg")
    assert about["format"] == "JPEG" and np.abs(pixels - wanted).mean() < 3
    careless = io.BytesIO()
    Image.fromarray(wanted.astype("uint8")).save(careless, "JPEG")
    assert np.abs(read(careless)[0] - wanted).mean() > 6  # planted bug: as Pillow saves when not told


def test_names_that_differ_only_in_their_ending_do_not_meet(tmp_path, enhance):
    names = ["a.jpg", "a.png", "a.webp", "a.bmp", "a.bmp.png", "A.JPG", "sub/a.jpg"]
    for seed, name in enumerate(names):
        make_photo(tmp_path / "shop" / name, seed)
    assert main([str(tmp_path / "shop")], enhance) == 0
    out = tmp_path / "shop-enhanced"
    photos = {name for name in contents(out) if not name.startswith("report")}
    assert len(photos) == len(names) and {"a.png", "a.webp.png", "a.bmp.png", "sub/a.jpg"} <= photos
    assert len({name.casefold() for name in photos}) == len(names)  # also where a system ignores case
    assert len({hashlib.sha256((out / name).read_bytes()).digest() for name in photos}) == len(names)


def test_max_size_shrinks_first_and_another_one_restores_anew(shop, enhance):
    out = shop.with_name("shop-enhanced")
    assert main([str(shop), "--max-size", "350"], enhance) == 0
    assert read(out / "new/large.png")[0].shape == (10, 350, 3)
    assert read(out / "coat.png")[0].shape == (16, 24, 3)
    assert "700 x 20 pixels, made smaller: 350 x 10" in (out / "report.html").read_text(encoding="utf-8")
    assert main([str(shop)], enhance) == 0
    assert read(out / "new/large.png")[0].shape == (20, 700, 3)


def test_orientation_transparency_and_profile_are_kept_as_they_look(tmp_path, enhance):
    from PIL import ImageCms

    shop, exif = tmp_path / "shop", Image.Exif()
    shop.mkdir()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (40, 20), "red").save(shop / "turned.jpg", exif=exif, icc_profile=profile)
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(shop / "clear.png")
    assert main([str(shop)], enhance) == 0
    pixels, about = read(tmp_path / "shop-enhanced" / "turned.jpg")
    assert pixels.shape == (40, 20, 3) and "exif" not in about and about["icc_profile"] == profile
    assert (read(tmp_path / "shop-enhanced" / "clear.png")[0] == 255).all()


@pytest.mark.skipif(os.name == "nt", reason="links need POSIX")
def test_links_do_not_lead_out_of_the_folder(shop, tmp_path, enhance, capsys):
    make_photo(tmp_path / "secret" / "1.png")
    (shop / "link.png").symlink_to(tmp_path / "secret" / "1.png")
    (shop / "folder").symlink_to(tmp_path / "secret")
    (shop / "circle").symlink_to(shop)
    main([str(shop)], enhance)
    said = capsys.readouterr().out
    assert "skipped link.png: it leads out of the folder" in said
    assert said.count("a link to a folder is not followed") == 2
    assert not (shop.with_name("shop-enhanced") / "link.png").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux")
def test_a_name_that_is_no_text_stops_nothing(shop, enhance, capsys):
    odd = os.fsdecode(b"caf\xe9\n.png")
    make_photo(shop / odd)
    (shop / os.fsdecode(b"bad\xe9.png")).write_text("no photo")
    assert main([str(shop)], enhance) == 0
    assert (shop.with_name("shop-enhanced") / odd).is_file()
    assert "skipped bad?.png" in capsys.readouterr().out
    assert main([str(shop)], enhance) == 0 and "5 were already there" in capsys.readouterr().out


# Where nothing is written


def other_files(tmp_path):
    make_photo(tmp_path / "album" / "coat.png")
    return tmp_path / "album"


@pytest.mark.parametrize(
    ("out", "says"),
    [
        (lambda shop: shop, "holds other files"),
        (lambda shop: shop.parent, "holds other files"),
        (lambda shop: shop / "new" / "..", "holds other files"),
        (lambda shop: shop / "new", "holds other files"),
        (lambda shop: other_files(shop.parent), "holds other files"),
        (lambda shop: shop / "coat.png", "holds other files"),
    ],
)
def test_a_folder_that_holds_other_files_is_refused(shop, enhance, out, says, capsys):
    out = out(shop)
    before = state(shop.parent)
    assert main([str(shop), "--out", str(out)], enhance) == 2
    assert state(shop.parent) == before and enhance.calls == 0
    said = capsys.readouterr().err
    assert says in said and "Most likely fix: --out" in said


@pytest.mark.skipif(os.name == "nt", reason="links need POSIX")
@pytest.mark.parametrize("link", ["new", "report_files", "coat.png"])
def test_a_link_in_the_folder_for_restored_photos_leads_to_no_original(shop, enhance, link, capsys):
    """Planted: new/ in it is new/ of the originals, which would be overwritten."""
    out = shop.with_name("out")
    out.mkdir()
    (out / link).symlink_to(shop if link == "report_files" else shop / link)
    before = state(shop)
    assert main([str(shop), "--out", str(out)], enhance) == 2
    assert state(shop) == before and "Most likely fix: --out" in capsys.readouterr().err


@pytest.mark.parametrize("folder", ["gone", "coat.png"])
def test_what_is_no_folder_is_one_line(shop, enhance, folder, capsys):
    assert main([str(shop / folder)], enhance) == 2
    assert "Most likely fix: correct the path." in capsys.readouterr().err


def test_restored_photos_are_never_restored_again(shop, enhance, capsys):
    inside = shop / "restored"
    assert main([str(shop), "--out", str(inside)], enhance) == 0
    assert main([str(shop), "--out", str(shop / "again")], enhance) == 0
    assert "4 restored" in capsys.readouterr().out.splitlines()[-1]
    assert not (shop / "again" / "restored").exists()  # planted bug: a walk that reads its own results
    assert main([str(inside)], enhance) == 2
    assert "which holds restored photos" in capsys.readouterr().err


# Going on


def test_what_is_done_is_not_done_again_until_the_original_changes(shop, enhance, capsys):
    out = shop.with_name("shop-enhanced")
    main([str(shop)], enhance)
    times, calls = state(out), enhance.calls
    page = (out / "report.html").read_bytes()
    assert main([str(shop)], enhance) == 0
    assert enhance.calls == calls + 1  # the trial of the model
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 restored, 4 were already there, 2 skipped.")
    later = state(out)
    assert {path for path in times if later[path] != times[path]} <= {out, out / "report.html"}
    assert (out / "report.html").read_bytes() == page
    make_photo(shop / "coat.png", seed=9)
    make_photo(shop / "added.png", seed=10)
    (out / "hat.jpg").unlink()
    main([str(shop)], enhance)
    assert capsys.readouterr().out.splitlines()[-1].startswith("3 restored, 2 were already there")
    assert main([str(shop), "--fresh"], enhance) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("5 restored, 0 were already there")


def test_an_older_original_in_its_place_is_restored_too(shop, enhance):
    """Planted bug: results newer than their original would all count as done."""
    out = shop.with_name("shop-enhanced")
    main([str(shop)], enhance)
    before = (out / "coat.png").read_bytes()
    make_photo(shop / "coat.png", seed=9)
    os.utime(shop / "coat.png", (1, 1))
    assert (out / "coat.png").stat().st_mtime > (shop / "coat.png").stat().st_mtime
    main([str(shop)], enhance)
    assert (out / "coat.png").read_bytes() != before


def test_a_new_photo_that_takes_an_old_ones_place_is_not_taken_for_it(tmp_path, enhance, smooth):
    shop, out = tmp_path / "shop", tmp_path / "shop-enhanced"
    make_photo(shop / "a.bmp", 1)
    main([str(shop)], enhance)
    make_photo(shop / "A.bmp.png", 2)  # comes first, and where case does not count it has the same result
    main([str(shop)], enhance)
    for name, result in (("a.bmp", "a.bmp (2).png"), ("A.bmp.png", "A.bmp.png")):
        assert np.abs(read(out / result)[0] - smoothed(smooth, shop / name)).max() <= 0.51


class PowerCut(BaseException):
    """The end of a run at any moment."""


def assert_whole(out, whole):
    """What is there is as it should be: no half picture, whatever else is missing."""
    for path in out.rglob("*"):
        if path.suffix in (".png", ".jpg", ".html") and not path.name.startswith("."):
            assert path.read_bytes() == whole[path.relative_to(out).as_posix()]


def test_a_half_picture_would_be_noticed(shop, enhance):
    """The planted bug of the two tests below."""
    main([str(shop)], enhance)
    out = shop.with_name("shop-enhanced")
    whole = contents(out)
    assert_whole(out, whole)
    (out / "coat.png").write_bytes(whole["coat.png"][:100])
    with pytest.raises(AssertionError):
        assert_whole(out, whole)


def test_a_run_that_ends_at_any_write_ends_in_the_same_files(shop, tmp_path, enhance, monkeypatch):
    main([str(shop), "--out", str(tmp_path / "whole")], enhance)
    whole, replace = contents(tmp_path / "whole"), os.replace
    for end in range(100):
        out, left = tmp_path / f"out{end}", iter(range(end))

        def cut(source, target, left=left):
            if next(left, None) is None:
                raise PowerCut
            replace(source, target)

        monkeypatch.setattr(storage.os, "replace", cut)
        try:
            main([str(shop), "--out", str(out)], enhance)
        except PowerCut:
            assert_whole(out, whole)
        else:
            break
        monkeypatch.setattr(storage.os, "replace", replace)
        main([str(shop), "--out", str(out)], enhance)
        assert contents(out) == whole
    assert 15 < end < 99


HANGING = """
import runpy, sys, time
from pathlib import Path
from PIL import Image
from utils.enhance.__main__ import main
folder, out, stand_in, moment, marker = sys.argv[1:]
smooth, save, calls = runpy.run_path(stand_in)["smooth"], Image.Image.save, []

def hang():
    Path(marker).touch()
    time.sleep(60)

def enhance(images):
    calls.append(1)
    if moment == "restoring" and len(calls) == 4:
        hang()
    return smooth(images)

def half(image, path, *args, **settings):
    save(image, path, *args, **settings)
    if path.parent.name == "new" and moment == "writing":
        path.write_bytes(path.read_bytes()[:100])
        hang()

Image.Image.save = half
main([folder, "--out", out], enhance)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL needs POSIX")
@pytest.mark.parametrize("moment", ["restoring", "writing"])
def test_a_killed_run_leaves_no_half_picture_and_goes_on(shop, tmp_path, enhance, moment):
    main([str(shop), "--out", str(tmp_path / "whole")], enhance)
    whole, out, marker = contents(tmp_path / "whole"), tmp_path / "out", tmp_path / "marker"
    command = [sys.executable, "-c", HANGING, shop, out, STAND_IN, moment, marker]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 60
        while not marker.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert marker.exists() and process.returncode == -signal.SIGKILL
    assert len(read_records(out)) == 2
    assert len([*out.rglob(".*.png")]) == (moment == "writing")  # the half of it has no picture's name
    assert_whole(out, whole)
    calls = enhance.calls
    assert main([str(shop), "--out", str(out)], enhance) == 0
    assert contents(out) == whole
    # The trial of the model, one small photo, four tiles of the long one: the first two photos were kept.
    assert enhance.calls - calls == 1 + 1 + 4


def test_a_record_that_was_cut_off_costs_one_photo(shop, enhance, capsys):
    out = shop.with_name("shop-enhanced")
    main([str(shop)], enhance)
    records = out / "report_files" / "photos.jsonl"
    whole = contents(out)
    records.write_bytes(records.read_bytes()[:-30])
    main([str(shop)], enhance)
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 restored, 3 were already there")
    assert contents(out) == whole
    assert all(json.loads(line) for line in records.read_bytes().split(b"\n")[-1:])


@pytest.mark.parametrize(
    "planted",
    [
        {"shape": ["<script>alert(1)</script>", 1]},
        {"restored_shape": ["<b>", 1]},
        {"typical": "<i>"},
        {"worst": True},
        {"pictures": dict.fromkeys(("before", "after", "confidence"), ["../../coat.png", 1, 1])},
        {"pictures": dict.fromkeys(("before", "after", "confidence"), ["a.png", '"><script>', 1])},
        {"pictures": {}},
    ],
)
def test_a_record_from_elsewhere_becomes_no_part_of_the_page(shop, enhance, planted, capsys):
    """Planted: records beside photos that somebody sent; that photo is restored anew."""
    out = shop.with_name("shop-enhanced")
    main([str(shop)], enhance)
    whole = contents(out)
    (out / "report_files" / "a.png").write_bytes(b"")
    record = read_records(out)["coat.png"]._replace(**planted)
    with (out / "report_files" / "photos.jsonl").open("ab") as file:
        file.write(b"\n" + json.dumps(record._asdict()).encode())
    main([str(shop)], enhance)
    page = (out / "report.html").read_text("utf-8")
    assert page.encode() == whole["report.html"] and "<script>alert" not in page


# What goes wrong on the way


def test_control_c_says_how_to_go_on_and_leaves_a_report(shop, enhance, smooth, capsys):
    def interrupted(images):
        enhance(images)
        if enhance.calls == 3:
            raise KeyboardInterrupt
        return smooth(images)

    assert main([str(shop)], interrupted) == 130
    said = capsys.readouterr().out
    assert "To go on, give the same command again: what is done is kept." in said
    assert "1 restored, 0 were already there, 1 skipped, 4 left." in said
    assert "4 not reached yet" in (shop.with_name("shop-enhanced") / "report.html").read_text(
        encoding="utf-8"
    )
    assert main([str(shop)], enhance) == 0
    assert "3 restored, 1 were already there" in capsys.readouterr().out
    enhance.calls = 0
    assert main([str(shop), "--fresh"], interrupted) == 130
    assert "the same command again without --fresh" in capsys.readouterr().out


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_closed_disk_is_said_in_words(shop, enhance, monkeypatch, capsys, code):
    replace, left = os.replace, iter(range(7))

    def full(source, target):
        if next(left, None) is None:
            raise OSError(code, os.strerror(code))
        replace(source, target)

    monkeypatch.setattr(storage.os, "replace", full)
    assert main([str(shop)], enhance) == 1
    said = capsys.readouterr().out
    assert f"Received: {os.strerror(code)}. Most likely fix: free some space, or name another" in said
    assert "COURSE_FOLDER" not in said and "left. No report was written: " in said
    monkeypatch.setattr(storage.os, "replace", replace)
    assert main([str(shop)], enhance) == 0


def test_nothing_is_made_where_nothing_can_be_written(shop, enhance, monkeypatch, capsys):
    def closed(path, **settings):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", closed)
    assert main([str(shop)], enhance) == 1
    said = capsys.readouterr().out
    assert "Received: Permission denied. Most likely fix" in said and enhance.calls == 1


def test_a_name_that_is_too_long_for_its_result_is_one_skipped_photo(shop, enhance, capsys):
    name = "x" * 240 + ".bmp"
    make_photo(shop / name)
    assert main([str(shop)], enhance) == 0
    assert f"skipped {name}: not written, File name too long" in capsys.readouterr().out


def test_a_photo_that_the_model_cannot_take_is_skipped(shop, smooth, capsys):
    def picky(images):
        if images.shape[1:3] == (32, 256):
            raise RuntimeError("too long\nfor me")
        return smooth(images)

    assert main([str(shop)], picky) == 0
    assert "skipped new/large.png: not restored, RuntimeError: too long for me" in capsys.readouterr().out


def test_pictures_of_nothing_are_not_saved(shop, smooth, restored, capsys):
    def diverged(images):
        mean, sample, spread = smooth(images)
        return restored(mean * np.nan, sample, spread)

    assert main([str(shop)], diverged) == 1
    assert "not restored, ValueError: Images to unscale must hold numbers" in capsys.readouterr().out


def test_a_missing_model_is_said_before_anything_is_made(shop, capsys):
    def missing(images):
        raise FileNotFoundError("No trained restorer. Most likely fix: run lesson 07.")

    assert main([str(shop)], missing) == 2
    assert "run lesson 07" in capsys.readouterr().err
    assert not shop.with_name("shop-enhanced").exists()


def test_a_folder_without_photos_has_a_report_that_says_so(tmp_path, enhance, capsys):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "notes.txt").write_text("no photo")
    assert main([str(tmp_path / "shop")], enhance) == 1
    assert "0 restored, 0 were already there, 1 skipped" in capsys.readouterr().out
    assert "notes.txt" in (tmp_path / "shop-enhanced" / "report.html").read_text(encoding="utf-8")


def test_of_many_skipped_files_ten_are_named(shop, enhance, capsys):
    for number in range(30):
        (shop / f"{number:02}.txt").write_text("no photo")
    main([str(shop)], enhance)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == folder_module.LISTED + 2 and said[-2] == "skipped 22 more: see the report"


def test_the_bar_names_the_photo_in_hand(shop, enhance, capsys, monkeypatch):
    monkeypatch.setattr(folder_module, "tqdm", functools.partial(folder_module.tqdm, mininterval=0))
    make_photo(shop / "tall.png", 5, (16, 700))
    main([str(shop)], enhance)
    bar = capsys.readouterr().err
    for part in ("  0%", "1 of 7: coat.png", "4 of 7: new/large.png", "100%"):
        assert part in bar
    assert len(set(re.findall(r"(\d+)%[^%]*7 of 7: tall.png", bar))) >= 4  # it moves within a large photo
    main([str(shop)], enhance)
    assert "2 of 2: notes.txt" in capsys.readouterr().err  # what is done has no part in the time that is left


# The command itself


def test_help_starts_without_tensorflow_and_says_what_is_made():
    code = (
        "import sys; from utils.enhance.__main__ import main; end = lambda: print(*sys.modules, sep=chr(10))"
    )
    code += "; import atexit; atexit.register(end); main(['--help'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and "--max-size" in done.stdout and "A JPEG stays a JPEG" in done.stdout
    modules = set(done.stdout.splitlines())
    assert "argparse" in modules and not {"tensorflow", "keras", "numpy"} & modules


def test_a_terminal_that_knows_no_chinese_ends_no_run(tmp_path):
    make_photo(tmp_path / "外套" / "外套.png")
    command = [sys.executable, "-c", HANGING, tmp_path / "外套", tmp_path / "外", STAND_IN, "never", "marker"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stderr.endswith("\n") and "Traceback" not in done.stderr
    assert done.stdout.startswith("1 restored") and "/?/report.html" in done.stdout.replace(os.sep, "/")


@pytest.mark.parametrize("size", ["0", "-3", "big", "2.5"])
def test_a_size_that_is_no_size_is_said(shop, size, capsys):
    with pytest.raises(SystemExit):
        main([str(shop), "--max-size", size])
    assert "--max-size" in capsys.readouterr().err


def test_the_command_runs_as_a_module(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "utils.enhance", str(tmp_path / "gone")],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 2 and "which does not exist" in done.stderr
