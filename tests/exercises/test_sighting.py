"""What was seen of an answer survives the way through JSON, and nothing but numbers and words comes back."""

import json

import numpy as np
import pytest

from utils.exercises.lesson_00 import EXERCISES
from utils.exercises.sighting import Sighting, draw_cases, from_json, see, to_json
from utils.exercises.verdict import judge, verdict_on

EXERCISE = EXERCISES["0.1"]


def judged_elsewhere(attempt):
    """The verdict after a way through JSON, on inputs that are drawn once more from the same seed."""
    told = json.dumps(to_json(see(EXERCISE, attempt, draw_cases(EXERCISE, np.random.default_rng(3)))))
    return verdict_on(EXERCISE, draw_cases(EXERCISE, np.random.default_rng(3)), from_json(json.loads(told)))


@pytest.mark.parametrize(
    "attempt",
    [
        EXERCISE.reference,
        *(mistake.wrong for mistake in EXERCISE.mistakes.values()),
        ...,
        7,
        print,
        lambda x: None,
    ],
)
def test_the_verdict_is_that_of_the_notebook(attempt):
    assert judged_elsewhere(attempt) == judge(EXERCISE, attempt)


def test_numbers_come_back_bit_by_bit():
    seen = {"a": np.array(1.5, np.float32), "b": np.arange(6).reshape(2, 3)[:, ::2], "c": True, "d": "words"}
    (back,) = from_json(json.loads(json.dumps(to_json(Sighting("seen", seen=(seen,)))))).seen
    assert (
        back["a"].dtype == np.float32 and back["a"].shape == () and back["c"] is True and back["d"] == "words"
    )
    np.testing.assert_array_equal(back["b"], seen["b"])


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        {"state": "right", "words": [], "seen": []},
        {"state": "wrong", "words": ["one"], "seen": []},
        {"state": "seen", "words": [], "seen": [{"a": 1}]},
        {"state": "seen", "words": [], "seen": [{"a": {"type": "O", "shape": [], "numbers": ""}}]},
        {"state": "seen", "words": [], "seen": [{"a": {"type": "<f4", "shape": [9], "numbers": "AAAA"}}]},
    ],
)
def test_what_is_no_sighting_is_refused(told):
    with pytest.raises(ValueError):
        from_json(told)
