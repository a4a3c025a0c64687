from collections import Counter

import numpy as np
import pytest
from skimage import color, data

from utils.data.captions import COLOURS
from utils.data.catalogue import draw_catalogue
from utils.data.main_colour import (
    COLOUR_NAMES,
    SHADES,
    colour_caption,
    colour_captions,
    main_colour,
    name_colours,
    to_lab,
)
from utils.data.products import Products

WOOD, SHEET = (170, 120, 70), (200, 40, 50)


def picture(product, background, size=64, top=16, left=16):
    """A square product on a plain background."""
    image = np.full((size, size, 3), background, np.uint8)
    image[top : size - 16, left : size - 16] = product
    return image


def whole_mean(images):
    """Planted bug: the mean of the whole picture, background and all, is named."""
    return np.array(COLOUR_NAMES)[name_colours(to_lab(images.mean(axis=(1, 2))))]


def middle(images):
    """Planted bug: the middle alone decides, so a print on a shirt is taken for the shirt."""
    side = images.shape[1]
    return whole_mean(images[:, side * 7 // 16 : side * 9 // 16, side * 7 // 16 : side * 9 // 16])


@pytest.fixture(scope="module")
def plain():
    """Plain products of the catalogue on both backgrounds, and their colours."""
    products = draw_catalogue(2000, image_size=32, seed=7)
    chosen = products.attributes["pattern"] == "plain"
    return products.images[chosen], products.attributes["colour"][chosen]


def test_the_colour_of_plain_catalogue_products_is_found(plain):
    images, colours = plain
    assert len(images) > 300 and set(colours) == set(COLOURS)
    assert np.mean(main_colour(images) == colours) > 0.93
    assert np.mean(whole_mean(images) == colours) < 0.5


def test_no_colour_is_found_by_luck(plain):
    images, colours = plain
    for colour in set(COLOURS) - {"white"}:
        assert np.mean(main_colour(images[colours == colour]) == colour) > 0.85, colour
    white = main_colour(images[colours == "white"])  # white on white: the hardest
    assert np.mean(white == "white") > 0.6


PRODUCTS = {**COLOURS, "grey": SHADES["grey"][0], "beige": SHADES["beige"][0]}
SEEN = [
    (name, background)
    for name, colour in PRODUCTS.items()
    for background in (WOOD, SHEET, (250, 250, 250), (20, 20, 20))
    if np.linalg.norm(to_lab(colour) - to_lab(background)) > 25  # not white on white
]


@pytest.mark.parametrize(("name", "background"), SEEN)
def test_the_background_does_not_name_the_product(name, background):
    assert main_colour(picture(PRODUCTS[name], background)[None]).tolist() == [name]


def test_the_mean_of_the_picture_is_named_by_the_background():
    images = np.stack([picture(PRODUCTS[name], background) for name, background in SEEN])
    assert np.mean(whole_mean(images) == [name for name, _ in SEEN]) < 0.4  # planted bug


def test_a_print_does_not_name_the_shirt():
    shirt = picture((30, 60, 170), WOOD)
    shirt[28:36, 28:36] = (240, 210, 40)
    assert main_colour(shirt[None]).tolist() == ["blue"]
    assert middle(shirt[None]).tolist() != ["blue"]


def test_a_dim_white_shirt_is_white_and_a_grey_one_beside_white_is_grey():
    dim = picture((172, 170, 168), (90, 20, 30))
    assert main_colour(dim[None]).tolist() == ["white"]
    assert COLOUR_NAMES[name_colours(to_lab(dim[32, 32]))] == "grey"  # planted bug: not brightened first
    assert main_colour(picture((140, 140, 140), (245, 245, 245))[None]).tolist() == ["grey"]


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (32, 32), (64, 64), (96, 48)])
def test_any_size_is_named_the_same(size):
    height, width = size
    image = np.full((height, width, 3), WOOD, np.uint8)
    image[height // 4 : -height // 4, width // 4 : -width // 4] = (30, 60, 170)
    assert main_colour(np.stack([image] * 3)).tolist() == ["blue"] * 3


def test_a_photo_is_named_alike_alone_and_among_others(plain):
    images, _ = plain
    together = main_colour(images[:150])  # more than one block
    assert together.tolist() == [main_colour(image[None])[0] for image in images[:150]]


def test_the_colour_space_is_that_of_scikit_image():
    photo = data.astronaut()[::8, ::8]
    np.testing.assert_allclose(to_lab(photo), color.rgb2lab(photo), atol=0.01)
    wrong = np.array([color.rgb2lab(photo[..., ::-1])])  # planted bug: blue first, as OpenCV stores it
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(to_lab(photo)[None], wrong, atol=0.01)


def test_every_shade_and_every_catalogue_colour_has_its_own_name():
    for name, shades in SHADES.items():
        assert {COLOUR_NAMES[i] for i in name_colours(to_lab(np.array(shades)))} == {name}
    named = [COLOUR_NAMES[i] for i in name_colours(to_lab(np.array(list(COLOURS.values()))))]
    assert named == list(COLOURS)
    assert max(Counter(shade for shades in SHADES.values() for shade in shades).values()) == 1


@pytest.mark.parametrize(
    ("class_name", "colour", "caption"),
    [
        ("shirt", "blue", "a blue shirt"),
        ("hat", "orange", "an orange hat"),
        ("shoes", "black", "black shoes"),
        ("pants", "orange", "orange pants"),
        ("dress", "red", "a red dress"),
        ("outwear", "grey", "grey outwear"),
        ("t-shirt", "white", "a white t-shirt"),
        ("T-Shirt", "white", "a white t-shirt"),
        ("ankle_boot", "brown", "a brown ankle boot"),
        ("Not sure", "pink", "a pink product"),
        ("Other", "green", "a green product"),
        ("Skip", "orange", "an orange product"),
    ],
)
def test_captions_read_as_english(class_name, colour, caption):
    assert colour_caption(class_name, colour) == caption


def test_captions_follow_class_and_colour_of_each_product():
    images = np.stack([picture((30, 60, 170), WOOD), picture((20, 20, 20), WOOD), picture(SHEET, WOOD)])
    products = Products(images, np.array([1, 0, 1]), ("shoes", "shirt"), ("", "", ""), "photos")
    assert colour_captions(products) == ("a blue shirt", "black shoes", "a red shirt")


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (np.zeros((2, 8, 8, 1), np.uint8), r"shape \(2, 8, 8, 1\).*channels=3"),
        (np.zeros((0, 8, 8, 3), np.uint8), r"shape \(0, 8, 8, 3\)"),
        (np.zeros((8, 8, 3), np.uint8), r"shape \(8, 8, 3\)"),
        (np.zeros((2, 8, 8, 3), np.float32), "Received: float32 values from 0 to 0"),
        ([], r"Received: float64, shape \(0,\)"),
    ],
)
def test_what_has_no_colour_is_refused_with_the_cure(images, says):
    with pytest.raises(ValueError, match=f"(?s)uint8 images .*{says}.*"):
        main_colour(images)
    with pytest.raises(ValueError, match="Most likely fix"):
        main_colour(images)
