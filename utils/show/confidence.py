"""How sure a restorer is, as a picture: dark where its samples agree, bright where they do not."""

import numpy as np

# Five colours of rising lightness (as in magma), so that the map reads the same in grey.
COLOURS = ((0, 0, 4), (81, 18, 124), (183, 55, 121), (252, 137, 97), (252, 253, 191))
ENOUGH = 1_000_000  # pixels that tell how a photo's spread is distributed; sorting all of 24 million is slow


def spread_levels(spread):
    """Return, in levels of 255, the spread that half of the pixels exceed and that one in a hundred does."""
    spread = np.asarray(spread)
    every = int(np.ceil(np.sqrt(spread.size / ENOUGH)))
    typical, worst = np.quantile(spread[::every, ::every], (0.5, 0.99)) * 127.5
    return float(typical), float(worst)


def confidence_pixels(spread, brightest=None):
    """Return the spread (height, width) as uint8 RGB; `brightest`, in levels of 255, has the last colour."""
    spread = np.asarray(spread, np.float32)
    brightest = spread_levels(spread)[1] if brightest is None else brightest
    share = np.clip(spread * 127.5 / max(brightest, 1e-6), 0, 1)
    steps = np.linspace(0, 1, len(COLOURS))
    channels = [np.interp(share, steps, channel) for channel in np.transpose(COLOURS)]
    return np.rint(np.stack(channels, axis=-1)).astype("uint8")


def confidence_words(typical, worst):
    """Say in words what the map shows, for those who do not see it and those who do."""
    return (
        f"Bright is less sure. Half of the pixels vary by less than ±{typical:.1f} of 255 levels, "
        f"one in a hundred by more than ±{worst:.1f}."
    )
