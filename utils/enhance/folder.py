"""Restore all photos of a folder: what is done is not done again, and nothing but the disk stops the rest."""

import errno
from dataclasses import dataclass, field

from tqdm import tqdm

from utils.data.photo_folders import printable
from utils.data.photos import careful_pillow
from utils.data.storage import reason
from utils.enhance.photo import restore_file
from utils.enhance.places import list_files, remove_temporary, result_names
from utils.enhance.records import add_record, is_done, is_restored_folder, read_records, start_records
from utils.enhance.report import REPORT, write_report

LISTED = 10  # skipped files named at the end; the report has all of them
BAR = "restoring {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"  # a large photo moves it too


@dataclass
class Run:
    """What became of each file of a folder so far."""

    restored: list = field(default_factory=list)  # records made by this run
    kept: list = field(default_factory=list)  # records of earlier runs
    skipped: list = field(default_factory=list)  # (name, reason)
    left: int = 0  # photos that were not reached
    stopped: str = ""  # why, if some were not

    @property
    def records(self):
        """Return all photos that are done, by name."""
        return sorted(self.restored + self.kept)


def enhance_folder(enhance, folder, out, max_size=None, fresh=False, say=print):
    """Restore all photos of a folder into another one with a report; returns the exit code."""
    run, code = Run(), 0
    try:
        restore_photos(run, enhance, folder, out, max_size, fresh)
    except KeyboardInterrupt:
        again = " without --fresh" if fresh else ""
        run.stopped = f"Interrupted. To go on, give the same command again{again}: what is done is kept."
        code = 130
    except OSError as error:
        run.stopped = (
            f"Restored photos are written to {out}. Received: {reason(error)}. Most likely fix: free some "
            "space, or name another folder with --out; then give the same command again."
        )
        code = 1
    try:
        write_report(out, folder.name, run)
        report = f"Report: {out / REPORT}"
    except OSError as error:
        report, code = f"No report was written: {reason(error)}.", code or 1
    for line in summary(run, report):
        say(printable(line))
    return code or (0 if run.records else 1)


def restore_photos(run, enhance, folder, out, max_size, fresh):
    """Restore one photo after the other, and note in `run` what became of each."""
    if fresh or not is_restored_folder(out):
        start_records(out)
    remove_temporary(out)
    records = read_records(out)
    files = [(path.relative_to(folder).as_posix(), why) for path, why in list_files(folder)]
    run.skipped += [file for file in files if file[1]]
    results = result_names(sorted(name for name, why in files if not why))
    waiting = []
    for name, result in results.items():
        if is_done(records.get(name), folder / name, out, result, max_size):
            run.kept.append(records[name])
        else:
            waiting.append(name)
    run.left = len(waiting)
    with careful_pillow(), tqdm(total=len(waiting), bar_format=BAR, miniters=0, disable=not waiting) as bar:
        for number, name in enumerate(waiting):

            def progress(share, number=number, name=name):
                bar.set_postfix_str(f"{number + 1} of {len(waiting)}: {printable(name)[-40:]}", refresh=False)
                bar.update(number + share - bar.n)

            progress(0)
            keep(run, name, restored(enhance, folder, name, out, results[name], max_size, progress))
            run.left -= 1
            progress(1)


def restored(enhance, folder, name, out, result, max_size, progress):
    """Restore one photo and record it; returns its Record, or why there is none."""
    try:
        record = restore_file(enhance, folder, name, out, result, max_size, progress)
        if not isinstance(record, str):
            add_record(out, record)
        return record
    except OSError as error:
        if error.errno not in (errno.ENAMETOOLONG, None):  # None: the encoder, not the disk
            raise
        return f"not written, {reason(error)}"


def keep(run, name, record):
    """Note one photo as restored or as skipped."""
    if isinstance(record, str):
        run.skipped.append((name, record))
    else:
        run.restored.append(record)


def summary(run, report):
    """Return the last lines of a run: what was skipped and why, and all of it in one line."""
    lines = [f"skipped {name}: {why}" for name, why in sorted(run.skipped)[:LISTED]]
    if len(run.skipped) > LISTED:
        lines.append(f"skipped {len(run.skipped) - LISTED} more: see the report")
    counts = [f"{len(run.restored)} restored", f"{len(run.kept)} were already there"]
    counts += [f"{len(run.skipped)} skipped"] + [f"{run.left} left"] * bool(run.left)
    return [*lines, *[run.stopped] * bool(run.stopped), f"{', '.join(counts)}. {report}"]
