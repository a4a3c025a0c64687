"""What people use without a trained network, each at its best strength: denoisers and sharpeners."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from skimage.filters import gaussian, median
from skimage.restoration import (
    cycle_spin,
    denoise_bilateral,
    denoise_nl_means,
    denoise_tv_chambolle,
    denoise_wavelet,
    wiener,
)
from tqdm.auto import tqdm

from utils.data.degrade.blur import disc
from utils.data.degrade.size import bicubic_weights
from utils.data.images import check_images
from utils.metrics.restoration import psnr
from utils.metrics.sliding_dct import sliding_dct


def do_nothing(picture, strength):
    """Return what came in; a half-size picture came in enlarged by bicubic."""
    return picture


def median_filter(picture, radius):
    """Take the middle value of the pixels within a radius: 1 is a cross of 5, 1.5 a square of 9."""
    reach = int(radius)
    inside = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1]) <= radius
    return median(picture, inside[..., None])


def bilateral_filter(picture, strength):
    """Average near pixels of a similar colour; strength (sigma of the colour, sigma in pixels)."""
    colour, pixels = strength
    settings = {"sigma_color": colour, "sigma_spatial": pixels, "mode": "symmetric"}  # else a black border
    return grey_or_colour(denoise_bilateral, picture, **settings)


def total_variation(picture, weight):
    """Find the picture with fewest and smallest steps that is near this one (Chambolle 2004)."""
    return denoise_tv_chambolle(picture, weight, channel_axis=-1)


def wavelets(picture, sigma):
    """Shrink small Haar wavelets (BayesShrink), averaged over shifts by 0 to 3 pixels."""
    settings = {"sigma": sigma, "wavelet": "haar", "method": "BayesShrink", "rescale_sigma": True}
    settings |= {"channel_axis": -1, "convert2ycbcr": picture.shape[-1] == 3}
    return cycle_spin(picture, denoise_wavelet, 3, workers=1, func_kw=settings, channel_axis=-1)


def non_local_means(picture, strength):
    """Average pixels whose surroundings look alike; strength (cut-off, sigma of the noise)."""
    cut_off, sigma = strength
    settings = {"patch_size": 3, "patch_distance": 5, "fast_mode": False}
    return grey_or_colour(denoise_nl_means, picture, h=cut_off, sigma=sigma, **settings)


def grey_or_colour(function, picture, **settings):
    """Call a function of scikit-image that wants grey pictures without an axis of channels."""
    if picture.shape[-1] == 1:
        return function(picture[..., 0], **settings)[..., None]
    return function(picture, channel_axis=-1, **settings)


def unsharp_mask(picture, strength):
    """Add what a blur takes away; strength (radius of the blur, amount)."""
    radius, amount = strength
    return picture + amount * (picture - gaussian(picture, radius, mode="reflect", channel_axis=-1))


def denoise_then_sharpen(picture, strength):
    """Non-local means, then an unsharp mask; strength (cut-off, amount)."""
    cut_off, amount = strength
    return unsharp_mask(non_local_means(picture, (cut_off, 0)), (1.5, amount))


def deconvolution(picture, strength):
    """Undo the blur of a disc (Wiener); strength (radius of the disc, balance: more for more noise)."""
    radius, balance = strength
    margin = 16  # the Fourier transform wraps around at the border
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    undone = [wiener(channel, disc(radius), balance, clip=False) for channel in np.moveaxis(padded, -1, 0)]
    return np.stack(undone, axis=-1)[margin:-margin, margin:-margin]


def lanczos(picture, strength):
    """Go back to the half-size picture that bicubic enlarged, and enlarge it by Lanczos instead."""
    rows, columns = (lanczos_from_bicubic(size) for size in picture.shape[:2])
    return np.einsum("Hh,Ww,hwc->HWc", rows, columns, picture, optimize=True)


def lanczos_from_bicubic(size):
    """Return (size, size): back to half the size by the inverse of bicubic, then Lanczos with 3 lobes."""
    small = -(-size // 2)
    centres = (np.arange(size) + 0.5) * small / size - 0.5
    distance = np.abs(centres[:, None] - np.arange(small))
    weights = np.where(distance < 3, np.sinc(distance) * np.sinc(distance / 3), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ np.linalg.pinv(bicubic_weights(small, size).astype("float64"))


class Classical(NamedTuple):
    """A function of (picture, strength), picture (height, width, channels) in [0, 1], and what to try."""

    function: Callable
    strengths: tuple


RESTORERS = {
    "do nothing": Classical(do_nothing, (None,)),
    "median": Classical(median_filter, (1, 1.5, 2)),
    "bilateral": Classical(
        bilateral_filter, ((0.02, 2), (0.02, 3), (0.03, 2), (0.05, 2), (0.08, 2), (0.12, 2))
    ),
    "total variation": Classical(total_variation, (0.01, 0.02, 0.04, 0.08, 0.12)),
    "wavelets": Classical(wavelets, (0.02, 0.05, 0.1, 0.15)),
    "non-local means": Classical(
        non_local_means, ((0.02, 0), (0.04, 0.04), (0.08, 0), (0.08, 0.04), (0.13, 0.1), (0.18, 0.1))
    ),
    "sliding DCT": Classical(sliding_dct, (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)),
    "unsharp mask": Classical(unsharp_mask, ((1, 0.3), (1, 0.7), (1, 1), (1.5, 0.3), (1.5, 0.7), (1.5, 1))),
    "non-local means, unsharp mask": Classical(
        denoise_then_sharpen, ((0.03, 0.5), (0.06, 0.5), (0.08, 0.7), (0.1, 0.7), (0.1, 1))
    ),
    "deconvolution": Classical(
        deconvolution, ((0.8, 0.1), (0.8, 0.4), (1, 0.01), (1, 0.1), (1.5, 0.001), (1.5, 0.01), (1.5, 0.1))
    ),
    "Lanczos, if half size": Classical(lanczos, (None,)),
}


def restore(images, name, strength):
    """Restore a batch of images in [-1, 1] by one of RESTORERS; what leaves [-1, 1] is clipped."""
    if name not in RESTORERS:
        raise ValueError(
            f"A classical restorer must be one of {', '.join(RESTORERS)}. Received: {name!r}. "
            "Most likely fix: copy the name from this list."
        )
    pictures = (check_images(images).astype("float64") + 1) / 2
    restored = np.stack([RESTORERS[name].function(picture, strength) for picture in pictures])
    return np.clip(2 * restored - 1, -1, 1).astype("float32")


def tuned(clean, degraded, names=tuple(RESTORERS)):
    """Return {name: function of images}, each with the strength of best mean PSNR on these training pairs."""
    best = {}
    trials = [(name, strength) for name in names for strength in RESTORERS[name].strengths]
    for name, strength in tqdm(trials, desc="tuning", unit="strength", leave=False):
        candidate = partial(restore, name=name, strength=strength)
        score = psnr(clean, candidate(degraded), data_range=2).mean()
        if name not in best or score > best[name][0]:
            best[name] = score, candidate
    return {name: candidate for name, (_, candidate) in best.items()}
