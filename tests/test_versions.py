"""Which versions the course needs is said once each: ranges in pyproject.toml, pins in requirements.txt."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = {one.name.lower(): one for one in map(Requirement, PROJECT["dependencies"])}
PINS = dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(encoding="utf-8")))
CALLED = {"PIL": "pillow", "skimage": "scikit-image", "pywt": "pywavelets", "yaml": "pyyaml"}
BROUGHT = {  # module -> the package that brings it
    "IPython": "ipykernel",
    "traitlets": "ipykernel",
    "jupyter_client": "ipykernel",
    "jupyter_core": "ipykernel",
    "requests": "pooch",
}
AUTHORS = {"jupytext"}  # the extra `test`


def packages_of(source):
    """Every package that a source imports, as pip calls it."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        for module in (name.split(".")[0] for name in names):
            if module not in sys.stdlib_module_names and module != "utils":
                yield BROUGHT.get(module, CALLED.get(module, module)).lower()


def test_what_the_library_imports_is_installed_with_it():
    imported = {
        one for path in (ROOT / "utils").rglob("*.py") for one in packages_of(path.read_text("utf-8"))
    }
    assert imported - AUTHORS <= set(NEEDED) and {"tensorflow", "pillow", "pyyaml"} <= imported
    assert set(packages_of("import torch\nfrom PIL import Image")) - set(NEEDED) == {"torch"}  # planted


def test_every_pin_lies_in_its_range():
    pins = {name.lower(): version for name, version in PINS.items()}
    assert set(NEEDED) <= set(pins)
    for name, needed in NEEDED.items():
        assert needed.specifier.contains(pins[name]), f"{needed} and the pin {pins[name]}"
        assert any(one.operator == ">=" for one in needed.specifier), f"{name} has no lowest version"
    assert not NEEDED["keras"].specifier.contains("3.13.2")  # planted: it cannot build lesson 04


@pytest.mark.parametrize("place", ["solutions/00_start_here.py"])
def test_the_cell_for_colab_is_python_and_names_the_address_once(place):
    text = (ROOT / place).read_text(encoding="utf-8")
    cell = re.search(r"# ```python\n((?:# .*\n)+?)# ```", text)[1].replace("# ", "", 1).replace("\n# ", "\n")
    ast.parse(TransformerManager().transform_cell(cell))
    assert cell.count("github.com") == 1 and "pip install -q -e ." in cell
    with pytest.raises(SyntaxError):
        ast.parse(cell)  # planted: without Jupyter's own signs it is none
