"""python .ci/newer.py VERSIONS: name each package that is newer there than its pin; exit code 1 if one is."""

import re
import sys
from pathlib import Path

PIN = re.compile(r"(?m)^([\w.-]+)==(\S+)")


def versions(text):
    """Return {name: version} of a text like requirements.txt, names as pip compares them."""
    return {name.lower().replace("_", "-"): version for name, version in PIN.findall(text)}


if __name__ == "__main__":
    pins, newest = versions(Path("requirements.txt").read_text(encoding="utf-8")), versions(sys.argv[1])
    newer = {name: version for name, version in newest.items() if pins.get(name, version) != version}
    print(*(f"{name}: {version}, pinned {pins[name]}" for name, version in newer.items()), sep="\n")
    sys.exit(bool(newer))
