"""In a room of its own a command has no network, sees nobody, and finds folders read-only."""

import os
import subprocess
import sys

import pytest

from utils.course.grading import namespace
from utils.course.grading.namespace import has_rooms, in_a_room

TRY = """
import os, socket, sys
from utils.course.grading.namespace import open_loopback
open_loopback()
def tried(work):
    try:
        return work() or "done"
    except OSError as error:
        return type(error).__name__
def talk():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
print(tried(lambda: open(sys.argv[1] + "/kept", "w").close()))
print(tried(lambda: open(sys.argv[2] + "/made", "w").close()))
print(tried(lambda: socket.create_connection(("192.0.2.1", 80), timeout=1).close()))
print(tried(talk))
print(len([name for name in os.listdir("/proc") if name.isdigit()]) < 5)
"""


@pytest.mark.skipif(not has_rooms(), reason="this system lends no namespaces to this user")
def test_a_room_is_closed_but_for_its_own_folder_and_loopback(tmp_path):
    place = tmp_path / "inside"
    place.mkdir()
    command = in_a_room([sys.executable, "-c", TRY, str(tmp_path), str(place)], [tmp_path], writable=place)
    done = subprocess.run(command, capture_output=True, text=True, cwd=place, timeout=60)
    assert done.stdout.split() == ["OSError", "done", "OSError", "done", "True"], done.stderr
    assert os.listdir(tmp_path) == ["inside"] and os.listdir(place) == ["made"]


def test_without_rooms_a_command_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(namespace, "has_rooms", lambda read_only: False)
    assert in_a_room(["true"], ["/usr"], writable="/tmp") == ["true"]


def test_a_folder_that_cannot_be_locked_takes_the_room_away_not_the_run():
    assert not has_rooms(("/nowhere/at/all",))
