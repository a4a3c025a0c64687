"""Make the restorer that comes with the course: python -m utils.enhance.train"""

import argparse
import dataclasses
import pathlib
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np  # isort: skip

from utils.data import load_products, scale_images
from utils.data.degrade import CONDITIONS, HELD_OUT, degrade, random_degradation
from utils.data.pairs import make_pairs, with_darker_copies, with_printed_copies
from utils.data.storage import course_folder
from utils.enhance.shipped import WEIGHTS, load_restorer, store_restorer
from utils.metrics.restoration import psnr, ssim
from utils.training.budget import LESSONS
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.fit import train
from utils.training.restorer import build_restorer

LESSON = LESSONS["07_vae_enhancement"]["cpu"].restorer
BUDGET = dataclasses.replace(LESSON, batch_size=16, guess_steps=80_000, finish_steps=40_000, steps=4_000)
COUNTS = {"clothing-photos": 3_000, "catalogue": 400, "fashion-mnist": 2_000}
SEED = 7


def training_pictures():
    """Return pictures of all sources as uint8 (n, 64, 64, 3); four of Fashion-MNIST make one sheet."""
    photos, drawn = (
        load_products(source, "train", count=COUNTS[source], image_size=64).images
        for source in ("clothing-photos", "catalogue")
    )
    grey = load_products("fashion-mnist", "train", count=COUNTS["fashion-mnist"], image_size=32).images
    coloured = with_printed_copies(with_darker_copies(photos))
    return np.concatenate([coloured, drawn, sheets(grey).repeat(3, axis=-1)])


def degrade_alike(images, seed):
    """Degrade each picture by a random recipe; a grey one stays grey: its channels share their noise."""
    degraded = random_degradation(images, seed)
    grey = np.flatnonzero((images == images[..., :1]).all(axis=(1, 2, 3)))
    if len(grey):
        degraded[grey] = random_degradation(images[grey, :, :, :1], seed).repeat(3, axis=-1)
    return degraded


def sheets(images):
    """Lay each four pictures out as one of twice the size: (4 n, h, w, c) -> (n, 2 h, 2 w, c)."""
    count, height, width, channels = images.shape
    rows = images.reshape(count // 4, 2, 2, height, width, channels).swapaxes(2, 3)
    return rows.reshape(count // 4, 2 * height, 2 * width, channels)


def trained_guess(budget, pairs, bfloat16):
    """Return the trained first guess; each of its two parts goes on where it was when a run was stopped.

    bfloat16: numbers of two bytes inside of the networks, where the processor has instructions for them.
    """
    keras.config.set_dtype_policy("mixed_bfloat16" if bfloat16 else "float32")
    regressor = build_first_guess(budget)
    train(regressor, pairs, budget.guess_steps, folder=course_folder("checkpoints", "shipped-regressor"))
    trained = finish_first_guess(regressor, budget)
    train(trained, pairs, budget.finish_steps, folder=course_folder("checkpoints", "shipped-first-guess"))
    keras.config.set_dtype_policy("float32")
    first_guess = finish_first_guess(build_first_guess(budget), budget)
    first_guess.set_weights(trained.get_weights())
    return first_guess


def measure(restorer, count=300):
    """Return {source: {condition: PSNR and SSIM of doing nothing and of the mean}} on held-out pictures."""
    held_out = {
        "clothing-photos": load_products("clothing-photos", "validation", count=count),
        "catalogue": load_products("catalogue", "test", count=count),
        "fashion-mnist": load_products("fashion-mnist", "test", count=count),
    }
    return {source: measured(restorer, scale_images(part.images)) for source, part in held_out.items()}


def measured(restorer, clean):
    """Return {condition: …} on clean pictures in [-1, 1]."""
    table = {}
    for name, steps in (CONDITIONS | HELD_OUT).items():
        degraded = degrade(clean, steps, seed=SEED)
        mean = restorer.enhance(degraded).mean
        table[name] = {
            f"{title} {what}": round(float(metric(clean, images, data_range=2).mean()), digits)
            for metric, title, digits in ((psnr, "psnr", 2), (ssim, "ssim", 3))
            for what, images in (("before", degraded), ("after", mean))
        }
    return table


def main(arguments=None):
    """Train, store, measure what was stored, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m utils.enhance.train")
    parser.add_argument("--guess-steps", type=int, default=BUDGET.guess_steps, help="fewer for a quick trial")
    parser.add_argument(
        "--finish-steps",
        type=int,
        default=BUDGET.finish_steps,
        help="of its two parts, each for its own pictures",
    )
    parser.add_argument("--steps", type=int, default=BUDGET.steps, help="of the latents")
    parser.add_argument("--bfloat16", action="store_true", help="1.6 times as fast, if the processor can")
    parser.add_argument("--folder", type=pathlib.Path, default=WEIGHTS, help="where the weights go")
    chosen = parser.parse_args(arguments)
    steps = {name: getattr(chosen, name) for name in ("guess_steps", "finish_steps", "steps")}
    budget = dataclasses.replace(BUDGET, **steps)
    keras.utils.set_random_seed(SEED)
    pairs = make_pairs(
        training_pictures(), budget.batch_size, seed=SEED, crop_size=budget.crop_size, degrade=degrade_alike
    )
    started = time.process_time()
    first_guess = trained_guess(budget, pairs, chosen.bfloat16)
    restorer = build_restorer(budget, first_guess)
    train(restorer, pairs, budget.steps)
    seconds = round(time.process_time() - started)
    facts = {
        "command": "python -m utils.enhance.train",
        "trained_on": COUNTS,
        "cpu_seconds": seconds,
        "seed": SEED,
        "bfloat16": chosen.bfloat16,
        "budget": dataclasses.asdict(budget),
    }
    store_restorer(restorer, facts, chosen.folder)
    load_restorer.cache_clear()
    facts["measured"] = measure(load_restorer(chosen.folder))  # as stored, in float16
    store_restorer(restorer, facts, chosen.folder)
    for source, table in facts["measured"].items():
        print(source, *(f"  {name}: {row}" for name, row in table.items()), sep="\n")
    size = (chosen.folder / "restorer.npz").stat().st_size
    print(f"Trained in {seconds} CPU seconds; wrote {chosen.folder / 'restorer.npz'} ({size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
