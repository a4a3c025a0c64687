"""Exercises of lesson 09: train on GPUs."""

from utils.exercises.lesson_09.bill import TRAINING_COST
from utils.exercises.lesson_09.moments import GLOBAL_MOMENTS
from utils.exercises.lesson_09.rate import RATE_AT
from utils.exercises.lesson_09.share import REPLICA_LOSS
from utils.exercises.lesson_09.softplus import STABLE_SOFTPLUS
from utils.exercises.lesson_09.steps import STEPS_PER_EPOCH

TITLE = "Train on GPUs"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        REPLICA_LOSS,
        GLOBAL_MOMENTS,
        RATE_AT,
        STABLE_SOFTPLUS,
        STEPS_PER_EPOCH,
        TRAINING_COST,
    )
}
