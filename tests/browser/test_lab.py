"""The first command a newcomer types: Lab opens, is quiet, and runs a notebook."""

import re

import pytest


def test_a_notebook_runs_and_its_widget_answers(lab):
    page = lab.open("notebooks/tiny.ipynb")
    lab.run_all()
    assert lab.outputs("cell-0") == [{"output_type": "stream", "name": "stdout", "text": "answer 42\n"}]
    handle = page.locator(".widget-slider .noUi-handle")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("square is 25").wait_for()
    assert lab.errors == []
    assert lab.screenshot("tiny").stat().st_size > 10_000


def test_there_is_no_news_and_nothing_leaves_the_machine(lab):
    page = lab.open("notebooks/tiny.ipynb")
    page.wait_for_timeout(2000)  # the question about news comes after the start
    assert page.get_by_text("official Jupyter news").count() == 0
    assert page.locator(".Toastify__toast").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
    assert lab.foreign == []


def test_an_error_in_the_console_would_be_noticed(lab):
    page = lab.open("notebooks/tiny.ipynb")
    page.evaluate("console.error('planted')")
    page.evaluate("fetch('http://192.0.2.1/planted').catch(() => 0); 0")
    page.wait_for_timeout(200)
    assert "planted" in lab.errors and lab.foreign == ["http://192.0.2.1/planted"]


def test_the_terminal_shows_one_line_with_the_address(lab_server, lab):
    lab.open("notebooks/tiny.ipynb")
    assert len(lab_server.lines) == 1, lab_server.lines
    assert re.search(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+", lab_server.lines[0])


def test_the_first_notebook_opens_and_runs_without_an_error(lab, lab_root):
    path = "notebooks/00_start_here.ipynb"
    if not (lab_root / path).is_file():
        pytest.skip("notebooks/00_start_here.ipynb is not built yet")
    lab.open(path)
    lab.run_all()
    shown = [output for cell in lab.state()["cells"] for output in cell["outputs"]]
    assert not [output for output in shown if output["output_type"] == "error"]
    assert lab.errors == []
