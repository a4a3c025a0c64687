"""A photo of any size, restored tile by tile: memory stays bounded, and no seams are seen."""

import numpy as np

GRID = 32  # pixels: a short side is filled up to a multiple, because networks halve their pictures


def in_tiles(restore, image, tile=256, overlap=32):
    """Restore one picture (height, width, channels) of any size; returns whole fields, without a batch axis.

    restore: pictures (1, height, width, channels) -> a named tuple of arrays (1, height, width, …).
    What restore reads farther than `overlap` pixels away may differ between two tiles; there they are faded.
    """
    strips = list(in_strips(restore, image, tile, overlap))
    return each(lambda *parts: np.concatenate(parts), *strips)


def in_strips(restore, image, tile=256, overlap=32):
    """Yield the restored picture in strips from top to bottom: only one strip is in memory at a time."""
    fade = overlap // 2
    if image.ndim != 3 or 0 in image.shape or tile <= 2 * (overlap + fade):
        raise ValueError(
            "A picture (height, width, channels) is cut into tiles that are larger than three overlaps. "
            f"Received: shape {image.shape}, tile={tile}, overlap={overlap}. "
            "Most likely fix: images[0], or a larger tile."
        )

    def restored_tile(rows, columns):
        (read_rows, keep_rows), (read_columns, keep_columns) = rows, columns
        pixels = image[np.ix_(read_rows, read_columns)]
        result = restore(pixels[None])
        if any(np.shape(field)[:3] != (1, *pixels.shape[:2]) for field in result):
            raise ValueError(
                f"Restored pictures have the size of the given ones, {(1, *pixels.shape[:2])}. "
                f"Received: {[np.shape(field) for field in result]}. "
                "Most likely fix: pad to what the network needs and cut it off again."
            )
        return each(lambda field: np.asarray(field)[0][keep_rows, keep_columns], result)

    def strip(rows):
        tiles = (restored_tile(rows, columns) for columns in windows(image.shape[1], tile, overlap, fade))
        return each(lambda *parts: np.concatenate(parts, 1), *joined(tiles, fade, axis=1))

    return joined(map(strip, windows(image.shape[0], tile, overlap, fade)), fade, axis=0)


def windows(size, tile, overlap, fade):
    """Return, along one side, which pixels each tile reads and which part of what it makes of them is kept.

    Two neighbours keep `fade` pixels both; each reads `overlap` pixels more than it keeps.
    """
    if size <= tile:
        return [(mirrored(np.arange(-(-size // GRID) * GRID), size), slice(0, size))]
    step = tile - 2 * overlap - fade
    last = -(-(size + overlap - tile) // step)  # the last tile looks into the mirror beyond the edge
    return [
        (
            mirrored(np.arange(at * step, at * step + tile), size),
            slice(overlap if at else 0, tile - overlap if at < last else size - at * step),
        )
        for at in range(last + 1)
    ]


def mirrored(places, size):
    """Return places on a side of `size` pixels; those beyond it run back, as often as it takes."""
    period = max(2 * (size - 1), 1)
    places = places % period
    return np.minimum(places, period - places) if size > 1 else np.zeros_like(places)


def joined(pieces, fade, axis):
    """Yield pieces that share `fade` pixels with the next one as pieces that share none."""
    ramp = (np.arange(fade, dtype=np.float32) + 0.5) / max(fade, 1)

    def faded(old, new):
        weight = ramp.reshape([-1 if at == axis else 1 for at in range(new.ndim)])
        shared, fresh = np.split(new, [fade], axis)
        before = np.split(old, [old.shape[axis] - fade], axis)[1]
        return np.concatenate([before + weight * (shared - before), fresh], axis)

    pieces = iter(pieces)
    held = next(pieces)
    for piece in pieces:
        yield each(lambda old: np.split(old, [old.shape[axis] - fade], axis)[0], held)
        held = each(faded, held, piece)
    yield held


def each(function, *results):
    """Return the named tuple whose fields are made of the same fields of the results."""
    return type(results[0])(*map(function, *results))
