"""What an interview was worth: by topic, weakest first, with the lessons to look at again; and all so far."""

from typing import NamedTuple

from utils.interview.rehearsal import replay, score


class TopicScore(NamedTuple):
    """One topic of one interview."""

    topic: str
    share: float  # 0 to 1, mean over its cards
    said: int
    points: int
    skipped: int
    proof: tuple[str, ...]  # where to look again: of the cards that lost points


def scorecard(state, deck):
    """Every topic that was asked, the weakest first."""
    turns = [turn for turn in state.turns if turn.closed and turn.card in deck]
    topics = dict.fromkeys(deck[turn.card].topic for turn in turns)
    return sorted((topic_score(topic, turns, deck) for topic in topics), key=lambda row: row.share)


def topic_score(topic, turns, deck):
    """The score of one topic."""
    mine = [(turn, deck[turn.card]) for turn in turns if deck[turn.card].topic == topic]
    weak = sorted((pair for pair in mine if score(*pair) < 1), key=lambda pair: score(*pair))
    return TopicScore(
        topic,
        sum(score(*pair) for pair in mine) / len(mine),
        sum(len(turn.must) for turn, _ in mine),
        sum(len(card.must) for _, card in mine),
        sum(turn.skipped for turn, _ in mine),
        tuple(dict.fromkeys(proof for _, card in weak for proof in card.proof[:1])),
    )


def total(state, deck):
    """The score of all closed cards, 0 to 1, or None if there is none."""
    scores = [score(turn, deck[turn.card]) for turn in state.turns if turn.closed and turn.card in deck]
    return sum(scores) / len(scores) if scores else None


def history(interviews, deck, count=20):
    """When each of the last finished mock interviews was, and its score."""
    found = []
    for saved in reversed(interviews):
        state = replay(saved.events)
        share = total(state, deck)
        if state.over and share is not None and saved.plan.kind == "interview":
            found.append((saved.started, share))
        if len(found) == count:
            break
    return found[::-1]
