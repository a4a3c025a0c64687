"""The score of the chimes: colour is the note, kind is the timbre, pattern is the rhythm."""

import itertools

import numpy as np

from utils.data.captions import COLOURS, KINDS, PATTERNS

SAMPLE_RATE = 16_000  # samples per second
SAMPLES = 6_528  # of one chime, 0.408 s: just 48 frames of the spectrogram
LOWEST_NOTE = 392.0  # Hz, the g above middle c
SEMITONES = (0, 2, 4, 7, 9, 12, 14, 16, 19, 21)  # a scale of five notes, twice: any two sound well together

# The partials of a tone: (frequency over that of the note, strength).
SPECTRA = {
    "flute": ((1, 1.0), (2, 0.15)),
    "reed": ((1, 1.0), (3, 0.6), (5, 0.4), (7, 0.25)),  # odd ones only, as in a clarinet
    "string": ((1, 1.0), (2, 0.7), (3, 0.5), (4, 0.4), (5, 0.3), (6, 0.2)),
    "bell": ((1, 1.0), (2.76, 0.7), (5.4, 0.4)),  # no whole multiples: struck metal
}
RINGING = {"short": 0.03, "long": 0.12}  # seconds until a stroke has fallen to 37 %
RATTLE = {"clean": 0.0, "rattling": 0.25}  # strength of the noise in each stroke

# Onsets of the strokes, as shares of the chime.
RHYTHMS = {
    "plain": (0.0,),
    "striped": (0.0, 0.5),
    "dotted": (0.0, 0.25, 0.5, 0.75),
    "checked": (0.0, 0.5, 0.75),  # long, short, short
    "zigzag": (0.0, 0.25, 0.5),  # short, short, long
}
NOTES = dict(zip(COLOURS, (LOWEST_NOTE * 2 ** (np.array(SEMITONES) / 12)).tolist(), strict=True))
TIMBRES = dict(zip(KINDS, itertools.product(SPECTRA, RINGING, RATTLE), strict=True))
HEARD = ("kind", "colour", "pattern")  # what a chime tells; detail and background make no sound


def describe_chime(kind, colour, pattern):
    """Say what a chime sounds like, in words."""
    spectrum, ringing, rattle = TIMBRES[kind]
    strokes = len(RHYTHMS[pattern])
    count = "one stroke" if strokes == 1 else f"{strokes} strokes"
    return f"{spectrum}, {ringing} ringing, {rattle}, {NOTES[colour]:.0f} Hz, {count} ({pattern})"


def check_words(attributes):
    """Return kind, colour and pattern as lists of equal length, else say which word has no sound."""
    known = {"kind": tuple(KINDS), "colour": tuple(COLOURS), "pattern": PATTERNS}
    missing = [name for name in HEARD if name not in attributes]
    if missing:
        raise ValueError(
            f"A chime needs kind, colour and pattern. Received: no {' and no '.join(missing)}. "
            "Most likely fix: pass products.attributes of the catalogue."
        )
    words = {name: np.asarray(attributes[name]).tolist() for name in HEARD}
    for name, said in words.items():
        unknown = sorted(set(said) - set(known[name]))
        if unknown:
            raise ValueError(
                f"Each {name} must be one of {', '.join(known[name])}. Received: {', '.join(unknown)}. "
                "Most likely fix: pass products.attributes of the catalogue."
            )
    if len({len(said) for said in words.values()}) > 1:
        raise ValueError(
            "Each product has one kind, one colour and one pattern. Received: "
            f"{', '.join(f'{len(said)} of {name}' for name, said in words.items())}. "
            "Most likely fix: cut all three alike."
        )
    return words["kind"], words["colour"], words["pattern"]
