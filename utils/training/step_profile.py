"""Where does a training step spend its time? Operations by CPU time, read from TensorFlow's own profiler.

    python -m utils.training.step_profile 02              the training of lesson 02, on one thread
    python -m utils.training.step_profile 02 --steps 100  a longer look

On one thread the CPU time of an operation is its time. Where other work shares the machine, look longer.
"""

import argparse
import collections
import os
import pathlib
import re
import tempfile
import time
from typing import NamedTuple

BETWEEN, PYTHON = "between operations", "Python and hand-over"
WAITING = "KernelAndDeviceFunc::Run"  # where Python only waits for the step
QUIET_QUARTER = 0.25  # of the durations: other work on the machine lengthens some of them, by a lot
OPERATION = re.compile(r"^[^:#]+:(\w+)$")  # "gan/conv2d/BiasAdd:_MklNativeFusedConv2D"
DRESS = re.compile(r"^_(MklNative|Mkl)?(Fused)?|WithBias$")  # names under which oneDNN runs the same thing


class Row(NamedTuple):
    """What one type of operation costs in a step."""

    operation: str
    calls: float  # per step
    milliseconds: float  # of the CPU, per step
    share: float  # of the step


class StepProfile(NamedTuple):
    """What a step costs, and what for."""

    compile_seconds: float  # CPU seconds of the first step
    milliseconds: float  # CPU milliseconds of each of the others, without the profiler
    rows: list  # largest first; together they are the step


def step_profile(model, batch, steps=30):
    """Return what a compiled training step costs on the CPU, by type of operation.

    The first step compiles. Then as many steps run without the profiler, which say what a step costs, and
    as many with it, which say what for.

    Shapes:  a model with train_step(batch), a batch -> compile_seconds, milliseconds, rows
    Units:   CPU seconds and milliseconds of this process, all threads together
    Healthy: convolutions and products above half; Python below a tenth, else the steps are too small
    Source:  the XPlane of TensorFlow's profiler: the time in an operation without what it contains
    """
    import tensorflow as tf

    step = tf.function(model.train_step)
    compile_seconds = cpu_seconds(step, batch, 1)
    cpu_seconds(step, batch, 3)  # memory is found, threads are started
    milliseconds = 1000 * cpu_seconds(step, batch, steps) / steps
    options = tf.profiler.experimental.ProfilerOptions(
        host_tracer_level=3, python_tracer_level=0, device_tracer_level=0
    )
    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder, options)
        try:
            cpu_seconds(step, batch, steps)
        finally:
            tf.profiler.experimental.stop()
        parts = step_parts(read_trace(folder), steps)
    rows = rows_of(parts, milliseconds)
    return StepProfile(compile_seconds, milliseconds, rows)


def cpu_seconds(step, batch, times):
    """Return the CPU seconds of this process for some steps, the last of them finished."""
    start = time.process_time()
    for _ in range(times):
        losses = step(batch)
    for loss in losses.values():
        float(loss)  # waits until the device is done
    return time.process_time() - start


def read_trace(folder):
    """Return {event: [its own picoseconds, each time]} from the trace that the profiler left in a folder."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    space = xplane_pb2.XSpace()
    for path in pathlib.Path(folder).rglob("*.xplane.pb"):
        space.MergeFromString(path.read_bytes())
    found = collections.defaultdict(list)
    for plane in space.planes:
        for line in plane.lines:
            names = plane.event_metadata
            events = [(e.offset_ps, e.duration_ps, names[e.metadata_id].name) for e in line.events]
            for name, own in own_durations(events):
                found[name].append(own)
    return found


def own_durations(events):
    """Return (name, duration) of events (start, duration, name) of one thread, less what lies within each."""
    own, open_events = [], []
    for start, duration, name in sorted(events, key=lambda event: (event[0], -event[1])):
        while open_events and open_events[-1][0] <= start:
            open_events.pop()
        if open_events:
            own[open_events[-1][1]][1] -= duration
        open_events.append((start + duration, len(own)))
        own.append([name, duration])
    return own


def step_parts(trace, steps):
    """Return {type of operation: (duration, calls) in a step}, each event at its quiet quarter."""
    parts = {}
    for name, durations in trace.items():
        operation = OPERATION.match(name)
        if name == WAITING:
            continue
        if operation:
            kind = DRESS.sub("", operation.group(1))
        else:
            kind = BETWEEN if name.startswith("Executor") else PYTHON
        quiet = sorted(durations)[int(QUIET_QUARTER * len(durations))]
        calls = len(durations) / steps
        duration, known = parts.get(kind, (0.0, 0.0))
        parts[kind] = (duration + quiet * calls, known + calls)
    if not any(kind not in (BETWEEN, PYTHON) for kind in parts):
        raise ValueError(
            "A profile needs steps whose operations run on the CPU. Received: a trace without any. "
            "Most likely fix: with tf.device('CPU:0'), or a machine without a GPU."
        )
    return parts


def rows_of(parts, milliseconds):
    """Return the rows of a step, largest first; what no operation and no Python explains lies between."""
    known = {name: part for name, part in parts.items() if name != BETWEEN}
    spent = sum(duration for duration, _ in known.values()) / 1e9  # picoseconds to milliseconds
    scale = min(1.0, milliseconds / spent)  # tracing lengthens short operations
    rows = {name: (scale * duration / 1e9, calls) for name, (duration, calls) in known.items()}
    rows[BETWEEN] = (milliseconds - scale * spent, parts.get(BETWEEN, (0.0, 0.0))[1])
    listed = [Row(name, calls, cost, cost / milliseconds) for name, (cost, calls) in rows.items()]
    return sorted(listed, key=lambda row: -row.milliseconds)


def profile_lines(profile, flops=None, peak=None, most=8):
    """Return the lines of a table: the largest rows, and how near each comes to the peak if that is known."""
    lines = [f"{'operation':24}{'calls':>7}{'CPU ms':>9}{'share':>8}{'of the peak':>13}"]
    for row in profile.rows[:most]:
        reached = (flops or {}).get(row.operation)
        near = f"{reached / (row.milliseconds / 1000) / peak:13.0%}" if reached and peak else ""
        lines.append(
            f"{row.operation:24}{row.calls:7.0f}{row.milliseconds:9.2f}{row.share:8.1%}{near}".rstrip()
        )
    rest = sum(row.milliseconds for row in profile.rows[most:])
    lines.append(f"{'all others':24}{'':7}{rest:9.2f}{rest / profile.milliseconds:8.1%}")
    near = f"{sum(flops.values()) / (profile.milliseconds / 1000) / peak:13.0%}" if flops and peak else ""
    lines.append(f"{'a step':24}{'':7}{profile.milliseconds:9.2f}{1:8.1%}{near}")
    return [*lines, f"The first step compiles: {profile.compile_seconds:.1f} CPU seconds."]


def print_step_profile(model, batch, steps=30, first_branch=0.25):
    """Print where a training step spends its CPU time, and how near its products come to the peak.

    `first_branch`: see step_flops; a quarter, as R1 is paid in each fourth step of the course's games.
    """
    from utils.training.peak import matmul_peak, step_flops

    profile = step_profile(model, batch, steps)
    print(*profile_lines(profile, step_flops(model, batch, first_branch), matmul_peak()), sep="\n")


def main(arguments=None):
    """Profile the training of a lesson."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m utils.training.step_profile",
    )
    parser.add_argument("lesson", help="02 or 02_code_a_gan")
    parser.add_argument("--steps", type=int, default=30)
    chosen = parser.parse_args(arguments)

    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")  # so that CPU time is the time of the operation
    from utils.training import quiet  # noqa: F401  before TensorFlow
    from utils.training.budget import load_budget
    from utils.training.probe import model_and_batch

    print_step_profile(*model_and_batch(load_budget(chosen.lesson)), steps=chosen.steps)


if __name__ == "__main__":
    main()
