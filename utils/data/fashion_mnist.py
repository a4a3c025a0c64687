"""Fashion-MNIST: 70,000 grey pictures of clothes, 28 x 28, read from PRODUCT_DATA or downloaded once."""

import gzip
import os
import pathlib
import struct
import tempfile
import zlib

import numpy as np

from utils.data.products import Products, check_count, plain_caption
from utils.data.storage import course_folder, one_at_a_time, reason, sweep

# The authors' own repository at one commit: their other server knows no https.
COMMIT = "b2617bb6d3ffa2e429640350f613e3291e10b141"
SERVER = f"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/{COMMIT}/data/fashion/"
CHECKSUMS = {  # SHA-256
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
CLASS_NAMES = (
    "t-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049  # first number of an idx file: bytes with three axes, with one
PATIENCE = 600  # seconds; the one who downloads always ends, by a time-out if need be
HALF_DOWNLOADED = "tmp????????"  # how pooch names a download that is not finished
LARGEST = 16 + 70_000 * 28 * 28  # bytes; no file of the data set unpacks to more
CURE = (
    "set PRODUCT_DATA to a folder that holds fashion-mnist/ with the four idx .gz files, "
    'or use load_products("catalogue"), which needs no network.'
)


def load_fashion_mnist(split, *, count=None, image_size=28, channels=1, seed=0, server=None):
    """Load clothes as they are stored, white on black; 32 x 32 gets a black frame of two pixels."""
    images, labels = read_split("train" if split == "train" else "t10k", server)
    check_count(count, available=len(images))
    if count is not None and count < len(images):
        chosen = np.random.default_rng(seed).permutation(len(images))[:count]
        images, labels = images[chosen], labels[chosen]
    frame = (image_size - 28) // 2
    captions = [plain_caption(name) for name in CLASS_NAMES]
    return Products(
        images=np.pad(images, [(0, 0), (frame, frame), (frame, frame)])[..., None],
        class_ids=labels.astype(np.int32),
        class_names=CLASS_NAMES,
        captions=tuple(captions[label] for label in labels),
        source="fashion-mnist",
    )


def read_split(prefix, server=None):
    """Read images and labels of one half from PRODUCT_DATA, else from the course's folder, else download."""
    names = [name for name in CHECKSUMS if name.startswith(prefix)]  # images, labels
    owned = os.environ.get("PRODUCT_DATA")
    if owned and (folder := pathlib.Path(owned, "fashion-mnist")).is_dir():
        return read_pair(*(folder / name for name in names))
    try:
        folder = course_folder("downloads")
        return read_pair(*(download(name, folder, server) for name in names))
    except ConnectionError:
        raise
    except OSError as error:
        print(f"Fashion-MNIST is loaded but not kept for next time: {reason(error)}.")
    with tempfile.TemporaryDirectory() as folder:
        return read_pair(*(download(name, folder, server) for name in names))


def download(name, folder, server=None, *, timeout=(5, 10)):
    """Fetch one file into the folder unless its checksum says it is there already, and return its path."""
    import pooch
    import requests
    from tqdm.auto import tqdm

    def fetch(url, file, kept):
        # total=1 until the server has told the length: a bar without a total is no truth value for pooch
        with tqdm(desc="Fashion-MNIST", total=1, unit="B", unit_scale=True, leave=False) as bar:
            pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16, timeout=timeout)(url, file, kept)

    url, folder = (server or SERVER) + name, pathlib.Path(folder)
    pooch.get_logger().setLevel("WARNING")  # the bar says it all
    with one_at_a_time(folder / "downloads.lock", PATIENCE):
        sweep(folder, HALF_DOWNLOADED)
        try:
            path = pooch.retrieve(url, f"sha256:{CHECKSUMS[name]}", fname=name, path=folder, downloader=fetch)
        except requests.RequestException as error:
            kind = type(error).__name__
            status = getattr(error.response, "status_code", None)
            trouble = f"the server answered {status}" if status else f"no answer or a broken one ({kind})"
        except ValueError:
            trouble = "a file with another checksum (the network may have put its own page in the way)"
        else:
            return pathlib.Path(path)
    raise ConnectionError(
        f"Fashion-MNIST should come from {url}. Received: {trouble}. Most likely fix: try again, {CURE}"
    )


def read_pair(images_path, labels_path):
    """Read an images file and its labels file, and check that they belong together."""
    for path in (images_path, labels_path):
        if not path.is_file():
            raise FileNotFoundError(
                f"Fashion-MNIST needs the file {path.name}. Received: a folder without it, {path.parent}. "
                "Most likely fix: put the four idx .gz files there, or unset PRODUCT_DATA to download them."
            )
    images, labels = read_idx(images_path, IMAGES_MAGIC), read_idx(labels_path, LABELS_MAGIC)
    if images.shape[1:] != (28, 28) or len(images) == 0:
        raise damaged(images_path, "28 x 28 pictures", f"shape {images.shape}")
    if len(labels) != len(images):
        raise damaged(labels_path, f"one label for each of {len(images)} pictures", f"{len(labels)} labels")
    if labels.max() >= len(CLASS_NAMES):
        raise damaged(labels_path, "labels from 0 to 9", f"label {labels.max()}")
    return images, labels


def read_idx(path, magic):
    """Unpack one idx file: a magic number, the size of each axis, then bytes."""
    axes = magic % 256
    try:
        with gzip.open(path) as file:
            content = file.read(LARGEST + 1)  # to the end, so that gzip compares its own checksum too
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(path, "a whole .gz file", str(error) or type(error).__name__) from error
    if len(content) < 4 + 4 * axes:
        raise damaged(path, "an idx file", f"{len(content)} bytes")
    found, *shape = struct.unpack_from(f">{1 + axes}I", content)
    if found != magic:
        raise damaged(path, f"an idx file that begins with {magic}", f"{found}")
    values = np.frombuffer(content, np.uint8, offset=4 + 4 * axes)
    if len(values) != np.prod(shape, dtype=np.int64):
        raise damaged(path, f"bytes for shape {tuple(shape)}", f"{len(values)} bytes")
    return values.reshape(shape)


def damaged(path, expected, received):
    """Word the error for a file that is there but is not what it should be."""
    return ValueError(
        f"{path} must hold {expected}. Received: {received}. "
        "Most likely fix: copy or download the file again."
    )
