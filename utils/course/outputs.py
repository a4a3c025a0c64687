"""What a cell printed and drew, made the same on every machine: no paths, no terminal colours."""

import re
import sys
import tempfile
from pathlib import Path

import nbformat

ANSI = re.compile(r"\x1b\[[0-9;]*m")
START = r"(?<![^\s\"'(])[^\s\"'(]*"  # of a path: tried once per word, else long lines take minutes
KERNEL_FILE = re.compile(START + r"ipykernel_\d+[/\\]\d+\.py")
PACKAGE_FILE = re.compile(START + r"[/\\]site-packages[/\\]")
LOG_LINE = re.compile(r"^WARNING:tensorflow:.*\n?", re.M)  # TensorFlow logs to stdout in a notebook
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def clean_outputs(outputs, places=()):
    """Outputs fit to be stored; places maps folders of this machine to the words that replace them."""
    kept = []
    # stderr is progress bars and log lines, never the lesson's own words
    outputs = [output for output in without_live_objects(outputs) if output.get("name") != "stderr"]
    for output in merged_streams(outputs):
        if output.output_type == "stream":
            output.text = portable(LOG_LINE.sub("", output.text), places)
            if not output.text:
                continue
        elif output.output_type == "error":
            output.traceback = [portable(line, places) for line in output.traceback]
            output.evalue = portable(output.evalue, places)
        else:
            output.pop("transient", None)
            for kind, value in output.data.items():
                if kind.startswith("text/"):
                    output.data[kind] = portable(value, places)
        kept.append(output)
    return kept


def without_live_objects(outputs):
    """Outputs without widgets: there is nothing to look at without their kernel."""
    return [output for output in outputs if WIDGET not in output.get("data", {})]


def merged_streams(outputs):
    """Outputs with neighbouring prints joined, because a kernel cuts them at random points."""
    joined = []
    for output in outputs:
        output = nbformat.from_dict(output)
        is_stream = output.output_type == "stream"
        if is_stream and joined and joined[-1].get("name") == output.name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    for output in joined:
        if output.output_type == "stream" and "\r" in output.text:  # what a terminal would show in the end
            lines = output.text.replace("\r\n", "\n").split("\n")
            output.text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return joined


def portable(text, places=()):
    """Text without what differs from machine to machine."""
    text = KERNEL_FILE.sub("cell", PACKAGE_FILE.sub("site-packages/", ANSI.sub("", text)))
    for folder, word in places:
        text = text.replace(str(folder), word)
    return ADDRESS.sub("0x…", text)


def machine_places(course, course_folder, product_data=None):
    """The folders of this machine that may show up in outputs, longest first."""
    home = Path.home()
    places = [
        (Path(course_folder), "COURSE_FOLDER"),
        (course.root, "product-image-course"),
        (Path(sys.prefix), "python"),
        (Path(tempfile.gettempdir()), "TEMP"),
    ]
    if product_data:
        places += [(Path(product_data), "PRODUCT_DATA"), (Path(product_data).resolve(), "PRODUCT_DATA")]
    places += [
        (Path("~") / path.relative_to(home), word) for path, word in places if path.is_relative_to(home)
    ]
    places.append((home, "~"))
    return sorted(places, key=lambda place: -len(str(place[0])))


def stderr_lines(outputs):
    """What went to stderr except progress bars, for the author's eyes."""
    text = "".join(output.text for output in outputs if output.get("name") == "stderr")
    return [line for line in text.splitlines() if line.strip() and "%|" not in line and "it/s" not in line]


def pictures_without_words(outputs):
    """How many pictures a person who cannot see them would miss: those without alternative text."""
    return sum(
        kind in output.get("data", {}) and not output.get("metadata", {}).get(kind, {}).get("alt")
        for output in outputs
        for kind in PICTURES
    )


def printed(outputs):
    """Everything the outputs print to stdout."""
    return "".join(output.text for output in outputs if output.get("name") == "stdout")
