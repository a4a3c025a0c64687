"""The coding task: the check of the exercise judges it, and nothing that is written stops the interview."""

import pytest

from tests.interview.conftest import start
from utils.exercises.record import load_record
from utils.interview import coding
from utils.interview.deck import load_deck
from utils.interview.view import view

RIGHT = """
def discriminator_loss(real_logits, fake_logits):
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))
"""
TASKS = [card for card in load_deck().values() if card.exercise]
LOSS = next(card for card in TASKS if card.exercise == "2.1")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (RIGHT, "✓ 2.1 "),
        (RIGHT.replace("(fake_logits))\n", "(-fake_logits))\n"), "✗ 2.1 both halves"),
        ("", "· 2.1 there is no `discriminator_loss` yet"),
        ("def discriminator_loss(:", "✗ 2.1 this is not Python"),
        ("1 / 0", "✗ 2.1 stops with ZeroDivisionError"),
        ("raise SystemExit", "✗ 2.1 stops with SystemExit"),
        ("def discriminator_loss(real_logits, fake_logits):\n    ...", "· 2.1 not attempted yet"),
        ("discriminator_loss = 3", "✗ 2.1 this is 3, not a function"),
    ],
)
def test_what_is_written_is_judged_in_one_line(source, line):
    solved, said = coding.judge_source(LOSS, source)
    assert said.startswith(line) and "\n" not in said and solved == line.startswith("✓")


def test_a_loop_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(coding, "SECONDS", 0.3)
    assert coding.judge_source(LOSS, "while True: pass")[1].startswith("✗ 2.1 took longer than 0.3 s")


def test_the_answer_is_not_lying_on_the_page():
    for card in TASKS:
        reference = coding.exercise_of(card).reference
        assert reference.__name__ not in coding.names_for(reference)


@pytest.mark.parametrize("card", TASKS, ids=lambda card: card.id)
def test_each_task_can_be_solved_as_the_course_does_and_names_its_function(card):
    source, name = coding.solution_of(card), coding.exercise_of(card).reference.__name__
    assert name in card.question.en and name in card.question.zh
    solved, line = coding.judge_source(card, source)
    assert solved, line


def test_tries_and_hints_are_counted_and_solve_the_exercise(enter):
    room = enter()
    room.do(start())
    room.save({"do": "skip", "seconds": 0.0})
    room.save({"do": "ask", "card": LOSS.id, "because": "code"})
    room.do({"do": "resume"})
    room.do({"do": "hint"})
    room.do({"do": "try", "source": "def discriminator_loss(real_logits, fake_logits): return 1.0"})
    assert not room.state.turn.solved and view(room)["task"]["verdict"].startswith("✗ 2.1")
    room.do({"do": "try", "source": RIGHT})
    assert room.state.turn.solved and room.state.turn.tries == 2 and len(room.state.turn.hints) == 1
    assert load_record()["2.1"].solved
    room = enter()  # a new kernel: what was written last is there
    room.do({"do": "continue"})
    assert view(room)["task"]["source"] == RIGHT
    room.do({"do": "show"})
    assert "def discriminator_loss" in view(room)["answer"]["solution"]["text"]
    for point in range(len(LOSS.must)):
        room.do({"do": "tick", "part": "must", "point": point})
    room.do({"do": "mark"})
    assert room.reviews[-1].rating == 2  # a hint was needed


def test_a_function_from_a_cell_can_be_handed_in(capsys):
    from utils.interview.widget import hand_in, rehearse
    from utils.losses import discriminator_loss

    hand_in(discriminator_loss)
    assert "No coding task" in capsys.readouterr().out
    shown = rehearse()
    shown.take(start())
    shown.room.save({"do": "skip", "seconds": 0.0})
    shown.room.save({"do": "ask", "card": LOSS.id, "because": "code"})
    hand_in(discriminator_loss)
    assert capsys.readouterr().out.startswith("✓ 2.1")
    assert shown.screen["task"]["verdict"].startswith("✓ 2.1")
