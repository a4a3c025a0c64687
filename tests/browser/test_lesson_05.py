"""Lesson 05 in a browser: chimes play by keyboard, stored ones too, and one latent turns all modalities."""

import re

PATH = "notebooks/05_many_modalities.ipynb"
LISTEN, TURN = "play_sounds(chimes", "explore_products(draw_latents"
MUTE = "player => { player.muted = true; player.pause(); player.currentTime = 0; }"
ENDED = "player => new Promise(done => player.ended ? done(true) : player.addEventListener('ended', done))"
HELD = "player => player.duration"


def assert_ten_chimes_play(lab):
    """Play the first of ten by the space bar alone; each has a name, a sound and a picture."""
    cell = lab.find(lab.cell_with(LISTEN))
    players, pictures = cell.locator("audio"), cell.get_by_alt_text(re.compile("^spectrogram of "))
    assert players.count() == pictures.count() == 10
    for number in range(10):
        assert players.nth(number).get_attribute("title").startswith("play ")
        assert round(players.nth(number).evaluate(HELD), 3) == 0.408  # seconds: read, and whole
    first = players.first
    first.evaluate(MUTE)
    first.focus()
    lab.page.keyboard.press("Space")
    first.evaluate(ENDED)


def shown(cell):
    """What the player shows now: picture, spectrogram, sound."""
    pictures = [cell.locator("img").nth(number).get_attribute("src") for number in range(2)]
    return [*pictures, cell.locator("audio").get_attribute("src")]


def test_stored_chimes_play_before_anything_was_run(lab):
    lab.open(PATH)
    assert_ten_chimes_play(lab)
    lab.screenshot("05_stored")
    assert lab.errors == [] and lab.foreign == []


def test_lesson_05_runs_and_a_latent_is_turned(lab):
    lab.run_lesson(PATH, errors=0)
    assert_ten_chimes_play(lab)
    lab.screenshot("05_chimes")
    page, cell = lab.page, lab.find(lab.cell_with(TURN))
    status = cell.get_by_role("status")
    assert status.inner_text().startswith("Product 0: ")
    first = shown(cell)
    lab.screenshot("05_player")
    cell.get_by_label(re.compile(r"^Latent \d+$")).first.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    status.get_by_text(re.compile(r"latent \d+ at 2\.5 \(was ")).wait_for()
    second = shown(cell)
    assert all(before != after for before, after in zip(first, second, strict=True))
    lab.screenshot("05_turned")
    cell.get_by_label("Play each sound").focus()
    page.keyboard.press("Space")
    cell.get_by_role("button", name="Another product").focus()
    page.keyboard.press("Enter")
    status.get_by_text(re.compile("^Product 1: ")).wait_for()
    player = cell.locator("audio")
    player.evaluate(ENDED)  # it has played by itself
    player.focus()
    assert player.evaluate("player => player === document.activeElement")
    lab.screenshot("05_another")
    assert shown(cell) != second
    assert lab.errors == [] and lab.foreign == []
