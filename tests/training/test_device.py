"""Start-up is silent, says where it runs, and predicts from measured steps."""

import subprocess
import sys

import pytest

from utils.training import device, probe


def start_up(code):
    """Run code in a fresh Python; return what it printed on both channels."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_start_up_prints_one_line_and_no_log_lines(monkeypatch):
    monkeypatch.setenv("COURSE_BUDGET", "smoke")
    code = "from utils.training.device import start_lesson; start_lesson('02_code_a_gan')"
    out, log = start_up(code)
    assert out.count("\n") == 1 and "smoke" in out and "02_code_a_gan" in out
    assert log == ""


def test_the_device_is_named():
    assert "CPU core" in device.describe_device() or " x " in device.describe_device()


def test_minutes_are_measured_from_real_steps(monkeypatch):
    monkeypatch.setenv("COURSE_BUDGET", "smoke")
    minutes = probe.predict_minutes(seconds=0.2)
    assert list(minutes) == list(probe.LESSONS)
    assert all(0 < value < 5 for value in minutes.values())


def test_twice_the_steps_take_twice_the_time(monkeypatch):
    monkeypatch.setattr(probe, "seconds_per_step", lambda budget, seconds: 0.06)
    monkeypatch.setenv("COURSE_BUDGET", "smoke")
    minutes = probe.predict_minutes()
    assert minutes["02_code_a_gan"] == pytest.approx(0.001 * probe.load_budget("02").steps)
