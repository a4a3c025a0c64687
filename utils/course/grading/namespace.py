"""A room of its own for a command, where Linux lends one: no network, no other process, folders read-only."""

import contextlib
import functools
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

UNSHARE = (
    "unshare",
    "--map-root-user",
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
)
# The shell stays as the first process: a kernel whose parent is number 1 takes itself for an orphan.
LOCK = """
while [ "$1" != -- ]; do
    mount --rbind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 125
    shift
done
mount --rbind "$2" "$2" && mount -o remount,bind,rw "$2" || exit 125
shift 2
cd "$PWD" || exit 125
"$@"
exit $?
"""


def in_a_room(command, read_only, writable):
    """The command, wrapped so that it runs in a room of its own where there are any."""
    if not has_rooms(tuple(read_only)):
        return list(command)
    return [*UNSHARE, "sh", "-c", LOCK, "room", *map(str, read_only), "--", str(writable), *command]


@functools.cache
def has_rooms(read_only=()):
    """Whether this system lends this user such rooms, with these folders locked; containers often do not."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    command = [*UNSHARE, "sh", "-c", LOCK, "room", *map(str, read_only), "--", tempfile.gettempdir(), "true"]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    return False


def open_loopback():
    """Bring up the room's own loopback, by which a kernel is spoken to; elsewhere it is up already."""
    if not sys.platform.startswith("linux"):
        return
    import fcntl

    get_flags, set_flags, up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        asked = fcntl.ioctl(probe, get_flags, struct.pack("16sh14x", b"lo", 0))
        flags = struct.unpack("16sh14x", asked)[1]
        if not flags & up:
            fcntl.ioctl(probe, set_flags, struct.pack("16sh14x", b"lo", flags | up))
