"""How fast the catalogue is drawn, as a ratio to reading the same pictures from PNG: run it as a script.

Run on one core: taskset -c 0 python tests/benchmarks/catalogue.py
"""

import io
import time

import numpy as np
from PIL import Image

from utils.data.catalogue import draw_catalogue

COUNT = 2_000


def images_per_second(work):
    """Best of three runs, in CPU time of this process."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return COUNT / min(seconds)


def as_png(image):
    """Bytes of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(image.squeeze()).save(file, "png")
    return file.getvalue()


def main():
    """Print one line per size."""
    start = time.process_time()
    draw_catalogue(1)
    print(f"painting the templates, once: {time.process_time() - start:.2f} s")
    print("size        drawn/s   from PNG/s   ratio")
    for image_size, channels in ((28, 1), (32, 1), (32, 3), (64, 3)):
        images = draw_catalogue(COUNT, image_size=image_size, channels=channels).images
        files = [as_png(image) for image in images]
        drawing = images_per_second(
            lambda s=image_size, c=channels: draw_catalogue(COUNT, image_size=s, channels=c)
        )
        reading = images_per_second(lambda f=files: [np.asarray(Image.open(io.BytesIO(png))) for png in f])
        name = f"{image_size} {'RGB' if channels == 3 else 'grey'}"
        print(f"{name:8s} {drawing:10,.0f} {reading:12,.0f} {drawing / reading:7.2f}")


if __name__ == "__main__":
    main()
