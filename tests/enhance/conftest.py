"""What these tests share: a stand-in for the model of lesson 07."""

import runpy
from pathlib import Path

import pytest

STAND_IN = runpy.run_path(str(Path(__file__).with_name("stand_in.py")))


@pytest.fixture
def smooth():
    """A stand-in for `enhance`."""
    return STAND_IN["smooth"]


@pytest.fixture
def restored():
    """The named tuple that `enhance` returns."""
    return STAND_IN["Restored"]
