"""A classroom on one machine: python tests/benchmarks/thirty_kernels.py [--count 30] [--memory GB].

Every learner runs the lesson at the budget `smoke` with a course folder of their own and one shared
PRODUCT_DATA; as many at once as the free memory holds.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

ROOT = Path(__file__).parents[2]
NEED = 1.2e9  # bytes that one learner's kernel may take; measured: 1.0 GB at `smoke`


def main():
    """Read the command line, run the class, print what came of it; exit code 1 if anybody failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=30, help="learners (default: 30)")
    parser.add_argument("--lesson", default="02")
    parser.add_argument("--memory", type=float, help="GB that the class may take (default: all that is free)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="class-", ignore_cleanup_errors=True) as folder:
        return 0 if hold(options.count, options.lesson, Path(folder), options.memory) else 1


def hold(count, lesson, folder, memory=None, say=print):
    """Run the class in a folder; returns whether all ended well and the shared data is as it was."""
    data = os.environ.get("PRODUCT_DATA")
    before, started = fingerprint(data), time.monotonic()
    memory = memory * 1e9 if memory else psutil.virtual_memory().available
    together = max(1, min(count, int(memory // NEED)))
    say(f"{count} learners, {together} at once, lesson {lesson} at smoke, PRODUCT_DATA {data or 'not set'}")
    waiting, running, codes, peak = list(range(count)), {}, {}, {"all": 0, "one": 0}
    while waiting or running:
        while waiting and len(running) < together:
            running[waiting[0]] = start(waiting[0], lesson, folder)
            waiting.pop(0)
        sizes = [memory_of(process.pid) for process in running.values()]
        peak = {"all": max(peak["all"], sum(sizes)), "one": max(peak["one"], *sizes)}
        for learner, process in list(running.items()):
            if process.poll() is not None:
                codes[learner] = running.pop(learner).returncode
        time.sleep(0.5)
    faults = [line for learner in codes for line in faults_of(learner, codes[learner], folder)]
    if fingerprint(data) != before:
        faults.append("somebody wrote into the shared PRODUCT_DATA")
    for line in faults:
        say(f"✗ {line}")
    times = os.times()
    say(
        f"{count - len({line.split(':')[0] for line in faults})} of {count} ended well in "
        f"{time.monotonic() - started:.0f} s, {times.children_user + times.children_system:.0f} CPU s; "
        f"peak memory {peak['all'] / 1e9:.1f} GB together, {peak['one'] / 1e9:.2f} GB the largest"
    )
    return not faults


def start(learner, lesson, folder):
    """Start one learner's run of the lesson; what it says goes to a file."""
    own = folder / f"learner-{learner:02d}"
    own.mkdir(parents=True)
    command = [sys.executable, "-m", "utils.course", "run", lesson, "--budget", "smoke"]
    environment = os.environ | {"COURSE_FOLDER": str(own / "course"), "PYTHONPATH": str(ROOT)}
    with open(own / "said.txt", "wb") as said:
        return subprocess.Popen(
            [*command, "--output", str(own / "run")], env=environment, stdout=said, stderr=said
        )


def memory_of(pid):
    """Return the bytes that a process and its children hold; pages shared with others count in parts."""
    total = 0
    try:
        process = psutil.Process(pid)
        for one in [process, *process.children(recursive=True)]:
            info = one.memory_full_info()
            total += getattr(info, "pss", info.uss)
    except psutil.Error:  # it has just ended
        pass
    return total


def faults_of(learner, code, folder):
    """Say what went wrong for one learner, in no line or one."""
    own = folder / f"learner-{learner:02d}"
    if code:
        said = (own / "said.txt").read_text(encoding="utf-8", errors="replace")
        return [f"learner {learner}: exit code {code}, {said[-1500:]}"]
    (file,) = (own / "run").glob("*.ipynb")
    code_cells = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    if any(cell.execution_count is None for cell in code_cells):
        return [f"learner {learner}: not all cells ran"]
    return []


def fingerprint(folder):
    """Return names, sizes and times of all that lies in a folder."""
    files = sorted(Path(folder).rglob("*")) if folder else []
    facts = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
