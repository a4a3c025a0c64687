"""The levers of lesson 06 on few photos: each one alone and together, and what a training with it reaches."""

import functools
import time

import keras
import numpy as np
import tensorflow as tf

from utils.data import load_products, scale_images
from utils.data.cleaning import kept_by_cleaning
from utils.data.coloured import coloured
from utils.data.pipelines import make_dataset
from utils.data.storage import course_folder, write_atomic
from utils.losses import relativistic_loss
from utils.metrics.coverage import precision_recall
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.features import load_features
from utils.models.gan import build_discriminator, build_generator
from utils.models.residual_gan import build_residual_discriminator, build_residual_generator
from utils.training.adaptive import AdaptiveGAN
from utils.training.feature_matching import FeatureMatchingGAN
from utils.training.gan import GAN
from utils.training.lever_table import SCORES
from utils.training.penalties import r1_penalty
from utils.training.points_gan import Method, PointGAN
from utils.training.random_augment import DIFF_AUGMENT, Augment, seen_through
from utils.training.transfer import begin_from, freeze_lower

SIZE, G_WIDTH, D_WIDTH = 32, 16, 12  # half as wide as lesson 02's: many trainings
BATCH, D_RATE, G_RATE = 32, 1e-3, 2e-3
SOURCE_COUNT, SOURCE_STEPS = 20_000, 2_000  # of the pre-training: grey clothes, coloured by chance
SPLITS = {"train": 3_068, "validation": 341}  # how many photos each has
JUDGED = 1_000  # photos that no training saw, and as many drawn pictures; 409 beside 3,000 photos


def networks():
    """Build the networks of lesson 02 for colour pictures of 32 x 32."""
    return build_generator(24, G_WIDTH, SIZE, 3), build_discriminator(D_WIDTH, SIZE, 3)


def pairs(gamma=1.0):
    """Return the relativistic game with R1 and R2."""
    return Method(
        d_loss=relativistic_loss,
        g_loss=lambda real, fake: relativistic_loss(fake, real),
        penalties=(
            lambda discriminator, real, fake: r1_penalty(discriminator, real, gamma),
            lambda discriminator, real, fake: r1_penalty(discriminator, fake, gamma),
        ),
    )


def augmented():
    """Build a game whose discriminator looks through an augmentation."""
    generator, discriminator = networks()
    return GAN(generator, seen_through(Augment(), discriminator))


def pretrained(frozen=0):
    """Begin from the weights of the pre-training, with so many convolutions of the discriminator frozen."""
    gan = begin_from(GAN(*networks()), load_pretrained())
    freeze_lower(gan.discriminator, frozen)
    return gan


def together():
    """Build the game of pairs with R1 and R2, through the augmentation, on pre-trained networks."""
    gan = pretrained()
    return PointGAN(pairs(), gan.generator, seen_through(Augment(), gan.discriminator))


LEVERS = {
    "baseline": lambda: GAN(*networks()),
    "deeper: residual": lambda: GAN(
        build_residual_generator(24, G_WIDTH), build_residual_discriminator(D_WIDTH)
    ),
    "pairs, R1, R2": lambda: PointGAN(pairs(), *networks()),
    "feature matching": lambda: FeatureMatchingGAN(*networks(), adversarial_weight=1.0, matching_weight=0.1),
    "augment reals only": lambda: GAN(*networks()),
    "DiffAugment": augmented,
    "ADA": lambda: AdaptiveGAN(*networks(), moves=DIFF_AUGMENT),
    "cleaned photos": lambda: GAN(*networks()),
    "pre-training": pretrained,
    "together": together,
}
FEW = {
    "baseline": LEVERS["baseline"],
    "pre-training": pretrained,
    "pre-training, 2 frozen": lambda: pretrained(frozen=2),
}


def compiled(gan):
    """Give a game its optimizers."""
    gan.compile(
        d_optimizer=keras.optimizers.Adam(D_RATE, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(G_RATE, beta_1=0.5, beta_2=0.9),
    )
    return gan


def train_for(gan, dataset, steps):
    """Train for so many steps; return the CPU seconds, compiling not counted."""
    step, batches = tf.function(gan.train_step), iter(dataset)
    step(next(batches))
    start = time.process_time()
    for _ in range(steps - 1):
        step(next(batches))
    return time.process_time() - start


def load_pretrained():
    """Return the GAN that was trained on coloured clothes; the first call trains it and keeps it."""
    gan, path = GAN(*networks()), course_folder("levers") / f"pretrained-{SOURCE_STEPS}.npz"
    parts = gan.generator, gan.discriminator, gan.ema_generator
    if not path.exists():
        keras.utils.set_random_seed(0)
        grey = load_products("fashion-mnist", "train", count=SOURCE_COUNT, image_size=SIZE).images
        train_for(compiled(gan), make_dataset(coloured(grey), BATCH, seed=0), SOURCE_STEPS)
        weights = [weight for network in parts for weight in network.get_weights()]
        write_atomic(path, lambda place: np.savez(place, *weights))
    with np.load(path) as stored:
        weights = [stored[name] for name in stored.files]
    for network in parts:
        network.set_weights([weights.pop(0) for _ in network.weights])
    return gan


@functools.cache
def all_photos():
    """Return the photos of both splits, in the order in which they are given to trainings."""
    parts = [
        load_products(
            "clothing-photos", split, count=count, image_size=SIZE, channels=3, fallback="catalogue"
        )
        for split, count in SPLITS.items()
    ]
    return np.concatenate([part.images for part in parts])


def scores_of(generator, unseen):
    """Return FID, KID, precision and recall of a generator against features of unseen photos."""
    latents = keras.random.normal((len(unseen), generator.inputs[0].shape[-1]), seed=1)
    drawn = generator.predict(latents, batch_size=500, verbose=0)
    fake = load_features(SIZE, 3).embed(drawn)
    values = (
        frechet_distance(unseen, fake),
        kernel_distance(unseen, fake),
        *precision_recall(unseen, fake),
    )
    return dict(zip(SCORES, (round(value, 4) for value in values), strict=True))


def one_training(lever, make, count, steps, seed):
    """Train with one lever on so many photos and judge it; "last" holds the scores without the average."""
    images, unseen = all_photos()[:count], all_photos()[count:][:JUDGED]
    if lever == "cleaned photos":
        images = images[kept_by_cleaning(images)]
    keras.utils.set_random_seed(seed)
    gan, augment = compiled(make()), None
    if lever == "augment reals only":
        layer = Augment()
        augment = lambda batch: layer(batch, training=True)  # noqa: E731
    dataset = make_dataset(images, min(BATCH, len(images)), seed=seed, augment=augment)
    seconds = train_for(gan, dataset, steps)
    unseen = load_features(SIZE, 3).embed(scale_images(unseen))
    scores = scores_of(gan.ema_generator, unseen)
    return {"CPU s": round(seconds, 1)} | scores | {"last": scores_of(gan.generator, unseen)}
