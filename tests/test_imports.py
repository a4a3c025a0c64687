"""Imports go one way, and what must start quickly starts without TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    {"data", "losses", "critic_losses", "feature_losses", "models", "terminal"},
    {"training", "metrics", "show"},
    {"exercises", "interview", "enhance", "report"},
    {"course"},
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
WITH_TENSORFLOW = {"data", "training"}  # tf.data; GradientTape and distribute
MODULES = sorted(
    path
    for path in (ROOT / "utils").rglob("*.py")
    if path.parent != ROOT / "utils" or path.stem != "__init__"
)


def imported(source):
    """Every module that a source imports, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            if node.module == "utils":
                yield from (f"utils.{alias.name}" for alias in node.names)


def faults(part, source):
    """What a module of a part of utils imports against the rules."""
    for name in imported(source):
        words = name.split(".")
        if words[0] == "utils" and len(words) > 1 and LEVEL[words[1]] > LEVEL[part]:
            yield f"{part} imports {name}"
        if words[0] == "tensorflow" and part not in WITH_TENSORFLOW:
            yield f"{part} imports tensorflow"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path):
    part = path.relative_to(ROOT / "utils").parts[0].removesuffix(".py")
    assert part in LEVEL, f"utils/{part} has no place in DESIGN: name it in LAYERS"
    assert list(faults(part, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("losses", "from utils.training import gan"),
        ("data", "def f():\n    from utils import exercises"),
        ("metrics", "import utils.course.build"),
        ("models", "import tensorflow as tf"),
        ("show", "def f():\n    from tensorflow import keras"),
    ],
)
def test_an_import_against_the_rules_is_found(part, source):
    assert len(list(faults(part, source))) == 1


def modules_after(statement):
    """Top-level modules that a fresh Python has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_the_commands_start_without_tensorflow():
    names = sorted(path.stem for path in (ROOT / "utils/course").glob("*.py") if path.stem != "__init__")
    names += sorted(f"grading.{path.stem}" for path in (ROOT / "utils/course/grading").glob("[!_]*.py"))
    loaded = modules_after("; ".join(f"import utils.course.{name}" for name in names))
    assert "utils.course.build" in loaded
    assert not {"tensorflow", "keras", "jupytext", "playwright"} & loaded


def test_rehearsal_and_packages_start_without_tensorflow():
    packages = sorted(path.parent.name for path in (ROOT / "utils").glob("*/__init__.py"))
    loaded = modules_after("; ".join(f"import utils.{name}" for name in packages))
    assert f"utils.{packages[0]}" in loaded and "tensorflow" not in loaded
