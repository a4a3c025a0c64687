"""Exercises of lesson 02: code a GAN."""

from utils.exercises.lesson_02.losses import DISCRIMINATOR_LOSS, GENERATOR_LOSS
from utils.exercises.lesson_02.samples import COLLAPSED_CLASSES
from utils.exercises.lesson_02.shapes import RECEPTIVE_FIELD, REPAIRED_GENERATOR
from utils.exercises.lesson_02.steps import EMA_DECAY, GENERATOR_STEP

TITLE = "Code a GAN"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        DISCRIMINATOR_LOSS,
        GENERATOR_LOSS,
        REPAIRED_GENERATOR,
        RECEPTIVE_FIELD,
        GENERATOR_STEP,
        EMA_DECAY,
        COLLAPSED_CLASSES,
    )
}
