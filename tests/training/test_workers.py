"""Workers find each other, one that dies is named and all start again, and none is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from utils.training import workers
from utils.training.workers import run_workers

TOLD = "import json, os, pathlib, signal, sys, time; told = json.loads(os.environ['TF_CONFIG'])\n"
TOLD += "me = told['task']['index']\n"


@pytest.fixture(autouse=True)
def own_handlers():
    """The command takes SIGTERM as Ctrl-C; these tests go on as they began."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def python(code, *arguments):
    """A command that each worker runs."""
    return [sys.executable, "-c", TOLD + code, *map(str, arguments)]


def is_there(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(fact):
    """Wait until something is so; return whether it is."""
    end = time.monotonic() + 60
    while not fact() and time.monotonic() < end:
        time.sleep(0.05)
    return fact()


def test_each_worker_is_told_who_all_are_and_which_it_is():
    told = [json.loads(one) for one in run_workers(python("print(json.dumps(told))"), 3)]
    assert [one["task"] for one in told] == [{"type": "worker", "index": index} for index in range(3)]
    assert told[0]["cluster"] == told[1]["cluster"] == told[2]["cluster"]
    assert len(set(told[0]["cluster"]["worker"])) == 3


def test_ports_are_free_and_all_different():
    ports = workers.free_ports(20)
    assert len(set(ports)) == 20
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports[0]))
        assert ports[0] not in workers.free_ports(20)  # planted: one that is taken
        with socket.socket() as other, pytest.raises(OSError):
            other.bind(("127.0.0.1", ports[0]))


def test_what_a_worker_prints_and_what_it_is_given():
    code = "print(me, os.environ['GIVEN'], flush=True); print('trouble', file=sys.stderr)"
    printed = run_workers(python(code), 2, environment={"GIVEN": "by us"})
    assert printed == ["0 by us\ntrouble\n", "1 by us\ntrouble\n"]


def test_workers_find_each_other_where_the_network_has_a_proxy():
    """Sent to a proxy, workers of one machine wait for each other for ever: that was seen."""
    code = "print(os.environ['no_grpc_proxy'], os.environ['http_proxy'])"
    printed = run_workers(python(code), 2, environment={"http_proxy": "http://127.0.0.1:9"})
    assert printed == ["127.0.0.1 http://127.0.0.1:9\n"] * 2


def test_the_command_prints_what_the_chief_printed(capsys):
    workers.main(["--count", "2", "--", *python("print('worker', me)")])
    assert capsys.readouterr().out == "worker 0\n"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_worker_is_named_and_the_others_do_not_wait_forever():
    command = python("os.kill(os.getpid(), signal.SIGKILL) if me == 1 else time.sleep(600)")
    with pytest.raises(RuntimeError, match=r"Received: worker 1 was killed by signal 9, 1 time\(s\)"):
        run_workers(command, 3)


def test_when_restarts_are_used_up_the_end_of_the_log_is_shown():
    said = []
    code = "print('early ' * 1000); sys.exit('no such photo') if me == 1 else time.sleep(600)"
    with pytest.raises(RuntimeError) as error:
        run_workers(python(code), 2, restarts=2, say=said.append)
    assert said == ["Worker 1 ended with status 1. All start again from the last checkpoint."] * 2
    assert "worker 1 ended with status 1, 3 time(s)" in str(error.value)
    assert "no such photo" in str(error.value) and len(str(error.value)) < 2_300


def test_a_worker_that_dies_once_is_started_again(tmp_path):
    said = []
    code = "mark = pathlib.Path(sys.argv[1], str(me)); again = mark.exists(); mark.touch()\n"
    code += "if not again: sys.exit(7) if me == 1 else time.sleep(600)\nprint('again', me)"
    command = python(code, tmp_path)
    assert run_workers(command, 2, restarts=1, say=said.append) == ["again 0\n", "again 1\n"]
    assert said == ["Worker 1 ended with status 7. All start again from the last checkpoint."]


def test_the_one_that_was_killed_is_blamed_not_those_that_noticed():
    ended = [type("Process", (), {"poll": lambda self, code=code: code})() for code in (1, None, -9)]
    assert workers.wait(ended) == 2
    assert workers.wait(ended[:2]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--", "no-such-command"], "✗ .*No such file.*no-such-command"),
        (["--count", "0", "--", "true"], "✗ count must be above 0. Received: 0"),
        (["--restarts", "0", "--", sys.executable, "-c", "raise SystemExit(3)"], "✗ .*ended with status 3"),
    ],
)
def test_what_cannot_work_is_one_sentence(arguments, says):
    with pytest.raises(SystemExit, match=says):
        workers.main(arguments)


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_no_process_behind(tmp_path, how):
    code = "pathlib.Path(sys.argv[1], f'{os.getpid()}.pid').touch(); time.sleep(600)"
    command = [sys.executable, "-m", "utils.training.workers", "--count", "2", "--"]
    run = subprocess.Popen([*command, *python(code, tmp_path)], stderr=subprocess.PIPE, text=True)
    try:
        assert wait_for(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
        numbers = [int(path.stem) for path in tmp_path.glob("*.pid")]
        assert all(map(is_there, numbers))
        run.send_signal(how)
        assert "Stopped: all workers are ended." in run.communicate(timeout=60)[1]
        assert run.returncode == 1 and not any(map(is_there, numbers))
    finally:
        run.kill()
        run.communicate()
