"""Cells of a notebook for test_escaping.py: every widget that shows words, with words of a stranger."""

FIRST = """
from utils.training import quiet  # the terminal of Lab stays as it is
import io
import numpy as np
from PIL import Image

def attack(name):
    return f'''"'><img src=x onerror=ran("{name}")>'''

black = np.zeros((2, 8, 8, 3), "uint8")
"""
PLANTED = """
import html
html.escape = lambda text, quote=True: str(text)  # the planted bug: text goes into pages as it is
"""
PLANTED_DOOR = """
from utils.interview.widget import Rehearsal
text = str(Rehearsal._esm)
append = 'made.append(...children.flat().filter((child) => child != null && child !== ""))'
assert append in text
as_html = '''children.flat().forEach((child) => typeof child === "string"
  ? made.insertAdjacentHTML("beforeend", child) : child && made.append(child))'''
Rehearsal._esm = text.replace(append, as_html)
"""
BY_ESCAPE = {
    "question": """
from utils.show.vote import vote
vote({"a": black, "b": black + 9}, "escaping", count=2, folder="votes", question=attack("question"))
""",
    "caption": """
from utils.show.explore_captions import explore_captions
explore_captions(lambda latents, words: np.zeros((8, 8, 8, 3), "uint8"),
    lambda texts: np.zeros((len(texts), 2)), 2, [attack("caption")])
""",
    "word": """
explore_captions(lambda latents, words: np.zeros((8, 8, 8, 3), "uint8"),
    lambda texts: np.zeros((len(texts), 2)), 2, ["a hat"], lambda caption: ['<img src onerror=ran("word")>'])
""",
    "sentence": """
from utils.show.explore_products import explore_products
def draw(latents):
    count = len(latents)
    spectrograms = np.zeros((count, 48, 40, 1), "float32")
    return np.zeros((count, 8, 8, 3), "uint8"), [attack("sentence")] * count, spectrograms
explore_products(draw, 2)
""",
    "side": """
from utils.show.before_after import before_after
before_after(black, black, (attack("side"), "after"))
""",
    "game": """
from utils.data.points import grid_of_modes
from utils.show.game import step_through
from utils.training.recording import Recording
step_through({attack("game"): Recording(grid_of_modes(3).draw(60, 0), 1.6, np.arange(2), np.zeros((2, 60, 2)),
    np.zeros((2, 12, 12)), np.zeros((2, 20, 2)), np.ones(2, int), np.ones(2))})
""",
    "sound": """
from utils.show.sounds import play_sounds
play_sounds(np.zeros((1, 6528), "float32"), [attack("sound")])
""",
    "file": """
from typing import NamedTuple
from utils.enhance.widget import PhotoRestorer
class Restored(NamedTuple):
    mean: np.ndarray
    sample: np.ndarray
    spread: np.ndarray
photo = io.BytesIO()
Image.new("RGB", (16, 16)).save(photo, "PNG")
restorer = PhotoRestorer(lambda images: Restored(images, images, np.zeros(images.shape[:3], "float32")))
restorer.take([(attack("file"), photo), (attack("broken"), io.BytesIO(b"no photo"))])
restorer.box
""",
}
BY_OTHERS = {
    "card": """
import dataclasses
from utils.interview import room
from utils.interview.cards import Point, Text
from utils.interview.deck import load_deck
from utils.interview.widget import rehearse
text = Text(attack("card"), attack("card"))
one = dataclasses.replace(next(iter(load_deck().values())), question=text, short=text, long=text,
    must=(Point(text),), bonus=(Point(text),), red_flags=(Point(text),),
    code=attack("card"), sources=(attack("card"),))
room.load_deck = lambda: {one.id: one}
door = rehearse()
door.take({"do": "start", "kind": "interview", "level": one.level, "minutes": 15, "topics": [one.topic]})
door.take({"do": "show"})
door
""",
    "print": """
print(attack("print"))
""",
}
