"""What a small classifier sees in a product image: 64 numbers in which near means alike."""

import contextlib
import pathlib
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np
from keras import ops

from utils.data.images import check_images

SUPPORTED = ((28, 1), (32, 3))  # (image_size, channels)
STRIDES = (1, 2, 2)  # of the convolutions
WIDTH = 64  # features of one image
WEIGHTS = pathlib.Path(__file__).with_name("weights")


@dataclass(frozen=True)
class FeatureNetwork:
    """A trained classifier of product images; its last layer but one is the feature space of FID and KID."""

    image_size: int
    channels: int
    class_names: tuple[str, ...]
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]  # (kernel, bias): convolutions, features, classes

    def embed(self, images):
        """Describe each image by 64 numbers.

        Shapes:  images (n, image_size, image_size, channels) in [-1, 1] -> float64 (n, 64)
        Range:   0 and above, scaled so that the variances over real training images add up to 100
        Source:  our own network; `python -m utils.metrics.train_features` makes it, see weights/README.md
        Errors:  ValueError for another size, range or dtype, and for NaN
        """
        images = self._check(images)
        features = np.empty((len(images), WIDTH))
        for start in range(0, len(images), 256):
            features[start : start + 256] = ops.convert_to_numpy(self._see(images[start : start + 256]))
        return features

    def classify(self, images, class_names=None):
        """Return, for each image, the id of the most likely of these classes (of all that it knows)."""
        names = self.class_names if class_names is None else tuple(class_names)
        unknown = [name for name in names if name not in self.class_names]
        if unknown or not names:
            raise ValueError(
                f"Classes must be among {', '.join(self.class_names)}. "
                f"Received: {', '.join(map(repr, unknown)) or 'no name at all'}. "
                "Most likely fix: pass products.class_names of the catalogue or of fashion-mnist."
            )
        columns = [self.class_names.index(name) for name in names]
        kernel, bias = self.layers[-1]
        return (self.embed(images) @ kernel + bias)[:, columns].argmax(axis=1)

    def _see(self, images):
        return see(images, self.layers[:-1], STRIDES)  # (n, 64)

    def _check(self, images):
        images = check_images(images, channels=self.channels)
        if images.shape[1:3] != (self.image_size, self.image_size):
            sizes = " or ".join(f"load_features{size}" for size in SUPPORTED)
            raise ValueError(
                f"Images must be (n, {self.image_size}, {self.image_size}, {self.channels}) here. "
                f"Received: shape {images.shape}. Most likely fix: load the products with "
                f"image_size={self.image_size}, or take the network for their size: {sizes}."
            )
        return images


def see(images, layers, strides):
    """Run a folded network up to its features: convolutions, one average pooling, one dense layer.

    Shapes:  images (n, height, width, channels) -> (n, features), a tensor
    Range:   images in [-1, 1] -> 0 and above
    Source:  our own; batch norm is folded into the kernels, see train_features.fold
    """
    *convolutions, (kernel, bias) = layers
    x = ops.convert_to_tensor(images, "float32")
    for (filters, shift), stride in zip(convolutions, strides, strict=True):
        x = ops.relu(ops.conv(x, filters, stride, "same") + shift)  # (n, size / stride, .., filters)
    x = ops.average_pool(x, 2, 2, "same")  # (n, 4, 4, filters)
    return ops.relu(ops.matmul(ops.reshape(x, (len(images), -1)), kernel) + bias)


def check_supported(image_size, channels):
    """Refuse a size for which there is no network, and name those there are."""
    if (image_size, channels) not in SUPPORTED:
        sizes = ", ".join(str(size) for size in SUPPORTED)
        raise ValueError(
            f"(image_size, channels) of a feature network must be one of {sizes}. "
            f"Received: ({image_size!r}, {channels!r}). "
            "Most likely fix: load the products at one of these sizes, image_size=... and channels=...."
        )


def weights_path(image_size, channels, folder=WEIGHTS):
    """Return where the weights of this network lie."""
    return pathlib.Path(folder) / f"features_{image_size}x{image_size}x{channels}.npz"


def load_features(image_size, channels, folder=WEIGHTS):
    """Read the feature network for images of this size.

    Shapes:  (28, 1) knows Fashion-MNIST and the kinds of the grey catalogue, (32, 3) the catalogue in colour
    Range:   takes float images in [-1, 1]
    Source:  our own weights, trained by `python -m utils.metrics.train_features 28 1` (or 32 3)
    Errors:  ValueError for a size without network, OSError for missing or damaged weights
    """
    check_supported(image_size, channels)
    path = weights_path(image_size, channels, folder)
    with whole_file("feature network", path, f"train_features {image_size} {channels}"):
        stored = read_arrays(path)
        class_names = tuple(stored["class_names"].tolist())
        layers = tuple((stored[f"kernel_{i}"], stored[f"bias_{i}"]) for i in range(len(STRIDES) + 2))
        if layers[0][0].shape[2] != channels or layers[-1][0].shape != (WIDTH, len(class_names)):
            raise ValueError("its arrays do not belong together")
    return FeatureNetwork(image_size, channels, class_names, layers)


def read_arrays(path):
    """Read all arrays of one .npz without pickles; numbers must be finite."""
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
        raise ValueError("it holds NaN or infinity")
    return arrays


@contextlib.contextmanager
def whole_file(name, path, command):
    """Turn all that a missing or damaged file of weights may raise into one OSError with its cure."""
    try:
        yield
    except (
        *(OSError, EOFError, AttributeError, IndexError, KeyError, TypeError, ValueError),
        *(zipfile.BadZipFile, zlib.error),
    ) as error:
        raise OSError(
            f"The {name} must be a complete file at {path}. Received: {error}. Most likely fix: "
            f"git checkout that file, or make it anew: python -m utils.metrics.{command}."
        ) from error
