"""One interview in progress: takes what a door sends, saves it, knows the clock. The doors only draw it."""

import contextlib
import time
import uuid
from datetime import UTC, datetime

from utils.interview import coding, store
from utils.interview.deck import load_deck
from utils.interview.rehearsal import Plan, State, after, replay
from utils.interview.schedule import Review, rating, remember, schedule
from utils.interview.selection import next_card

PARTS = ("must", "bonus", "red_flags")


def utc_now():
    """The time on this machine's clock."""
    return datetime.now(UTC)


class Room:
    """The room of one learner; `role` is alone, interviewer (of a pair) or candidate."""

    def __init__(self, language="en", role="alone", *, now=utc_now, ticks=time.monotonic):
        """Enter the room: what is due is known, an interview that was cut off can be gone on with."""
        self.language, self.role, self.now, self.ticks = language, role, now, ticks
        self.deck = load_deck()
        self.source = ""  # what stands on the coding page
        self.leave()

    def leave(self):
        """Go back to the start."""
        self.interview, self.plan, self.state = None, None, State()
        self.note = self.trouble = ""
        self.saved_seconds, self.since, self.count = 0.0, None, 0
        self.reviews = store.load_reviews()
        self.memories = schedule(self.reviews, self.now())
        self.past = store.load_interviews()

    @property
    def card(self):
        """The card on the table, or None."""
        return self.deck.get(self.state.turn.card) if self.state.turn else None

    @property
    def judging(self):
        """Whether the answer is open in this window, so that points can be ticked."""
        return bool(self.state.turn) and (self.state.turn.shown or self.role == "interviewer")

    @property
    def seconds(self):
        """How long this card has been on the table; a pause does not count."""
        return self.saved_seconds + (self.ticks() - self.since if self.since is not None else 0.0)

    def unfinished(self):
        """The last interview if it was cut off, else None."""
        last = self.past[-1] if self.past else None
        return last if last and not replay(last.events).over else None

    def do(self, action):
        """Take one action of a door; what does not fit the moment changes nothing."""
        self.note = self.trouble = ""
        try:
            ACTIONS[action["do"]](self, action)
        except store.WentOnError:
            self.open(store.load_interview(self.interview))
            self.note = "went_on"
        except OSError as error:  # a full disk: the screen stays as it was
            self.trouble = str(error)

    def start(self, action):
        """Begin an interview or a drill."""
        if not action["topics"]:
            return
        if cut_off := self.unfinished():
            self.open(store.load_interview(cut_off.id))
            self.end({})
        self.leave()
        self.plan = Plan(
            kind=action["kind"],
            level=action["level"],
            topics=tuple(action["topics"]),
            minutes=action["minutes"],
            pair=bool(action.get("pair")),
            seed=action.get("seed", uuid.uuid4().int % 10**6),
        )
        self.role = "interviewer" if self.plan.pair else "alone"
        self.interview = store.begin(self.plan, self.now())
        self.ask_next()

    def open(self, saved):
        """Take an interview as it lay in the file; its clock stands still."""
        if saved is None:  # a damaged file was set aside
            return self.leave()
        self.interview, self.plan, self.state = saved.id, saved.plan, replay(saved.events)
        self.saved_seconds, self.since, self.count = saved.seconds, None, saved.following
        tried = [event["source"] for event in saved.events if "source" in event]
        self.source = tried[-1] if tried and self.state.turn and self.state.turn.tries else ""
        if self.state.turn and self.card is None:  # a newer deck has no such card
            self.save({"do": "skip", "seconds": 0.0})

    def go_on(self, action):
        """Go on with the interview that was cut off."""
        if cut_off := self.unfinished():
            self.open(store.load_interview(cut_off.id))
            self.role = "interviewer" if self.plan.pair else "alone"
            self.resume(action)

    def resume(self, action):
        """Let the clock run again; put the next card on the table if there is none."""
        if self.interview and not self.state.over:
            if self.state.paused:
                self.save({"do": "resume"})
            if self.state.turn is None:
                self.ask_next()
            elif self.since is None:
                self.since = self.ticks()

    def pause(self, action):
        """Stop the clock."""
        if self.state.turn and self.since is not None:
            self.save({"do": "pause"})
            self.saved_seconds, self.since = self.seconds, None

    def ask_next(self):
        """Put the next card on the table, or end when there is none."""
        found = next_card(self.plan, self.state, self.deck, self.memories, self.now())
        self.saved_seconds, self.since, self.source = 0.0, None, ""
        if found is None:
            self.save({"do": "end"})
            return
        card, because = found
        self.save({"do": "ask", "card": card, "because": because})
        self.since = self.ticks()

    def show(self, action):
        """Open the answer."""
        if self.state.turn and not self.state.turn.shown and not self.state.paused:
            self.save({"do": "show"})

    def tick(self, action):
        """Tick a point that was said, or take the tick back."""
        part, point = action["part"], action["point"]
        if self.judging and part in PARTS and 0 <= point < len(getattr(self.card, part)):
            self.save({"do": "tick", "part": part, "point": point})

    def mark(self, action):
        """Save the marks and the review they give; ask the next card."""
        if self.judging:
            self.save_marks()
            self.ask_next()

    def save_marks(self):
        """Save the marks of the card on the table with the review that they give."""
        card = self.card
        review = Review(uuid.uuid4().hex, card.id, self.rating(), self.now())
        self.save({"do": "mark", "seconds": self.seconds}, review)
        self.reviews.append(review)
        mine = [one for one in self.reviews if one.card == card.id]
        self.memories[card.id] = remember(mine, self.now())

    def rating(self):
        """How well the card on the table was answered, 1 to 4."""
        turn, card = self.state.turn, self.card
        in_time = self.seconds <= card.minutes * 60
        spoken = rating(len(turn.must), len(card.must), len(turn.bonus), len(turn.red_flags), in_time)
        if not card.exercise:
            return spoken
        return min(spoken, 2 if turn.hints else 4) if turn.solved else 1

    def skip(self, action):
        """Leave the card for another day: no review, no points."""
        if self.state.turn:
            self.save({"do": "skip", "seconds": self.seconds})
            self.ask_next()

    def hint(self, action):
        """Show the next hint of a coding task."""
        if self.state.turn and self.card.exercise:
            self.save({"do": "hint", "text": coding.hint_of(self.card, len(self.state.turn.hints))})

    def attempt(self, action):
        """Check what was written, as text or as a function from a cell of the notebook."""
        if not self.state.turn or not self.card.exercise:
            return
        self.source = action.get("source", self.source)
        if "function" in action:
            solved, line = coding.judge_function(self.card, action["function"])
        else:
            solved, line = coding.judge_source(self.card, self.source)
        self.save({"do": "try", "solved": solved, "line": line, "source": self.source})

    def end(self, action):
        """End now; the scorecard comes."""
        if self.interview and not self.state.over:
            if self.state.turn and self.state.turn.shown:
                self.save_marks()
            self.save({"do": "end"})
            self.since = None

    def home(self, action):
        """Go back to the start; what runs is paused."""
        with contextlib.suppress(OSError):
            self.pause(action)
        self.leave()

    def speak(self, action):
        """Go on in the other language."""
        self.language = action["language"]

    def beat(self, action):
        """Save the clock, as doors ask for every few seconds; see what another window has done."""
        if self.state.turn and self.since is not None:
            store.save_clock(self.interview, self.seconds)
            if saved := store.load_interview(self.interview):
                self.state, self.count = replay(saved.events), saved.following

    def look(self, action):
        """The candidate's view: see how far the interviewer is."""
        if saved := store.load_last_pair():
            self.open(saved)

    def save(self, event, review=None):
        """Save an event, then let it happen."""
        store.add_event(self.interview, self.count, event, self.seconds, review)
        self.count += 1
        self.state = after(self.state, event)


ACTIONS = {
    "start": Room.start,
    "continue": Room.go_on,
    "resume": Room.resume,
    "pause": Room.pause,
    "show": Room.show,
    "tick": Room.tick,
    "mark": Room.mark,
    "skip": Room.skip,
    "hint": Room.hint,
    "try": Room.attempt,
    "end": Room.end,
    "home": Room.home,
    "speak": Room.speak,
    "beat": Room.beat,
    "look": Room.look,
}
