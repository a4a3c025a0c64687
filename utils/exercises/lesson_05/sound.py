"""Exercise 5.1: how large is the picture of a sound?"""

import math

from utils.data.chimes.spectrogram import spectrogram_size
from utils.exercises.verdict import Exercise, Mistake


def draw_sizes(generator, size):
    """A sound whose end no window reaches, and a window that is no multiple of the step."""
    hop = int(generator.integers(20, 90))
    frame = 2 * int(generator.integers(60, 300)) + 2 * hop
    samples = frame + hop * int(generator.integers(size, 9 * size)) + int(generator.integers(1, hop))
    return samples, frame, hop, int(generator.choice([8_000, 16_000, 44_100]))


def wrong_frames(count):
    """A spectrogram_size that counts windows in another way."""

    def wrong(samples, frame, hop, sample_rate):
        return count(samples, frame, hop), *spectrogram_size(samples, frame, hop, sample_rate)[1:]

    return wrong


def replaced(place, value):
    """A spectrogram_size with one of its four numbers computed in another way."""

    def wrong(samples, frame, hop, sample_rate):
        size = list(spectrogram_size(samples, frame, hop, sample_rate))
        size[place] = value(samples, frame, hop, sample_rate)
        return tuple(size)

    return wrong


SPECTROGRAM_SIZE = Exercise(
    id="5.1",
    title="How large is the picture of a sound?",
    minutes=6,
    difficulty=1,
    reference=spectrogram_size,
    examples=(
        (6_528, 512, 128, 16_000),
        (16_000, 400, 160, 16_000),
        (512, 512, 128, 8_000),
        (100, 512, 128, 8_000),
    ),
    draw=draw_sizes,
    mistakes={
        "the first window is not counted": Mistake(
            wrong_frames(lambda samples, frame, hop: max(0, (samples - frame) // hop)),
            "a sound as long as its window has one frame: 1 + the number of whole steps",
        ),
        "the last window hangs over the end": Mistake(
            wrong_frames(lambda samples, frame, hop: max(0, 1 + math.ceil((samples - frame) / hop))),
            "only whole windows count here: round the number of steps down",
        ),
        "the windows do not overlap": Mistake(
            wrong_frames(lambda samples, frame, hop: samples // frame),
            "the next window begins one hop later, not one window later",
        ),
        "the length of the window is forgotten": Mistake(
            wrong_frames(lambda samples, frame, hop: samples // hop),
            "the last window must fit as a whole: steps fit into samples - frame",
        ),
        "a short sound has a negative number of frames": Mistake(
            wrong_frames(lambda samples, frame, hop: 1 + (samples - frame) // hop),
            "a sound shorter than its window has none: max(0, ...)",
        ),
        "there are as many bins as samples under the window": Mistake(
            replaced(1, lambda samples, frame, hop, rate: frame),
            "a real signal has the same strength at +f and -f: frame // 2 + 1 are different",
        ),
        "the last bin is missing": Mistake(
            replaced(1, lambda samples, frame, hop, rate: frame // 2),
            "from 0 to half the rate, both ends counted: frame // 2 + 1",
        ),
        "the frames are a window apart": Mistake(
            replaced(2, lambda samples, frame, hop, rate: frame / rate),
            "a window lasts frame / sample_rate; the next one begins after hop / sample_rate",
        ),
        "the bins share half the rate among the samples": Mistake(
            replaced(3, lambda samples, frame, hop, rate: rate / 2 / frame),
            "frame / 2 steps reach half the rate: sample_rate / frame each",
        ),
        "the bins depend on the length of the sound": Mistake(
            replaced(3, lambda samples, frame, hop, rate: rate / samples),
            "each transform sees one window alone: sample_rate / frame",
        ),
    },
    hints=(
        "Draw 7 samples, a window of 4 and a step of 2: where do windows begin, and which is the last?",
        "1 + (samples - frame) // hop windows, 0 for a shorter sound; bins from 0 to half the rate.",
        "Steps: hop / sample_rate seconds, sample_rate / frame hertz.",
    ),
    why="a longer window has finer bins and blurs time: seconds under it times hertz per bin is always 1",
)
