"""The network that papers measure FID in, where its weights lie on this machine: 2,048 numbers per image."""

import os
import pathlib
from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from utils.data.images import check_images

SIDE, WIDTH = 299, 2048  # pixels that Inception wants, features that it gives
BATCH = 32
FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"  # as Keras names it in its cache
VARIABLE = "INCEPTION_WEIGHTS"


@dataclass(frozen=True)
class Inception:
    """Inception v3, trained on ImageNet, up to its last average pooling; takes images of any size."""

    network: keras.Model

    def embed(self, images):
        """Describe each image by 2,048 numbers.

        These are not the numbers of papers. Theirs come from another training of Inception (TensorFlow, 2015)
        whose layers pool a little differently, and from other resizing, which alone moves FID (Clean-FID);
        a paper's FID is of its own pictures, 50,000 of them. The features of utils/metrics/features.py are
        another space with another scale: their numbers must never stand beside a paper's, not even roughly.

        Shapes:  images (n, height, width, 1 or 3) in [-1, 1] -> float64 (n, 2048); grey is repeated
        Range:   0 and above
        Source:  Szegedy et al. 2015, arXiv:1512.00567, Keras's weights; resizing (bicubic, antialias):
                 Parmar et al. 2022, arXiv:2104.11222
        Errors:  ValueError for another range or dtype, and for NaN
        """
        images = check_images(images)
        features = np.empty((len(images), WIDTH))
        for start in range(0, len(images), BATCH):
            some = ops.convert_to_tensor(images[start : start + BATCH], "float32")
            some = ops.repeat(some, 3, axis=-1) if some.shape[-1] == 1 else some
            some = ops.image.resize(
                some, (SIDE, SIDE), "bicubic", antialias=True, data_format="channels_last"
            )
            seen = self.network(ops.clip(some, -1, 1), training=False)  # bicubic overshoots at edges
            features[start : start + BATCH] = ops.convert_to_numpy(seen)
        return features


def inception_weights():
    """Return where the weights lie, or None: the file that INCEPTION_WEIGHTS names, else Keras's own."""
    return wanted_path() if wanted_path().is_file() else None


def wanted_path():
    """Return where the weights are looked for."""
    named = os.environ.get(VARIABLE)
    home = os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras"  # as Keras itself decides
    return pathlib.Path(named or pathlib.Path(home) / "models" / FILE)


def load_inception():
    """Build Inception with the weights that lie on this machine; nothing is downloaded.

    Shapes:  load_inception().embed(images (n, height, width, 1 or 3)) -> (n, 2048)
    Range:   takes float images in [-1, 1]
    Source:  keras.applications.InceptionV3 without its last layer
    Errors:  OSError for missing or damaged weights; inception_weights() is None where they are missing
    """
    path = inception_weights()
    if path is None:
        raise OSError(
            f"Inception's weights must be the file {VARIABLE} names, or {FILE} in Keras's folder. "
            f"Received: no file at {wanted_path()}. Most likely fix: keras.applications.InceptionV3("
            "include_top=False) once, with a network: it stores 88 MB there. Or go on without: "
            "load_features needs no download."
        )
    try:
        network = keras.applications.InceptionV3(include_top=False, pooling="avg", weights=str(path))
    except (OSError, ValueError, KeyError) as error:
        raise OSError(
            "Inception's weights must be a whole file of Keras's InceptionV3 without its last layer. "
            f"Received: {path}, {error}. Most likely fix: delete it and fetch it again."
        ) from error
    network.trainable = False
    return Inception(network)
