"""A photo restored in tiles is the photo restored whole, whatever its size, and no seam is seen."""

import runpy
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from utils.enhance.tiles import in_strips, in_tiles, mirrored, windows

STAND_IN = runpy.run_path(str(Path(__file__).with_name("stand_in.py")))
Restored, smooth = STAND_IN["Restored"], STAND_IN["smooth"]


def picture(height, width, channels=3):
    return np.random.default_rng(0).uniform(-1, 1, (height, width, channels)).astype("float32")


def assert_equal(tiled, whole, inside=slice(None)):
    """All fields are equal, bit by bit."""
    for part, wanted in zip(tiled, whole, strict=True):
        assert part.shape == wanted.shape[1:]
        np.testing.assert_array_equal(part[inside, inside], wanted[0, inside, inside])


@pytest.mark.parametrize("size", [(300, 150), (129, 128), (128, 129), (97, 400), (257, 263)])
@pytest.mark.parametrize("channels", [1, 3])
def test_tiles_give_what_the_whole_picture_gives(size, channels):
    image = picture(*size, channels)
    whole = smooth(image[None], reach=15)
    assert_equal(in_tiles(lambda tile: smooth(tile, reach=15), image, tile=128, overlap=16), whole)
    with pytest.raises(AssertionError):  # planted bug: no overlap, so every tile has edges of its own
        assert_equal(in_tiles(lambda tile: smooth(tile, reach=15), image, tile=128, overlap=0), whole)


def test_a_network_that_pads_with_zeros_is_equal_away_from_the_edges_of_the_photo():
    def zeros(tile):
        return smooth(tile, reach=15, mode="constant")

    image = picture(300, 333)
    assert_equal(in_tiles(zeros, image, tile=128, overlap=16), zeros(image[None]), slice(15, -15))


def test_a_reach_beyond_the_overlap_is_faded_not_cut():
    """Planted bug: tiles cut side by side make a step at each seam; a fade spreads it over many pixels."""
    counter = iter(range(100))

    def unlike(tile):  # every tile of its own brightness: the worst case
        return smooth(np.full_like(tile, next(counter) % 2))

    flat = np.zeros((64, 400, 1), "float32")
    row = in_tiles(unlike, flat, tile=128, overlap=32).mean[0, :, 0]
    cut = np.repeat([0, 1, 0, 1], 100).astype("float32")
    assert np.ptp(row) == 1 and np.abs(np.diff(row)).max() <= 1 / 16 + 1e-6
    assert np.abs(np.diff(cut)).max() == 1


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (1, 500), (2, 129), (64, 64), (33, 31)])
def test_tiny_and_narrow_photos_keep_their_size(size):
    image = picture(*size)
    restored = in_tiles(lambda tile: Restored(tile, tile, tile[..., 0]), image, tile=128, overlap=16)
    assert_equal(restored, (image[None], image[None], image[None, ..., 0]))


def test_a_network_sees_few_sizes_and_none_is_larger_than_a_tile():
    """A compiled network is compiled anew for each size that it sees."""
    seen = set()

    def note(tile):
        seen.add(tile.shape)
        return smooth(tile)

    for size in [(300, 150), (301, 777), (128, 999)]:
        in_tiles(note, picture(*size), tile=128, overlap=16)
    assert seen == {(1, 128, 128, 3)}
    in_tiles(note, picture(70, 5), tile=128, overlap=16)
    assert seen == {(1, 128, 128, 3), (1, 96, 32, 3)}


def test_places_beyond_the_edge_run_back_like_in_a_mirror():
    for size in (2, 3, 7):
        wanted = np.pad(np.arange(size), (0, 40), "reflect")
        np.testing.assert_array_equal(mirrored(np.arange(size + 40), size), wanted)
    np.testing.assert_array_equal(mirrored(np.arange(5), 1), 0)


def test_a_halving_network_finds_its_grid_in_every_tile():
    """Tiles begin at multiples of 16, so four halvings meet the same pixels as in the whole picture."""

    def blocks(tile, side=16):
        _, height, width, channels = tile.shape
        mean = tile.reshape(1, height // side, side, width // side, side, channels).mean(axis=(2, 4))
        mean = mean.repeat(side, 1).repeat(side, 2)
        return Restored(mean, mean, mean[..., 0])

    image = picture(1024, 512)
    assert_equal(in_tiles(blocks, image), blocks(image[None]))
    with pytest.raises(AssertionError):  # planted bug: tiles that begin anywhere
        assert_equal(in_tiles(blocks, image, overlap=30), blocks(image[None]))


def test_every_pixel_is_kept_by_one_tile_or_two_that_fade():
    for size in range(129, 600, 7):
        times = np.zeros(size, int)
        for read, keep in windows(size, 128, 16, 8):
            assert len(read) == 128
            np.add.at(times, read[keep], 1)
        tiles = len(windows(size, 128, 16, 8))
        assert times.min() == 1 and times.max() <= 2 and (times == 2).sum() == 8 * (tiles - 1)


def test_strips_hold_a_small_part_of_a_large_photo():
    def peak(run):
        tracemalloc.start()
        run()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    image = np.broadcast_to(np.float32(0.5), (4000, 600, 3))
    identity = lambda tile: Restored(tile, tile, tile[..., 0])  # noqa: E731
    by_strips = peak(lambda: [len(strip.mean) for strip in in_strips(identity, image)])
    whole = peak(lambda: in_tiles(identity, image))  # planted: everything at once
    assert by_strips < 4000 * 600 * 7 * 4 / 3 < whole


@pytest.mark.parametrize(
    ("shape", "settings", "says"),
    [
        ((20, 20), {}, "shape .20, 20."),
        ((1, 20, 20, 3), {}, "images.0."),
        ((0, 20, 3), {}, "shape .0, 20, 3."),
        ((20, 20, 3), {"tile": 64, "overlap": 32}, "a larger tile"),
    ],
)
def test_what_cannot_be_cut_is_an_error(shape, settings, says):
    with pytest.raises(ValueError, match=f"(?s)Received.*{says}|{says}.*Most likely fix"):
        in_tiles(smooth, np.zeros(shape, "float32"), **settings)


def test_a_network_that_changes_the_size_is_named():
    with pytest.raises(ValueError, match="have the size of the given ones.*pad to what the network needs"):
        in_tiles(lambda tile: smooth(tile[:, ::2, ::2]), picture(64, 64))
