"""python -m utils.course lab: JupyterLab on the first notebook, ready for a newcomer."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from utils.course.lesson_source import COURSE

DEFAULTS = Path(__file__).parent / "jupyter"  # they stand below the learner's own settings
FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"


def lab(further=(), course=COURSE, say=print):
    """Start JupyterLab and print where it is; further flags win over ours. Returns Jupyter's exit code."""
    if "--help" in further or "-h" in further or "--help-all" in further:
        return subprocess.call([sys.executable, "-m", "jupyterlab", *further])
    port = int(_value("--port", further) or _value("--ServerApp.port", further) or free_port())
    command = [sys.executable, "-m", "jupyterlab", *flags(port, further, course), *further]
    environment = lab_environment()
    if not can_keep_files():
        environment["JUPYTER_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="course-jupyter-")
        say("Your home cannot be written, so JupyterLab forgets its settings when it ends.")
    server = subprocess.Popen(command, env=environment)
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    address = _address(port, further, course, environment)
    threading.Thread(target=_announce, args=(server, port, address, say), daemon=True).start()
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # Jupyter got it too and shuts down its kernels
            continue


def flags(port, further, course=COURSE):
    """Our flags for Jupyter, less those that were given by hand."""
    ours = {
        "--ServerApp.root_dir": str(course.root),
        "--LabApp.default_url": first_page(course),
        "--port": str(port),
        "--ServerApp.port_retries": "0",  # the printed address is the address
        "--log-level": "ERROR",
        "--LabApp.log_level": "ERROR",
        "--LabApp.news_url": "None",
        "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager": "readonly",
        "--MappingKernelManager.transport_encryption": "auto",  # else each kernel start prints a warning
    }
    given = {flag.split("=")[0] for flag in further}
    switches = ["-y"]  # one Ctrl-C ends it
    if getattr(os, "geteuid", lambda: 1)() == 0:
        switches.append("--allow-root")
    return [*switches, *(f"{flag}={value}" for flag, value in ours.items() if flag not in given)]


def first_page(course=COURSE):
    """Where the browser starts: the first notebook, or Lab itself where it is not built yet."""
    return f"/lab/tree/{FIRST_NOTEBOOK}" if (course.root / FIRST_NOTEBOOK).is_file() else "/lab"


def lab_environment():
    """The environment of the server: quiet, and with the course's defaults below the learner's settings."""
    environment = dict(os.environ)
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    environment.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    environment.setdefault("JUPYTER_TOKEN", secrets.token_hex(16))  # not in a command line: others see those
    paths = [environment.get("JUPYTER_CONFIG_PATH"), str(DEFAULTS)]
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def can_keep_files():
    """Whether Jupyter may write where it notes its servers and kernels: the home may be read-only."""
    from jupyter_core.paths import jupyter_runtime_dir

    try:
        folder = Path(jupyter_runtime_dir())
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: this user has no home
        return False
    return os.access(folder, os.W_OK)


def free_port(wanted=8888):
    """Jupyter's usual port, or any free one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise OSError("No port is free. Most likely fix: end another server, or pass --port=NUMBER.")


def _value(flag, further):
    """The value of `--flag=value` or `--flag value`."""
    for at, argument in enumerate(further):
        if argument.startswith(f"{flag}="):
            return argument.split("=", 1)[1]
        if argument == flag and at + 1 < len(further):
            return further[at + 1]
    return None


def _address(port, further, course, environment):
    host = _value("--ip", further) or _value("--ServerApp.ip", further) or "localhost"
    host = socket.gethostname() if host in ("0.0.0.0", "*", "::") else host
    start = _value("--LabApp.default_url", further) or first_page(course)
    own_token = any("token" in argument or "password" in argument for argument in further)
    return f"http://{host}:{port}{start}" + ("" if own_token else f"?token={environment['JUPYTER_TOKEN']}")


def _announce(server, port, address, say):
    """Print the address once the server answers."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1).close()
        except HTTPError:
            break  # it answers, and wants a token
        except OSError:
            time.sleep(0.2)
        else:
            break
    if server.poll() is None:
        say(f"The course is open at {address}  (Ctrl-C ends it)", flush=True)
