"""An interview from the first question to the scorecard; windows, kills, pauses and clocks that jump."""

import sqlite3

import pytest

from tests.interview.conftest import answer, start
from utils.data import progress_file
from utils.interview import store
from utils.interview.deck import TOPICS
from utils.interview.rehearsal import HINT_COSTS, Turn, replay, score
from utils.interview.scorecard import history, scorecard, total
from utils.interview.view import view


def finish(room, must=None):
    """Answer until the scorecard comes."""
    while not room.state.over:
        answer(room, must)


def test_what_was_said_is_scored_and_reviewed(enter):
    room = enter()
    room.do(start())
    answer(room, must=[0, 1])
    first = room.state.turns[0]
    card = room.deck[first.card]
    assert first.must == (0, 1) and score(first, card) == 2 / len(card.must)
    assert [review.card for review in store.load_reviews()] == [first.card]


def test_the_clock_ends_the_interview_and_runs_only_while_it_is_watched(enter, clock):
    room = enter()
    room.do(start())
    clock.wait(minutes=6)
    room.do({"do": "pause"})
    clock.wait(minutes=60)
    room.do({"do": "resume"})
    clock.wait(minutes=6)
    assert room.seconds == 12 * 60 and not room.state.over
    answer(room)
    assert not room.state.over
    clock.wait(minutes=4)
    answer(room)
    assert room.state.over and room.state.seconds == 16 * 60


def test_a_point_can_only_be_marked_once_the_answer_is_open(enter):
    room = enter()
    room.do(start())
    room.do({"do": "tick", "part": "must", "point": 0})
    room.do({"do": "mark"})
    assert len(room.state.turns) == 1 and room.state.turn.must == ()
    room.do({"do": "show"})
    room.do({"do": "tick", "part": "must", "point": 99})
    room.do({"do": "tick", "part": "must", "point": 0})
    assert room.state.turn.must == (0,)
    room.do({"do": "tick", "part": "must", "point": 0})
    assert room.state.turn.must == ()


def test_what_was_missed_is_followed_up(enter):
    room = enter()
    card = next(card for card in room.deck.values() if any(point.ask for point in card.must))
    place = next(n for n, point in enumerate(card.must) if point.ask)
    room.do(start(topics=[card.topic]))
    room.save({"do": "skip", "seconds": 0.0})
    room.save({"do": "ask", "card": card.id, "because": "new"})
    answer(room, must=[n for n in range(len(card.must)) if n != place])
    assert (room.card.id, room.state.turn.because) == (card.must[place].ask, "follow-up")


def test_an_interview_has_a_debug_task_and_a_coding_task(enter, clock):
    room = enter()
    room.do(start(topics=TOPICS, minutes=45))
    while not room.state.over:
        clock.wait(minutes=3)
        answer(room)
    kinds = [room.deck[turn.card].kind for turn in room.state.turns]
    assert kinds.count("code") == 1 and "debug" in kinds
    assert 0.3 < kinds.index("code") / len(kinds) < 0.9


def test_no_card_is_asked_twice(enter, clock):
    room = enter()
    room.do(start(topics=TOPICS, minutes=45))
    while not room.state.over:
        clock.wait(seconds=30)
        answer(room)
    asked = [turn.card for turn in room.state.turns]
    assert len(asked) == len(set(asked)) > 60


@pytest.mark.parametrize("level", ["junior", "mid", "senior"])
def test_a_role_gets_no_card_above_it_but_for_follow_ups(enter, clock, level):
    room = enter()
    room.do(start(topics=TOPICS, minutes=30, level=level))
    while not room.state.over:
        clock.wait(minutes=1)
        answer(room)
    levels = ("junior", "mid", "senior")
    own = [room.deck[turn.card].level for turn in room.state.turns if turn.because != "follow-up"]
    assert max(map(levels.index, own)) <= levels.index(level)


def test_due_cards_come_first(enter, clock):
    room = enter()
    room.do(start(seed=3))
    first = room.card.id
    answer(room, must=[])  # forgotten: due again within minutes
    room.do({"do": "end"})
    clock.wait(days=1)
    room = enter()
    room.do(start(kind="drill", seed=99))
    assert (room.card.id, room.state.turn.because) == (first, "due")


def test_a_drill_ends_when_nothing_is_due(enter):
    room = enter()
    room.do(start(kind="drill"))
    finish(room)
    assert len(room.state.turns) == 10  # ten new ones, and all were known
    assert store.load_reviews()[-1].rating >= 3


def test_a_killed_kernel_loses_no_more_than_the_seconds_since_the_last_beat(enter, clock):
    room = enter()
    room.do(start())
    answer(room)
    clock.wait(seconds=50)
    room.do({"do": "beat"})
    clock.wait(seconds=4)
    before = room.state
    del room  # nothing is called: the kernel was killed
    room = enter()
    assert view(room)["actions"][0]["do"] == "continue"
    room.do({"do": "continue"})
    assert room.state == before and room.seconds == 50


def test_a_kill_between_the_marks_and_the_next_question_is_no_end(enter):
    room = enter()
    room.do(start())
    room.do({"do": "show"})
    room.save_marks()
    room = enter()
    room.do({"do": "continue"})
    assert room.state.turn and len(room.state.turns) == 2


def test_a_new_interview_ends_the_one_that_was_cut_off(enter):
    room = enter()
    room.do(start())
    answer(room)
    room = enter()
    room.do(start())
    assert [replay(saved.events).over for saved in store.load_interviews()] == [True, False]


def test_two_windows_go_on_with_one_interview(enter):
    one = enter()
    one.do(start())
    two = enter()
    two.do({"do": "continue"})
    answer(one)
    two.do({"do": "show"})  # of the card that is gone
    assert two.note == "went_on" and two.state.turns[0].marked and not two.state.turn.shown
    two.do({"do": "resume"})
    answer(two)
    assert len({review.id for review in store.load_reviews()}) == 2
    one.do({"do": "beat"})
    assert one.state.turns == two.state.turns


def test_the_answer_in_the_other_language_at_any_time(enter):
    room = enter()
    room.do(start())
    english = view(room)
    room.do({"do": "speak", "language": "zh"})
    chinese = view(room)
    assert chinese["question"] == room.card.question.zh != english["question"]
    assert chinese["actions"][0]["do"] == english["actions"][0]["do"]


def test_the_candidate_of_a_pair_sees_no_answer_and_the_interviewer_all_of_it(enter):
    interviewer, candidate = enter(), enter(role="candidate")
    assert view(candidate)["screen"] == "wait"
    interviewer.do(start(pair=True))
    candidate.do({"do": "look"})
    seen, judged = view(candidate), view(interviewer)
    assert seen["question"] == judged["question"] and judged["points"] and judged["answer"]
    said = str(seen)
    for text in (judged["answer"]["short"]["text"], judged["points"][0]["items"][0]["text"]):
        assert text not in said and text in str(judged)
    interviewer.do({"do": "tick", "part": "must", "point": 0})
    interviewer.do({"do": "mark"})
    candidate.do({"do": "look"})
    assert view(candidate)["question"] == view(interviewer)["question"] != seen["question"]
    candidate.do({"do": "mark"})
    assert len(interviewer.state.turns) == 2


def test_the_weakest_topic_stands_first_with_its_lessons(enter):
    room = enter()
    room.do(start(topics=TOPICS[:2], minutes=45))
    while len(room.state.turns) < 9:
        answer(room, None if room.card.topic == TOPICS[0] else [])
    room.do({"do": "end"})
    rows = scorecard(room.state, room.deck)
    assert [row.topic for row in rows] == [TOPICS[1], TOPICS[0]]
    assert rows[0].share == 0 and rows[1].share == 1 and rows[0].proof and not rows[1].proof


def test_an_answer_that_was_open_counts_when_the_interview_ends_and_a_closed_one_does_not(enter):
    room = enter()
    room.do(start())
    room.do({"do": "show"})
    room.do({"do": "end"})
    assert total(room.state, room.deck) == 0 and len(store.load_reviews()) == 1
    room.do({"do": "home"})
    room.do(start())
    room.do({"do": "end"})
    assert total(room.state, room.deck) is None and len(store.load_reviews()) == 1
    assert view(room)["total"].startswith("Nothing was answered")


def test_every_finished_interview_is_in_the_history(enter):
    for must in ([], None):
        room = enter()
        room.do(start())
        answer(room, must)
        room.do({"do": "end"})
    rows = history(store.load_interviews(), room.deck)
    assert [share for _, share in rows] == [0, 1]
    assert [row["percent"] for row in view(room)["history"]["rows"]] == [0, 100]


def test_hints_and_the_check_count_half_of_a_coding_task(enter):
    card = next(card for card in enter().deck.values() if card.exercise)
    everything = tuple(range(len(card.must)))
    assert score(Turn(card.id, "code", must=everything), card) == 0.5
    assert score(Turn(card.id, "code", must=everything, solved=True), card) == 1
    hinted = Turn(card.id, "code", must=everything, solved=True, hints=("a", "b"))
    assert score(hinted, card) == pytest.approx(1 - HINT_COSTS)


def test_a_card_that_the_deck_no_longer_has_is_passed_over(enter):
    room = enter()
    room.do(start())
    store.add_event(room.interview, room.count, {"do": "skip", "seconds": 1.0}, 0.0)
    store.add_event(room.interview, room.count + 1, {"do": "ask", "card": "gone-away", "because": "new"}, 0.0)
    room = enter()
    room.do({"do": "continue"})
    assert room.card is not None and view(room)["screen"] == "card"
    room.do({"do": "end"})
    assert view(room)["screen"] == "score"


def test_nothing_is_lost_to_a_disk_that_is_full(enter, monkeypatch, capsys):
    room = enter()
    room.do(start())
    whole = progress_file.commit

    def full(connection, work):
        if connection not in progress_file.in_memory:
            raise sqlite3.OperationalError("database or disk is full")
        return whole(connection, work)

    monkeypatch.setattr(progress_file, "commit", full)
    room.do({"do": "show"})
    assert "disk is full" in view(room)["note"] and not room.state.turn.shown
    monkeypatch.setattr(progress_file, "commit", whole)
    room.do({"do": "show"})
    assert room.trouble == "" and room.state.turn.shown


def test_where_no_file_can_be_kept_an_interview_still_runs_to_its_scorecard(
    enter, tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "file" / "learner"))
    room = enter()
    room.do(start())
    answer(room)
    room.do({"do": "end"})
    assert view(room)["screen"] == "score" and total(room.state, room.deck) == 1
    assert "Progress is not kept" in capsys.readouterr().err
