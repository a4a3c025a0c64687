"""A home that is read-only, and a user without any: one line says so, and the lesson goes on."""

import os
import shutil
import subprocess
import sys

import pytest

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PROBE = """
import os, sys
from utils.data import load_products
from utils.exercises.record import add_to_record
from utils.interview.room import Room

{before}
print(len(load_products(count=5)))
print(add_to_record("2.1", tries=1))
print(len(add_to_record.__doc__) > 0, len(Room().deck) > 100)
"""
# Nobody knows the home of a user who is not listed: real where we may become one, else as pwd would say it.
WITHOUT_HOME = """
import pwd
load_products(count=2, image_size=28)  # all modules are there, also those that the new user may not read
os.environ.pop("HOME")
os.environ.pop("COURSE_FOLDER")
if os.geteuid() == 0:
    os.setuid(54321)
else:
    pwd.getpwuid = {}.__getitem__
"""


def probe(before="", rights=(), **environment):
    """Draw a catalogue, count a try and enter the interview room in a fresh Python."""
    inherited = {name: value for name, value in os.environ.items() if name != "COURSE_FOLDER"}
    command = [*rights, sys.executable, "-c", PROBE.replace("{before}", before)]
    return subprocess.run(command, env=inherited | environment, capture_output=True, encoding="utf-8")


def assert_said_once_and_went_on(done):
    """All three parts work, and what is not kept is said in one line each."""
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == ["5", "Record(tries=1, solved=False, hints=0)", "True True"]
    assert done.stdout.count("The catalogue is drawn but not kept for next time") == 1
    (line,) = done.stderr.splitlines()
    assert "Progress is not kept in this session" in line and "set COURSE_FOLDER" in line


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_read_only_home_costs_two_lines_and_no_lesson(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    rights = []
    if IS_ROOT:  # whom rights do not bind, unless the capability to overrule them is given up
        if not shutil.which("setpriv"):
            pytest.skip("root without setpriv (util-linux) may write everywhere")
        rights = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]
    assert_said_once_and_went_on(probe(rights=rights, HOME=str(home)))
    assert list(home.iterdir()) == []
    home.chmod(0o755)
    with pytest.raises(AssertionError):  # planted: a home that can be written says nothing
        assert_said_once_and_went_on(probe(rights=rights, HOME=str(home)))


@pytest.mark.skipif(os.name == "nt", reason="a user of Windows has a profile")
def test_a_user_without_a_home_loses_no_lesson(tmp_path):
    done = probe(WITHOUT_HOME, COURSE_FOLDER=str(tmp_path / "while it starts"))
    assert_said_once_and_went_on(done)
    assert "~" not in os.listdir()  # platformdirs gives up with "~/.local": no folder may get that name
