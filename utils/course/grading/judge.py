"""Judges what witnesses have seen, in a process in which no learner's code ever runs."""

import builtins
import os
import re
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait


def judges():
    """A pool of one judge: TensorFlow is loaded once for all notebooks, and never by the grader itself."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=prepare)


def prepare():
    """Judge on the processor, as the runs do, without TensorFlow's log lines."""
    os.environ |= {"CUDA_VISIBLE_DEVICES": "", "COURSE_BUDGET": "smoke", "TF_CPP_MIN_LOG_LEVEL": "3"}
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    threading.Thread(target=end_with_the_grader, daemon=True).start()


def end_with_the_grader():
    """A pool's process does not notice by itself that nobody will ask it anything any more."""
    wait([parent_process().sentinel])
    os._exit(1)


def judge_events(lesson, seed, events):
    """What each check is worth that tells of a sighting: exercise -> [outcome, text, changed names]."""
    from utils.exercises import load_lesson

    exercises, found = load_lesson(lesson).EXERCISES, {}
    for event in events:
        exercise = exercises.get(event.get("exercise"))
        if exercise is not None and "sighting" in event and exercise.id not in found:
            found[exercise.id] = [*judge_event(exercise, seed, event), changed_names(lesson, event)]
            outcome, _, changed = found[exercise.id]
            if outcome == "right" and changed:
                text = f"the course's library was edited in memory: {', '.join(changed[:3])}"
                found[exercise.id][:2] = ["wrong", text]
    return found


def judge_event(exercise, seed, event):
    """Outcome and text of one check, from what its witness has seen."""
    import numpy as np

    from utils.exercises.sighting import draw_cases, from_json
    from utils.exercises.verdict import verdict_on

    cases = draw_cases(exercise, np.random.default_rng(seed))
    try:
        verdict = verdict_on(exercise, cases, from_json(event["sighting"]))
    except Exception as error:  # only what a forger has made up can get here
        return "wrong", f"what its check said cannot be read ({type(error).__name__})"
    return verdict.outcome, verdict.text


def changed_names(lesson, event):
    """The names of the library that are not what its files say, as far as the kernel tells."""
    import utils.exercises.witness  # noqa: F401  a kernel that has run a check has loaded it
    from utils.course.grading.fingerprint import CHECKED_WHOLE, fingerprint

    told = event.get("library")
    if not isinstance(told, dict):
        return ["nothing was told of it"]
    ours = fingerprint()
    others = re.compile(rf"{re.escape(CHECKED_WHOLE)}\.lesson_(?!{lesson:02d})")
    must = [name for name in ours if name.startswith(CHECKED_WHOLE) and not others.match(name)]
    changed = {name for name in must if name not in told}
    changed |= {name for name, value in told.items() if ours.get(name, value) != value}
    replaced = {name for name in told if name.startswith("builtins.") and name not in ours}
    return sorted(changed | {name for name in replaced if hasattr(builtins, name.partition(".")[2])})
