"""The terminal: from start to scorecard, both languages, without TensorFlow."""

import os
import subprocess
import sys
import unicodedata

import pytest

from tests.interview.conftest import answer, start
from utils.interview import terminal
from utils.interview.__main__ import main
from utils.interview.deck import load_deck
from utils.interview.terminal import wrapped
from utils.interview.view import view


def talk(room, *lines, **choices):
    """Type these lines; returns all that was written."""
    said, typed = [], iter(lines)

    def read(prompt):
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    assert terminal.run(room, choices, read, said.append) == 0
    return "\n".join(said)


def test_from_the_start_to_the_scorecard(enter):
    room = enter()
    said = talk(room, "s", "s", "1 3", "n", "zh", "s", "e", "b", "q", level="junior")
    assert "[x] 1" in said and "Open the answer" in said and "打开答案" in said and "成绩单" in said
    assert room.interview is None and len(room.reviews) == 2


def test_what_is_closed_is_not_told(enter):
    room = enter()
    said = talk(room, "s", "q", topics=["measuring"])
    assert room.card.question.en[:30] in said and room.card.short.en[:30] not in said


def test_a_line_that_means_nothing_changes_nothing(enter):
    room = enter()
    room.do(start())
    before = room.state
    talk(room, "", "x", "99", "n", "-1", "löschen", "q")
    assert room.state.turns == before.turns


def test_leaving_pauses_and_coming_back_goes_on(enter):
    room = enter()
    talk(room, "s", "s", "1")  # then the terminal is closed
    room = enter()
    assert "Go on with the interview" in talk(room, "r", "q")
    assert room.state.turn.must == (0,)


def test_a_coding_task_is_written_into_a_file(enter, learner_folder):
    room = enter()
    card = next(card for card in load_deck().values() if card.exercise == "2.1")
    room.do(start())
    room.save({"do": "skip", "seconds": 0.0})
    room.save({"do": "ask", "card": card.id, "because": "code"})
    path = terminal.answer_file(card.id)
    assert str(path) in talk(room, "q")
    path.write_text("def discriminator_loss(real_logits, fake_logits):\n    return 7.0")
    room.do({"do": "resume"})
    assert "✗ 2.1" in talk(room, "c", "q")


def test_the_candidate_sees_the_question_alone(enter):
    interviewer, candidate = enter(), enter(role="candidate")
    interviewer.do(start(pair=True))
    said = talk(candidate, "", "q")
    assert interviewer.card.question.en[:30] in said and interviewer.card.must[0].text.en not in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_fit_the_window(language):
    for card in load_deck().values():
        for text in (card.question, card.short, card.long):
            for line in wrapped(text[language], language):
                columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
                assert columns <= 82, line


def test_it_starts_without_tensorflow_and_without_a_warning(tmp_path):
    code = "import sys, utils.interview.__main__ as m; m.main([]); assert 'tensorflow' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        input="s\ns\nn\nq\n",
        capture_output=True,
        text=True,
        env={**os.environ, "COURSE_FOLDER": str(tmp_path), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0 and done.stderr == "" and "Interview rehearsal" in done.stdout


def test_a_topic_that_is_none_is_named(capsys):
    assert main(["--topics", "gan,gun"]) == 2
    assert "Received: gun" in capsys.readouterr().err


def test_every_screen_can_be_drawn_in_both_languages(enter, clock):
    for language in ("en", "zh"):
        room = enter(language)
        room.do(start(minutes=45))
        while not room.state.over:
            lines = "\n".join(terminal.lines_of(view(room), language))
            assert room.card.question[language][:4] in lines
            clock.wait(minutes=2)
            answer(room)
        assert "%" in "\n".join(terminal.lines_of(view(room), language))
        room.do({"do": "home"})
