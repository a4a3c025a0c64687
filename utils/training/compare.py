"""Run utils.training.together in processes of its own, and read what it learned: for lessons and tests."""

import json
import sys

from utils.training.workers import run_workers

ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}  # per device


def learned(model, *options, devices=1, workers=1, restarts=0, say=print):
    """Train a model on so many devices of one process, or with so many workers; return what was learned.

    options are those of `python -m utils.training.together`, such as "--steps", 20.
    """
    command = [sys.executable, "-m", "utils.training.together", model, *map(str, options)]
    environment = ONE_THREAD | ({"COURSE_DEVICES": str(devices)} if devices > 1 else {})
    return json.loads(run_workers(command, workers, restarts, environment, say)[0].splitlines()[-1])


def largest_difference(one, other):
    """Return the largest difference between the losses of two trainings, over all steps."""
    pairs = [zip(one["losses"][name], other["losses"][name], strict=True) for name in one["losses"]]
    return max(abs(first - second) for pair in pairs for first, second in pair)
