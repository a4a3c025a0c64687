"""One PSNR, six pictures: what a person hardly sees and what a person hates can have the same error."""

import numpy as np
from scipy.ndimage import gaussian_filter

from utils.data.degrade import jpeg
from utils.metrics.restoration import check_batch, ms_ssim, psnr, ssim

HALVINGS = 16  # of the range of strengths: 0.001 dB
# least annoying first: ours, after the equal errors of Wang et al. 2004, fig. 2. Vote, and put in your own
BY_EYE = ("moved", "darker", "faded", "noisy", "blurred", "JPEG")


def moved(images):
    """Move each picture to the right by one pixel; the edge fills what opens up."""
    return np.concatenate([images[:, :, :1], images[:, :, :-1]], axis=2)


def darker(images, strength):
    """Lower all values by the same, to black at most."""
    return np.clip(images - 2 * strength, -1, 1)


def faded(images, strength):
    """Bring all values nearer to the mean of the picture: less contrast."""
    return images + strength * (images.mean(axis=(1, 2, 3), keepdims=True) - images)


def noisy(images, strength):
    """Add noise, the same for each strength but for its size."""
    noise = np.random.default_rng(0).standard_normal(images.shape).astype("float32")
    return np.clip(images + 2 * strength * noise, -1, 1)


def blurred(images, strength):
    """Blur each picture, by up to an eighth of its height."""
    sigmas = strength.ravel() * images.shape[1] / 8
    return np.stack([gaussian_filter(one, (s, s, 0)) for one, s in zip(images, sigmas, strict=True)])


def saved(images, strength):
    """Save as JPEG, of quality 100 down to 1."""
    return jpeg(images, np.rint(100 - 99 * strength.ravel()))


SPOILERS = {"darker": darker, "faded": faded, "noisy": noisy, "blurred": blurred, "JPEG": saved}


def spoilt(clean):
    """Spoil pictures in six ways, each as much as moving them by one pixel costs in squared error.

    JPEG has 100 steps and can only come near; where even quality 1 is better than the picture moved by a
    pixel, it stays better.

    Shapes:  clean (n, height, width, channels) -> {name: float32, the same shape}
    Range:   [-1, 1]
    Source:  pictures of equal error: Wang et al. 2004, IEEE TIP 13(4), fig. 2; the moved one is ours
    """
    clean = check_batch("clean", clean, least=2).astype("float32")
    wanted = squared_error(clean, moved(clean))
    pictures = {name: tuned(spoil, clean, wanted) for name, spoil in SPOILERS.items()}
    return {"moved": moved(clean)} | pictures


def tuned(spoil, clean, wanted):
    """Return the pictures spoilt to the wanted squared error; their strengths are found by halving."""
    low, high = np.zeros((2, len(clean), 1, 1, 1), "float32")
    high += 1
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = squared_error(clean, spoil(clean, middle)) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return spoil(clean, high)


def squared_error(clean, images):
    """Return the mean squared error of each picture, (n, 1, 1, 1)."""
    return np.square(clean - images).mean(axis=(1, 2, 3), keepdims=True)


def paired_scores(clean, pictures):
    """Measure pictures against the clean ones, as restoration is measured: {metric: {name: mean}}.

    Shapes:  clean (n, height, width, channels) in [-1, 1], pictures {name: the same shape}
             -> {"PSNR": {name: float}, "SSIM": ..., "MS-SSIM": ...}
    Units:   PSNR in decibels, the others at most 1
    Healthy: for spoilt(clean) all PSNR are equal, to 0.5 with JPEG. The moved pictures, which nobody can tell
             from clean ones, have an SSIM of 0.70, darker ones 0.94, blurred ones 0.61 (clothing photos, 64
             pixels)
    Source:  utils/metrics/restoration.py
    """
    metrics = {"PSNR": psnr, "SSIM": ssim, "MS-SSIM": ms_ssim}
    return {
        title: {name: float(metric(clean, images, 2).mean()) for name, images in pictures.items()}
        for title, metric in metrics.items()
    }


def pairs_in_order(scores, order=BY_EYE):
    """Share of all pairs that the scores put in the same order as people do; a tie counts half.

    Shapes:  scores {name: float}, higher is better; order: names, best first -> float
    Units:   share, 0 to 1; what differs by less than 0.005 is a tie
    Healthy: 1 for a metric that sees as people do, 0.5 for one that guesses, 0 for the opposite
    Source:  (1 + tau) / 2, Kendall 1938, Biometrika 30
    """
    values = np.array([scores[name] for name in order])
    gaps = (values[:, None] - values)[np.triu_indices(len(values), 1)]
    before = np.sign(gaps) * (np.abs(gaps) >= 0.005)
    return float((1 + before.mean()) / 2)
