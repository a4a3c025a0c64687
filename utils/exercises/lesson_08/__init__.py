"""Exercises of lesson 08: measure image quality."""

from utils.exercises.lesson_08.attack import PGD_STEP
from utils.exercises.lesson_08.balls import PRECISION_RECALL
from utils.exercises.lesson_08.frechet import FRECHET_DISTANCE
from utils.exercises.lesson_08.kernel import KERNEL_DISTANCE
from utils.exercises.lesson_08.opinions import MEAN_OPINION_SCORE
from utils.exercises.lesson_08.strengths import BRADLEY_TERRY_STEP
from utils.exercises.lesson_08.window import WINDOW_SIMILARITY

TITLE = "Measure image quality"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        MEAN_OPINION_SCORE,
        BRADLEY_TERRY_STEP,
        WINDOW_SIMILARITY,
        FRECHET_DISTANCE,
        KERNEL_DISTANCE,
        PRECISION_RECALL,
        PGD_STEP,
    )
}
