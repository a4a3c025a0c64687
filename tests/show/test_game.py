"""A recorded game is drawn with its numbers, plays as a film without a kernel, is moved through by hand."""

import io

import numpy as np
import pytest
from PIL import Image

from utils.data.points import grid_of_modes
from utils.show import game as shown
from utils.show.game import Film, Moments, film, plot_moments, plot_surfaces, step_through
from utils.show.style import png
from utils.training.recording import Recording


def recording(frames=3, seed=0):
    """A game that nobody played: fakes that come nearer to the grid."""
    rng, modes = np.random.default_rng(seed), grid_of_modes(3)
    return Recording(
        real=modes.draw(60, seed),
        reach=1.6,
        steps=np.arange(frames) * 10,
        fakes=rng.normal(0, 0.5, (frames, 60, 2)),
        surface=np.tanh(rng.normal(size=(frames, 12, 12))),
        pulls=rng.normal(0, 0.3, (frames, 20, 2)),
        modes=np.arange(frames) + 1,
        quality=np.linspace(0.1, 0.9, frames),
    )


def drawn(panels):
    return png(plot_moments(panels), sharpness=1)


def test_moments_say_what_they_show():
    figure = plot_moments([("plain", recording(), 0), ("cured", recording(), 2)])
    assert "plain, step 0: 1 mode, 10% of the fakes on one; cured, step 20: 3 modes, 90%" in figure.alt
    texts = [text.get_text() for text in figure.texts]
    assert "cured, step 20" in texts and "3 modes, 90% on a mode" in texts


@pytest.mark.parametrize("field", ["real", "fakes", "surface", "pulls"])
def test_each_part_of_a_moment_is_seen(field):
    one = recording()
    changed = one._replace(**{field: -getattr(one, field)[::-1]})
    assert drawn([("a", one, 0)]) == drawn([("a", recording(), 0)])
    assert drawn([("a", one, 0)]) != drawn([("a", changed, 0)])


def test_arrows_point_where_the_pull_goes(monkeypatch):
    one = recording()
    figure = plot_moments([("a", one, 1)])
    arrows = figure.axes[0].collections[-1]
    drawn_ones = np.stack([arrows.U, arrows.V], axis=1)
    pulls = one.pulls[1]
    cosines = (drawn_ones * pulls).sum(1) / np.linalg.norm(drawn_ones, axis=1) / np.linalg.norm(pulls, axis=1)
    assert cosines == pytest.approx(np.ones(20))
    assert np.linalg.norm(drawn_ones, axis=1).max() <= shown.LONGEST + 1e-9
    assert np.array_equal(arrows.XY, one.fakes[1][:20])


def test_a_flat_surface_and_no_pull_are_drawn_too():
    one = recording()
    still = one._replace(surface=np.zeros_like(one.surface), pulls=np.zeros_like(one.pulls))
    assert plot_moments([("at rest", still, 0)]).alt


def test_a_film_has_all_its_moments_plays_once_and_ends_at_the_last():
    reel = film({"cured": recording(5)}, every=2)
    assert len(reel.pictures) == 3 and "Film of 3 moments" in reel.alt
    opened = Image.open(io.BytesIO(reel.png()))
    assert opened.n_frames == 4 and opened.info["loop"] == 1 and opened.info["default_image"]
    still = np.asarray(opened.convert("RGB"), "int16")
    assert np.abs(still - reel.pictures[-1]).mean() < 3  # what is seen where nothing moves
    opened.seek(1)
    assert np.abs(np.asarray(opened.convert("RGB"), "int16") - reel.pictures[0]).mean() < 3
    assert np.abs(still - reel.pictures[0]).mean() > 3
    data, metadata = reel._repr_mimebundle_()
    assert data["image/png"] == reel.png() and metadata["image/png"]["alt"] == reel.alt


def test_a_film_says_what_it_shows():
    with pytest.raises(ValueError, match="Alt text"):
        Film([np.zeros((4, 4, 3), "uint8")], "film")


def test_moments_are_drawn_once_and_a_shorter_game_waits(monkeypatch):
    moments = Moments({"short": recording(2), "long": recording(4)})
    assert moments.count == 4 and moments.drawn == {}
    assert "short, step 10" in moments[3][1] and "long, step 30" in moments[3][1]
    monkeypatch.setattr(shown, "plot_moments", None)
    assert moments[3][0].dtype == np.uint8
    with pytest.raises(ValueError, match="from one recorded moment on. Received: no game"):
        Moments({})


def test_outside_a_notebook_six_moments_are_a_figure():
    figure = step_through({"cured": recording(9)})
    assert len(figure.axes) == 6 and "step 0:" in figure.alt and "step 80:" in figure.alt


def test_the_slider_shows_the_moment_it_stands_at(monkeypatch):
    monkeypatch.setattr(shown.style, "in_notebook", lambda: True)
    box = step_through({"cured": recording(4)})
    view, said, controls, note = box.children
    number, slider = controls.children[0].children
    assert 'alt="moment 0 of 3: cured, step 0' in view.value and 'role="status"' in said.value
    before = view.value
    slider.value = 2
    assert 'alt="moment 2 of 3: cured, step 20' in view.value and "step 20" in said.value
    assert view.value.split("base64,")[1] != before.split("base64,")[1]
    assert number.description == "Moment" and slider.max == 3 and "triangles fake" in note.value


def test_the_name_of_a_game_becomes_no_part_of_the_page(monkeypatch):
    """Planted: a name that breaks out of an attribute and brings a script."""
    monkeypatch.setattr(shown.style, "in_notebook", lambda: True)
    view, said, *_ = step_through({'"><script>alert(1)</script>': recording(2)}).children
    for page in (view.value, said.value):
        assert "<script" not in page and "&lt;script&gt;" in page


def test_surfaces_carry_their_values_in_words():
    low, high = np.full((9, 9), 0.2), np.tile(np.linspace(0, 1, 9), (9, 1))
    figure = plot_surfaces({"computed": low, "learned": high}, 1.0, points=[(0, 0)])
    assert [text.get_text() for text in figure.texts] == ["computed", "learned"]
    assert {text.get_text() for text in figure.axes[1].texts} <= {"0.1", "0.5", "0.9"}
    with pytest.raises(ValueError, match="Received: scores.*sigmoid"):
        plot_surfaces({"scores": high * 8 - 4}, 1.0)
