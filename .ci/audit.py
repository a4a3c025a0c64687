"""Known vulnerabilities of the installed packages, by pip-audit: they fail, a missing network is said.

    python .ci/audit.py PIP_AUDIT SITE_PACKAGES

Where no service answers, or none knows a package, nothing was audited, and nothing can be said for safe.
"""

import json
import subprocess
import sys


def audit(printed):
    """Return lines about what pip-audit printed as JSON, and the exit code."""
    try:
        packages = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["not audited: no connection to the service"], 0
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return [f"not audited: no connection to the service, or it knows none of {len(packages)} packages"], 0
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {', '.join(found['fix_versions'])}"
        for package in known
        for found in package["vulns"]
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    counted = f"{len(known)} packages audited, {len(lines)} vulnerabilities"
    return [*lines, counted, *[f"not audited: {', '.join(unknown)}"] * bool(unknown)], int(bool(lines))


def main(command, folder):
    """Run pip-audit on a folder of packages and say what it found; returns the exit code."""
    flags = ["--path", folder, "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run([command, *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines, code = audit(done.stdout)
    print(*lines, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
