"""A hundred kills, 80 of a training and 20 of a build: nothing is lost, and the next start works."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
TRAININGS, BUILDS = 80, 20
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each life is a fork, which Windows has not")


def lines_of(script, folder, kills):
    """Run one of the scripts beside this file and return its lines of JSON."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    command = [sys.executable, str(Path(__file__).with_name(script)), str(folder), str(kills)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def assert_nothing_was_lost(lives, same):
    """Each life goes on from a whole state, at or after the last step that was told to be saved."""
    saved = 0
    for first, *steps in lives:
        assert first["whole"]
        assert first["resumed"] >= saved
        saved = steps[-1]["saved"] if steps else first["resumed"]
    assert same  # at the end the numbers are those of a training that nobody killed


def test_a_training_killed_eighty_times_ends_at_the_weights_of_one_that_never_was(tmp_path):
    (told,) = lines_of("killed_training.py", tmp_path, TRAININGS)
    assert len(told["lives"]) == TRAININGS and told["step"] > TRAININGS
    assert_nothing_was_lost(told["lives"], told["same"])
    numbers = sorted(int(name[5:13]) for name in told["left"] if name.startswith("step_"))
    assert len(numbers) <= 3 and not [name for name in told["left"] if name.endswith(".damaged")]
    # what a killed kernel has left half-written is gone a minute later
    assert [name[:5] for name in told["kept"]] == ["step_", "step_"]


@pytest.mark.parametrize(
    ("lives", "same"),
    [
        ([[{"resumed": 0, "whole": True}, {"saved": 2}], [{"resumed": 1, "whole": True}]], True),
        ([[{"resumed": 0, "whole": True}, {"saved": 2}], [{"resumed": 2, "whole": False}]], True),
        ([[{"resumed": 0, "whole": True}, {"saved": 2}], [{"resumed": 2, "whole": True}]], False),
    ],
    ids=["a saved step is gone", "a mixed state", "other weights at the end"],
)
def test_a_training_that_loses_something_is_found(lives, same):
    with pytest.raises(AssertionError):
        assert_nothing_was_lost(lives, same)


def test_a_build_killed_twenty_times_leaves_whole_notebooks_and_the_next_one_works(built):
    lives = lines_of("killed_build.py", built.root, BUILDS)
    assert [life["code"] for life in lives] == [-9] * BUILDS
    assert all(set(life["which"]) <= {0, 1} for life in lives)  # the old file or the new one, never a part
    mixed = [life for life in lives if len(set(life["which"])) == 2]
    assert all(life["told"] for life in mixed)  # `check` names a pair that does not belong together
    assert all(life["again"] and life["clean"] for life in lives)


HANGING = """# %%
import os, time
with open("pid", "w") as file:
    file.write(str(os.getpid()))
time.sleep(600)
"""
BUILDER = """
import sys
from pathlib import Path
from utils.course.build import build
from utils.course.lesson_source import Course
build(["07"], Course(Path(sys.argv[1])))
"""


def has_ended(process):
    """Tell whether a process is gone, or waits for nobody to ask how it went."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_kernel_of_a_killed_build_ends_too_and_the_old_notebooks_stay(built):
    files = {file: file.read_bytes() for file in built.root.glob("*/*.ipynb")}
    built.write_lesson(HANGING)
    place = built.notebooks / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(built.root)], stderr=subprocess.DEVNULL
    ) as builder:
        while not (place.exists() and place.read_text()):
            assert builder.poll() is None
            time.sleep(0.1)
        kernel = psutil.Process(int(place.read_text()))
        assert not has_ended(kernel)  # planted: while the builder lives, so does the kernel
        builder.kill()
    end = time.monotonic() + 60
    while not has_ended(kernel):
        assert time.monotonic() < end, "the kernel is still there"
        time.sleep(0.1)
    assert {file: file.read_bytes() for file in built.root.glob("*/*.ipynb")} == files
