"""The doctor and GPUs: what TensorFlow sees, what the driver sees, and a cure where they differ."""

import os
import platform
import stat
import sys

import pytest

from utils.course import doctor, doctor_devices
from utils.course.lesson_source import COURSE, Course

L4 = "0, GPU-a, {used}, 23034, 8.9, NVIDIA L4"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that makes a machine: what TensorFlow sees, the driver's answer, installed CUDA packages."""
    (tmp_path / "requirements.txt").write_text("tensorflow==9.8.7\n")
    wanted = ["numpy", 'planted-cuda-cu12>=1; extra == "and-cuda"', 'planted-nccl-cu12; extra == "and-cuda"']

    def make(seen, gpus=None, processes="", packages=(), body=None, system="Linux", kind="x86_64"):
        monkeypatch.setattr(doctor_devices, "DEVICE_PROBE", f"import json; print(json.dumps({seen!r}))")
        monkeypatch.setattr(doctor_devices.importlib.metadata, "requires", lambda name: wanted)
        monkeypatch.setattr(platform, "system", lambda: system)
        monkeypatch.setattr(platform, "machine", lambda: kind)
        monkeypatch.setenv("PATH", str(tmp_path))
        for name in packages:
            folder = tmp_path / "packages" / f"{name.replace('-', '_')}-1.0.dist-info"
            folder.mkdir(parents=True)
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        if gpus is not None or body:
            asked = f"print({gpus!r} if '--query-gpu' in sys.argv[1] else {processes!r})"
            script = tmp_path / "nvidia-smi"
            script.write_text(f"#!{sys.executable}\nimport sys\n{body or asked}\n")
            script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return Course(tmp_path)

    for name in ("CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    return make


def found(course):
    """(lines of the report, cures) of the devices."""
    findings = list(doctor_devices.devices(course))
    assert not any(cure and cure[0] for _, _, cure in findings)  # a GPU is optional
    return [(name, value) for name, value, _ in findings], [cure[1] for _, _, cure in findings if cure]


BOTH = ("planted-cuda-cu12", "planted-nccl-cu12")


def test_a_machine_without_a_gpu_has_nothing_to_cure(machine):
    assert found(machine(["CPU"])) == ([("devices", "CPU")], [])


def test_a_gpu_that_tensorflow_uses_is_named(machine):
    lines, cures = found(machine(["CPU", "GPU"], L4.format(used=300), packages=BOTH))
    assert lines == [("devices", "CPU, GPU"), ("gpu", "NVIDIA L4, 22.5 GB, compute capability 8.9")]
    assert cures == []


def test_who_holds_the_gpu_is_named(machine):
    row = f"{os.getppid()}, GPU-a, 11469, /usr/bin/python"
    lines, cures = found(machine(["CPU", "GPU"], L4.format(used=12000), row))
    assert lines[-1] == ("gpu memory", f"process {os.getppid()} (python) holds 11.2 of 22.5 GB of the GPU")
    assert "Shut Down All Kernels" in cures[0]


@pytest.mark.parametrize("packages", [(), BOTH[:1]], ids=["none", "some"])
def test_missing_cuda_is_one_line_of_pip_with_the_version_of_the_pins(machine, packages):
    lines, cures = found(machine(["CPU"], L4.format(used=300), packages=packages))
    assert lines[1][1] == "NVIDIA L4, 22.5 GB, compute capability 8.9: TensorFlow does not see it"
    assert cures == ['pip install "tensorflow[and-cuda]==9.8.7", once, with the Python of the course']


def test_the_line_of_pip_is_that_of_the_requirements():
    text = (COURSE.root / "requirements.txt").read_text(encoding="utf-8")
    pin = doctor.read_pins(COURSE.root / "requirements.txt")["tensorflow"]
    assert f'pip install "tensorflow[and-cuda]=={pin}"' in text


@pytest.mark.parametrize(
    ("system", "kind", "words"),
    [("Windows", "AMD64", "WSL2"), ("Darwin", "arm64", "CPU alone"), ("Linux", "aarch64", "CPU alone")],
)
def test_where_pip_cannot_help_it_is_not_named(machine, system, kind, words):
    _, cures = found(machine(["CPU"], L4.format(used=300), system=system, kind=kind))
    assert len(cures) == 1 and words in cures[0] and "pip install" not in cures[0]


def test_a_gpu_that_is_hidden_is_said(machine, monkeypatch):
    course = machine(["CPU"], L4.format(used=300))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "unset CUDA_VISIBLE_DEVICES: '-1'" in found(course)[1][0]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert "pip install" in found(course)[1][0]  # planted: the variable is there and hides nothing


def test_with_cuda_and_a_driver_the_driver_is_too_old(machine, monkeypatch):
    course = machine(["CPU"], L4.format(used=300), packages=BOTH)
    assert found(course)[1] == ["install a newer driver of NVIDIA: one that knows CUDA 12"]
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/local/cuda/lib64")
    assert found(course)[1][0].startswith("unset LD_LIBRARY_PATH")


def test_cuda_without_a_driver_is_said(machine):
    lines, cures = found(machine(["CPU"], packages=BOTH))
    assert "nvidia-smi is not found" in lines[1][1] and "install NVIDIA's driver" in cures[0]


def test_a_driver_that_fails_is_quoted(machine):
    body = "print('Failed to initialize NVML: Driver/library version mismatch'); sys.exit(18)"
    lines, cures = found(machine(["CPU"], body=body, packages=BOTH))
    assert "Driver/library version mismatch" in lines[1][1] and "start the machine anew" in cures[0]


def test_the_report_calls_it_optional(machine):
    said = []
    doctor.doctor(machine(["CPU"], L4.format(used=300)), said.append)
    assert any(
        line.startswith('· optional: training. Cure: pip install "tensorflow[and-cuda]') for line in said
    )
