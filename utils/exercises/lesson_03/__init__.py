"""Exercises of lesson 03: stable GAN training."""

from utils.exercises.lesson_03.networks import LONE_CRITIC, POWER_STEP
from utils.exercises.lesson_03.penalties import GRADIENT_PENALTY
from utils.exercises.lesson_03.prices import HINGE_LOSS, ONE_CENTRED_PENALTY
from utils.exercises.lesson_03.r1 import R1_PENALTY
from utils.exercises.lesson_03.rates import AVERAGED_PATH, TWO_RATES
from utils.exercises.lesson_03.runs import DIAGNOSE

TITLE = "Stable GAN training"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        ONE_CENTRED_PENALTY,
        GRADIENT_PENALTY,
        R1_PENALTY,
        LONE_CRITIC,
        POWER_STEP,
        HINGE_LOSS,
        TWO_RATES,
        AVERAGED_PATH,
        DIAGNOSE,
    )
}
