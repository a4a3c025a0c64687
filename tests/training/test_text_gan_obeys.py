"""The caption causes the picture: a small model trained in seconds obeys, and shuffled captions tell."""

import dataclasses

import keras
import numpy as np
import pytest

from utils.data import load_products
from utils.data.pipelines import make_dataset
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.text_gan import build_text_gan

COLOURS = ("red", "green", "blue", "yellow")
BUDGET = dataclasses.replace(
    LESSONS["04_text_to_product"]["smoke"], caption_width=16, g_width=16, d_width=16, batch_size=32
)


@pytest.fixture(scope="module")
def plain_products():
    products = load_products("catalogue", "train", count=8_000)
    chosen = np.isin(products.attributes["colour"], COLOURS) & (products.attributes["pattern"] == "plain")
    captions = [
        f"a {colour} {kind}"
        for colour, kind in zip(*(products.attributes[n][chosen] for n in ("colour", "kind")), strict=True)
    ]
    return products.images[chosen], captions


def obedience(products, steps=250, **variant):
    """Train; return the share of pictures in the wanted colour, as asked and with captions shuffled."""
    images, captions = products
    keras.utils.set_random_seed(0)
    vectorizer = learn_vocabulary(captions, length=4)
    tokens = tokens_of(vectorizer, captions)
    gan = build_text_gan(dataclasses.replace(BUDGET, steps=steps), vectorizer.vocabulary_size(), 4, **variant)
    train(gan, make_dataset(images, BUDGET.batch_size, tokens=tokens, seed=0), steps)
    latents = keras.random.normal((400, gan.latent_dim), seed=1)
    read = load_attribute_judge().read(gan.draw(latents, gan.encode(tokens[:400])))
    wanted = np.array([caption.split()[1] for caption in captions[:400]])
    shuffled = np.random.default_rng(0).permutation(wanted)
    return [attribute_accuracy(read, {"colour": words})["colour"] for words in (wanted, shuffled)]


def test_the_caption_causes_the_colour(plain_products):
    obeyed, shuffled = obedience(plain_products)
    assert obeyed > 0.6
    assert shuffled < 0.4  # chance is one in four


def test_a_discriminator_that_does_not_see_the_text_leaves_it_at_chance(plain_products):
    """The planted bug of the draft."""
    obeyed, _ = obedience(plain_products, steps=100, reads="nothing", naming=0.0)
    assert obeyed < 0.4
