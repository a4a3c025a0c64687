"""Every fault that the course is built to survive, printed: python tests/faults/table.py."""

from pathlib import Path
from typing import NamedTuple

import yaml


class Fault(NamedTuple):
    """One fault: its kind, what is broken, which test proves it, and a piece of what its user reads."""

    kind: str
    broken: str
    test: str  # file::function
    reads: str = ""  # nothing: it is not noticed


def load_faults():
    """Read the table that lies beside this file."""
    table = yaml.safe_load(Path(__file__).with_name("table.yaml").read_text(encoding="utf-8"))
    return [Fault(kind, **row) for kind, rows in table.items() for row in rows]


if __name__ == "__main__":
    for fault in load_faults():
        print(f"{fault.kind:<10} {fault.broken:<46} {fault.reads or '(nothing)'}")
    print(f"{len(load_faults())} faults")
