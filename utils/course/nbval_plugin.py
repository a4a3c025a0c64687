"""The pytest plugin that compares check cells with the course, never with what the learner saved."""

import pytest

CELL_TIMEOUT = 600  # seconds; nbval's own default is 2000


def pytest_configure(config):
    """Give nbval what a course needs: the Python that runs now, and an end for a cell that hangs."""
    option = config.option
    if not (getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)):
        return
    if not option.nbval_kernel_name:
        option.nbval_current_env = True
    if option.nbval_cell_timeout == 2000:
        option.nbval_cell_timeout = CELL_TIMEOUT


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Grade notebooks of the course; every other notebook stays with plain nbval."""
    collectors = yield
    option = parent.config.option
    is_graded = getattr(option, "nbval", False) or getattr(option, "nbval_lax", False)
    if file_path.suffix != ".ipynb" or not is_graded:
        return collectors
    from nbval.plugin import IPyNbFile

    from utils.course.graded_cells import CourseNotebook, find_solved

    solved = find_solved(file_path)
    if solved is None:
        return collectors
    others = [collector for collector in collectors if not isinstance(collector, IPyNbFile)]
    return [*others, CourseNotebook.from_parent(parent, path=file_path, solved=solved)]
