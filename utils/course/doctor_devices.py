"""What the doctor says of devices: what TensorFlow sees, what NVIDIA's driver sees, and why they differ."""

import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys

from utils.course.doctor import INSTALL, read_pins
from utils.training.gpu import SHUT_DOWN, busy_gpus, installed_gpus, is_chosen

NEEDED, OPTIONAL = True, False  # the course runs without a GPU
DEVICE_PROBE = """
import json, utils.training.quiet
import tensorflow as tf
print(json.dumps([device.device_type for device in tf.config.list_physical_devices()]))
"""


def devices(course):
    """What TensorFlow sees, asked in a process of its own: a broken install must not end this one."""
    command = [sys.executable, "-c", DEVICE_PROBE]
    try:
        done = subprocess.run(
            command,
            cwd=course.root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=180,
        )
        seen = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        yield "devices", "TensorFlow did not start within 180 s", (NEEDED, INSTALL)
    except (IndexError, ValueError):
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        yield "devices", f"TensorFlow does not start: {last[:200]}", (NEEDED, INSTALL)
    else:
        yield "devices", ", ".join(seen), None
        yield from _gpus("GPU" in seen, read_pins(course.root / "requirements.txt").get("tensorflow"))


def _gpus(used, pin):
    """Each GPU of the driver, and the cure where TensorFlow does not use it; nothing on a machine without."""
    try:
        found = installed_gpus()
    except FileNotFoundError:
        if not used and _cuda_packages()[0]:
            cure = "install NVIDIA's driver; in a container, start it with its GPUs (docker run --gpus all)"
            yield "gpu", "CUDA is installed for TensorFlow, but nvidia-smi is not found", (OPTIONAL, cure)
        return
    except OSError as error:
        cure = "start the machine anew, which ends an update of the driver; else install NVIDIA's driver anew"
        yield "gpu", str(error), (OPTIONAL, cure)
        return
    for gpu in found:
        yield "gpu", f"{gpu}{'' if used else ': TensorFlow does not see it'}", None
    if found and not used:
        yield "training", "on the CPU, with a GPU at hand", (OPTIONAL, _cure(found, pin))
    for phrase in busy_gpus() if used else []:
        yield "gpu memory", phrase, (OPTIONAL, f"{SHUT_DOWN}, then start a lesson")


def _cure(gpus, pin):
    """What makes TensorFlow see a GPU that the driver sees, by the likeliest cause."""
    system, machine = platform.system(), platform.machine()
    if system == "Windows":
        return "work in WSL2: on Windows itself TensorFlow uses no GPU since 2.11"
    if system != "Linux" or machine not in ("x86_64", "AMD64"):
        return f"none: for {system} on {machine} TensorFlow is built for the CPU alone"
    if not any(map(is_chosen, gpus)):
        return f"unset CUDA_VISIBLE_DEVICES: {os.environ['CUDA_VISIBLE_DEVICES']!r} names none of them"
    installed, missing = _cuda_packages()
    if missing or not installed:
        version = f"=={pin}" if pin else ""
        return f'pip install "tensorflow[and-cuda]{version}", once, with the Python of the course'
    own = (
        "unset LD_LIBRARY_PATH, which leads to another CUDA; else " if "LD_LIBRARY_PATH" in os.environ else ""
    )
    cuda = re.sub(r".*-cu", "CUDA ", installed[0])
    return f"{own}install a newer driver of NVIDIA: one that knows {cuda}"


def _cuda_packages():
    """(installed, missing) of the packages that tensorflow[and-cuda] brings."""
    try:
        lines = importlib.metadata.requires("tensorflow") or []
    except importlib.metadata.PackageNotFoundError:
        lines = []
    names = [re.match(r"[\w.-]+", line)[0] for line in lines if "and-cuda" in line.partition(";")[2]]
    installed = [name for name in names if any(importlib.metadata.distributions(name=name))]
    return installed, [name for name in names if name not in installed]
