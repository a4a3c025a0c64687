"""Runs the cells of a notebook in a kernel, with a progress bar; what was reached stays in the notebook."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import tempfile
from pathlib import Path

import nbformat
from tqdm import tqdm

from utils.course.outputs import ANSI

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class CellError(Exception):
    """A cell raised, ran out of time or lost its kernel; index says which, row the line in it where known."""

    def __init__(self, index, reason, traceback="", row=None):
        super().__init__(reason)
        self.index, self.traceback, self.row = index, traceback, row


class StoppedError(Exception):
    """Somebody pressed Ctrl-C; cells before index are done."""

    def __init__(self, index):
        super().__init__(f"interrupted at cell {index}")
        self.index = index


def make_notebook(cells, which):
    """A notebook of the 'solved' or the 'learner' sources."""
    made = []
    for cell in cells:
        source = getattr(cell, which)
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        tags = [*cell.tags, "raises-exception"] if "broken" in cell.tags else list(cell.tags)
        made.append(make(source, id=cell.id, metadata={"tags": tags} if tags else {}))
    return nbformat.v4.new_notebook(cells=made, metadata=METADATA, nbformat_minor=5)


def execute(notebook, folder, *, title="", environment=None, cell_timeout=None):
    """Run every code cell in order, outputs into the notebook; CellError or StoppedError end it early."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(_execute(notebook, folder, title, environment, cell_timeout))


async def _execute(notebook, folder, title, environment, cell_timeout):
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

    manager = AsyncKernelManager(  # the Python that runs now, whatever "python3" means to this user's Jupyter
        kernel_name=CURRENT_ENV_KERNEL_NAME,
        kernel_spec_manager=NbvalKernelspecManager(),
        transport_encryption="auto",  # otherwise each start prints a warning
    )
    client = NotebookClient(notebook, km=manager, timeout=cell_timeout, record_timing=False)
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    pressed, index = [], 0
    async with client.async_setup_kernel(
        cwd=str(folder), env=environment or dict(os.environ), cleanup_kc=True
    ):
        _on_interrupt(lambda: _interrupt(manager, pressed))
        with tqdm(total=len(code), desc=title, unit="cell", dynamic_ncols=True, file=sys.stderr) as bar:
            for count, index in enumerate(code, start=1):
                try:
                    await client.async_execute_cell(notebook.cells[index], index, execution_count=count)
                except CellExecutionError as error:
                    if pressed:
                        raise StoppedError(index) from None
                    text = ANSI.sub("", error.traceback)
                    rows = re.findall(rf"Cell In\[{count}\], line (\d+)", text)
                    reason = f"{error.ename}: {error.evalue}"
                    raise CellError(index, reason, text, int(rows[0]) if rows else None) from None
                except CellTimeoutError:
                    raise CellError(index, f"not ready after {cell_timeout:.0f} seconds") from None
                except DeadKernelError:
                    if pressed:
                        raise StoppedError(index) from None
                    reason = "its kernel died. Most likely cause: the machine ran out of memory"
                    raise CellError(index, reason) from None
                bar.update()
                if pressed:
                    raise StoppedError(index + 1)


def _on_interrupt(handler):
    """Ctrl-C goes to the cell that runs, so that a training can stop itself and keep its model."""
    with contextlib.suppress(
        NotImplementedError, RuntimeError, ValueError
    ):  # Windows, or not the main thread
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, handler)


def _interrupt(manager, pressed):
    # Pressed twice: the cell does not listen, so its kernel ends. The task is kept, else it may be collected.
    stop = manager.shutdown_kernel(now=True) if pressed else manager.interrupt_kernel()
    pressed.append(asyncio.ensure_future(stop))


@contextlib.contextmanager
def kernel_environment(budget=None, checkpoints=None):
    """Environment of a kernel whose progress and checkpoints are its own; downloads and caches are shared."""
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as folder:
        shared = {"checkpoints": checkpoints} if checkpoints else {}
        try:
            from utils.data.storage import course_folder

            shared |= {name: course_folder(name) for name in ("cache", "downloads")}
        except (ImportError, OSError):  # nothing to share
            pass
        for name, place in shared.items():
            with contextlib.suppress(OSError):  # a Windows without links: it is drawn or fetched once more
                Path(place).mkdir(parents=True, exist_ok=True)
                Path(folder, name).symlink_to(place, target_is_directory=True)
        environment = dict(os.environ, COURSE_FOLDER=folder, IPYTHONDIR=str(Path(folder, "ipython")))
        environment["PYTHONHASHSEED"] = "0"  # sets print in the same order each time
        environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        environment.pop("PYTEST_CURRENT_TEST", None)  # ipykernel behaves differently under pytest
        if budget:
            environment["COURSE_BUDGET"] = budget
        yield environment
