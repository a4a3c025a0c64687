"""Sure of each picture, and all classes drawn: the Inception Score, and what it cannot see."""

import numpy as np

from utils.metrics.judge import log_softmax


def inception_score(probabilities):
    """How far the class of one picture is known, and that of all pictures is not: exp of the mean KL.

    exp(mean of KL(p(class | picture) || p(class))), where p(class) is the mean over all pictures. It never
    sees a real picture: one picture per class, always the same, has the highest score.

    Shapes:  probabilities (n, classes), each row adds up to 1 -> float
    Units:   classes: from 1 (nothing is told apart) to the number of classes (sure, and all equally often)
    Healthy: near that of held-out real pictures, which is the number to print beside it: above is no better
    Source:  Salimans et al. 2016, arXiv:1606.03498, section 4, without their ten splits; what is wrong
             with it: Barratt & Sharma 2018, arXiv:1801.01973
    """
    probabilities = check_probabilities(probabilities)
    shares = probabilities.mean(axis=0)  # (classes,)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = probabilities * np.log(probabilities / shares)  # 0 log 0 is 0
    return float(np.exp(np.nansum(surprise, axis=1).mean()))


def class_probabilities(network, images, class_names=None):
    """Return (n, classes), how likely each of these classes is (of all that the network knows).

    Shapes:  images (n, height, width, channels) in [-1, 1] -> float64 (n, classes), rows add up to 1
    Units:   probability among the classes asked for
    Healthy: the largest of each row is above 0.9 on average for real images of Fashion-MNIST
    Source:  softmax over the last layer of our own classifier, utils/metrics/features.py
    """
    names = network.class_names if class_names is None else tuple(class_names)
    network.classify(images[:1], names)  # refuses images and names that it does not know
    columns = [network.class_names.index(name) for name in names]
    kernel, bias = network.layers[-1]
    return np.exp(log_softmax((network.embed(images) @ kernel + bias)[:, columns]))


def check_probabilities(probabilities):
    """Return the probabilities as float64 whose rows add up to exactly 1, or say what is wrong with them."""
    probabilities = np.asarray(probabilities)
    wanted = "probabilities must be (n, classes), from 0 to 1, and each row must add up to 1."
    if probabilities.ndim != 2 or probabilities.size == 0 or probabilities.dtype.kind not in "fiu":
        raise ValueError(
            f"{wanted} Received: shape {probabilities.shape}, dtype {probabilities.dtype}. "
            "Most likely fix: class_probabilities(network, images), one row per image."
        )
    probabilities = probabilities.astype("float64")
    bad = ~np.isfinite(probabilities).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{wanted} Received: NaN or infinity in {bad.sum()} of {len(bad)} rows. "
            "Most likely fix: the generator has diverged; look at its images first."
        )
    sums = probabilities.sum(axis=1)
    if probabilities.min() < 0 or np.abs(sums - 1).max() > 1e-3:  # float16 rounds by less than this
        raise ValueError(
            f"{wanted} Received: values from {probabilities.min():.4g} to {probabilities.max():.4g}, "
            f"rows that add up to {sums.min():.4g} to {sums.max():.4g}. Most likely fix: these are scores or "
            "log probabilities: np.exp(log_softmax(scores)) first."
        )
    return probabilities / sums[:, None]
