"""One photo of any size is restored with bounded memory."""

import tracemalloc

import numpy as np
from PIL import Image

from utils.data.images import scale_images, unscale_images
from utils.enhance.photo import restore
from utils.enhance.tiles import in_tiles


def peak(run):
    """The most memory that numpy held at once, in bytes."""
    tracemalloc.start()
    run()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_a_photo_is_never_whole_in_memory_as_floats(restored):
    def identity(tiles):
        return restored(tiles, tiles, tiles[..., 0])

    pixels = np.random.default_rng(0).integers(0, 256, (6000, 300, 3), dtype=np.uint8)
    image, shares = Image.fromarray(pixels), []
    bytes_of_photo = pixels.size
    assert peak(lambda: restore(identity, image, shares.append)) < 5 * bytes_of_photo
    whole = peak(lambda: in_tiles(identity, scale_images(pixels[None])[0]))
    assert whole > 10 * bytes_of_photo  # planted bug: all of it at once
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 20


def test_the_photo_comes_back_pixel_by_pixel_with_its_spread(restored):
    pixels = np.random.default_rng(0).integers(0, 256, (300, 270, 3), dtype=np.uint8)
    after, spread = restore(
        lambda tiles: restored(-tiles, tiles, (tiles[..., 0] + 1) / 2),
        Image.fromarray(pixels),
        lambda _: None,
    )
    np.testing.assert_array_equal(after, 255 - pixels)
    np.testing.assert_allclose(spread, pixels[..., 0] / 255, atol=1e-6)
    np.testing.assert_array_equal(unscale_images(-scale_images(pixels[None]))[0], 255 - pixels)
