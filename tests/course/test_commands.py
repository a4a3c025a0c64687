"""The command line: help, errors that list the right names, the flags of lab, the report of doctor."""

import os
import subprocess
import sys

import pytest

from utils.course import doctor, doctor_devices, lab
from utils.course.__main__ import main
from utils.course.lesson_source import COURSE, Course


def test_without_a_command_the_commands_are_listed(capsys):
    assert main([]) == 2
    said = capsys.readouterr().out
    assert all(name in said for name in ("lab", "run", "build", "check", "grade", "doctor"))


@pytest.mark.parametrize(
    ("arguments", "words"), [(["bild"], "bild"), (["run"], "lesson"), (["check", "-x"], "-x")]
)
def test_a_wrong_command_says_what_is_wrong(arguments, words, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert words in capsys.readouterr().err


def test_an_unknown_lesson_is_one_line(capsys):
    assert main(["check", "99"]) == 2
    assert "Received: '99'" in capsys.readouterr().err


def test_lab_flags_given_by_hand_win():
    ours = lab.flags(8888, [])
    assert "--port=8888" in ours and f"--ServerApp.root_dir={COURSE.root}" in ours
    less = lab.flags(8888, ["--ServerApp.root_dir=/x", "--port", "9"])
    assert not any(flag.startswith(("--ServerApp.root_dir", "--port=")) for flag in less)
    assert ("--allow-root" in ours) == (getattr(os, "geteuid", lambda: 1)() == 0)


def test_lab_leaves_the_settings_of_the_user_alone(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    environment = lab.lab_environment()
    assert environment["JUPYTER_CONFIG_PATH"] == os.pathsep.join(["/theirs", str(lab.DEFAULTS)])
    assert "JUPYTERLAB_SETTINGS_DIR" not in {*environment} - {*os.environ}
    assert (lab.DEFAULTS / "labconfig" / "default_setting_overrides.json").is_file()


def test_a_taken_port_is_not_used():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert lab.free_port(port) != port


@pytest.fixture
def healthy(tmp_path, monkeypatch):
    """A small course folder and a TensorFlow that starts at once."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_start_here.ipynb").write_text("{}")
    (tmp_path / "requirements.txt").write_text((COURSE.root / "requirements.txt").read_text())
    monkeypatch.setattr(doctor_devices, "DEVICE_PROBE", "print('noise'); print('[\"CPU\"]')")
    monkeypatch.delenv("PRODUCT_DATA", raising=False)
    monkeypatch.delenv("COURSE_BUDGET", raising=False)
    return Course(tmp_path)


def report(course):
    """(exit code, text) of a doctor's visit."""
    said = []
    return doctor.doctor(course, said.append), "\n".join(said)


def test_doctor_names_what_a_bug_report_needs(healthy):
    code, text = report(healthy)
    assert code == 0 and "Nothing needed is missing." in text
    for word in ("system", "python", "tensorflow", "keras", "numpy", "jupyterlab", "cpu cores", "memory",
                 "devices", "disk free", "data found", "budget", "commit"):  # fmt: skip
        assert word in text


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda c, m: m.setattr(doctor_devices, "DEVICE_PROBE", "raise ImportError('no wheel')"), "no wheel"),
        (lambda c, m: (c.root / "requirements.txt").write_text("nosuch==1.0\n"), "✗ missing: nosuch"),
        (lambda c, m: (c.root / "requirements.txt").unlink(), "✗ missing: pins"),
        (lambda c, m: (c.notebooks / "00_start_here.ipynb").unlink(), "✗ missing: notebooks"),
        (lambda c, m: m.setenv("PRODUCT_DATA", "/nowhere"), "✗ missing: PRODUCT_DATA"),
        (lambda c, m: m.setenv("COURSE_BUDGET", "huge"), "✗ missing: COURSE_BUDGET"),
    ],
)
def test_doctor_names_what_is_missing_with_a_cure(healthy, monkeypatch, spoil, words):
    spoil(healthy, monkeypatch)
    code, text = report(healthy)
    assert code == 1 and words in text and "Cure: " in text


def test_another_version_than_the_pin_is_said_and_is_no_failure(healthy):
    (healthy.root / "requirements.txt").write_text("numpy==1.0\n")
    code, text = report(healthy)
    assert code == 0 and "(course: 1.0)" in text and "· optional: pins" in text


def test_help_is_quick_and_quiet():
    done = subprocess.run([sys.executable, "-m", "utils.course", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "" and "doctor" in done.stdout
