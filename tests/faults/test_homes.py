"""A home that is read-only, and a user without any: one line says so, and the lesson goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from utils.course.lab import free_port

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def closed(tmp_path):
    """A home without the right to write, and the words before a command that make the right bind."""
    if os.name == "nt":
        pytest.skip("rights of POSIX")
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    if not IS_ROOT:
        return home, []
    if not shutil.which("setpriv"):
        pytest.skip("root without setpriv (util-linux) may write everywhere")
    return home, ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]  # not even the right to overrule


def test_a_read_only_home_costs_two_lines_and_no_lesson(closed):
    home, rights = closed
    assert_said_once_and_went_on(probe(rights=rights, HOME=str(home)))
    assert list(home.iterdir()) == []
    home.chmod(0o755)
    with pytest.raises(AssertionError):  # planted: a home that can be written says nothing
        assert_said_once_and_went_on(probe(rights=rights, HOME=str(home)))


def test_lab_opens_from_a_read_only_home(closed):
    home, rights = closed
    command = [*rights, sys.executable, "-m", "utils.course", "lab", "--no-browser", f"--port={free_port(0)}"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as lab:
        said = [lab.stdout.readline(), lab.stdout.readline()]
        lab.terminate()
        lab.communicate()
    assert said[0] == "Your home cannot be written, so JupyterLab forgets its settings when it ends.\n"
    assert said[1].startswith("The course is open at http://localhost:")


@pytest.mark.skipif(os.name == "nt", reason="a user of Windows has a profile")
def test_a_user_without_a_home_loses_no_lesson(tmp_path):
    done = probe(WITHOUT_HOME, COURSE_FOLDER=str(tmp_path / "while it starts"))
    assert_said_once_and_went_on(done)
    assert "~" not in os.listdir()  # platformdirs gives up with "~/.local": no folder may get that name
