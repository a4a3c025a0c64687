import errno
import gzip
import hashlib
import http.server
import os
import pathlib
import re
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from utils.data import fashion_mnist, load_products
from utils.data.fashion_mnist import download, load_fashion_mnist, read_idx

REAL = os.environ.get("PRODUCT_DATA")
QUICK = (0.5, 0.5)  # seconds to connect, seconds without a byte
SMALL = {"train": 40, "t10k": 10}  # pictures in the made files
LABELS = "train-labels-idx1-ubyte.gz"


def idx(magic, values):
    """Pack an array as an idx .gz file."""
    header = struct.pack(f">{1 + values.ndim}I", magic, *values.shape)
    return gzip.compress(header + values.tobytes(), compresslevel=1, mtime=0)


@pytest.fixture(scope="module")
def files():
    """Small files in the format of the data set: the first pixel of a picture is its label."""
    made = {}
    for half, count in SMALL.items():
        labels = np.arange(count, dtype=np.uint8) % 10
        images = np.random.default_rng(count).integers(0, 256, (count, 28, 28), dtype=np.uint8)
        images[:, 0, 0] = labels
        made[f"{half}-images-idx3-ubyte.gz"] = idx(2051, images)
        made[f"{half}-labels-idx1-ubyte.gz"] = idx(2049, labels)
    return made


@pytest.fixture
def checksums(files, monkeypatch):
    """Let the made files count as the official ones."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(fashion_mnist, "CHECKSUMS", sums)
    return sums


@pytest.fixture
def server(files):
    """A server on this machine whose behaviour a test can spoil."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            server.asked.append(self.path)
            content = files.get(self.path.lstrip("/"), b"")
            if server.mode == "404":
                return self.send_error(404)
            if server.mode == "wrong sum":
                content = b"<html>Please log in to the network</html>"
            self.send_response(200)
            if server.mode != "truncated, length unknown":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            half = len(content) // 2
            self.wfile.write(content[:half])
            if server.mode.startswith("truncated"):
                return None
            if server.mode == "stall":
                server.over.wait(10)
                return None
            self.wfile.write(content[half:])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.mode, server.asked, server.over = "good", [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def owned(files, tmp_path, monkeypatch):
    """A PRODUCT_DATA folder that holds the made files."""
    folder = tmp_path / "owned" / "fashion-mnist"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("PRODUCT_DATA", str(tmp_path / "owned"))
    return folder


def kept(folder):
    """List what a download left, without the lock."""
    return sorted(path.name for path in pathlib.Path(folder).iterdir() if path.suffix != ".lock")


def assert_labels_belong(products):
    np.testing.assert_array_equal(products.images[:, 0, 0, 0], products.class_ids)


# From PRODUCT_DATA


def test_product_data_is_read_without_network_and_without_the_official_sums(owned):
    train, test = load_products("fashion-mnist"), load_products("fashion-mnist", "test")
    assert (len(train), len(test)) == (40, 10)
    assert train.images.shape == (40, 28, 28, 1) and train.images.dtype == np.uint8
    assert train.class_ids.dtype == np.int32
    assert train.class_names[0] == "t-shirt/top" and train.class_names[9] == "ankle boot"
    assert train.captions[4] == "a photo of a coat" and train.captions[9] == "a photo of an ankle boot"
    assert_labels_belong(train)


def test_a_count_takes_pictures_with_their_labels_in_an_order_of_the_seed(owned):
    some = load_products("fashion-mnist", count=20)
    assert_labels_belong(some)
    assert len({image.tobytes() for image in some.images}) == 20
    assert (load_products("fashion-mnist", count=20).images == some.images).all()
    assert (load_products("fashion-mnist", count=20, seed=1).images != some.images).any()
    broken = type(some)(some.images, np.roll(some.class_ids, 1), some.class_names, some.captions, some.source)
    with pytest.raises(AssertionError):  # planted bug: labels one row off
        assert_labels_belong(broken)


def test_more_than_there_are_is_an_error(owned):
    with pytest.raises(ValueError, match="must be 40 at most.*Received: 41"):
        load_products("fashion-mnist", count=41)


def test_32_pixels_are_28_in_a_black_frame(owned):
    small, framed = load_products("fashion-mnist"), load_products("fashion-mnist", image_size=32)
    assert framed.images.shape == (40, 32, 32, 1)
    np.testing.assert_array_equal(framed.images[:, 2:-2, 2:-2], small.images)
    assert framed.images[:, :2].max() == framed.images[:, :, -2:].max() == 0


PICTURES = np.zeros((3, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (LABELS, b"", "whole .gz file|idx file"),
        (LABELS, b"no gzip", "a whole .gz file"),
        (LABELS, idx(2049, np.zeros(40, np.uint8))[:-9], "a whole .gz file"),
        (LABELS, idx(2051, np.zeros(40, np.uint8)), "begins with 2049. Received: 2051"),
        (LABELS, idx(2049, np.zeros(39, np.uint8)), "one label for each of 40 pictures. Received: 39"),
        (LABELS, idx(2049, np.full(40, 10, np.uint8)), "labels from 0 to 9. Received: label 10"),
        (
            LABELS,
            gzip.compress(struct.pack(">2I", 2049, 40) + b"\0" * 7),
            "bytes for shape .40,.. Received: 7",
        ),
        (LABELS, gzip.compress(b"abc"), "an idx file. Received: 3 bytes"),
        ("train-images-idx3-ubyte.gz", idx(2051, PICTURES[:, 1:]), "28 x 28 pictures"),
        ("train-images-idx3-ubyte.gz", idx(2051, PICTURES[:0]), "28 x 28 pictures"),
    ],
    ids=lambda value: None if isinstance(value, str) else "content",
)
def test_a_damaged_file_is_named_with_what_is_wrong(owned, name, content, says):
    (owned / name).write_bytes(content)
    with pytest.raises(ValueError, match=f"{name} must hold .*({says}).*Most likely fix"):
        load_products("fashion-mnist")


def test_a_flipped_byte_is_found_by_the_checksum_of_gzip(owned, files):
    stored = gzip.compress(gzip.decompress(files[LABELS]), compresslevel=0)  # bytes lie open in it
    position = stored.index(bytes([0, 1, 2, 3, 4, 5])) + 3
    (owned / LABELS).write_bytes(stored[:position] + b"\4" + stored[position + 1 :])
    with pytest.raises(ValueError, match="CRC check failed"):
        read_idx(owned / LABELS, 2049)


def test_a_missing_file_is_named(owned):
    (owned / LABELS).unlink()
    with pytest.raises(FileNotFoundError, match=f"{LABELS}.*Most likely fix"):
        load_products("fashion-mnist")


@pytest.mark.skipif(not REAL, reason="needs PRODUCT_DATA with the real files")
def test_the_real_files_hold_seventy_thousand_pictures_in_ten_equal_classes(monkeypatch):
    monkeypatch.setenv("PRODUCT_DATA", REAL)
    for split, each in (("train", 6_000), ("test", 1_000)):
        products = load_products("fashion-mnist", split)
        assert np.bincount(products.class_ids).tolist() == [each] * 10
        assert products.images[:, 0, 0].mean() < 5  # white on black


# By download


def test_a_good_download_is_kept_and_read_without_asking_again(server, checksums, course_home):
    products = load_fashion_mnist("train", server=server.url)
    assert_labels_belong(products)
    assert kept(course_home / "downloads") == sorted(name for name in checksums if name.startswith("train"))
    asked = len(server.asked)
    load_fashion_mnist("train", server=server.url)
    assert len(server.asked) == asked == 2


def test_a_kept_file_that_was_damaged_is_fetched_again(server, checksums, tmp_path):
    (tmp_path / LABELS).write_bytes(b"damaged")
    assert len(read_idx(download(LABELS, tmp_path, server.url), 2049)) == 40


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("truncated", "no answer or a broken one"),
        ("truncated, length unknown", "another checksum"),
        ("wrong sum", "another checksum"),
        ("404", "the server answered 404"),
        ("stall", "no answer or a broken one"),
    ],
)
def test_a_failed_download_leaves_nothing_and_a_later_one_works(server, checksums, tmp_path, mode, says):
    server.mode = mode
    start = time.monotonic()
    with pytest.raises(ConnectionError, match=f"{says}.*Most likely fix.*PRODUCT_DATA.*catalogue"):
        download(LABELS, tmp_path, server.url, timeout=QUICK)
    assert time.monotonic() - start < 5
    assert kept(tmp_path) == []
    server.over.set()
    server.mode = "good"
    assert len(read_idx(download(LABELS, tmp_path, server.url), 2049)) == 40
    assert kept(tmp_path) == [LABELS]


def test_the_download_is_encrypted_and_its_sums_are_long(monkeypatch, tmp_path):
    """The old server took no https, and two files with one MD5 can be made."""
    import pooch

    asked = []
    monkeypatch.setattr(pooch, "retrieve", lambda url, known, **_: asked.append((url, known)) or LABELS)
    for name in fashion_mnist.CHECKSUMS:
        download(name, tmp_path)
    assert len(asked) == 4
    for url, known in asked:
        assert url.startswith("https://") and re.fullmatch("sha256:[0-9a-f]{64}", known)


def test_the_official_sums_refuse_other_files(server, tmp_path):
    with pytest.raises(ConnectionError, match="another checksum"):  # the real sums, the made files
        download(LABELS, tmp_path, server.url)
    assert kept(tmp_path) == []


def test_offline_the_message_names_both_cures(tmp_path):
    with pytest.raises(ConnectionError, match="no answer.*set PRODUCT_DATA.*catalogue"):
        download(LABELS, tmp_path, "http://127.0.0.1:9/", timeout=QUICK)


def test_offline_the_catalogue_takes_the_place_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(fashion_mnist, "SERVER", "http://127.0.0.1:9/")
    products = load_products("fashion-mnist", count=4, fallback="catalogue")
    assert products.source == "catalogue" and products.images.shape == (4, 28, 28, 1)
    (line,) = capsys.readouterr().out.splitlines()
    expected = "fashion-mnist is out of reach (no answer or a broken one), so the catalogue takes its place."
    assert line == expected


def test_a_full_disk_costs_one_line_and_no_data(server, checksums, monkeypatch, capsys, course_home):
    import shutil

    move = shutil.move

    def full(source, target):
        if str(course_home) in str(target):
            raise OSError(errno.ENOSPC, "No space left on device")
        return move(source, target)

    monkeypatch.setattr(shutil, "move", full)
    assert_labels_belong(load_fashion_mnist("train", server=server.url))
    (line,) = capsys.readouterr().out.splitlines()
    assert "not kept for next time: No space left on device" in line
    assert kept(course_home / "downloads") == []


def downloads_of_thirty_threads(server, folder):
    """Return the paths that thirty threads got when all asked at once."""
    paths = []
    threads = [
        threading.Thread(target=lambda: paths.append(download(LABELS, folder, server.url))) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return paths


def test_thirty_threads_share_one_download(server, checksums, tmp_path):
    paths = downloads_of_thirty_threads(server, tmp_path)
    assert len(paths) == 30 and len(read_idx(paths[0], 2049)) == 40
    assert len(server.asked) == 1 and kept(tmp_path) == [LABELS]


def test_several_kernels_share_one_download(server, checksums, tmp_path):
    code = (
        "import sys; from utils.data import fashion_mnist as f\n"
        f"f.CHECKSUMS = {checksums!r}\n"
        f"print(len(f.read_idx(f.download({LABELS!r}, sys.argv[1], sys.argv[2]), 2049)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path), server.url]
    kernels = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(4)]
    assert [kernel.communicate()[0].strip() for kernel in kernels] == [b"40"] * 4
    assert len(server.asked) == 1 and kept(tmp_path) == [LABELS]


def test_without_a_lock_thirty_threads_are_still_safe(server, checksums, tmp_path, monkeypatch):
    import contextlib

    monkeypatch.setattr(fashion_mnist, "one_at_a_time", lambda *_: contextlib.nullcontext())
    paths = downloads_of_thirty_threads(server, tmp_path)
    assert len(paths) == 30 and len(read_idx(paths[0], 2049)) == 40
    assert len(server.asked) > 1 and kept(tmp_path) == [LABELS]  # the lock did save something above
