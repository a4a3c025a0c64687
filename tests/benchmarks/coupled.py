"""Do two modalities agree without ever being seen together, because networks share layers? CoGAN.

    python tests/benchmarks/coupled.py                    all four, one seed
    python tests/benchmarks/coupled.py negative --steps 1000

"negative": pictures of 28 x 28 and pictures of other products with black and white exchanged, lesson 02's
networks; the generators share all but their last layer, the discriminators all but their first. "sound":
codes of pictures and of chimes, dense networks. "apart": the same with nothing shared but the latents.
Agreement: the share of 1,000 rows that are the same kind in both modalities; the negative is turned back
first. Gap: the mean difference of the two pixels of a row, then that of two different rows.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np
from keras import layers

from utils.data import load_products, scale_images
from utils.data.triples import load_triples
from utils.metrics.agreement import agreement_by_chance, modality_agreement
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.features import load_features
from utils.metrics.sounds import load_sound_judge
from utils.models.gan import build_discriminator, build_generator
from utils.training.codes import learn_code
from utils.training.coupled import build_coupled_gan, make_marginals
from utils.training.fit import train

COUNT, LATENTS, WIDTH = 1_000, 24, 384
DENSE = {"r1_gamma": 0.3, "g_learning_rate": 1e-3}  # without R1 all products become one kind


def learn_to_name(images, class_ids, classes):
    """Return a function that names the class of pictures: ridge regression on the features of FID."""
    network = load_features(28, 1)
    seen = network.embed(images)
    inverse = np.linalg.inv(seen.T @ seen + 1e-3 * len(seen) * np.eye(seen.shape[1]))
    weights = inverse @ seen.T @ (np.eye(classes)[class_ids] - 1 / classes)
    return lambda pictures: (network.embed(pictures) @ weights).argmax(axis=1).astype(str)


def dense_networks(size):
    """Return a generator and a discriminator of codes: plain dense layers."""
    generator = keras.Sequential(
        [
            layers.Input((LATENTS,)),
            *[layers.Dense(WIDTH, activation="relu") for _ in range(3)],
            layers.Dense(size),
        ]
    )
    hidden = [part for _ in range(3) for part in (layers.Dense(WIDTH // 2), layers.LeakyReLU(0.2))]
    return generator, keras.Sequential([layers.Input((size,)), *hidden, layers.Dense(1)])


def play(first, second, networks, shared, seed, steps, batch_size=32, **settings):
    """Train on two modalities that are shuffled apart; return what is drawn, and the CPU seconds."""
    keras.utils.set_random_seed(seed)
    generators, discriminators = zip(*(build() for build in networks), strict=True)
    gan = build_coupled_gan(generators, discriminators, shared, **settings)
    start = time.process_time()
    train(gan, make_marginals(first, second, batch_size, seed), steps)
    seconds = time.process_time() - start
    return gan.draw(keras.random.normal((COUNT, gan.latent_dim), seed=seed + 1)), seconds


def report(name, readings, gaps, seconds):
    """Print one line."""
    agreement = modality_agreement(readings, ("kind",))["kind"]
    chance = agreement_by_chance(readings, ("kind",))["kind"]
    print(f"{name:18}{agreement:11.3f}{chance:9.3f}{gaps:>16}{seconds:7.0f}", flush=True)


def main():
    """Print one line per pair of modalities."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    pairs = ["negative", "negative apart", "sound", "sound apart"]
    parser.add_argument("pairs", nargs="*", default=pairs)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print(f"{'':18}{'agreement':>11}{'chance':>9}{'gap, others':>16}{'CPU s':>7}")
    for pair in chosen.pairs:
        shared = not pair.endswith("apart")
        if pair.startswith("negative"):
            products = load_products("fashion-mnist", fallback="catalogue", image_size=28, channels=1)
            images = scale_images(products.images)
            name_of = learn_to_name(images[:6_000], products.class_ids[:6_000], len(products.class_names))
            networks = [lambda: (build_generator(), build_discriminator())] * 2
            (positive, negative), seconds = play(images, -images, networks, shared, chosen.seed, chosen.steps)
            readings = {"positive": {"kind": name_of(positive)}, "negative": {"kind": name_of(-negative)}}
            own, others = (np.abs(positive - other).mean() for other in (-negative, -np.roll(negative, 1, 0)))
            report(pair, readings, f"{own:.3f}, {others:.3f}", seconds)
            continue
        triples = load_triples(count=8_000)
        codes = learn_code(triples.pictures, 192), learn_code(triples.spectrograms, 48)
        parts = codes[0].encode(triples.pictures), codes[1].encode(triples.spectrograms)
        networks = [lambda size=code.size: dense_networks(size) for code in codes]
        drawn, seconds = play(*parts, networks, shared, chosen.seed, 3 * chosen.steps, 64, **DENSE)
        pictures, sounds = (code.decode(part) for code, part in zip(codes, drawn, strict=True))
        readings = {
            "picture": load_attribute_judge().read(pictures),
            "sound": load_sound_judge().read(sounds),
        }
        report(pair, readings, "", seconds)


if __name__ == "__main__":
    main()
