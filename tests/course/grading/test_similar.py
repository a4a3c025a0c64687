"""Answers that are alike are found under other names and comments; what all share by nature is not."""

from pathlib import Path

import nbformat

from utils.course.grading.similar import answers_in, similar_pairs, words_of
from utils.course.grading.submissions import Submission
from utils.course.lesson_source import COURSE

LESSON = "02_code_a_gan"
CELL = "exercise-2-3"
MINE = '''
def build_generator(latent_dim=24, width=48, image_size=28, channels=1):
    """Mine."""
    small = image_size // 4  # a quarter
    model = keras.Sequential([layers.Input((latent_dim,)), layers.Dense(small * small * width)])
    model.add(layers.Reshape((small, small, width)))
    for filters in (width, channels):
        model.add(layers.Conv2DTranspose(filters, 4, strides=2, padding="same", activation="tanh"))
    return model
'''
RENAMED = (
    MINE.replace("model", "net").replace("small", "s").replace('"""Mine."""', "# copied").replace("(w", "( w")
)
OTHER = """
def build_generator(latent_dim=24, width=48, image_size=28, channels=1):
    inputs = keras.Input(shape=(latent_dim,))
    x = layers.Dense((image_size // 4) ** 2 * width, activation="relu")(inputs)
    x = layers.Reshape((image_size // 4, image_size // 4, width))(x)
    x = layers.UpSampling2D(4)(x)
    return keras.Model(inputs, layers.Conv2D(channels, 3, padding="same", activation="tanh")(x))
"""


def read(folder):
    """The notebooks of the lesson by its name."""
    return {LESSON: nbformat.read(COURSE.root / folder / f"{LESSON}.ipynb", as_version=4)}


def pairs_of(**answers):
    """The pairs among learners with these answers to 2.3."""
    found = []
    for learner, source in answers.items():
        notebook = read("notebooks")[LESSON]
        next(cell for cell in notebook.cells if cell.id == CELL).source = source
        found.append(Submission(learner, LESSON, Path(learner), "", notebook))
    return similar_pairs(found, read("solutions"), read("notebooks"))


def test_a_copy_with_other_names_and_comments_is_found_and_another_way_is_not():
    (pair,) = pairs_of(Ada=MINE, Bob=RENAMED, Cem=OTHER)
    assert pair.learners == ("Ada", "Bob") and pair.shares == {"2.3": 1.0}


def test_stubs_and_the_courses_own_answer_do_not_count():
    solution = next(cell for cell in read("solutions")[LESSON].cells if cell.id == CELL).source
    stub = next(cell for cell in read("notebooks")[LESSON].cells if cell.id == CELL).source
    assert pairs_of(Ada=solution, Bob=solution) == [] == pairs_of(Ada=stub, Bob=stub)
    assert len(pairs_of(Ada=solution + "\nfirst = 1", Bob=solution + "\nsecond = 1")) == 1


def test_a_short_line_is_no_evidence():
    short = "def build_generator(a, b, c, d):\n    return keras.Sequential([])"
    assert pairs_of(Ada=short, Bob=short) == []


def test_code_that_is_not_python_is_compared_as_it_stands():
    broken = MINE.replace("return model", "return model)")
    assert words_of("f(x y) )") == ("f", "(", "x", "y", ")", ")")
    assert len(pairs_of(Ada=broken, Bob=broken)) == 1


def test_code_that_is_nested_too_deeply_is_compared_as_it_stands():
    assert words_of("x = " + "-" * 5000 + "1") == ("x", "=", *5000 * "-", "1")


def test_every_exercise_has_an_answer_to_compare():
    assert answers_in(read("solutions")[LESSON]).keys() >= {f"exercise-2-{number}" for number in range(1, 8)}
