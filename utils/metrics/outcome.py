"""What became of a training, by numbers that were fixed before it: trains, blurs, collapses or diverges."""

import math

OUTCOMES = TRAINS, BLURS, COLLAPSES, DIVERGES = "trains", "blurs", "collapses", "diverges"
COVERED = 0.9  # share of the modes that must be found: 23 of 25
SHARP = 0.4  # share of the points that must lie on a mode: of so short a training no more is asked
LOST = 0.1  # with fewer points on any mode, the generator draws something else altogether
KINDS_COVERED = 2 / 3  # share of the kinds of product that must be drawn, in pictures
FID_SHARP, FID_LOST = 100, 500  # 500 pictures of the catalogue: real ones have 2, uniform noise 1,240


def outcome(modes, mode_count, quality):
    """Return what became of a training, from the modes that were found and the share of points on a mode.

    Shapes:  modes (), mode_count (), quality () -> one of "trains", "blurs", "collapses", "diverges"
    Units:   modes in modes, quality from 0 to 1; NaN where a number of the training was no number
    Healthy: "trains": at least 90 % of the modes, and at least 40 % of the points on one
    Source:  the course's own rule; modes and high-quality samples: Srivastava et al. 2017, arXiv:1705.07761
    """
    if not math.isfinite(quality) or quality < LOST:
        return DIVERGES
    if modes < COVERED * mode_count:
        return COLLAPSES
    return TRAINS if quality >= SHARP else BLURS


def image_outcome(kinds, kind_count, fid):
    """Return what became of a training on pictures, from the kinds of product that it draws and from FID.

    Shapes:  kinds (), kind_count (), fid () -> one of "trains", "blurs", "collapses", "diverges"
    Units:   FID in the course's own features, of 500 pictures
    Healthy: "trains": at least two thirds of the kinds, and an FID of at most 100
    Source:  the course's own rule, set between real pictures and noise
    """
    if not math.isfinite(fid) or fid > FID_LOST:
        return DIVERGES
    if kinds < KINDS_COVERED * kind_count:
        return COLLAPSES
    return TRAINS if fid <= FID_SHARP else BLURS
