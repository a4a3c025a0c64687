"""How long each lesson trains: one switch, COURSE_BUDGET=smoke|cpu|gpu, and a reason for each number."""

import os
from dataclasses import dataclass

NAMES = ("smoke", "cpu", "gpu")


@dataclass(frozen=True)
class GANBudget:
    """What a GAN lesson spends: sizes and steps, never another code path."""

    image_count: int  # training images held in memory
    g_width: int  # channels of the generator at half the image size
    d_width: int  # channels of the discriminator's first convolution
    batch_size: int
    steps: int  # one step teaches the discriminator once and the generator once
    d_learning_rate: float
    g_learning_rate: float
    score_count: int = 0  # images behind FID and KID
    fid_band: float = 0.0  # the lesson's FID stays below this
    collapse_steps: int = 0  # steps against a discriminator that stands still


@dataclass(frozen=True)
class PointsBudget:
    """What GANs of points on a plane cost: sizes and steps, never another code path."""

    width: int  # units of each hidden layer
    batch_size: int
    plain_steps: int  # of the first draft, which does not get better with more
    cured_steps: int  # of the cured game; its rates fall at the end of this way
    judge_steps: int  # steps of a discriminator alone, against fakes that stand still
    frames: int  # recorded moments of each training
    score_count: int  # points behind the numbers
    quality_band: float  # the share of the cured game's points on a mode stays above this

    @property
    def steps(self):
        """Steps of both trainings."""
        return self.plain_steps + self.cured_steps


@dataclass(frozen=True)
class TextGANBudget:
    """What the lesson on captions spends: sizes and steps, never another code path."""

    image_count: int  # catalogue products drawn for training
    text_encoder: str  # how captions are read: see utils/models/text_encoders.py
    caption_width: int  # numbers per caption vector
    g_width: int  # channels of the generator at half the image size
    d_width: int  # channels of the discriminator's first convolution
    batch_size: int
    steps: int  # both rates fall at the end of this way; training longer needs a new model
    d_learning_rate: float
    g_learning_rate: float
    r1_gamma: float  # price of a steep discriminator; without it the pictures of a caption become one
    score_count: int  # pictures behind accuracy, KID and diversity
    word_epochs: int  # passes over the captions in which the order of words matters
    blind_steps: int  # steps of the discriminator that does not read
    photo_steps: int  # steps on real photos


@dataclass(frozen=True)
class MultimodalBudget:
    """What the lesson on many modalities spends: sizes and steps, never another code path."""

    image_count: int  # products, each with its picture, sentence and chime
    picture_numbers: int  # of the linear code of a picture
    sound_numbers: int  # of the linear code of a spectrogram
    g_width: int  # units of the picture generator; words have a quarter, sounds half of it
    d_width: int  # numbers that each discriminator keeps of its modality; too few, and patterns are missed
    batch_size: int  # every other row is a mismatched product, so larger is harder
    steps: int  # both rates fall at the end of this way; training longer needs a new model
    d_learning_rate: float
    g_learning_rate: float
    r1_gamma: float  # price of steep discriminators
    score_count: int  # drawn products behind agreement
    separate_steps: int  # of the same game without the joint discriminator
    translate_steps: int  # from sound to picture, by a game and by least squares
    captioner_epochs: int  # from picture to caption
    stage_one_steps: int  # of StackGAN at 16 x 16 pixels
    stage_two_steps: int  # and at 32 x 32
    points_steps: int  # of one and of several generators on 25 modes


@dataclass(frozen=True)
class VAEBudget:
    """What a VAE costs: sizes, steps and the price of its latents, never another code path."""

    image_count: int  # training images held in memory
    latent_dim: int  # more than are needed: the KL shuts those that are not worth their price
    width: int  # channels of the first convolution
    batch_size: int
    steps: int  # the learning rate falls on this way; training longer needs a new model
    learning_rate: float
    beta: float = 1.0  # nats of error that a nat of the latents must save: 1 is the ELBO
    warmup_steps: int = 0  # steps in which beta rises from 0, so that no latent is shut before it was tried
    free_bits: float = 0.0  # nats that each latent may say for free


@dataclass(frozen=True)
class RestorerBudget:
    """What a restorer of photos costs: sizes and steps, never another code path."""

    image_count: int  # training photos held in memory
    width: int  # channels at half the size of the photo
    latent_channels: int  # numbers per 4 x 4 pixels
    crop_size: int  # pixels of the square that is cut from a photo for a step
    batch_size: int
    guess_steps: int  # of the first guess; the learning rate falls on this way
    finish_steps: int  # of its two copies, each for its own pictures, at the price that counts each one
    steps: int  # of the latents; the rate starts and falls once more
    learning_rate: float
    beta: float = 1.0  # nats of error that a nat of the latents must save: 1 is the ELBO
    warmup_steps: int = 0  # steps in which beta rises from 0, so that no latent is shut before it was tried


@dataclass(frozen=True)
class EnhancementBudget:
    """What the lesson on enhancement spends: on a VAE first, then on a restorer of photos."""

    vae: VAEBudget
    restorer: RestorerBudget
    sweep_steps: int  # steps of each short VAE that shows what a price of the latents does
    score_count: int  # held-out photos behind each number
    tuning_count: int  # photos on which classical restorers find their best strength

    @property
    def steps(self):
        """Steps of the longest training."""
        return self.restorer.guess_steps


@dataclass(frozen=True)
class StabilityBudget:
    """What the lesson on stable training spends, beside reading the stored map."""

    steps: int  # of each training in the race
    frames: int  # recorded moments of each
    score_count: int  # points behind each number
    live_cells: int  # cells of the stored map that are trained again, each as long as the stored one
    mode_band: int  # modes of 25 that the best of the race finds at least


@dataclass(frozen=True)
class FewPhotosBudget:
    """What the levers around the data cost: sizes and steps, never another code path."""

    searched: int  # photos among which copies, blank ones and wrong labels are looked for
    labelled: int  # catalogue products with planted wrong labels
    g_width: int  # half of lesson 02's: each lever is trained more than once
    d_width: int
    batch_size: int
    leak_count: int  # upright pictures of shoes
    leak_steps: int  # of each of the trainings that show the leak
    source_count: int  # coloured clothes to learn from first
    source_steps: int  # of the pre-training, paid once
    photo_count: int  # the few photos
    photo_steps: int  # of each training on them
    score_count: int  # drawn and unseen pictures behind KID


@dataclass(frozen=True)
class LeversBudget:
    """What the lesson on better pictures spends: sizes and steps, never another code path."""

    gan: GANBudget  # the game behind the average, truncation and feature matching
    few_photos: FewPhotosBudget  # augmentation and pre-training
    image_count: int  # training pictures held in memory
    score_count: int  # pictures behind each number
    stack_images: int  # one pass over so many teaches each deep stack
    depths: tuple[int, int]  # layers of a shallow and a deep stack that are trained
    enlarge_width: int  # channels of the network that enlarges
    enlarge_steps: int  # of each price that is tried live
    live_steps: int  # of the levers of the table that are trained again

    @property
    def steps(self):
        """Steps of the longest training."""
        return max(self.gan.steps, self.few_photos.source_steps)


@dataclass(frozen=True)
class QualityBudget:
    """What the lesson on measuring quality spends: sizes and steps, never another code path."""

    gan: GANBudget  # the generator that is judged, and the discriminator that is attacked
    text: TextGANBudget  # the generator whose captions are attacked: a small shop
    vote_pictures: int  # photos to vote on
    score_count: int  # pictures on each side of a distance
    product_count: int  # catalogue products, of which those with two pictures of a caption are judged
    picture_count: int  # generated pictures under attack
    photo_count: int  # photos under attack
    levels: tuple  # budgets of the attacks, in grey levels of 255
    attack_steps: int  # of each attack
    copies: int  # with noise, over which the defence takes the mean
    harden_steps: int  # batches of attacked pictures, from the training set without repeats
    caption_count: int  # captions under attack

    @property
    def steps(self):
        """Steps of the longest training."""
        return self.gan.steps


LESSONS = {
    "00_start_here": {
        # a test of seconds: the path is walked, nothing is learned
        "smoke": GANBudget(2_000, 8, 8, 32, 20, 1e-3, 2e-3),
        # half a minute on two cores: shirts, trousers and shoes can be told apart
        "cpu": GANBudget(20_000, 32, 24, 32, 1_000, 1e-3, 2e-3),
        # as the laptop, with a bit more of everything: a plan, not yet run on a GPU
        "gpu": GANBudget(60_000, 64, 32, 64, 1_500, 1e-3, 2e-3),
    },
    "01_what_is_a_gan": {
        # a test of seconds: the points begin to move
        "smoke": PointsBudget(32, 64, 40, 40, 40, 3, 2_000, 0.0),
        # under a minute of training on two cores
        "cpu": PointsBudget(128, 256, 2_000, 6_000, 600, 25, 10_000, 0.9),
        # wider and longer: a plan, not yet run on a GPU
        "gpu": PointsBudget(256, 512, 4_000, 10_000, 1_000, 25, 10_000, 0.9),
    },
    "02_code_a_gan": {
        # a test of seconds: shapes appear, a person would not buy them
        "smoke": GANBudget(2_000, 16, 8, 32, 60, 1e-3, 2e-3, 500, 600.0, 20),
        # two minutes on two cores; small batches, because each image teaches more in them
        "cpu": GANBudget(60_000, 32, 24, 32, 5_000, 1e-3, 2e-3, 5_000, 8.0, 300),
        # twice as wide, five times as long, larger batches at half the rates: a plan, not yet run on a GPU
        "gpu": GANBudget(60_000, 96, 64, 64, 20_000, 5e-4, 1e-3, 10_000, 12.0, 300),
    },
    "03_stable_gan_training": {
        # a test of seconds: one stored cell is trained again, the race has hardly begun
        "smoke": StabilityBudget(30, 3, 1_000, 1, 0),
        # as long as a cell of the map; half a minute of training on two cores
        "cpu": StabilityBudget(1_500, 13, 5_000, 3, 23),
        # four times as long, more cells: a plan, not yet run on a GPU
        "gpu": StabilityBudget(6_000, 25, 10_000, 12, 23),
    },
    "04_text_to_product": {
        # a test of seconds: blots in the right colour at best
        "smoke": TextGANBudget(2_000, "bag of words", 16, 8, 8, 16, 40, 2e-3, 2e-3, 2.0, 200, 1, 10, 10),
        # under four minutes of training on two cores
        "cpu": TextGANBudget(
            30_000, "bag of words", 64, 32, 24, 32, 7_000, 2e-3, 2e-3, 2.0, 2_000, 4, 2_000, 1_500
        ),
        # twice as wide, five times as long: a plan, not yet run on a GPU
        "gpu": TextGANBudget(
            60_000, "lstm", 64, 96, 96, 64, 40_000, 1e-3, 1e-3, 2.0, 5_000, 4, 2_000, 20_000
        ),
    },
    "05_many_modalities": {
        # a test of seconds: coloured fog, words in no order
        "smoke": MultimodalBudget(
            1_000, 48, 24, 64, 32, 60, 20, 1.4e-3, 2e-3, 0.03, 200, *(10, 10, 1, 5, 5, 10)
        ),
        # two minutes of training on two cores, a quarter of one for products and codes
        "cpu": MultimodalBudget(
            *(8_000, 192, 48, 512, 256, 60, 2_400, 1.4e-3, 2e-3, 0.03, 1_000),
            *(1_000, 1_600, 10, 700, 350, 1_500),
        ),
        # twice as wide, five times as long, more numbers per picture: a plan, not yet run on a GPU
        "gpu": MultimodalBudget(
            *(30_000, 384, 64, 1_024, 512, 120, 12_000, 1e-3, 1.4e-3, 0.03, 2_000),
            *(6_000, 8_000, 20, 6_000, 10_000, 4_000),
        ),
    },
    "06_better_product_images": {
        # a test of seconds: nothing is learnt
        "smoke": LeversBudget(
            GANBudget(400, 8, 8, 8, 8, 1e-3, 2e-3),
            FewPhotosBudget(200, 200, 4, 4, 16, 200, 4, 200, 4, 60, 4, 60),
            *(400, 60, 64, (2, 4), 8, 6, 3),
        ),
        # two minutes of training on two cores, in many short pieces: two games, two enlargers, six deep
        # stacks, the leak and its cure, the pre-training and three trainings on few photos
        "cpu": LeversBudget(
            GANBudget(20_000, 32, 24, 32, 1_000, 1e-3, 2e-3),
            FewPhotosBudget(3_068, 2_000, 16, 12, 32, 5_000, 500, 20_000, 2_000, 500, 300, 1_000),
            *(20_000, 1_000, 10_000, (4, 16), 16, 400, 600),
        ),
        # wider and longer: a plan, not yet run on a GPU
        "gpu": LeversBudget(
            GANBudget(60_000, 96, 64, 64, 10_000, 5e-4, 1e-3),
            FewPhotosBudget(3_068, 5_000, 64, 48, 32, 5_000, 5_000, 60_000, 20_000, 500, 6_000, 1_000),
            *(60_000, 5_000, 60_000, (16, 64), 48, 8_000, 6_000),
        ),
    },
    "07_vae_enhancement": {
        # a test of seconds: less noise, no detail
        "smoke": EnhancementBudget(
            VAEBudget(500, 4, 8, 32, 20, 4e-3, warmup_steps=5),
            RestorerBudget(200, 8, 4, 32, 4, 15, 5, 20, 3e-3, warmup_steps=10),
            *(5, 4, 1),
        ),
        # half a minute for the VAE, about two for the restorer on two cores; a longer one is shipped
        "cpu": EnhancementBudget(
            VAEBudget(20_000, 16, 16, 32, 2_500, 4e-3, warmup_steps=200),
            RestorerBudget(3_000, 32, 8, 48, 8, 2_000, 1_000, 1_000, 3e-3, warmup_steps=300),
            *(400, 100, 12),
        ),
        # wider, larger batches, longer: a plan, not yet run on a GPU
        "gpu": EnhancementBudget(
            VAEBudget(60_000, 32, 64, 64, 20_000, 2e-3, warmup_steps=1_000),
            RestorerBudget(3_000, 64, 8, 64, 32, 30_000, 3_000, 10_000, 2e-3, warmup_steps=500),
            *(2_000, 300, 24),
        ),
    },
    "08_measure_image_quality": {
        # a test of seconds: every number is computed, none means anything
        "smoke": QualityBudget(
            GANBudget(600, 16, 8, 32, 10, 1e-3, 2e-3),
            TextGANBudget(2_000, "bag of words", 16, 8, 8, 16, 10, 2e-3, 2e-3, 2.0, 50, 0, 0, 0),
            *(6, 120, 400, 8, 2, (0, 8), 2, 2, 2, 2),
        ),
        # under a minute of training on two cores
        "cpu": QualityBudget(
            GANBudget(10_000, 32, 24, 32, 1_500, 1e-3, 2e-3),
            TextGANBudget(20_000, "lstm", 64, 32, 24, 32, 350, 2e-3, 2e-3, 2.0, 300, 0, 0, 0),
            *(24, 2_000, 2_000, 100, 12, (0, 2, 4, 8, 16), 6, 4, 60, 12),
        ),
        # longer, and more pictures behind each number: a plan, not yet run on a GPU
        "gpu": QualityBudget(
            GANBudget(60_000, 96, 64, 64, 10_000, 5e-4, 1e-3),
            TextGANBudget(60_000, "lstm", 64, 96, 96, 64, 5_000, 1e-3, 1e-3, 2.0, 1_000, 0, 0, 0),
            *(48, 5_000, 5_000, 500, 48, (0, 1, 2, 4, 8, 16), 20, 8, 500, 48),
        ),
    },
}


def budget_name():
    """Return the budget in force: COURSE_BUDGET, else gpu where TensorFlow sees one, else cpu."""
    name = os.environ.get("COURSE_BUDGET", "").strip().lower()
    if name:
        if name not in NAMES:
            raise ValueError(
                f"COURSE_BUDGET must be one of {', '.join(NAMES)}. Received: {name!r}. "
                "Most likely fix: unset it, then a laptop takes cpu and a machine with a GPU takes gpu."
            )
        return name
    import tensorflow as tf

    return "gpu" if tf.config.list_physical_devices("GPU") else "cpu"


def load_budget(lesson):
    """Return the frozen settings of a lesson ('02' or '02_code_a_gan') for the budget in force."""
    matches = [key for key in LESSONS if key == lesson or key.split("_")[0] == lesson]
    if not matches:
        raise ValueError(
            f"Lesson must be one of {', '.join(LESSONS)}. Received: {lesson!r}. "
            "Most likely fix: take the name of the notebook without .ipynb."
        )
    return LESSONS[matches[0]][budget_name()]
