"""Pictures are sharp, small, readable without colour, and always carry an alt text."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from utils.show import style
from utils.show.curves import smoothed, spread
from utils.show.pictures import (
    plot_curves,
    plot_histogram,
    plot_images,
    plot_pairs,
    plot_rows,
    plot_scores,
    show,
)

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (12, 28, 28, 1), dtype="uint8")
COLOUR = RNG.uniform(-1, 1, (5, 32, 32, 3)).astype("float32")


def drawn(figure, sharpness=1):
    return np.asarray(Image.open(io.BytesIO(style.png(figure, sharpness))).convert("RGB"))


def sharp(page, image, top, left, zoom):
    """Tell whether the page shows this image there, each pixel as one square."""
    shown = page[top : top + image.shape[0] * zoom, left : left + image.shape[1] * zoom]
    wanted = image.repeat(zoom, axis=0).repeat(zoom, axis=1)
    return shown.shape[:2] == wanted.shape[:2] and np.array_equal(shown, np.broadcast_to(wanted, shown.shape))


def test_every_pixel_is_one_square_of_its_own_value():
    page = drawn(plot_images(GREY, columns=6, zoom=3))
    assert page.shape == (2 * 84 + 4, 6 * 84 + 5 * 4, 3)
    for number, image in enumerate(GREY):
        assert sharp(page, image, number // 6 * 88, number % 6 * 88, 3)
    # planted: the neighbour's place, and a picture shrunk by one pixel
    assert not sharp(page, GREY[1], 0, 0, 3)
    smaller = np.asarray(Image.fromarray(page).resize((page.shape[1] - 1, page.shape[0])))
    assert not sharp(smaller, GREY[0], 0, 0, 3)


def test_float_images_from_minus_one_to_one_span_black_to_white():
    ramp = np.linspace(-1, 1, 256, dtype="float32").reshape(1, 16, 16, 1)
    page = drawn(plot_images(ramp, zoom=1))
    assert np.array_equal(page[..., 0].ravel(), np.arange(256))


def test_text_is_drawn_at_twice_the_pixels_it_is_read_at():
    figure = plot_images(GREY, titles=[f"item {n}" for n in range(12)])
    data, metadata = style.bundle(figure, figure.alt)
    width, height = Image.open(io.BytesIO(data["image/png"])).size
    assert (width, height) == (2 * metadata["image/png"]["width"], 2 * metadata["image/png"]["height"])


def test_titles_fit_their_column_and_do_not_touch():
    figure = plot_images(GREY[:4], titles=["a red striped t-shirt with long sleeves"] * 4)
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    lines = {}
    for box in boxes:
        lines.setdefault(round(box.y0), []).append(box)
    assert len(boxes) > 4  # they were wrapped
    for row in lines.values():
        row.sort(key=lambda box: box.x0)
        assert all(one.x1 < two.x0 for one, two in zip(row, row[1:], strict=False))
        assert row[0].x0 >= 0 and row[-1].x1 <= figure.bbox.width


@pytest.mark.parametrize(
    "images, said",
    [
        (GREY.astype("float32"), "values from 0 to 255"),
        (GREY[0], "images[None]"),
        (GREY[..., 0], "grey needs a channel axis"),
        (GREY.astype("int64"), "int64"),
        (np.full((1, 8, 8, 1), np.nan, "float32"), "NaN"),
        (np.zeros((0, 8, 8, 1), "uint8"), "shape (0, 8, 8, 1)"),
        (np.zeros((60_000, 1, 1, 1), "uint8"), "images[:100]"),
        (np.zeros((2, 8, 8, 4), "uint8"), "(2, 8, 8, 4)"),
    ],
)
def test_wrong_images_are_refused_with_a_cure(images, said):
    with pytest.raises(ValueError) as caught:
        plot_images(images)
    message = str(caught.value)
    assert said in message and "Received:" in message and "Most likely fix:" in message


def test_titles_must_match_the_images():
    with pytest.raises(ValueError, match="12 images, 3 titles"):
        plot_images(GREY, titles=["a", "b", "c"])


def test_pairs_stand_above_each_other():
    above, below = GREY[:3], GREY[3:6]
    page = drawn(plot_pairs(above, below))
    margin = page.shape[1] - (3 * 112 + 2 * 4)  # three columns, zoomed four times
    for column in range(3):
        left = margin + column * 116
        assert sharp(page, above[column], 0, left, 4)
        assert sharp(page, below[column], 116, left, 4)
        assert not sharp(page, above[column], 116, left, 4)  # planted: rows swapped


def test_rows_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="equally many images of one size"):
        plot_rows({"a": GREY[:3], "b": GREY[:2]})


def curve_looks(figure):
    """Return (dash pattern, marker) of each curve."""
    lines = figure.axes[0].lines
    dashes = [repr(line._unscaled_dash_pattern) for line in lines if line.get_alpha() is None]
    markers = [line.get_marker() for line in lines if line.get_marker() not in ("None", "", None)]
    return set(dashes), set(markers)


def test_curves_differ_without_colour_and_are_named_at_their_ends():
    history = {"step": [10, 20, 30], "d_loss": [1.4, 1.2, 1.0], "g_loss": [0.7, 0.8, 0.9]}
    figure = plot_curves(history, window=1)
    dashes, markers = curve_looks(figure)
    assert len(dashes) >= 2 and len(markers) == 2
    words = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "d_loss 1" in words and "g_loss 0.9" in words
    assert figure.axes[0].lines[0].get_xdata()[-1] == 30
    assert "d_loss from 1.4 to 1" in figure.alt


def test_a_curve_that_breaks_off_says_so():
    figure = plot_curves({"loss": [1.0, 2.0, np.nan, np.nan], "other": [1.0, 1.0, 1.0, 1.0]})
    assert "loss from 1 to 2, then not a finite number" in figure.alt
    assert "other from 1 to 1;" not in figure.alt and figure.alt.count("not a finite number") == 1


def test_a_logarithm_of_zero_is_refused():
    with pytest.raises(ValueError, match="log=False"):
        plot_curves({"loss": [1.0, 0.0]}, log=True)
    plot_curves({"loss": [1.0, 0.1]}, log=True)


@pytest.mark.parametrize("history", [{}, {"loss": []}, {"a": [1], "b": [1, 2], "step": [1]}])
def test_a_history_without_equal_curves_is_refused(history):
    with pytest.raises(ValueError, match="Received"):
        plot_curves(history)


def test_smoothing_keeps_a_constant_and_leaves_gaps_open():
    values = np.array([2.0] * 10 + [np.nan] + [2.0] * 10)
    line = smoothed(values, 5)
    assert np.isnan(line[10]) and np.allclose(np.delete(line, 10), 2.0)


def test_labels_are_moved_apart_in_order_and_stay_inside():
    placed = spread([50, 51, 52, 99], 10, 0, 100)
    assert (np.diff(placed) >= 9.9).all() and placed.min() >= 0 and placed.max() <= 100
    assert not (np.diff([50, 51, 52, 99]) >= 9.9).all()  # planted: unmoved labels fail the same assertion


def bars(figure):
    return [bar.get_width() for bar in figure.axes[0].patches]


def test_histogram_bars_are_the_shares():
    figure = plot_histogram([0, 0, 0, 2], ["coat", "dress", "bag"])
    assert bars(figure) == [0.75, 0.0, 0.25]
    assert bars(figure) != bars(plot_histogram([0, 0, 2, 2], ["coat", "dress", "bag"]))
    assert "missing: dress" in figure.alt and "coat with 75%" in figure.alt


@pytest.mark.parametrize("ids", [[0, 3], [-1], [], [0.5], [[0, 1]]])
def test_wrong_class_ids_are_refused(ids):
    with pytest.raises(ValueError, match="from 0 to 2"):
        plot_histogram(ids, ["coat", "dress", "bag"])


def test_expected_shares_must_sum_to_one():
    with pytest.raises(ValueError, match="sum 2"):
        plot_histogram([0], ["coat", "bag"], expected=[1, 1])


def test_scores_are_written_beside_their_dots():
    figure = plot_scores({"real": 1.9, "ours": 31.2, "noise": 1890}, band=(0, 40))
    assert 0 < figure.axes[0].get_xlim()[0] < 1.9  # a band from 0 does not stretch a logarithmic axis
    words = [text.get_text() for text in figure.axes[0].texts]
    assert {"1.9", "31.2", "1890"} <= set(words)
    assert "ours 31.2" in figure.alt
    with pytest.raises(ValueError, match="above 0"):
        plot_scores({"real": 0.0})


@pytest.mark.parametrize("alt", [None, "", "  ", "image", "Picture.", "plot", 3])
def test_an_alt_text_that_says_nothing_is_refused(alt):
    with pytest.raises(ValueError, match="Alt text"):
        show(Figure(), alt)


def test_equal_pictures_are_equal_bytes_and_small():
    history = {"loss": list(1 + RNG.normal(size=200) / 10)}
    assert style.png(plot_curves(history)) == style.png(plot_curves(history))
    assert style.png(plot_curves(history)) != style.png(plot_curves({"loss": history["loss"][::-1]}))
    assert len(style.png(plot_curves(history))) < 60_000


def test_a_picture_looks_the_same_whatever_the_notebook_has_set():
    import matplotlib

    wanted = style.png(plot_scores({"ours": 2.0, "other": 3.0}))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black", "savefig.bbox": "tight"}):
        assert style.png(plot_scores({"ours": 2.0, "other": 3.0})) == wanted


def test_a_name_without_glyphs_is_drawn_without_a_warning():
    style.png(plot_images(GREY[:1], titles=["连衣裙 \U0001f457"]))


def test_plain_python_prints_the_alt_text_once(capsys):
    assert show(plot_images(GREY)) is None
    assert capsys.readouterr().out == "2 rows of 6 images, 28 x 28 pixels each\n"


def test_a_notebook_shows_the_picture_with_alt_text_and_constant_text(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    code = "import matplotlib.pyplot as plt\nimport numpy as np\n"
    code += "from utils.show.pictures import plot_images, show\n"
    code += "show(plot_images(np.zeros((4, 8, 8, 1), 'uint8')), alt='four black squares')"
    last = "plot_images(np.zeros((4, 8, 8, 1), 'uint8'))"
    own = "figure = plt.figure()\nshow(figure, 'an empty page of the learner')"
    cells = [nbformat.v4.new_code_cell(source) for source in (code, last, own)]
    book = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(book, timeout=60, kernel_name="python3").execute()
    first, second, third = (cell.outputs for cell in book.cells)
    assert len(first) == len(second) == len(third) == 1  # a pyplot figure is not shown a second time
    assert first[0].data["text/plain"] == "four black squares"
    assert first[0].metadata["image/png"]["alt"] == "four black squares"
    assert second[0].metadata["image/png"]["alt"] == "1 row of 4 images, 8 x 8 pixels each"
    assert first[0].data["image/png"]
