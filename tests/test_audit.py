"""The audit of CI: a known vulnerability fails it, and no silence is taken for safety."""

import json
import runpy
from pathlib import Path

import pytest

AUDIT = runpy.run_path(str(Path(__file__).resolve().parents[1] / ".ci" / "audit.py"))["audit"]
SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
UNKNOWN = {"name": "product-image-course", "skip_reason": "not found on PyPI"}
FOUND = {
    "name": "pillow",
    "version": "9.4.0",
    "vulns": [{"id": "CVE-2023-50447", "fix_versions": ["10.2.0"]}],
}


def audited(*packages):
    return AUDIT(json.dumps({"dependencies": packages, "fixes": []}))


def test_a_known_vulnerability_fails_and_is_named_with_its_cure():
    lines, code = audited(SOUND, FOUND)
    assert code == 1 and lines[0] == "pillow 9.4.0: CVE-2023-50447, fixed in 10.2.0"
    assert audited(SOUND) == (["1 packages audited, 0 vulnerabilities"], 0)  # the same without it


@pytest.mark.parametrize("printed", ["", "Traceback", "[]", json.dumps({"dependencies": [UNKNOWN] * 3})])
def test_where_no_service_answers_nothing_is_called_safe(printed):
    """Seen: behind a mirror pip-audit finds no package, says "No known vulnerabilities" and ends with 0."""
    (line,), code = AUDIT(printed)
    assert line.startswith("not audited: no connection") and code == 0


def test_a_package_that_the_service_does_not_know_is_named():
    lines, code = audited(SOUND, UNKNOWN)
    assert code == 0 and lines[1] == "not audited: product-image-course"
