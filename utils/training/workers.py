"""Several workers on this machine: start them, and when one dies, start all of them again.

    python -m utils.training.workers --count 2 -- python my_training.py

Each worker finds in TF_CONFIG who the others are. On several machines a scheduler does what is done here:
it starts the same command on each, with the same cluster and an index of its own in TF_CONFIG. TensorFlow's
workers trust whoever reaches their ports: only on a network of your own.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

NEAR = {"no_grpc_proxy": "127.0.0.1"}  # a proxy for the network, where there is one, does not know the way


def run_workers(command, count, restarts=0, environment=None, say=print):
    """Run a command as `count` workers until all have ended well; return what each has printed.

    Workers that train together wait for each other in every step. So when one dies the others are ended
    too, and all go on from the last checkpoint, as often as `restarts` allows.
    """
    if count < 1:
        raise ValueError(f"count must be above 0. Received: {count}. Most likely fix: count=2.")
    for attempt in range(restarts + 1):
        with tempfile.TemporaryDirectory() as folder:
            logs = [pathlib.Path(folder, f"worker_{index}.txt") for index in range(count)]
            processes = start(command, logs, {**os.environ, **(environment or {})})
            try:
                dead = wait(processes)
            finally:
                end(processes)
            printed = [log.read_text("utf-8", "replace") for log in logs]
        if dead is None:
            return printed
        how = ending(processes[dead].returncode)
        if attempt < restarts:
            say(f"Worker {dead} {how}. All start again from the last checkpoint.")
    raise RuntimeError(
        f"All {count} workers must end well. Received: worker {dead} {how}, {restarts + 1} time(s). "
        f"Most likely fix: read the last lines that it printed.\n{printed[dead][-2000:]}"
    )


def start(command, logs, environment):
    """Start one process per log file, each told in TF_CONFIG who all are and which one it is."""
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(len(logs))]}
    processes = []
    for index, log in enumerate(logs):
        told = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
        with open(log, "wb") as file:
            processes.append(
                subprocess.Popen(
                    command,
                    env=environment | NEAR | {"TF_CONFIG": told},
                    stdout=file,
                    stderr=subprocess.STDOUT,
                )
            )
    return processes


def free_ports(count):
    """Return ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait(processes):
    """Wait until all have ended well, or one has not; return its number, or None."""
    while True:
        codes = [process.poll() for process in processes]
        bad = [index for index, code in enumerate(codes) if code]
        killed = [index for index in bad if codes[index] < 0]
        if bad:
            return (killed or bad)[0]  # the one that was killed, not those that noticed
        if all(code == 0 for code in codes):
            return None
        time.sleep(0.1)


def end(processes):
    """End all that still run: without the dead one they would wait forever."""
    for process in processes:
        if process.poll() is None:
            process.kill()
    for process in processes:
        process.wait()


def ending(code):
    """Say how a process ended."""
    return f"was killed by signal {-code}" if code < 0 else f"ended with status {code}"


def main(arguments=None):
    """Run the command behind -- as several workers and print what the chief printed."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m utils.training.workers",
    )
    parser.add_argument("--count", type=int, default=2, help="workers; default: 2")
    parser.add_argument("--restarts", type=int, default=3, help="how often to start again; default: 3")
    parser.add_argument("command", nargs="+", help="what each worker runs, after --")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: no worker is left behind
    try:
        print(run_workers(chosen.command, chosen.count, chosen.restarts)[0], end="")
    except (RuntimeError, ValueError, OSError) as error:
        sys.exit(f"✗ {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped: all workers are ended.")


if __name__ == "__main__":
    main()
