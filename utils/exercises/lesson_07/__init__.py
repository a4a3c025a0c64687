"""Exercises of lesson 07: enhance product photos with a VAE."""

from utils.exercises.lesson_07.decibels import PSNR
from utils.exercises.lesson_07.decoder import BUILD_DECODER
from utils.exercises.lesson_07.draw import REPARAMETERISE
from utils.exercises.lesson_07.elbo import NEGATIVE_ELBO
from utils.exercises.lesson_07.half_size import HALF_SIZE_PAIR
from utils.exercises.lesson_07.kl import GAUSSIAN_KL
from utils.exercises.lesson_07.product import PRODUCT_OF_GAUSSIANS
from utils.exercises.lesson_07.spread import CONFIDENCE

TITLE = "Enhance product photos with a VAE"
EXERCISES = {
    exercise.id: exercise
    for exercise in (
        REPARAMETERISE,
        GAUSSIAN_KL,
        NEGATIVE_ELBO,
        BUILD_DECODER,
        HALF_SIZE_PAIR,
        PRODUCT_OF_GAUSSIANS,
        PSNR,
        CONFIDENCE,
    )
}
