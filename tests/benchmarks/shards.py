"""Photos that do not fit into memory: what a training keeps of 20,000 and of 200,000, and how fast it reads.

    python tests/benchmarks/shards.py [--pictures 200000] [--size 32] [--into FOLDER]

Pictures of the catalogue are written as PNG files in portions of 2,000, then become shards, then two epochs
are read in batches of 64: from the shards, from the PNG files by tf.data, and by make_dataset from memory.
Each figure is of a fresh process, its memory counted from after the imports. Rates are pictures per CPU
second, all threads together; the files were just written, so no disk is waited for.
"""

import argparse
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import psutil
from PIL import Image

PORTION, BATCH_SIZE, EPOCHS = 2_000, 64, 2


def as_png(image):
    """Return the bytes of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "png")
    return file.getvalue()


def write_pictures(folder, count, size):
    """Write so many pictures in class folders, few of them in memory at once, and one for the other split."""
    from utils.data.catalogue import draw_catalogue

    for start in range(0, count + 1, PORTION):
        drawn = draw_catalogue(min(PORTION, count + 1 - start), image_size=size, start=start)
        for number, (image, class_id) in enumerate(zip(drawn.images, drawn.class_ids, strict=True), start):
            half = "train" if number < count else "validation"
            path = folder / half / drawn.class_names[class_id] / f"{number:07d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_png(image))


def from_files(folder, out):
    """Make batches of single files, as tf.data does it: read and decoded in parallel."""
    import tensorflow as tf

    from utils.data.shard_reader import THREADS, reading_options

    def load(path):
        return tf.cast(tf.io.decode_png(tf.io.read_file(path), channels=3), tf.float32) / 127.5 - 1.0

    paths = [str(path) for path in (folder / "train").rglob("*.png")]
    files = tf.data.Dataset.from_tensor_slices(paths).shuffle(len(paths), seed=0)
    batches = files.map(load, num_parallel_calls=THREADS).batch(BATCH_SIZE, drop_remainder=True)
    return batches.prefetch(2).with_options(reading_options(0, 1))


def from_shards(folder, out):
    """Make batches of shards."""
    from utils.data.shard_reader import make_shard_dataset

    return make_shard_dataset(out, BATCH_SIZE, seed=0, repeat=False)


def from_memory(folder, out):
    """Load all pictures, then make batches of them."""
    from utils.data.pipelines import make_dataset
    from utils.data.shard_files import read_shard
    from utils.data.shard_manifest import read_manifest

    manifest = read_manifest(out)
    size, images = manifest["settings"]["size"], []
    for entry in manifest["shards"]:
        images += [picture for picture, _, _ in read_shard(out / entry["file"], size, 3)]
    return make_dataset(np.stack(images), BATCH_SIZE, seed=0, repeat=False)


READERS = {"shards": from_shards, "single files": from_files, "memory": from_memory}


def measure(what, folder, out, size):
    """Print what one kind of work costs in this process, as JSON."""
    import tensorflow  # noqa: F401

    from utils.data import pipelines, shard_reader  # noqa: F401
    from utils.data.shard_writer import shard_photos

    process = psutil.Process()
    before, count, start = process.memory_info().rss, 0, time.process_time()
    if what == "write":
        count = shard_photos(folder, out, image_size=size)["pictures"]
    else:
        batches = READERS[what](folder, out)
        start = time.process_time()
        for _ in range(EPOCHS):
            count += sum(len(batch) for batch in batches)
    seconds = time.process_time() - start
    figures = {"pictures": count, "rate": count / seconds, "now": process.memory_info().rss - before}
    print(json.dumps(figures | {"peak": peak_memory() - before}))


def peak_memory():
    """Return the most bytes that this process has held so far."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def measure_apart(what, folder, out, size):
    """Measure in a fresh process."""
    command = [sys.executable, __file__, "--size", str(size), "--measure", what, str(folder), str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare_encodings(folder):
    """Print what a picture takes, and how fast it is decoded, as raw bytes and as PNG."""
    import tensorflow as tf

    from utils.data.shard_reader import reading_options

    paths = sorted((folder / "train").rglob("*.png"))
    files = [path.read_bytes() for path in paths[:: max(1, len(paths) // 5_000)]]
    raw = [np.asarray(Image.open(io.BytesIO(file))).tobytes() for file in files]
    decoders = {
        "raw bytes": (raw, lambda batch: tf.io.decode_raw(batch, tf.uint8)),
        "PNG": (files, lambda batch: tf.map_fn(tf.io.decode_png, batch, fn_output_signature=tf.uint8)),
    }
    for name, (stored, decode) in decoders.items():
        batches = tf.data.Dataset.from_tensor_slices(stored).repeat(3).batch(BATCH_SIZE).map(decode)
        start = time.process_time()
        for _ in batches.with_options(reading_options(0, 1)):
            pass
        rate = 3 * len(stored) / (time.process_time() - start)
        size = np.mean([len(one) for one in stored])
        print(f"{name:12} {size:8,.0f} bytes, {rate:9,.0f} decoded per CPU second")


def main():
    """Write, shard and read a tenth of the pictures, then all; print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=200_000)
    parser.add_argument("--size", type=int, default=32, choices=(32, 64))
    parser.add_argument("--into", type=pathlib.Path, help="keep the files there (default: keep none)")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        what, folder, out = chosen.measure
        return measure(what, pathlib.Path(folder), pathlib.Path(out), chosen.size)
    with tempfile.TemporaryDirectory() as temporary:
        place = chosen.into or pathlib.Path(temporary)
        print(f"{'':13} {'pictures':>9} {'per CPU second':>15} {'ratio':>6} {'MB at end':>10} {'most':>5}")
        for count in (chosen.pictures // 10, chosen.pictures):
            folder, out = place / f"{count}", place / f"{count}-shards"
            if not folder.exists():
                write_pictures(folder, count, chosen.size)
            rates = {}
            for what in ("write", *READERS):
                cost = measure_apart(what, folder, out, chosen.size)
                rates[what] = cost["rate"]
                ratio = f"{cost['rate'] / rates['shards']:6.2f}" if what in READERS else f"{'':6}"
                memory = f"{cost['now'] / 1e6:10,.0f} {cost['peak'] / 1e6:5,.0f}"
                print(f"{what:13} {cost['pictures']:9,} {cost['rate']:15,.0f} {ratio} {memory}", flush=True)
        compare_encodings(folder)


if __name__ == "__main__":
    main()
