"""Make the judge of chimes: python -m utils.metrics.train_sounds."""

import argparse
import json
import time

import keras
import numpy as np
from keras import layers

from utils.data import load_products
from utils.data.chimes import FRAMES, MEL_BANDS, draw_spectrograms
from utils.data.images import unscale_images
from utils.metrics.conditioning import attribute_accuracy, number_words
from utils.metrics.features import WEIGHTS
from utils.metrics.judge import Judge, store_judge
from utils.metrics.sounds import STRIDES, VALUES, check_spectrograms, load_sound_judge, sound_judge_path
from utils.metrics.train_attributes import soften
from utils.metrics.train_features import Batches, fit, fold

FILTERS = (16, 24, 32)
WIDTH = 64
EPOCHS = 10
GRAIN = 24  # of 255: generated spectrograms are a little soft and grainy
SEED = 11
TEST_START = 10_000_000  # number of the first chime that is held out, as in the catalogue


def build_sound_classifier(filters=FILTERS, strides=STRIDES, width=WIDTH):
    """Build the network while it learns: batch norm inside, one head of logits per attribute.

    Shapes:  (batch, 48, 40, 1) -> {"kind": (batch, 16), "colour": (batch, 10), "pattern": (batch, 5)}
    Range:   spectrograms in [-1, 1] -> raw scores
    Source:  our own
    """
    spectrograms = x = keras.Input((FRAMES, MEL_BANDS, 1))
    for i, (kernels, stride) in enumerate(zip(filters, strides, strict=True)):
        x = layers.Conv2D(kernels, 3, stride, padding="same", use_bias=False, name=f"convolution_{i}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm_{i}")(x)
        x = layers.ReLU()(x)
    x = layers.Flatten()(layers.AveragePooling2D(2, padding="same")(x))  # (batch, 6 * 5 * 32)
    x = layers.Dropout(0.2)(x)
    features = layers.Dense(width, activation="relu", name="features")(x)
    heads = {name: layers.Dense(len(values), name=name)(features) for name, values in VALUES.items()}
    return keras.Model(spectrograms, heads)


def wear(spectrograms, rng):
    """Blur half of the pictures of sounds by up to two pixels and make half of them grainy (uint8)."""
    pictures = spectrograms.astype("float32")
    blurred, grainy = rng.random((2, len(pictures), 1, 1, 1), dtype="float32").round()  # 0 or 1
    strength = blurred * rng.random(blurred.shape, dtype="float32")
    pictures = pictures + strength * (soften(soften(pictures)) - pictures)
    sigma = GRAIN * grainy * rng.random(grainy.shape, dtype="float32")
    pictures += sigma * rng.standard_normal(pictures.shape, dtype="float32")
    return np.clip(np.rint(pictures), 0, 255).astype("uint8")


def train(attributes, epochs=EPOCHS, seed=SEED):
    """Train all heads on the chimes of these products and return the judge in inference form."""
    keras.utils.set_random_seed(seed)
    classifier = build_sound_classifier()
    pictures = unscale_images(draw_spectrograms(attributes, seed))
    targets = {name: number_words(attributes[name], values) for name, values in VALUES.items()}
    fit(classifier, Batches(pictures, targets, seed, wear), epochs)
    heads = {name: tuple(classifier.get_layer(name).get_weights()) for name in VALUES}
    return Judge(VALUES, tuple(fold(classifier)), heads, STRIDES, check_spectrograms)


def measure(judge, attributes):
    """Return how often the judge is right on real chimes that it never heard."""
    read = judge.read(draw_spectrograms(attributes, start=TEST_START))
    wanted = {name: attributes[name] for name in VALUES}
    return {name: round(score, 4) for name, score in attribute_accuracy(read, wanted).items()}


def main(arguments=None):
    """Train, measure, store, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m utils.metrics.train_sounds")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the training chimes")
    parser.add_argument("--count", type=int, help="training chimes, for a quick trial")
    parser.add_argument("--folder", default=WEIGHTS, help="where the weights go")
    parser.add_argument("--only-measure", action="store_true", help="read the stored weights, write nothing")
    chosen = parser.parse_args(arguments)
    if chosen.only_measure:
        judge = load_sound_judge(chosen.folder)
    else:
        products = load_products("catalogue", count=chosen.count)
        started = time.process_time()
        judge = train(products.attributes, chosen.epochs)
        print(f"Trained on {len(products):,} chimes in {time.process_time() - started:.0f} CPU seconds")
    scores = measure(judge, load_products("catalogue", "test").attributes)
    for name, score in scores.items():
        print(f"Test accuracy, {name}: {score:.2%}")
    if chosen.only_measure:
        return
    path = sound_judge_path(chosen.folder)
    store_judge(judge, path)
    arrays = [array for pair in [*judge.layers, *judge.heads.values()] for array in pair]
    facts = {
        "command": "python -m utils.metrics.train_sounds",
        "trained_on": {"chimes of the catalogue": len(products)},
        "epochs": chosen.epochs,
        "seed": SEED,
        "test_accuracy": scores,
        "parameters": sum(array.size for array in arrays),
        "values": judge.values,
    }
    path.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {path} ({path.stat().st_size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
