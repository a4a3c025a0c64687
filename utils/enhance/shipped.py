"""The restorer that comes with the course: half a megabyte of weights, and how they were made."""

import functools
import json
import pathlib

import numpy as np

from utils.data.storage import write_atomic
from utils.training.budget import RestorerBudget
from utils.training.restorer import build_restorer

WEIGHTS = pathlib.Path(__file__).with_name("weights")


@functools.cache
def load_restorer(folder=WEIGHTS):
    """Return the stored restorer; its posterior is not stored, since restoring never asks it."""
    facts = json.loads((folder / "restorer.json").read_text("utf-8"))
    restorer = build_restorer(RestorerBudget(**facts["budget"]))
    with np.load(folder / "restorer.npz", allow_pickle=False) as stored:
        weights = [stored[name].astype("float32") for name in stored.files]
    split = len(restorer.reader.weights)
    restorer.reader.set_weights(weights[:split])
    restorer.decoder.set_weights(weights[split:])
    return restorer


def store_restorer(restorer, facts, folder=WEIGHTS):
    """Write reader and decoder as float16 without pickles, and the facts beside them."""
    weights = [*restorer.reader.get_weights(), *restorer.decoder.get_weights()]
    arrays = {f"{i:02}": array.astype("float16") for i, array in enumerate(weights)}
    write_atomic(folder / "restorer.npz", lambda path: np.savez_compressed(path, **arrays))
    (folder / "restorer.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
