"""Pictures in, whatever they come from: an array, a generator, a folder; and what was wrong with them."""

from typing import NamedTuple

import numpy as np

from utils.data.images import is_float, scale_images, unscale_images

COUNT = 2_000  # pictures drawn from a generator: real ones then read FID 0.6, and it takes seconds
MOST = 5_000  # pictures measured; ten times as many would cost a hundred times as much
ZERO = -0.01  # no value below this in any picture: nothing is darker than grey


class Pictures(NamedTuple):
    """Pictures as float32 (n, height, width, channels) in [-1, 1], and what happened to them on the way."""

    images: np.ndarray
    came: int  # how many there were to choose from
    not_finite: int = 0  # left out for NaN or infinity
    values: tuple = (-1.0, 1.0)  # lowest and highest
    outside: float = 0.0  # share of the values outside [-1, 1], which were cut off
    resized: tuple = ()  # (from, to) in words
    skipped: tuple = ()  # "file: reason"
    files: bool = False

    @property
    def half_range(self):
        """Tell whether the values seem to be in [0, 1] where [-1, 1] is expected."""
        return not self.files and self.values[0] >= ZERO and self.outside == 0


def collect(source, count=None, seed=0):
    """Return the Pictures of an array, of Products, of a Keras model or of a function count -> images."""
    source = getattr(source, "images", source)  # Products
    if hasattr(source, "draw") and hasattr(source, "latent_dim"):  # the trainers of this course
        images = source.draw(latents_of(source.latent_dim, count or COUNT, seed))
    elif hasattr(source, "predict"):  # a Keras model, which is callable, too, but not with a number
        images = source.predict(latents_for(source, count or COUNT, seed), batch_size=500, verbose=0)
    elif callable(source):
        images = source(count or COUNT)
    else:
        images, limit = source, min(count or MOST, MOST)
        if is_array(images):
            return cleaned(np.asarray(images), limit, seed)
    if not is_array(images):
        raise ValueError(
            "A report takes pictures (n, height, width, channels), a folder, a Keras model from latents to "
            f"images, or a function: number -> so many images. Received: {type(images).__name__}"
            f"{' from the generator' if images is not source else ''}. Most likely fix: "
            "report(images), or report(lambda count: model.sample(count))."
        )
    return cleaned(np.asarray(images), MOST, seed)


def is_array(images):
    """Tell whether these are numbers with a shape, or a list of such."""
    return hasattr(images, "shape") or (isinstance(images, (list, tuple)) and len(images) > 0)


def latents_for(model, count, seed):
    """Draw latents for a Keras model that takes (batch, latent_dim), or say how to report another one."""
    shape = getattr(model, "input_shape", None)  # a trainer of several networks has none
    if not isinstance(shape, tuple) or len(shape) != 2 or not isinstance(shape[1], int):
        raise ValueError(
            "A generator must take latents (batch, latent_dim). "
            f"Received: one that takes {shape or 'several tensors'}. Most likely fix: "
            "report(lambda count: ...), a function that draws so many images with it."
        )
    return latents_of(shape[1], count, seed)


def latents_of(latent_dim, count, seed):
    """Draw standard normal latents."""
    return np.random.default_rng(seed).standard_normal((count, latent_dim), dtype="float32")


def chosen(total, count, seed=0):
    """Return which of the pictures are taken, in their order: all, or as many by lot."""
    if total <= count:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, count, replace=False))


def cleaned(images, limit, seed):
    """Return Pictures of an array: bytes scaled, what is no number left out, what is out of range cut off."""
    check_shape(images)
    came = len(images)
    images = images[chosen(came, limit, seed)]
    if images.dtype == np.uint8:
        return Pictures(scale_images(images), came)
    images = images.astype("float32")
    finite = np.isfinite(images).all(axis=(1, 2, 3))
    if not finite.any():
        raise ValueError(
            f"Pictures must hold numbers. Received: NaN or infinity in all {len(images)}. "
            "Most likely fix: training diverged; lower the learning rate."
        )
    images, lost = images[finite], int((~finite).sum())
    outside = float(np.mean(np.abs(images) > 1.001))  # float16 rounds by less than this
    values = (float(images.min()), float(images.max()))
    return Pictures(images.clip(-1, 1), came - lost, lost, values, outside)


def check_shape(images):
    """Refuse what is no batch of pictures."""
    wanted = "Pictures must be (n, height, width, channels), uint8 or floats in [-1, 1], grey or RGB."
    received = f"{images.dtype}, shape {images.shape}"
    cure = "look at .shape where they were made"
    if images.ndim == 3:
        cure = (
            "images[None]: one picture is a batch of one"
            if images.shape[-1] in (1, 3)
            else ("images[..., None]: grey needs a channel axis")
        )
    elif images.ndim == 4 and images.shape[-1] not in (1, 3) and images.shape[1] in (1, 3):
        cure = "np.moveaxis(images, 1, -1): the channels come last"
    if images.ndim != 4 or images.shape[-1] not in (1, 3) or not images.size:
        raise ValueError(f"{wanted} Received: {received}. Most likely fix: {cure}.")
    if images.dtype != np.uint8 and not is_float(images):
        cure = "images.astype('uint8') if the values lie in 0..255"
        raise ValueError(f"{wanted} Received: {received}. Most likely fix: {cure}.")


def resized(pictures, image_size):
    """Return Pictures at the size of the feature network, the whole picture in the square."""
    from PIL import Image

    from utils.data.photos import fit_square

    height, width, channels = pictures.images.shape[1:]
    if (height, width) == (image_size, image_size):
        return pictures
    made = np.empty((len(pictures.images), image_size, image_size, channels), "uint8")
    for place, pixels in enumerate(unscale_images(pictures.images)):
        square = fit_square(Image.fromarray(np.broadcast_to(pixels, (height, width, 3))), image_size)
        made[place] = np.asarray(square)[..., :channels]
    said = (f"{width} x {height}", f"{image_size} x {image_size}")
    return pictures._replace(images=scale_images(made), resized=said)
