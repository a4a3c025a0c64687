"""How near a restored picture comes to the clean one: PSNR, SSIM, MS-SSIM, and how sharp it is."""

import numpy as np

WINDOW, WINDOW_SIGMA = 11, 1.5  # pixels
K1, K2 = 0.01, 0.03  # of the data range: keep the ratios finite where a picture is black or flat
SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # finest scale first, as viewers weigh them


def psnr(clean, restored, data_range):
    """Peak signal-to-noise ratio of each picture: the data range against the size of the error.

    Average the decibels of the pictures. The ratio of the pooled error is another number: the worst
    picture decides it.

    Shapes:  clean, restored (n, height, width, channels) -> (n,)
    Units:   decibels; data_range is 2 for images in [-1, 1], 1 for [0, 1], 255 for bytes
    Healthy: 20.17 for noise of 25 of 255 grey levels, not clipped; 20 and 40 average to 30; equal: inf
    Source:  10 log10(data_range^2 / mean squared error), Wang & Bovik 2009, IEEE SPM 26(1)
    """
    clean, restored = check_pairs(clean, restored, data_range)
    squared_error = np.square(clean - restored).mean(axis=(1, 2, 3))  # (n,)
    with np.errstate(divide="ignore"):  # equal pictures: infinitely many decibels
        return 10 * np.log10(data_range**2 / squared_error)


def ssim(clean, restored, data_range):
    """Structural similarity of each picture: mean, contrast and pattern compared in a sliding window.

    SSIM is defined for values from 0, black. Images in [-1, 1] are moved there first; other libraries
    do not, and then give another number for the same pictures.

    Shapes:  clean, restored (n, height, width, channels), sides of at least 11 -> (n,)
    Units:   none, at most 1; the mean over windows and channels
    Healthy: 1 for equal pictures alone; a flat 0.5 taken for 0.6 still gets 0.984; inverted: below 0
    Source:  Wang et al. 2004, IEEE TIP 13(4), eq. 13, Gaussian window of 11 pixels with sigma 1.5
    """
    clean, restored = check_pairs(clean, restored, data_range, least=WINDOW)
    return np.array([similarity(*pair, data_range)[0].mean() for pair in zip(clean, restored, strict=True)])


def ms_ssim(clean, restored, data_range):
    """Multi-scale structural similarity: contrast and pattern at several sizes, the mean at the last.

    Five scales need sides of 176 pixels. Smaller pictures get as many as fit the window: 3 at 64 pixels,
    2 at 28 and 32, their weights brought back to the sum 1. So compare pictures of one size only.

    Shapes:  clean, restored (n, height, width, channels), sides of at least 11 -> (n,)
    Units:   none, from 0 to 1; what is negative (inverted) counts as 0
    Healthy: 1 for equal pictures alone; fine noise lowers it less than SSIM: it averages out when halved
    Source:  Wang, Simoncelli & Bovik 2003, Asilomar, eq. 7
    """
    clean, restored = check_pairs(clean, restored, data_range, least=WINDOW)
    weights = scale_weights(*clean.shape[1:3])
    return np.array([multi_scale(*pair, data_range, weights) for pair in zip(clean, restored, strict=True)])


def sharpness(images):
    """How much neighbouring pixels of each picture differ: mean absolute difference, across and down.

    Shapes:  images (n, height, width, channels) -> (n,)
    Units:   those of the images
    Healthy: that of the clean pictures; less is blurred, more is noisy; uniform noise in [0, 1]: 1/3
    Source:  definition; anisotropic total variation (Rudin et al. 1992) per pair of neighbours
    """
    images = check_batch("images", images, least=2)
    down, across = np.abs(np.diff(images, axis=1)), np.abs(np.diff(images, axis=2))
    both = [steps.reshape(len(images), -1) for steps in (down, across)]
    return np.concatenate(both, axis=1).mean(axis=1)


def multi_scale(clean, restored, data_range, weights):
    """Multiply the similarities of one pair over the scales, each to the power of its weight."""
    value = 1.0
    for scale, weight in enumerate(weights):
        whole, contrast = similarity(clean, restored, data_range)
        last = scale == len(weights) - 1
        value = value * np.maximum(whole if last else contrast, 0) ** weight  # (channels,)
        if not last:
            clean, restored = halve(clean), halve(restored)
    return value.mean()


def similarity(clean, restored, data_range):
    """Return SSIM, and its factor of contrast and pattern, of one pair: (height, width, c) -> (c,), (c,)."""
    x, y = (np.ascontiguousarray(picture.transpose(2, 0, 1)) for picture in (clean, restored))
    rows, columns = gaussian_windows(x.shape[1]), gaussian_windows(x.shape[2]).T
    luminance, contrast = window_similarity(x, y, lambda picture: rows @ picture @ columns, data_range)
    return (luminance * contrast).mean(axis=(1, 2)), contrast.mean(axis=(1, 2))


def window_similarity(x, y, average, data_range):
    """Compare two pictures window by window: their means, then how they vary around them.

    SSIM of a window is the product of the two factors. They come from five averages over the window: of x,
    y, x^2, y^2 and x y.

    Shapes:  x, y (..., height, width); average: a picture -> its mean in each window, (..., windows)
             -> luminance, contrast, each (..., windows)
    Units:   none, at most 1; pictures from 0, black, to data_range, white
    Healthy: 1 and 1 where the windows are equal; contrast is below 0 where one is the other's negative
    Source:  Wang et al. 2004, IEEE TIP 13(4), eq. 6 and 13
    """
    x_mean, y_mean = average(x), average(y)  # (..., windows)
    x_variance = average(x * x) - x_mean**2
    y_variance = average(y * y) - y_mean**2
    covariance = average(x * y) - x_mean * y_mean
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    luminance = (2 * x_mean * y_mean + c1) / (x_mean**2 + y_mean**2 + c1)
    contrast = (2 * covariance + c2) / (x_variance + y_variance + c2)
    return luminance, contrast


def gaussian_windows(size):
    """Return (size - 10, size): each row holds the weights of one window that lies inside the picture."""
    weights = np.exp(-0.5 * ((np.arange(WINDOW) - WINDOW // 2) / WINDOW_SIGMA) ** 2)
    windows = np.zeros((size - WINDOW + 1, size))
    for start, row in enumerate(windows):
        row[start : start + WINDOW] = weights / weights.sum()
    return windows


def halve(picture):
    """Average blocks of 2 x 2 pixels; an odd last row or column is left out."""
    height, width, channels = picture.shape[0] // 2, picture.shape[1] // 2, picture.shape[2]
    blocks = picture[: 2 * height, : 2 * width].reshape(height, 2, width, 2, channels)
    return blocks.mean(axis=(1, 3))


def scale_weights(height, width):
    """Return the weights of the scales at which the window still fits, with the sum 1."""
    fitting = sum(min(height, width) >> scale >= WINDOW for scale in range(len(SCALE_WEIGHTS)))
    return np.array(SCALE_WEIGHTS[:fitting]) / sum(SCALE_WEIGHTS[:fitting])


def check_batch(name, images, least=1):
    """Return the pictures as float64, or say what is wrong with them."""
    images = np.asarray(images)
    wanted = f"{name} must be finite numbers (n, height, width, channels), sides of at least {least}."
    if images.ndim != 4 or images.size == 0 or min(images.shape[1:3]) < least:
        cure = "add the batch axis: images[None]." if images.ndim == 3 else "pass larger pictures, all axes."
        raise ValueError(f"{wanted} Received: shape {images.shape}. Most likely fix: {cure}")
    images = images.astype("float64")  # bytes would wrap around when subtracted
    if not np.isfinite(images).all():
        raise ValueError(
            f"{wanted} Received: {np.size(images) - np.isfinite(images).sum()} NaN or infinite values. "
            "Most likely fix: training diverged; lower the learning rate."
        )
    return images


def check_pairs(clean, restored, data_range, least=1):
    """Return both as float64 from 0, black, or say why they cannot be compared with this data_range."""
    clean, restored = check_batch("clean", clean, least), check_batch("restored", restored, least)
    if clean.shape != restored.shape:
        raise ValueError(
            "clean and restored must be of the same shape, picture by picture. "
            f"Received: {clean.shape} and {restored.shape}. Most likely fix: restore the same pictures."
        )
    if not isinstance(data_range, (int, float, np.number)) or not 0 < data_range < np.inf:
        raise ValueError(
            "data_range must be the distance from black to white, a number above 0. "
            f"Received: {data_range!r}. Most likely fix: data_range=2 for images in [-1, 1]."
        )
    black = -1 if data_range == 2 else 0
    white, slack = black + data_range, 1e-3 * data_range
    low, high = clean.min(), clean.max()
    bytes_meant = data_range > 2 and max(high, restored.max()) <= 1  # not even two grey levels in use
    if low < black - slack or high > white + slack or (bytes_meant and np.ptp(restored) > 0):
        right = 2 if low < 0 else 255 if high > 1.002 else 1
        first = "scale them to [-1, 1], then " if low < -1.002 else ""
        raise ValueError(
            f"With data_range={data_range} clean pictures go from {black} to {white}. "
            f"Received: values from {low:.4g} to {high:.4g}. Most likely fix: {first}data_range={right}."
        )
    far = np.mean((restored < black - data_range / 2) | (restored > white + data_range / 2))
    if far > 0.01:  # noise and overshoot that were not clipped stay below
        raise ValueError(
            f"Restored pictures must lie where the clean ones do, from {black} to {white}. "
            f"Received: values from {restored.min():.4g} to {restored.max():.4g}, {far:.0%} far outside. "
            "Most likely fix: bring both to one range, and clip what a model overshoots."
        )
    return clean - black, restored - black
