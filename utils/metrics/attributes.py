"""What a catalogue picture shows: a small network reads kind, colour, pattern, detail and background."""

import pathlib
from dataclasses import dataclass

import numpy as np
from keras import ops

from utils.data.captions import BACKGROUNDS, COLOURS, KINDS, PATTERNS
from utils.data.images import check_images
from utils.metrics.features import WEIGHTS, read_arrays, see, whole_file

IMAGE_SIZE, CHANNELS = 32, 3
STRIDES = (1, 2, 1, 2)  # of the convolutions: one more than the network of FID has
VALUES = {
    "kind": tuple(KINDS),
    "colour": tuple(COLOURS),
    "pattern": tuple(PATTERNS),
    # as captions say it: the long sleeves of a t-shirt and of a dress are the same words
    "detail": tuple(dict.fromkeys(detail for details in KINDS.values() for detail in details)),
    "background": tuple(BACKGROUNDS),
}


@dataclass(frozen=True)
class AttributeJudge:
    """A trained network with one head per attribute; it never meets a generator while that trains."""

    values: dict[str, tuple[str, ...]]
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]  # (kernel, bias): convolutions, features
    heads: dict[str, tuple[np.ndarray, np.ndarray]]  # name -> (kernel, bias)

    @property
    def names(self):
        """Return what it reads: kind, colour, pattern, detail, background."""
        return tuple(self.values)

    def log_probabilities(self, images):
        """Give each value of each attribute its log probability.

        Shapes:  images (n, 32, 32, 3) -> {name: float64 (n, values of that attribute)}
        Units:   nats, 0 and below; each row's exp adds up to 1
        Healthy: above -0.02 on average for what a real picture shows; it is no measure of doubt for pictures
                 unlike the catalogue: of uniform noise it is sure too, and wrong
        Source:  our own network; `python -m utils.metrics.train_attributes` makes it, see weights/README.md
        """
        images = check_judged(images)
        logits = {name: np.empty((len(images), len(values))) for name, values in self.values.items()}
        for start in range(0, len(images), 256):
            features = ops.convert_to_numpy(see(images[start : start + 256], self.layers, STRIDES))
            for name, (kernel, bias) in self.heads.items():
                logits[name][start : start + 256] = features @ kernel + bias
        return {name: log_softmax(scores) for name, scores in logits.items()}

    def read(self, images):
        """Say what each picture shows: {name: str (n,)}, the most likely value of each attribute."""
        likely = self.log_probabilities(images)
        return {name: np.array(self.values[name])[scores.argmax(axis=1)] for name, scores in likely.items()}


def log_softmax(logits):
    """Turn scores into log probabilities, safe for large scores."""
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def check_judged(images):
    """Refuse pictures that the judge was not made for."""
    images = check_images(images, channels=CHANNELS)
    if images.shape[1:3] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(
            f"Images must be (n, {IMAGE_SIZE}, {IMAGE_SIZE}, {CHANNELS}) here. Received: shape "
            f'{images.shape}. Most likely fix: load_products("catalogue", image_size={IMAGE_SIZE}).'
        )
    return images


def judge_path(folder=WEIGHTS):
    """Return where the weights of the judge lie."""
    return pathlib.Path(folder) / f"attributes_{IMAGE_SIZE}x{IMAGE_SIZE}x{CHANNELS}.npz"


def load_attribute_judge(folder=WEIGHTS):
    """Read the judge of catalogue pictures.

    Shapes:  judge.read(images (n, 32, 32, 3)) -> {"kind": str (n,), "colour": ..., "pattern": ..., ...}
    Range:   takes float images in [-1, 1]
    Source:  our own weights, trained by `python -m utils.metrics.train_attributes`
    Errors:  OSError for missing or damaged weights
    """
    path = judge_path(folder)
    with whole_file("attribute judge", path, "train_attributes"):
        stored = read_arrays(path)
        values = {name: tuple(stored[f"values_{name}"].tolist()) for name in VALUES}
        layers = tuple((stored[f"kernel_{i}"], stored[f"bias_{i}"]) for i in range(len(STRIDES) + 1))
        heads = {name: (stored[f"kernel_{name}"], stored[f"bias_{name}"]) for name in VALUES}
        width = layers[-1][0].shape[1]
        if any(heads[name][0].shape != (width, len(values[name])) for name in VALUES):
            raise ValueError("its arrays do not belong together")
    return AttributeJudge(values, layers, heads)
