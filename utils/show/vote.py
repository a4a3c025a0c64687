"""Which picture looks better? Vote by mouse or by keys, blind, each vote saved at once: `vote`."""

import base64
import time
import zlib
from html import escape

import numpy as np

from utils.show import style
from utils.show.ballot import (
    RUINED,
    SIDES,
    Vote,
    add_vote,
    fingerprint,
    plan_votes,
    ruined,
    votes_in,
    votes_path,
)
from utils.show.before_after import on_screen
from utils.show.grids import checked_pixels, plot_images

ROOM = (340, 340)  # pixels of the page for each picture: both stand side by side on a small laptop
QUICKEST = 0.3  # seconds: before, nobody has seen both pictures; a key that is held down is not a vote
KEYS = {"1": "left", "f": "left", "2": "right", "j": "right"}
NOTE = "Look at both pictures, then choose. Each vote is saved at once: stop when you like, and go on later."


class Study:
    """What is voted on by one rater: the pictures, the plan, the file and how far it is."""

    def __init__(self, pictures, study, rater, count, folder):
        """Plan the votes; those that lie in the file already are not asked again."""
        self.pictures, self.rater = checked_methods(pictures), str(rater)
        self.path = votes_path(study, rater, folder)
        items = len(next(iter(self.pictures.values())))
        seed = zlib.crc32(f"{study}\n{rater}".encode())
        self.trials = plan_votes(list(self.pictures), items, count, seed)
        self.plan = fingerprint(self.pictures, self.trials)
        others = {vote.plan for vote in votes_in(self.path)} - {self.plan}
        if others:
            raise ValueError(
                f"The votes in {self.path.name} must be on these pictures, in this number. "
                f"Received: votes of another plan. Most likely fix: a new name, {study + ' 2'!r}, "
                "or the pictures and the count of before."
            )

    def open_trials(self):
        """Return the numbers of the trials without a vote."""
        given = {vote.trial for vote in votes_in(self.path)}
        return [number for number in range(len(self.trials)) if number not in given]

    def pair(self, number):
        """Return the left and the right picture of a trial as uint8 pixels of the size they are seen at."""
        trial, shown = self.trials[number], []
        for name in (trial.left, trial.right):
            pixels = self.pictures[name.removesuffix(RUINED)][trial.item]
            shown.append(on_screen(ruined(pixels) if name.endswith(RUINED) else pixels, ROOM))
        return shown

    def save(self, number, choice, seconds):
        """Write a vote to the file."""
        trial = self.trials[number]
        add_vote(self.path, Vote(self.rater, self.plan, number, *trial, choice, round(seconds, 2)))


def checked_methods(pictures):
    """Return {method: uint8 pictures}, picture by picture of the same product or caption."""
    checked = {str(name): checked_pixels(images) for name, images in dict(pictures).items()}
    shapes = {name: stack.shape for name, stack in checked.items()}
    if len(set(shapes.values())) != 1 or len(checked) < 2 or any(name.endswith(RUINED) for name in checked):
        raise ValueError(
            "Two methods or more need equally many pictures of one size, item by item. "
            f"Received: {shapes}. Most likely fix: cut all to the same slice."
        )
    return checked


class Booth:
    """The controls of vote, and what happens when one of them is used."""

    def __init__(self, study, question):
        """Lay out the controls and show the first open pair."""
        import ipywidgets as widgets

        self.study, self.number, self.since = study, None, 0.0
        # Sizes are fixed: what is exchanged must not make the page jump.
        self.said = widgets.HTML(layout=widgets.Layout(height="24px", max_width="100%"))
        side = {"width": f"{ROOM[0] + 8}px", "height": f"{ROOM[1] + 8}px"}
        self.views = [widgets.HTML(layout=widgets.Layout(**side)) for _ in SIDES]
        wide = widgets.Layout(width=f"{ROOM[0]}px", max_width="100%")
        self.buttons = [
            widgets.Button(description=words, tooltip=f"vote for the {side} picture", layout=wide)
            for side, words in zip(SIDES, ("◀ The left one", "The right one ▶"), strict=True)
        ]
        tip = "1 or f: the left one; 2 or j: the right one"
        self.keys = widgets.Text(
            description="Keys",
            placeholder=tip,
            tooltip=tip,
            layout=widgets.Layout(width="440px", max_width="100%"),
        )
        for button, choice in zip(self.buttons, SIDES, strict=True):
            button.on_click(lambda _, choice=choice: self.take(choice))
        self.keys.observe(self.take_key, "value")
        asked = widgets.HTML(f'<div style="line-height:1.4"><b>{escape(question)}</b> {NOTE}</div>')
        wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
        rows = [[asked], self.views, self.buttons, [self.keys], [self.said]]
        self.box = widgets.VBox([widgets.HBox(row, layout=wrapping) for row in rows])
        self.show_next()

    def show_next(self, first=""):
        """Show the first pair without a vote; when there is none, say where the votes are."""
        still_open, count = self.study.open_trials(), len(self.study.trials)
        if not still_open:
            self.number = None
            for view in self.views:
                view.value = ""
            for control in (*self.buttons, self.keys):
                control.disabled = True
            return self.say(f"All {count} votes are saved in {self.study.path.name}. Thank you!")
        self.number, self.since = still_open[0], time.monotonic()
        place = count - len(still_open) + 1
        for view, side, pixels in zip(self.views, SIDES, self.study.pair(self.number), strict=True):
            view.value = as_element(pixels, f"{side} picture of pair {place}")  # blind: no method is named
        return self.say(f"{first}Pair {place} of {count}.")

    def take_key(self, change):
        """Vote by the last key, and empty the box for the next one."""
        if typed := change["new"].strip().lower():
            self.keys.value = ""
            if typed[-1] in KEYS:
                self.take(KEYS[typed[-1]])
            else:
                self.say("1 or f is the left one, 2 or j the right one.")

    def take(self, choice):
        """Save a vote and go on; what cannot be saved is said, and the pair stays."""
        if self.number is None:
            return
        seconds = time.monotonic() - self.since
        if seconds < QUICKEST:
            self.say("That was too quick to see both pictures: please look again.")
            return
        try:
            self.study.save(self.number, choice, seconds)
        except (OSError, ValueError) as error:
            self.say(f"The vote was not saved. {error}")
            return
        self.show_next("Saved. ")

    def say(self, sentence):
        """Show a sentence; a screen reader is told of it too."""
        self.said.value = f'<div role="status" aria-live="polite">{escape(sentence)}</div>'


def as_element(pixels, alt):
    """Return pixels as one image element without loss: what is judged must not be compressed."""
    source = base64.b64encode(style.encoded(pixels)).decode()
    return f'<img alt="{escape(alt)}" style="max-width:100%" src="data:image/png;base64,{source}">'


def vote(pictures, study, rater="me", count=40, folder=None, question="Which picture looks better?"):
    """Return a box to vote in, pair by pair (a figure of the first pair outside notebooks).

    pictures: {"method": (n, height, width, channels)}, float in [-1, 1] or uint8, the same n items for each.
    Order and sides are drawn anew for each rater; `read_votes(study)` returns what they chose. About a fifth
    more pairs than `count` are shown: they check the attention and count for no method.
    """
    planned = Study(pictures, str(study), rater, count, folder)
    if not style.in_notebook():
        pair = np.stack(planned.pair((planned.open_trials() or [0])[0]))
        alt = f"A pair of pictures to vote on, {len(planned.open_trials())} left; to vote, open a notebook"
        return plot_images(pair, titles=SIDES, zoom=1, alt=alt)
    return Booth(planned, question).box
