"""One interview as plain data: what was asked, said, tried; every event gives the next state."""

import contextlib
from dataclasses import dataclass, replace

HINT_COSTS = 0.2  # of a coding task


@dataclass(frozen=True)
class Plan:
    """What the learner chose: an interview against the clock, or a drill of the cards that are due."""

    kind: str  # "interview" | "drill"
    level: str
    topics: tuple[str, ...]
    minutes: int
    pair: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Turn:
    """One card on the table, from the question to the marks."""

    card: str
    because: str  # "due" | "new" | "known" | "follow-up" | "debug" | "code"
    shown: bool = False  # the answer is open
    marked: bool = False
    skipped: bool = False
    seconds: float = 0.0
    must: tuple[int, ...] = ()  # the points that were said
    bonus: tuple[int, ...] = ()
    red_flags: tuple[int, ...] = ()
    hints: tuple[str, ...] = ()
    tries: int = 0
    solved: bool = False
    verdict: str = ""  # the last line of the check

    @property
    def closed(self):
        """Whether the next card can come."""
        return self.marked or self.skipped


@dataclass(frozen=True)
class State:
    """Everything that happened so far."""

    turns: tuple[Turn, ...] = ()
    paused: bool = False
    over: bool = False

    @property
    def turn(self):
        """The card on the table, or None."""
        return self.turns[-1] if self.turns and not self.turns[-1].closed else None

    @property
    def seconds(self):
        """Seconds of all turns before the one on the table."""
        return sum(turn.seconds for turn in self.turns if turn.closed)


def after(state, event):
    """The state after one event; an event that does not fit changes nothing."""
    what, turn = event["do"], state.turn
    if state.over:
        return state
    if what == "ask":
        return state if turn else replace(state, turns=(*state.turns, Turn(event["card"], event["because"])))
    if what in ("pause", "resume"):
        return replace(state, paused=what == "pause")
    if what == "end":
        return replace(state, turns=tuple(turn for turn in state.turns if turn.closed), over=True)
    if turn is None:
        return state
    return replace(state, turns=(*state.turns[:-1], changed(turn, event)))


def changed(turn, event):
    """The card on the table after one event."""
    what = event["do"]
    if what == "show":
        return replace(turn, shown=True)
    if what == "tick":
        points = set(getattr(turn, event["part"])) ^ {event["point"]}
        return replace(turn, **{event["part"]: tuple(sorted(points))})
    if what == "hint":
        return replace(turn, hints=(*turn.hints, event["text"]))
    if what == "try":
        return replace(
            turn, tries=turn.tries + 1, solved=turn.solved or event["solved"], verdict=event["line"]
        )
    if what == "mark":
        return replace(turn, shown=True, marked=True, seconds=event["seconds"])
    if what == "skip":
        return replace(turn, skipped=True, seconds=event["seconds"])
    return turn


def replay(events):
    """The state after all events; one that makes no sense is passed over."""
    state = State()
    for event in events:
        with contextlib.suppress(KeyError, TypeError, AttributeError):
            state = after(state, event)
    return state


def score(turn, card):
    """What an answer is worth, 0 to 1: points said less slips; of a coding task the check counts half."""
    if turn.skipped:
        return 0.0
    spoken = max(0, len(turn.must) - len(turn.red_flags)) / len(card.must)
    if not card.exercise:
        return spoken
    written = max(0.0, 1 - HINT_COSTS * len(turn.hints)) if turn.solved else 0.0
    return (spoken + written) / 2
