"""Do StackGAN's two stages beat one stage of the same cost? KID and obeyed captions, catalogue at 32 x 32.

    python tests/benchmarks/stacked.py                60 CPU seconds of training for each, one seed
    python tests/benchmarks/stacked.py --seconds 120 --seeds 2

The two stages share the seconds: a third for 16 x 16, the rest for 32 x 32. Steps are what fits into the
seconds, measured with 30 steps of each game first. KID is over 2,000 pictures in the course's own features.
"""

import argparse
import dataclasses
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np

from utils.data import load_products, scale_images
from utils.data.pipelines import make_dataset
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy
from utils.metrics.distribution import kernel_distance
from utils.metrics.features import load_features
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.stacked import build_stage_one_gan, build_stage_two_gan, halve
from utils.training.text_gan import build_text_gan

BUDGET = LESSONS["04_text_to_product"]["cpu"]
COUNT = 2_000
SHARE_ONE = 1 / 3  # of the seconds, for stage one


def fitting_steps(build, dataset, seconds):
    """Return how many steps of a game fit into so many CPU seconds."""
    gan = build(dataclasses.replace(BUDGET, steps=60))
    train(gan, dataset, 10)  # compiled here
    start = time.process_time()
    train(gan, dataset, 40)
    return round(seconds / (time.process_time() - start) * 30)


def trained(build, dataset, seconds, seed):
    """Train a game for about so many CPU seconds; return it, its steps and what it did cost."""
    steps = fitting_steps(build, dataset, seconds)
    keras.utils.set_random_seed(seed)
    gan = build(dataclasses.replace(BUDGET, steps=steps))
    start = time.process_time()
    train(gan, dataset, steps)
    return gan, steps, time.process_time() - start


def measure(gan, test, tokens, judge, features, seed):
    """Return KID, and the share of pictures that show kind, colour and pattern of their caption."""
    latents = keras.random.normal((COUNT, gan.latent_dim), seed=seed)
    pictures = gan.draw(latents, gan.encode(tokens[:COUNT]))
    real = features.embed(scale_images(test.images[COUNT:]))
    wanted = {name: test.attributes[name][:COUNT] for name in ("kind", "colour", "pattern")}
    obeyed = attribute_accuracy(judge.read(pictures), wanted)["all"]
    return kernel_distance(real, features.embed(pictures)), obeyed


def main():
    """Print one line per model and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=1)
    chosen = parser.parse_args()
    products, test = load_products("catalogue"), load_products("catalogue", "test")
    vectorizer = learn_vocabulary(products.captions)
    words, length = vectorizer.vocabulary_size(), 16
    tokens, test_tokens = (tokens_of(vectorizer, part.captions) for part in (products, test))
    fine = make_dataset(products.images, BUDGET.batch_size, tokens=tokens, seed=0)
    coarse = make_dataset(halve(products.images), BUDGET.batch_size, tokens=tokens, seed=0)
    judge, features = load_attribute_judge(), load_features(32, 3)
    real = features.embed(scale_images(test.images))
    print(f"real against real: KID {kernel_distance(real[COUNT:], real[:COUNT]):.3f}")
    print(f"{'model':12}{'seed':>6}{'steps':>16}{'CPU s':>8}{'KID':>8}{'all 3':>8}")
    for seed in range(chosen.seeds):
        one, steps, seconds = trained(
            lambda budget: build_text_gan(budget, words, length), fine, chosen.seconds, seed
        )
        kid, obeyed = measure(one, test, test_tokens, judge, features, seed)
        print(f"{'one stage':12}{seed:6}{steps:16,}{seconds:8.0f}{kid:8.2f}{obeyed:8.3f}", flush=True)
        first, steps, seconds = trained(
            lambda budget: build_stage_one_gan(budget, words, length),
            coarse,
            SHARE_ONE * chosen.seconds,
            seed,
        )
        stage_two = lambda budget, first=first: build_stage_two_gan(budget, first, words)  # noqa: E731
        second, more, further = trained(stage_two, fine, (1 - SHARE_ONE) * chosen.seconds, seed)
        kid, obeyed = measure(second, test, test_tokens, judge, features, seed)
        spent = f"{steps:,} + {more:,}"
        print(
            f"{'two stages':12}{seed:6}{spent:>16}{seconds + further:8.0f}{kid:8.2f}{obeyed:8.3f}", flush=True
        )
        doubled = np.repeat(np.repeat(first.draw(*first_inputs(first, test_tokens, seed)), 2, 1), 2, 2)
        kid = kernel_distance(real[COUNT:], features.embed(doubled))
        print(f"{'  stage one, doubled':42}{kid:8.2f}", flush=True)


def first_inputs(gan, tokens, seed):
    """Return latents and caption vectors of stage one alone."""
    return keras.random.normal((COUNT, gan.latent_dim), seed=seed), gan.encode(tokens[:COUNT])


if __name__ == "__main__":
    main()
