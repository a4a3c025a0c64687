"""Exercises of lesson 05: many modalities."""

from utils.exercises.lesson_05.agreement import AGREEMENT
from utils.exercises.lesson_05.matching import MATCHING_LOSS
from utils.exercises.lesson_05.sound import SPECTROGRAM_SIZE
from utils.exercises.lesson_05.stages import STAGE_TWO_INPUT
from utils.exercises.lesson_05.words import STRAIGHT_THROUGH

TITLE = "Many modalities"
EXERCISES = {
    exercise.id: exercise
    for exercise in (SPECTROGRAM_SIZE, AGREEMENT, STAGE_TWO_INPUT, STRAIGHT_THROUGH, MATCHING_LOSS)
}
