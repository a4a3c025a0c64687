"""Make the judge of catalogue pictures: python -m utils.metrics.train_attributes."""

import argparse
import json
import time

import keras
import numpy as np

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics.attributes import STRIDES, VALUES, check_judged, judge_path, load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy, confusion, number_words
from utils.metrics.features import WEIGHTS
from utils.metrics.judge import Judge, store_judge
from utils.metrics.train_features import Batches, build_classifier, fit, fold, jitter

FILTERS = (24, 40, 40, 56)
WIDTH = 64
EPOCHS = 10
GRAIN = 32  # the most, of 255: a person still reads all attributes at 26, and few at 100
SEED = 7  # not the seed of the feature network


def wear(images, rng):
    """Move all pictures, blur half of them by up to two pixels and make half of them grainy (uint8).

    Generated pictures are a little soft and grainy, and what a person still sees there must count.
    """
    images = jitter(images, rng).astype("float32")
    blurred, grainy = rng.random((2, len(images), 1, 1, 1), dtype="float32").round()  # 0 or 1
    strength = blurred * rng.random(blurred.shape, dtype="float32")
    images = images + strength * (soften(soften(images)) - images)
    sigma = GRAIN * grainy * rng.random(grainy.shape, dtype="float32")
    images += sigma * rng.standard_normal(images.shape, dtype="float32")
    return np.clip(np.rint(images), 0, 255).astype("uint8")


def soften(images):
    """Blur by one pixel: a quarter, a half, a quarter along rows and columns."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    return (rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4


def train(products, epochs=EPOCHS, seed=SEED):
    """Train all heads on these products and return the judge in inference form."""
    keras.utils.set_random_seed(seed)
    size, channels = products.images.shape[2:]
    counts = {name: len(values) for name, values in VALUES.items()}
    classifier = build_classifier(size, channels, counts, FILTERS, STRIDES, WIDTH)
    targets = {name: number_words(products.attributes[name], values) for name, values in VALUES.items()}
    fit(classifier, Batches(products.images, targets, seed, wear), epochs)
    heads = {name: tuple(classifier.get_layer(name).get_weights()) for name in VALUES}
    return Judge(VALUES, tuple(fold(classifier)), heads, STRIDES, check_judged)


def measure(judge, products):
    """Return how often the judge is right on real pictures, and what it took for what."""
    read = judge.read(scale_images(products.images))
    three = {name: products.attributes[name] for name in ("kind", "colour", "pattern")}
    scores = attribute_accuracy(read, products.attributes)
    scores |= {"kind, colour and pattern": attribute_accuracy(read, three)["all"]}
    mistakes = []
    for name, values in judge.values.items():
        counts = confusion(read[name], products.attributes[name], values)
        mistakes += [
            f"{counts[wanted, found]} x {values[wanted]} read as {values[found]}"
            for wanted, found in np.argwhere(counts * (1 - np.eye(len(values))))
        ]
    return {name: round(score, 4) for name, score in scores.items()}, mistakes


def main(arguments=None):
    """Train, measure, store, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m utils.metrics.train_attributes")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the training images")
    parser.add_argument("--count", type=int, help="training images, for a quick trial")
    parser.add_argument("--folder", default=WEIGHTS, help="where the weights go")
    parser.add_argument("--only-measure", action="store_true", help="read the stored weights, write nothing")
    chosen = parser.parse_args(arguments)
    if chosen.only_measure:
        judge = load_attribute_judge(chosen.folder)
    else:
        products = load_products("catalogue", count=chosen.count)
        started = time.process_time()
        judge = train(products, chosen.epochs)
        print(f"Trained on {len(products):,} images in {time.process_time() - started:.0f} CPU seconds")
    scores, mistakes = measure(judge, load_products("catalogue", "test"))
    for name, score in scores.items():
        print(f"Test accuracy, {name}: {score:.2%}")
    print("Mistakes:", "; ".join(mistakes) or "none")
    if chosen.only_measure:
        return
    path = judge_path(chosen.folder)
    store_judge(judge, path)
    arrays = [array for pair in [*judge.layers, *judge.heads.values()] for array in pair]
    facts = {
        "command": "python -m utils.metrics.train_attributes",
        "trained_on": {"catalogue": len(products)},
        "epochs": chosen.epochs,
        "seed": SEED,
        "test_accuracy": scores,
        "mistakes": mistakes,
        "parameters": sum(array.size for array in arrays),
        "values": judge.values,
    }
    path.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {path} ({path.stat().st_size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
