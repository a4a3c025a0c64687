"""What other systems refuse is not in the code: the encoding of a locale, calls of POSIX, barred names."""

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "utils").rglob("*.py"))
TEXT = {"open": 3, "read_text": 0, "write_text": 1}  # where the encoding may stand without its name
POSIX_MODULES = {"fcntl", "grp", "posix", "pwd", "resource", "termios"}
POSIX_CALLS = {"os.fork", "os.kill", "os.killpg", "os.getuid", "os.geteuid", "os.setsid", "os.mkfifo"}
POSIX_CALLS |= {"os.sched_getaffinity", "signal.SIGKILL", "signal.SIGALRM", "signal.SIGHUP"}
GUARDED = {  # module -> why its POSIX call is no fault
    "utils/training/together.py": "a worker that dies on request, for a test that Windows skips",
    "utils/training/device.py": "behind hasattr",
    "utils/course/doctor.py": "behind hasattr",
    "utils/course/grading/limits.py": "behind hasattr",
    "utils/course/grading/namespace.py": "in a function that returns at once where there is no Linux",
}
BARRED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
LONGEST = 120  # of the 260 letters that a whole path may have


def faults(source):
    """What a module does that depends on the system it runs on."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from encodings_left_open(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            yield from (f"imports {name}" for name in POSIX_MODULES & names)
        if isinstance(node, ast.Attribute) and (name := ast.unparse(node)) in POSIX_CALLS:
            yield f"uses {name}"


def encodings_left_open(call):
    """Text that is read or written in whatever the locale says."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if "encoding" not in given and isinstance(getattr(given.get("text"), "value", None), bool):
        yield f"{name}(text=True) without an encoding"
    if name not in TEXT or "encoding" in given or ast.unparse(call.func) in NOT_TEXT:
        return
    place = TEXT[name] - (name == "open" and isinstance(call.func, ast.Attribute))
    mode = [word.value for word in [*call.args, *given.values()] if isinstance(word, ast.Constant)]
    is_binary = any(isinstance(word, str) and "b" in word and len(word) < 4 for word in mode)
    if len(call.args) <= place and not (name == "open" and is_binary):
        yield f"{ast.unparse(call)[:60]} without an encoding"


NOT_TEXT = {"Image.open", "gzip.open", "os.open", "self.open", "wave.open"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_runs_the_same_in_every_locale_and_system(path):
    found = list(faults(path.read_text(encoding="utf-8")))
    if path.relative_to(ROOT).as_posix() in GUARDED:
        assert all(fault.startswith(("uses ", "imports ")) for fault in found)
    else:
        assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "open(path)",
        "open(path, 'w')",
        "path.read_text()",
        "path.write_text(text)",
        "path.open('a')",
        "subprocess.run(command, text=True)",
        "import fcntl",
        "from resource import getrlimit",
        "os.kill(1, signal.SIGTERM)",
        "process.send_signal(signal.SIGKILL)",
    ],
)
def test_what_depends_on_the_system_is_found(source):
    assert len(list(faults(source))) == 1


def test_no_tracked_file_has_a_name_that_windows_or_a_mac_refuses():
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        pytest.skip("not a git checkout")
    names = done.stdout.split("\0")[:-1]
    assert len(names) > 500 and list(name_faults(names)) == []


def name_faults(names):
    """Names that some system bars, that are too long, or that differ only in capitals."""
    for name in names:
        if any(BARRED.search(part) for part in name.split("/")) or len(name) > LONGEST:
            yield name
    yield from (name for name, count in Counter(map(str.lower, names)).items() if count > 1)


@pytest.mark.parametrize(
    "names", [["a/con.py"], ["what?.md"], ["a./b"], ["x" * 121], ["Nul"], ["a:b"], ["A/b.py", "a/B.py"]]
)
def test_a_barred_name_is_found(names):
    assert len(list(name_faults(names))) == 1
