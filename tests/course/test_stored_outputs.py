"""The pictures and numbers that a learner sees first were made from real photos, and they are good."""

import pathlib
import re

import nbformat
import pytest

from utils.training.budget import LESSONS

SOLUTIONS = pathlib.Path(__file__).parents[2] / "solutions"
SOLVED = SOLUTIONS / "02_code_a_gan.ipynb"


def printed(notebook):
    """Return everything that the cells of a notebook printed."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def made_of_real_photos(text):
    """Tell whether the stored run had the real data, and not the catalogue in their place."""
    return "takes its place" not in text


def stored_fid(text):
    """Return the FID of each candidate in the stored table."""
    return {
        name.strip(): float(fid) for name, fid in re.findall(r"^(.+?) +FID +([\d.]+) ", text, re.MULTILINE)
    }


@pytest.fixture(scope="module")
def text():
    return printed(nbformat.read(SOLVED, as_version=4))


def test_the_stored_run_had_real_photos(text):
    assert made_of_real_photos(text)
    assert not made_of_real_photos(text + "fashion-mnist is out of reach, so the catalogue takes its place.")


def test_the_stored_generator_lies_in_its_band_and_the_yardsticks_around_it(text):
    fid = stored_fid(text)
    band = LESSONS["02_code_a_gan"]["cpu"].fid_band
    assert fid["real photos"] < fid["ours"] < band < fid["one image, repeated"]
    assert band < fid["noise"]


def test_the_stored_generator_draws_every_kind_and_the_broken_one_does_not(text):
    healthy, collapsed = re.findall(r"^almost never drawn: (.+)$", text, re.MULTILINE)
    assert healthy == "none"
    assert len(collapsed.split(", ")) >= 3


def stored_shares(text):
    """Return lesson 04's table: name -> kind, colour, pattern, detail, all three, R@1, diversity."""
    row = r"^(\S.*?) +((?:[\d.]+% +){6})([\d.]+)$"
    return {
        name: [*(float(share.strip("%")) / 100 for share in shares.split()), float(diversity)]
        for name, shares, diversity in re.findall(row, text, re.MULTILINE)
    }


def test_the_stored_generator_of_lesson_04_draws_what_it_is_told():
    text = printed(nbformat.read(SOLUTIONS / "04_text_to_product.ipynb", as_version=4))
    assert made_of_real_photos(text)
    rows = stored_shares(text)
    three = {name: row[4] for name, row in rows.items()}
    assert three["ours, seen"] >= 0.85 and three["ours, unseen"] >= 0.75
    assert three["captions shuffled"] < 0.01 and three["blind"] < 0.05
    assert rows["ours, seen"][6] >= rows["real pictures"][6] / 2


def test_the_picture_in_the_readme_exists():
    readme = (SOLVED.parents[1] / "README.md").read_text("utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert shown and all((SOLVED.parents[1] / path).is_file() for path in shown)
    assert len(readme.splitlines()) < 120


def stored_modes(text):
    """Return what lesson 01 counted: name -> modes, share of points on one."""
    rows = re.findall(r"^(.+?) +(\d+)(?: of 25)? modes, +([\d.]+)% on a mode$", text, re.MULTILINE)
    return {name: (int(modes), float(share) / 100) for name, modes, share in rows}


def test_the_stored_games_of_lesson_01_fail_and_settle_as_they_should():
    text = printed(nbformat.read(SOLUTIONS / "01_what_is_a_gan.ipynb", as_version=4))
    found = stored_modes(text)
    assert found["real points"][0] == 25 and found["one centre, repeated"] == (1, 1.0)
    for failed in "plain", "momentum 0.9":
        assert found[failed][0] <= 14 and found[failed][1] < 0.3
    modes, share = found["cured"]
    assert modes == 25 and share >= LESSONS["01_what_is_a_gan"]["cpu"].quality_band


def test_the_stored_game_is_worth_what_its_divergence_says():
    text = printed(nbformat.read(SOLUTIONS / "01_what_is_a_gan.ipynb", as_version=4))
    rows = re.findall(r"^N\(.+?\) +(-[\d.]+) +(-[\d.]+) +[\d.]+$", text, re.MULTILINE)
    assert len(rows) == 5 and all(float(value) == pytest.approx(float(bound)) for value, bound in rows)
    error = float(re.search(r"where points lie: ([\d.]+)$", text, re.MULTILINE)[1])
    assert error < 0.05
