"""How long each lesson trains: one switch, COURSE_BUDGET=smoke|cpu|gpu, and a reason for each number."""

import os
from dataclasses import dataclass

NAMES = ("smoke", "cpu", "gpu")


@dataclass(frozen=True)
class GANBudget:
    """What lesson 02 spends: sizes and steps, never another code path."""

    image_count: int  # training images held in memory
    width: int  # channels of the widest feature map / 2
    batch_size: int
    steps: int  # one step teaches the discriminator once and the generator once
    score_count: int  # images behind FID and KID
    fid_band: float  # the lesson's FID lies below this; checked by the tests of the same budget


LESSONS = {
    "02_code_a_gan": {
        # enough to see shapes appear in a test of a few seconds
        "smoke": GANBudget(2_000, 16, 32, 60, 500, 500.0),
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
