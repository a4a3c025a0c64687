"""A page to PDF by a browser that is already there: Chromium, Chrome or Edge, without a window."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
SECONDS = 180


def find_browser():
    """Return the program that can print, or None."""
    found = [path for path in map(shutil.which, NAMES) if path]
    return next(iter(found + [place for place in PLACES if Path(place).is_file()]), None)


def print_pdf(page, pdf, browser):
    """Print a page into a PDF; a RuntimeError says why there is none."""
    pdf.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--disable-gpu", "--disable-extensions", f"--user-data-dir={profile}"]
        if getattr(os, "geteuid", lambda: 1)() == 0:  # root of a container: Chromium has no sandbox there
            flags.append("--no-sandbox")
        command = [browser, *flags, "--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}"]
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()],
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
            )
            said = done.stderr.strip().splitlines()[-1:]
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [str(error)]
    if not pdf.is_file():
        raise RuntimeError(f"{browser} printed no PDF: {' '.join(said) or 'it said nothing'}")
