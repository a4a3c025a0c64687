"""The restorer that comes with the course: a megabyte and a half of weights, and how they were made."""

import functools
import json
import pathlib

import numpy as np

from utils.data.storage import write_atomic
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.restorer import build_restorer
from utils.training.sizes import RestorerBudget

WEIGHTS = pathlib.Path(__file__).with_name("weights")


@functools.cache
def load_restorer(folder=WEIGHTS):
    """Return the stored restorer; its posterior is not stored, since restoring never asks it."""
    facts = json.loads((folder / "restorer.json").read_text("utf-8"))
    budget = RestorerBudget(**facts["budget"])
    restorer = build_restorer(budget, finish_first_guess(build_first_guess(budget), budget))
    with np.load(folder / "restorer.npz", allow_pickle=False) as stored:
        for name, network in stored_networks(restorer).items():
            network.set_weights(
                [stored[f"{name}-{i}"].astype("float32") for i in range(len(network.weights))]
            )
    return restorer


def store_restorer(restorer, facts, folder=WEIGHTS):
    """Write what restoring needs as float16 without pickles, and the facts beside it."""
    arrays = {
        f"{name}-{i}": array.astype("float16")
        for name, network in stored_networks(restorer).items()
        for i, array in enumerate(network.get_weights())
    }
    write_atomic(folder / "restorer.npz", lambda path: np.savez_compressed(path, **arrays))
    (folder / "restorer.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def stored_networks(restorer):
    """Return the networks that restoring asks."""
    return {"reader": restorer.first_guess, "prior": restorer.prior, "decoder": restorer.decoder}
