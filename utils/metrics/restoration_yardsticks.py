"""A model beside what people use without one, and whether its spread knows where it errs."""

import numpy as np
from tqdm.auto import tqdm

from utils.metrics.restoration import psnr, sharpness, ssim


def restoration_table(clean, degraded, restorers):
    """Measure each restorer on the same pictures.

    Shapes:  clean, degraded (n, height, width, channels) in [-1, 1], restorers {name: function of degraded}
             -> {name: {"psnr", "ssim", "sharpness"}}
    Units:   means over pictures: PSNR in decibels; SSIM; sharpness as a ratio to that of the clean pictures
    Healthy: a model above the best classical row in PSNR and SSIM; a sharpness of 1 is that of the clean
    Source:  utils/metrics/restoration.py
    """
    clean_sharpness = sharpness(clean).mean()
    table = {}
    for name, restorer in tqdm(restorers.items(), desc="measuring", unit="restorer", leave=False):
        restored = np.asarray(restorer(degraded))
        table[name] = {
            "psnr": float(psnr(clean, restored, data_range=2).mean()),
            "ssim": float(ssim(clean, restored, data_range=2).mean()),
            "sharpness": float(sharpness(restored).mean() / clean_sharpness),
        }
    return table


def print_restoration_table(table):
    """Print the table with a star at the best number of each column; the best sharpness is nearest to 1."""
    merits = {
        name: {
            "psnr": round(row["psnr"], 2),  # as printed: what reads the same is equally good
            "ssim": round(row["ssim"], 3),
            "sharpness": -round(abs(round(row["sharpness"], 2) - 1), 2),
        }
        for name, row in table.items()
    }
    wide = max(map(len, table))
    print(f"{'':{wide}}  {'PSNR dB':>8}  {'SSIM':>8}  {'sharpness':>9}")
    for name, row in table.items():
        psnr_star, ssim_star, sharpness_star = (
            "*" if merit == max(other[column] for other in merits.values()) else " "
            for column, merit in merits[name].items()
        )
        print(
            f"{name:{wide}}  {row['psnr']:7.2f}{psnr_star}  {row['ssim']:7.3f}{ssim_star}  "
            f"{row['sharpness']:8.2f}{sharpness_star}"
        )
    print("* best of its column; sharpness: 1 is that of the clean pictures")


def error_by_decile(error, spread):
    """Mean error of the pixels, sorted by the spread that the model gave them, in ten equal groups.

    Pixels of equal spread share their mean error: where the spread says nothing, the line is flat.

    Shapes:  error, spread (n, height, width) or (n, height, width, channels), not negative -> (10,)
    Units:   those of the error; smallest spread first
    Healthy: rises; the last at least three times the first. A constant spread gives a flat line
    Source:  reliability by sorting: Ilg et al. 2018, arXiv:1802.07095 (sparsification), in deciles
    """
    error, spread = np.asarray(error, "float64"), np.asarray(spread, "float64")
    fault = next((name for name, part in (("error", error), ("spread", spread)) if not usable(part)), None)
    if fault or error.shape != spread.shape or error.size < 10:
        raise ValueError(
            "error and spread must be finite, not negative, of one shape, and hold at least 10 pixels. "
            f"Received: shapes {error.shape} and {spread.shape}"
            + (f", {fault} with values that are negative, NaN or infinite. " if fault else ". ")
            + "Most likely fix: error = abs(clean - restored), spread = samples.std(axis=0)."
        )
    _, group, count = np.unique(spread, return_inverse=True, return_counts=True)
    shared = np.bincount(group.ravel(), error.ravel()) / count  # mean error of each value of the spread
    ranked = np.repeat(shared, count)  # (pixels,), smallest spread first
    return np.array([decile.mean() for decile in np.array_split(ranked, 10)])


def usable(values):
    """Tell whether all values are finite and none is negative."""
    return bool(np.isfinite(values).all() and (values >= 0).all())
