"""The judge believes numbers alone, on inputs of its own; what a forger tells earns nothing."""

import copy

import numpy as np
import pytest

from utils.course.grading.fingerprint import fingerprint
from utils.course.grading.judge import judge_events
from utils.course.grading.witnessed import witness_source
from utils.exercises import lesson_00, witness  # noqa: F401  the kernel of an honest learner has them loaded
from utils.exercises.sighting import draw_cases, see, to_json

EXERCISE = lesson_00.EXERCISES["0.1"]
SEED = 7


def event(attempt=EXERCISE.reference, seed=SEED):
    """What a witness tells of an attempt."""
    cases = draw_cases(EXERCISE, np.random.default_rng(seed))
    sighting = {"exercise": "0.1", **to_json(see(EXERCISE, attempt, cases))}
    return {"cell": "check-0-1", "exercise": "0.1", "sighting": sighting, "library": fingerprint()}


def judged(*events):
    """What the judge makes of it: outcome, text, changed names."""
    return judge_events(0, SEED, events).get("0.1")


def changed(path, value):
    """An honest right event but for one place."""
    made = copy.deepcopy(event())
    *way, last = path
    place = made
    for step in way:
        place = place[step]
    place[last] = value
    return made


def test_honest_answers_are_judged_as_in_the_notebook():
    assert judged(event()) == ["right", EXERCISE.why, []]
    mistake = EXERCISE.mistakes["white does not reach 1"]
    assert judged(event(mistake.wrong))[1] == f"white does not reach 1: {mistake.look_at}"
    assert judged(event(lambda images: ...))[0] == "open"


def test_numbers_for_other_inputs_than_the_judges_are_wrong():
    """A forger who records a right run and replays it has the wrong random inputs."""
    assert judged(event(seed=SEED + 1))[0] == "wrong"


@pytest.mark.parametrize(
    "forged",
    [
        changed(["sighting", "seen"], [{}, {}, {}]),
        changed(["sighting", "seen"], []),
        changed(["sighting", "seen", 1, "result", "numbers"], ""),
        changed(["sighting", "seen", 1, "result"], {"type": "O", "shape": [1], "numbers": "gASV"}),
        changed(["sighting", "seen", 1, "result", "shape"], [10**9]),
        changed(["sighting", "state"], "right"),
        changed(["sighting"], "✓"),
        changed(["library"], {}),
        changed(["library"], None),
        changed(["library", "utils.exercises.verdict.judge"], "0" * 16),
    ],
)
def test_a_forged_event_is_wrong_and_raises_nothing(forged):
    assert judged(forged)[0] == "wrong"


def test_without_a_sighting_there_is_no_verdict():
    assert judged({"exercise": "0.1", "said": ["0.1"]}) is None
    assert judged({"exercise": "77.1", "sighting": {}}) is None


def test_the_first_sighting_counts():
    assert judged(event(lambda images: images), event())[0] == "wrong"


def test_the_check_cell_becomes_a_witness_that_survives_a_missing_answer():
    source = witness_source('scale_images = check("0.1", scale_images)', 5)
    assert "witness(5, '0.1', lambda: scale_images)" in source
    compile(source, "cell", "exec")
