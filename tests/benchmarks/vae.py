"""What does a VAE say, and what does that cost? One setting changed at a time, the same steps each.

    python tests/benchmarks/vae.py                          all settings on Fashion-MNIST
    python tests/benchmarks/vae.py "beta 1" --steps 500     some of them
    python tests/benchmarks/vae.py --catalogue              red products made blue; halfway pictures

Held-out pictures: errors and KL in nats per image, PSNR of the reconstruction, active latents, KID of
pictures drawn from the prior.
"""

import argparse
import dataclasses
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np  # isort: skip

from utils.data import load_products, scale_images
from utils.data.pipelines import make_dataset
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.distribution import kernel_distance
from utils.metrics.features import load_features
from utils.metrics.latents import active_units
from utils.show.explore_latents import interpolate
from utils.training.fit import train
from utils.training.sizes import VAEBudget
from utils.training.vae import build_vae

OURS = VAEBudget(20_000, 16, 16, 32, 2_500, 4e-3, warmup_steps=200)
CATALOGUE = VAEBudget(30_000, 64, 16, 32, 2_500, 2e-3, warmup_steps=200)  # patterns need more latents
MEAN_OF_PIXELS = np.sqrt(28 * 28 / 2)  # mean squared error plus KL is the ELBO at this noise of the decoder
SETTINGS = {  # what is changed in the budget, and the noise of the decoder
    "beta 1": ({}, None),
    "beta 0, no KL": ({"beta": 0.0}, None),
    "beta 0.25": ({"beta": 0.25}, None),
    "beta 4": ({"beta": 4.0}, None),
    "beta 16": ({"beta": 16.0}, None),
    "beta 16, free bits 0.5": ({"beta": 16.0, "free_bits": 0.5}, None),
    "mean of pixels + KL": ({}, MEAN_OF_PIXELS),
    "no warm-up": ({"warmup_steps": 0}, None),
}


def trained(budget, images, sigma=None, seed=2026):
    """Train one VAE; return it and the CPU seconds that it took."""
    keras.utils.set_random_seed(seed)
    vae = build_vae(budget, *images.shape[2:], sigma=sigma)
    start = time.process_time()
    train(vae, make_dataset(images, budget.batch_size, seed=seed), budget.steps)
    return vae, time.process_time() - start


def psnr(images, restored):
    """Return the mean PSNR over images in [-1, 1], in decibels."""
    return 10 * np.log10(4 / np.square(images - restored).mean(axis=(1, 2, 3))).mean()


def show(name, *values):
    """Print one line of a table."""
    cells = [value if isinstance(value, str) else f"{value:.3f}" for value in values]
    print(f"{name:26}" + "".join(f"{cell:>10}" for cell in cells), flush=True)


def compare(names, budget):
    """Print one line per setting: rate, distortion, active latents, and how the drawn pictures look."""
    images = load_products("fashion-mnist", "train", count=budget.image_count).images
    held_out = load_products("fashion-mnist", "test", count=1_000)
    real, network = scale_images(held_out.images), load_features(28, 1)
    show("", "errors", "KL", "-ELBO", "sigma", "PSNR", "active", "KID", "CPU s")
    for name in names:
        changed, sigma = SETTINGS[name]
        vae, seconds = trained(dataclasses.replace(budget, **changed), images, sigma)
        nats = vae.evaluate(make_dataset(held_out.images, 250, repeat=False), verbose=0, return_dict=True)
        errors, kl = nats["reconstruction"], nats["kl"]
        drawn = vae.draw(np.random.default_rng(0).standard_normal((len(real), vae.latent_dim)))
        kid = kernel_distance(network.embed(real), network.embed(drawn))
        quality = psnr(real, vae.reconstruct(real))
        active = f"{active_units(vae.encode(real)[0])}/{vae.latent_dim}"
        show(name, errors, kl, errors + kl, np.exp(float(vae.log_sigma)), quality, active, kid, seconds)
        keras.backend.clear_session()


def paint_blue(budget):
    """Add (mean latents of blue - mean latents of red) to red products; print what the judge then reads."""
    train_set = load_products("catalogue", "train", count=budget.image_count)
    test_set = load_products("catalogue", "test")
    vae, seconds = trained(budget, train_set.images)
    latents, colours = vae.encode(scale_images(train_set.images))[0], train_set.attributes["colour"]
    change = latents[colours == "blue"].mean(axis=0) - latents[colours == "red"].mean(axis=0)
    chosen = test_set.attributes["colour"] == "red"
    red, judge = scale_images(test_set.images[chosen]), load_attribute_judge()
    z = vae.encode(red)[0]
    print(f"{len(red)} red products of the test split, {seconds:.0f} CPU s,", end=" ")
    print(f"PSNR {psnr(red, vae.decode(z)):.2f}, active {active_units(latents)}/{vae.latent_dim}")
    pictures = {"the photos": red, "reconstructed": vae.decode(z)}
    pictures |= {f"+ {share} x the change": vae.decode(z + share * change) for share in (0.5, 1.0, 1.3, 1.6)}
    random = np.random.default_rng(0).permutation(change)  # as long, in no direction that means a colour
    pictures["+ the change, shuffled"] = vae.decode(z + random)
    show("judged as", "blue", "red", "its kind", "pattern")
    for name, images in pictures.items():
        read = judge.read(images)
        kept = [np.mean(read[key] == test_set.attributes[key][chosen]) for key in ("kind", "pattern")]
        show(name, *(np.mean(read["colour"] == wanted) for wanted in ("blue", "red")), *kept)
    meet_halfway(vae, test_set)


def meet_halfway(vae, products):
    """Print how pictures halfway between two products look: on the straight line, and on the arc."""
    pictures, network = scale_images(products.images[:2_000]), load_features(32, 3)
    real, z = network.embed(pictures), vae.encode(pictures)[0]
    start, end = z, np.roll(z, 1, axis=0)
    lengths = [np.linalg.norm(latents, axis=1).mean() for latents in (z, vae.draw_latents(2_000))]
    print(f"Mean length of encoded latents {lengths[0]:.2f}, of drawn ones {lengths[1]:.2f}")
    show("2,000 pictures", "KID", "length")
    arc = np.stack([interpolate(*pair, 3)[1] for pair in zip(start, end, strict=True)])
    for name, latents in {"reconstructed": z, "straight, halfway": (start + end) / 2, "arc": arc}.items():
        kid = kernel_distance(real, network.embed(vae.decode(latents)))
        show(name, kid, np.linalg.norm(latents, axis=1).mean())


def main():
    """Train and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("settings", nargs="*", default=list(SETTINGS))
    parser.add_argument("--catalogue", action="store_true")
    parser.add_argument("--steps", type=int)
    chosen = parser.parse_args()
    budget = CATALOGUE if chosen.catalogue else OURS
    budget = dataclasses.replace(budget, steps=chosen.steps or budget.steps)
    if chosen.catalogue:
        paint_blue(budget)
    else:
        compare(chosen.settings, budget)


if __name__ == "__main__":
    main()
