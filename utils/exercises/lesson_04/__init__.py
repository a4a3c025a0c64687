"""Exercises of lesson 04: text to product."""

from utils.exercises.lesson_04.blocks import CAPTION_PLANES, FILM
from utils.exercises.lesson_04.dropout import DROP_CAPTIONS
from utils.exercises.lesson_04.losses import MATCHING_AWARE_LOSS
from utils.exercises.lesson_04.projection import PROJECTION_LOGITS
from utils.exercises.lesson_04.scores import JOINT_ACCURACY, MOST_CONFUSED
from utils.exercises.lesson_04.words import VECTORISE

TITLE = "Text to product"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        VECTORISE,
        FILM,
        CAPTION_PLANES,
        PROJECTION_LOGITS,
        MATCHING_AWARE_LOSS,
        DROP_CAPTIONS,
        JOINT_ACCURACY,
        MOST_CONFUSED,
    )
}
