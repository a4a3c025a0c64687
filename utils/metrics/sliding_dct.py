"""Denoising by cosines: in every block of 8 x 8 pixels what is small is noise, what is large is picture."""

import numpy as np


def dct_basis(size):
    """Return (size, size): row k is the cosine of k half waves, of length 1; together they are orthogonal."""
    waves, places = np.arange(size)[:, None], np.arange(size)
    basis = np.cos(np.pi * waves * (2 * places + 1) / (2 * size)) * np.sqrt(2 / size)
    basis[0] /= np.sqrt(2)
    return basis


def sliding_dct(picture, threshold, size=8):
    """Drop small cosine coefficients in each block, at all positions, and average the overlapping blocks.

    Blocks that need few cosines count for more in the average: they hold less noise.

    Shapes:  picture (height, width, channels) in [0, 1], threshold in the same units -> the same
    Range:   that of the picture, with a little overshoot at edges
    Source:  Yu & Sapiro 2011, "DCT image denoising", Image Processing On Line; colours by a DCT too
    """
    height, width, channels = picture.shape
    cosines, colours = dct_basis(size), dct_basis(channels)
    margin = size - 1  # so that each pixel lies in size * size blocks
    padded = np.pad(picture @ colours.T, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    blocks = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))
    coefficients = cosines @ blocks @ cosines.T  # (rows, columns, channels, size, size)
    kept = np.abs(coefficients) > threshold
    kept[..., 0, 0] = True  # the mean of the block
    trust = 1 / kept.sum(axis=(2, 3, 4))  # (rows, columns)
    blocks = cosines.T @ (coefficients * kept) @ cosines * trust[..., None, None, None]
    total, weight = np.zeros_like(padded), np.zeros_like(padded[..., :1])
    rows, columns = trust.shape
    for down, right in np.ndindex(size, size):
        window = np.s_[down : down + rows, right : right + columns]
        total[window] += blocks[..., down, right]
        weight[window] += trust[..., None]
    return (total / weight)[margin : margin + height, margin : margin + width] @ colours
