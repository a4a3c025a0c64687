"""What no file of the course may do, read from the source; each rule is tried on a line that breaks it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.html_rule import unescaped

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "utils").rglob("*.py"), *(ROOT / "solutions").glob("*.py")])
SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
RUNS_CODE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}  # to load is to run
UNPACKS = {"extractall", "extract", "unpack_archive"}  # a name in an archive may lead anywhere
MAY_RUN = {  # file -> why it runs a text as code
    "utils/interview/coding.py": "what the learner wrote on the coding page, when the learner asks for it",
}
NOT_ENCRYPTED = {  # file -> why an address in it is http
    "utils/course/grading/run_one.py": "a proxy at which nobody listens, so that nothing gets out",
    "utils/course/lab.py": "the learner's own Lab, on the learner's own machine",
}


def faults(file, source):
    """Yield what a file does that it may not."""
    for node in ast.walk(ast.parse(source)):
        yield from (f"{file}:{node.lineno} {fault}" for fault in faults_of(node, file))


def faults_of(node, file):
    """Yield what is wrong with one node of the source."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        module = getattr(node, "module", None)
        names = [module] if module else [alias.name for alias in node.names]
        yield from (f"imports {name}" for name in names if name.split(".")[0] in RUNS_CODE)
    if isinstance(node, ast.Call):
        yield from faults_of_call(ast.unparse(node.func), node, file)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and file not in NOT_ENCRYPTED:
        yield from re.findall(r"http://\S*", node.value)


def faults_of_call(name, node, file):
    """Yield what is wrong with one call."""
    last = name.split(".")[-1]
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if name in ("eval", "exec") and file not in MAY_RUN:
        yield f"calls {name}"
    if last in UNPACKS or name in ("os.system", "os.popen", "tempfile.mktemp"):
        yield f"calls {name}"
    if last == "enable_unsafe_deserialization" or given.get("safe_mode") == "False":
        yield "loads Keras models without safe mode"
    if given.get("allow_pickle", "False") != "False":
        yield "allows pickles"
    if given.get("shell", "False") != "False":
        yield "starts a shell"
    if given.get("verify") == "False":
        yield "trusts every certificate"
    if name in ("yaml.load", "yaml.load_all") and [ast.unparse(one) for one in node.args[1:]] != ["loader"]:
        yield f"calls {name} without a safe loader"
    if last == "retrieve" and not re.match(r"f?['\"]sha256:", ast.unparse(node.args[1])):
        yield "downloads without a SHA-256"
    if name == "Image.open" and "formats" not in given:
        yield "opens pictures of any format"


def test_no_file_does_what_none_may():
    assert [fault for file, source in SOURCES.items() for fault in faults(file, source)] == []
    for file in (*MAY_RUN, *NOT_ENCRYPTED):  # an exception that nobody needs is taken back
        assert list(faults("elsewhere.py", SOURCES[file])), f"{file} needs no exception"


@pytest.mark.parametrize(
    "planted",
    [
        "import pickle",
        "def f():\n    from joblib import load",
        "eval(text)",
        "exec(compile(text, '', 'exec'), {})",
        "np.load(path, allow_pickle=True)",
        "subprocess.run(f'ls {folder}', shell=True)",
        "os.system('ls')",
        "keras.saving.load_model(path, safe_mode=False)",
        "keras.config.enable_unsafe_deserialization()",
        "zipfile.ZipFile(path).extractall(folder)",
        "shutil.unpack_archive(path)",
        "tempfile.mktemp()",
        "yaml.load(text, yaml.Loader)",
        "yaml.load(text)",
        "pooch.retrieve(url, 'md5:8d4f', fname=name)",
        "pooch.retrieve(url, None)",
        "requests.get(url, verify=False)",
        "Image.open(path)",
        "SERVER = 'http://example.com/'",
        "server = f'http://{host}/data'",
    ],
)
def test_a_line_that_breaks_a_rule_is_found(planted):
    assert len(list(faults("planted.py", planted))) == 1


def test_every_text_that_becomes_html_is_escaped():
    assert unescaped(SOURCES) == []


@pytest.mark.parametrize(
    ("planted", "cured"),
    [
        ("f'<b>{name}</b>'", "f'<b>{escape(name)}</b>'"),
        ("'<b>' + name", "'<b>' + escape(name)"),
        ("'<b>{}</b>'.format(name)", "'<b>{}</b>'.format(escape(name))"),
        ("f'<ul>{\"\".join(names)}</ul>'", "f'<ul>{\"\".join(map(escape, names))}</ul>'"),
        ("'<br>'.join(names)", "'<br>'.join(escape(name) for name in names)"),
        ("f'<img width={size}>'", "f'<img width={size:d}>'"),  # d takes no text
        ("HTML(name)", "HTML(escape(name))"),
        ("Template(page).substitute(a=name)", "Template(page).substitute(a=escape(name))"),
    ],
)
def test_a_text_that_becomes_html_as_it_is_is_found(planted, cured):
    for source, count in ((planted, 1), (cured, 0)):
        assert len(unescaped({"page.py": f"def f(name, names, size, page): return {source}"})) == count


def test_the_name_of_a_progress_bar_in_a_notebook_is_escaped():
    """tqdm puts it into the page as it is; in a terminal nothing is harmed."""
    for name, found in (("name", 1), ("escape(name)", 0), ("'reading'", 0)):
        bar = f"import tqdm\ndef f(name): return tqdm([], desc={name})"
        assert len(unescaped({"page.py": f"from tqdm.auto {bar}"})) == found
        assert unescaped({"page.py": f"from tqdm {bar}"}) == []


@pytest.mark.parametrize(
    ("before", "planted", "cured"),
    [
        ("", "title = name.strip()", "title = escape(name.strip())"),
        ("rows = []", "rows.append(name); title = rows[0]", "rows.append(escape(name)); title = rows[0]"),
        ("", "title = 'a' if name else name", "title = 'a' if name else 'b'"),
        ("", "title = same(name)", "title = same(escape(name))"),
        ("", "for title in [name, 'a']: pass", "for title in ['a', 'b']: pass"),
    ],
)
def test_a_text_is_followed_to_where_it_comes_from(before, planted, cured):
    same = "def same(title): return title"
    for source, count in ((planted, 1), (cured, 0)):
        lines = [*[before] * bool(before), *source.split("; "), "return f'<b>{title}</b>'"]
        page = f"{same}\ndef f(name):\n    " + "\n    ".join(lines)
        assert len(unescaped({"page.py": page})) == count


def test_nothing_leaves_the_machine():
    """Importing all of the library, a training budget, the deck: no address is looked up, none is called."""
    modules = ", ".join(
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in SOURCES
        if file.startswith("utils/") and "__main__" not in file
    )
    code = (
        "import sys\n"
        "asked = []\n"
        "def hook(event, values):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname'):\n"
        "        asked.append(values[-1] if event == 'socket.connect' else values[0])\n"
        "sys.addaudithook(hook)\n"
        f"import {modules}\n"
        "from utils.data import load_products\n"
        "from utils.training.device import start_lesson\n"
        "start_lesson('00_start_here'); load_products('catalogue', count=4)\n"
        "utils.interview.deck.load_deck()\n"
        "import socket\n"
        "print('asked', asked)\n"
        "try: socket.create_connection(('planted.invalid', 443), timeout=1)\n"
        "except OSError: pass\n"
        "print('asked', asked)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    first, second = [line for line in done.stdout.splitlines() if line.startswith("asked")] or [
        done.stderr,
        "",
    ]
    assert (first, second) == ("asked []", "asked ['planted.invalid']")
