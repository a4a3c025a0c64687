"""What NVIDIA's driver says of the GPUs here, and who holds their memory; asks nvidia-smi, not TensorFlow."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

SECONDS = 5.0  # a driver that hangs must not hang the lesson
PROCESS_SHARE = 0.1  # of the memory of a GPU; a lesson fits beside a process that holds less
UNSEEN_SHARE = 0.25  # with no process to name: screens and the driver itself take some too
SHUT_DOWN = "in JupyterLab, Kernel, Shut Down All Kernels"


@dataclass(frozen=True)
class GPU:
    """A GPU as the driver sees it; what the driver does not tell is None."""

    index: str
    uuid: str
    used: float | None  # GB, as on the box: a GPU of 16 GB has 16384 MiB
    total: float | None  # GB
    compute_capability: str
    name: str

    def __str__(self):
        """Name it with its memory and its compute capability."""
        known = [self.name] + ([f"{self.total:.1f} GB"] if self.total else [])
        if re.fullmatch(r"\d+\.\d+", self.compute_capability):
            known.append(f"compute capability {self.compute_capability}")
        return ", ".join(known)


@dataclass(frozen=True)
class Process:
    """A process that computes on a GPU."""

    pid: int
    uuid: str  # of its GPU
    used: float | None  # GB
    name: str

    def __str__(self):
        """Give its number, and the name of its program where the driver tells it."""
        if not self.name or self.name.startswith(("[", "N/A")):
            return f"process {self.pid}"
        return f"process {self.pid} ({PureWindowsPath(self.name).name})"


def installed_gpus():
    """Return every GPU of the machine; OSError says why the driver does not answer."""
    rows = ask_driver("--query-gpu=index,uuid,memory.used,memory.total,compute_cap,name", 6)
    return [
        GPU(index, uuid, gigabytes(used), gigabytes(total), *rest) for index, uuid, used, total, *rest in rows
    ]


def running_processes():
    """Return the processes that compute on a GPU, none where the driver does not tell."""
    try:
        rows = ask_driver("--query-compute-apps=pid,gpu_uuid,used_memory,process_name", 4)
    except OSError:
        return []
    return [
        Process(int(pid), uuid, gigabytes(used), name) for pid, uuid, used, name in rows if pid.isdecimal()
    ]


def ask_driver(query, columns):
    """Return the rows of one question to nvidia-smi; OSError when it is missing, hangs or fails."""
    command = ["nvidia-smi", query, "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"nvidia-smi did not answer within {SECONDS:g} s") from None
    if done.returncode:
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines(), f"exit code {done.returncode}"]
        raise OSError(f"nvidia-smi failed: {next(line.strip() for line in lines if line.strip())[:200]}")
    rows = [[cell.strip() for cell in line.split(",", columns - 1)] for line in done.stdout.splitlines()]
    return [row for row in rows if len(row) == columns]


def gigabytes(cell):
    """Read a number of MiB; [N/A], [Insufficient Permissions] and the like become None."""
    return float(cell) / 1024 if re.fullmatch(r"\d+(\.\d+)?", cell) else None


def is_chosen(gpu):
    """Say whether CUDA_VISIBLE_DEVICES, a list of numbers or names, lets this process use a GPU."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is None:
        return True
    names = [name.strip() for name in chosen.split(",")]
    return gpu.index in names or any(name and gpu.uuid.startswith(name) for name in names)


def is_here(process):
    """Say whether this process can see another; in a container, the driver tells numbers of the host."""
    return not Path("/proc/self").exists() or Path(f"/proc/{process.pid}").exists()


def busy_gpus():
    """Return a phrase for each GPU on which others hold much memory; none where that cannot be known."""
    try:
        gpus = [gpu for gpu in installed_gpus() if is_chosen(gpu)]
    except OSError:
        return []
    processes = running_processes() if gpus else []
    phrases = []
    for gpu in gpus:
        listed = [process for process in processes if process.uuid == gpu.uuid and is_here(process)]
        which = "the GPU" if len(gpus) == 1 else f"GPU {gpu.index}"
        phrases += held_by_others(gpu, listed, which) if gpu.used and gpu.total else []
    return phrases


def held_by_others(gpu, listed, which):
    """Return a phrase when others hold much memory of a GPU: by process, else by memory alone."""
    others = [process for process in listed if process.pid != os.getpid()]
    theirs = sum(process.used or 0 for process in others)
    unseen = gpu.used - sum(process.used or 0 for process in listed)
    silent = any(process.used is None for process in listed)  # then the unseen is that of known processes
    if others and silent:
        theirs += unseen
    if others and theirs >= PROCESS_SHARE * gpu.total:
        largest = max(others, key=lambda process: process.used or 0)
        verb = f"and {len(others) - 1} more hold" if len(others) > 1 else "holds"
        most = " up to" if silent else ""
        return [f"{largest} {verb}{most} {theirs:.1f} of {gpu.total:.1f} GB of {which}"]
    if silent or unseen < UNSEEN_SHARE * gpu.total:
        return []
    perhaps = "" if len(others) < len(listed) else " (or by this one, if it has trained before)"
    return [
        f"{unseen:.1f} of {gpu.total:.1f} GB of {which} are taken,"
        f" by a process that cannot be seen from here{perhaps}"
    ]


def warn_if_busy():
    """Print one line when other processes hold much memory of a GPU, before a training runs out of it."""
    phrases = busy_gpus()
    if phrases:
        print(f"Warning: {'; '.join(phrases)}. Most likely fix: {SHUT_DOWN}, then start this lesson again.")
