"""The judge, tried on a toy exercise: the mean of a batch of scores, which starts no TensorFlow."""

import dataclasses
import os
import sys
import time

import numpy as np
import pytest

from utils.exercises.verdict import Exercise, Mistake, judge


def mean_score(scores):
    """The mean."""
    return np.mean(scores)


TOY = Exercise(
    id="9.1",
    title="The mean",
    minutes=1,
    difficulty=1,
    reference=mean_score,
    examples=((np.array([[-2.0], [0.0], [3.0]]),),),
    draw=lambda generator, size: (generator.normal(size=(size, 1)),),
    mistakes={
        "summed": Mistake(lambda scores: np.sum(scores), "divide by the batch size"),
        "the median": Mistake(lambda scores: np.median(scores), "the middle is not the mean"),
        "no mean at all": Mistake(lambda scores: scores, "one number, please"),
        "stops on whole batches": Mistake(lambda scores: {}["x"], "there is no x"),
    },
    hints=("Add up.", "Divide."),
    why="it is fair",
    seconds=0.5,
)


def line(attempt, exercise=TOY):
    return judge(exercise, attempt).line(exercise.id)


def empty(scores):
    pass


def only_a_docstring(scores):
    """The mean of the scores."""


def dots_as_a_statement(scores): ...


def leftover_raise(scores):
    raise NotImplementedError


def forgot_return(scores):
    np.mean(scores)


@pytest.mark.parametrize(
    "attempt",
    [..., None, lambda scores: ..., empty, only_a_docstring, dots_as_a_statement, leftover_raise],
    ids=lambda attempt: getattr(attempt, "__name__", repr(attempt)),
)
def test_a_stub_is_not_attempted(attempt):
    assert line(attempt) == "· 9.1 not attempted yet"


def test_code_without_return_is_not_taken_for_a_stub():
    assert line(forgot_return) == "✗ 9.1 nothing comes back: did you forget `return`?"


def test_the_right_answer_hears_why_it_matters():
    assert line(mean_score) == "✓ 9.1 it is fair"
    assert line(lambda values: sum(values[:, 0]) / len(values)) == "✓ 9.1 it is fair"


@pytest.mark.parametrize("name", TOY.mistakes)
def test_each_mistake_is_called_by_its_name(name):
    assert line(TOY.mistakes[name].wrong) == f"✗ 9.1 {name}: {TOY.mistakes[name].look_at}"


def test_a_mistake_without_a_name_gets_one_small_example():
    expected = "✗ 9.1 the result differs: for scores = [-2, 0, 3] expected 0.333, received 0.5"
    assert line(lambda scores: np.mean(scores) * 1.5) == expected


def test_the_example_has_as_many_digits_as_it_takes():
    assert "expected 0.33333, received 0.33343" in line(lambda scores: np.mean(scores) + 0.0001)


def test_rounding_is_no_mistake_and_a_thousandth_is_one():
    assert line(lambda scores: np.mean(scores.astype("float32"))).startswith("✓")
    assert line(lambda scores: np.mean(scores) * 1.001).startswith("✗")


def test_a_written_in_number_fails_on_fresh_inputs_always_in_the_same_words():
    lines = {line(lambda scores: np.float64(1 / 3)) for _ in range(5)}
    assert len(lines) == 1
    assert "wrong for fresh random inputs" in lines.pop()


def test_fresh_inputs_are_fresh_in_each_check_and_have_two_sizes():
    seen = []
    for _ in range(2):
        judge(TOY, lambda scores: seen.append(scores) or np.mean(scores))
    assert [len(scores) for scores in seen] == [3, 3, 8] * 2
    assert not np.allclose(seen[1], seen[4])


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (np.full((1,), 1 / 3), "wrong shape: expected one number, received shape (1,)"),
        (np.full((1, 1), 1 / 3), "wrong shape: expected one number, received shape (1, 1)"),
        (3, "wrong type: expected float64, received int64"),
        (True, "not made of numbers: expected one number, received True"),
        ("0.333", "not made of numbers: expected one number, received 0.333"),
        ({"mean": 1}, "not made of numbers: expected one number, received a dict"),
        ([[1.0], [2.0, 3.0]], "not made of numbers"),
        (1j, "not made of numbers"),
        (object, "not made of numbers"),
        (np.nan, "expected 0.333, received nan"),
    ],
)
def test_kind_and_shape_are_told_in_plain_words_and_nothing_is_broadcast(result, told):
    assert told in line(lambda scores: result)


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (lambda: 1, "its arguments are (): it must take (scores)"),
        (lambda scores, weights: 1, "its arguments are (scores, weights): it must take (scores)"),
        (np.float64(0.333), "this is 0.333, not a function: hand over the function itself"),
        ([1, 2], "this is [1, 2], not a function"),
        ("mean", "this is 'mean', not a function"),
    ],
)
def test_what_cannot_be_called_is_told_before_it_is_called(attempt, told):
    assert told in line(attempt)


class Awkward:
    """An answer whose every part misbehaves."""

    def __call__(self, scores):
        return self

    def __array__(self, *_, **__):
        raise SystemExit(3)

    def __repr__(self):
        raise ValueError("no repr")


def divides_by_zero(scores):
    return 1 / 0


def raises(error):
    def attempt(scores):
        raise error

    return attempt


def recursive(scores):
    return recursive(scores)


class UnprintableError(Exception):
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (divides_by_zero, "stops with ZeroDivisionError: division by zero"),
        (lambda scores: sys.exit("bye"), "stops with SystemExit: bye"),
        (raises(KeyboardInterrupt()), "stops with KeyboardInterrupt"),
        (raises(GeneratorExit()), "stops with GeneratorExit"),
        (raises(UnprintableError()), "stops with UnprintableError"),
        (raises(ValueError("bad <object at 0x7f00aa>\nsecond line")), "ValueError: bad <object>:"),
        (raises(ValueError("x" * 1000)), "…"),
        (recursive, "RecursionError"),
        (Awkward(), "stops with SystemExit: 3"),
        (lambda scores: input("your mean? "), "stops with RuntimeError: input() waits for a person"),
    ],
)
def test_no_fault_of_an_answer_reaches_the_learner_as_a_traceback(attempt, told):
    text = line(attempt)
    assert text.startswith("✗ 9.1 ") and told in text
    assert "\n" not in text and len(text) < 300


def test_a_fault_names_its_line():
    number = divides_by_zero.__code__.co_firstlineno + 1
    assert f"look at line {number} of its cell, called with scores = [-2, 0, 3]" in line(divides_by_zero)


def endless(scores):
    while True:
        pass


def stubborn(scores):
    while True:
        try:
            time.sleep(0.001)
        except:  # noqa: E722  as learners write it
            continue


@pytest.mark.parametrize("attempt", [endless, stubborn, lambda scores: time.sleep(20)])
def test_an_endless_answer_is_ended(attempt):
    begin = time.monotonic()
    assert line(attempt).startswith("✗ 9.1 took longer than 0.5 s: ")
    assert time.monotonic() - begin < 5


def test_slow_mistakes_do_not_count_against_the_answer():
    def slow(scores):
        time.sleep(0.3)
        return np.sum(scores)

    exercise = dataclasses.replace(TOY, mistakes={"summed, slowly": Mistake(slow, "x")})
    assert line(np.sum, exercise).startswith("✗ 9.1 summed, slowly")


def test_prints_of_an_answer_are_not_seen(capfd):
    def chatty(scores):
        print("out")
        print("err", file=sys.stderr)
        return np.mean(scores)

    assert line(chatty).startswith("✓")
    assert capfd.readouterr() == ("", "")
    print("but this is")
    assert capfd.readouterr().out == "but this is\n"


def test_an_answer_cannot_spoil_the_inputs():
    def spoiler(scores):
        scores[:] = 7
        return np.mean(scores)

    before = TOY.examples[0][0].copy()
    assert "expected 0.333, received 7" in line(spoiler)
    assert np.array_equal(TOY.examples[0][0], before)

    def right_spoiler(scores):
        result = np.mean(scores)
        scores[:] = 7
        return result

    assert line(right_spoiler).startswith("✓")


def test_warnings_of_an_answer_are_not_seen():
    assert (
        line(lambda scores: np.mean(scores) + np.float64(0) * np.log(np.exp(1000 + 0 * scores[0, 0]))) != ""
    )
    assert line(lambda scores: np.log(-1.0 + 0 * scores[0, 0])).startswith("✗ 9.1 the result differs")


def test_an_answer_that_leaves_parts_open_to_sight_cannot_replace_the_library():
    def two_sights(function, inputs):
        result = function(*inputs)
        return {"result": result} if isinstance(result, float) else {"result": float(result), "more": True}

    exercise = dataclasses.replace(
        TOY, reference=lambda scores: np.array(np.mean(scores)), observe=two_sights
    )
    verdict = judge(exercise, lambda scores: float(np.mean(scores)))
    assert (verdict.outcome, verdict.replaces) == ("right", False)
    assert judge(exercise, exercise.reference).replaces


def test_a_mistake_with_the_same_first_wrong_fact_is_named():
    def facts(function, inputs):
        return {"sign": "plus" if function(*inputs) > 0 else "minus", "size": function(*inputs)}

    exercise = dataclasses.replace(
        TOY,
        observe=facts,
        examples=((np.ones((2, 1)),),),
        draw=lambda generator, size: (np.ones((size, 1)),),
        mistakes={"turned": Mistake(lambda scores: -np.mean(scores), "turn it")},
    )
    assert line(lambda scores: -5.0, exercise) == "✗ 9.1 turned: turn it"
    assert line(lambda scores: 5.0, exercise).startswith("✗ 9.1 the size differs")


def test_the_process_is_unharmed():
    assert os.getcwd() and sys.stdout is not None and callable(input)
