"""How long each lesson trains: one switch, COURSE_BUDGET=smoke|cpu|gpu, and a reason for each number."""

import os

from utils.training.sizes import (
    EnhancementBudget,
    FewPhotosBudget,
    GANBudget,
    LeversBudget,
    ManyDevicesBudget,
    MultimodalBudget,
    PointsBudget,
    QualityBudget,
    RestorerBudget,
    StabilityBudget,
    TextGANBudget,
    VAEBudget,
)

NAMES = ("smoke", "cpu", "gpu")

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
    "09_train_on_gpus": {
        # a test of seconds: each comparison is made, no speed means anything
        "smoke": ManyDevicesBudget(GANBudget(200, 8, 8, 16, 5, 1e-3, 2e-3), 3, 8, (1, 2), 5, 8, 3, 100, 25),
        # half a minute of training on two cores; the rest are processes that start
        "cpu": ManyDevicesBudget(
            *(GANBudget(10_000, 32, 24, 32, 1_500, 1e-3, 2e-3), 6, 32),
            *((1, 2, 4), 20, 256, 100, 10_000, 1_000),
        ),
        # batches that fill a device: a plan, not yet run on a GPU
        "gpu": ManyDevicesBudget(
            *(GANBudget(60_000, 96, 64, 64, 10_000, 5e-4, 1e-3), 6, 32),
            *((1, 2, 4), 200, 1_024, 100, 60_000, 2_000),
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
