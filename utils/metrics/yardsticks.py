"""How FID and KID read for generators that we know: python -m utils.metrics.yardsticks 28 1."""

import argparse

import numpy as np

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.features import load_features


def known_generators(images, class_ids, seed=0):
    """Return {name: images} of five generators whose faults are known, as many images each where they can.

    Shapes:  images (n, height, width, channels) in [-1, 1], held out; class_ids (n,) -> float32 arrays
    Range:   [-1, 1]
    """
    images = np.asarray(images, "float32")
    rng = np.random.default_rng(seed)
    classes = np.unique(class_ids)
    return {
        "real, held out": images,
        "half of the classes missing": images[np.isin(class_ids, classes[: len(classes) // 2])],
        "one image, always": np.repeat(images[rng.integers(len(images))][None], len(images), axis=0),
        "the mean image, always": np.repeat(images.mean(axis=0, keepdims=True), len(images), axis=0),
        "uniform noise": rng.uniform(-1, 1, images.shape).astype("float32"),
    }


def main(arguments=None):
    """Print FID and KID of the known generators against real training images."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m utils.metrics.yardsticks")
    parser.add_argument("image_size", type=int)
    parser.add_argument("channels", type=int)
    parser.add_argument("--count", type=int, default=5000, help="images on each side")
    chosen = parser.parse_args(arguments)
    try:
        network = load_features(chosen.image_size, chosen.channels)
    except ValueError as error:
        parser.error(str(error))
    for source in ("fashion-mnist", "catalogue") if chosen.channels == 1 else ("catalogue",):
        train, test = (
            load_products(
                source, split, image_size=chosen.image_size, channels=chosen.channels, fallback="catalogue"
            )
            for split in ("train", "test")
        )
        if train.source != source:
            continue
        real_features = network.embed(scale_images(train.images[: chosen.count]))
        held_out = scale_images(test.images[: chosen.count])
        print(
            f"{source}: against {len(real_features):,} training images\n{'images':>8} {'FID':>9} {'KID':>9}"
        )
        for name, images in known_generators(held_out, test.class_ids[: chosen.count]).items():
            features = network.embed(images)
            fid, kid = frechet_distance(real_features, features), kernel_distance(real_features, features)
            print(f"{len(images):8,} {fid:9.2f} {kid:9.3f}  {name}")


if __name__ == "__main__":
    main()
