"""What a terminal cannot show must not end the command that prints it."""

import sys


def replace_what_cannot_be_shown():
    """Let stdout and stderr print a ? for each sign that this terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
