"""Exercises of lesson 01: what a GAN is."""

from dataclasses import replace

from utils.exercises.lesson_01.modes import MODES_COVERED
from utils.exercises.lesson_01.rounds import PLAY_ROUND
from utils.exercises.lesson_01.theory import GENERATOR_SLOPES, OPTIMAL_DISCRIMINATOR
from utils.exercises.lesson_02 import losses

TITLE = "What is a GAN"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        replace(losses.DISCRIMINATOR_LOSS, id="1.1"),  # lesson 02 asks for both again, as part of a whole GAN
        replace(losses.GENERATOR_LOSS, id="1.2"),
        OPTIMAL_DISCRIMINATOR,
        GENERATOR_SLOPES,
        PLAY_ROUND,
        MODES_COVERED,
    )
}
