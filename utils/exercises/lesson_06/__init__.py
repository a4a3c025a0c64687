"""Exercises of lesson 06: better product images."""

from utils.exercises.lesson_06.adaptive import ADA_UPDATE
from utils.exercises.lesson_06.blocks import RESIDUAL_BLOCK
from utils.exercises.lesson_06.freeze import FREEZE_LOWER
from utils.exercises.lesson_06.gram import GRAM_MATRIX
from utils.exercises.lesson_06.matching import FEATURE_MATCHING
from utils.exercises.lesson_06.perceptual import PERCEPTUAL_LOSS
from utils.exercises.lesson_06.translate import TRANSLATE

TITLE = "Better product images"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        RESIDUAL_BLOCK,
        PERCEPTUAL_LOSS,
        GRAM_MATRIX,
        FEATURE_MATCHING,
        TRANSLATE,
        ADA_UPDATE,
        FREEZE_LOWER,
    )
}
