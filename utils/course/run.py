"""python -m utils.course run: a lesson without a browser, for servers, GPUs and teachers."""

import copy
import logging
import shutil
import tempfile
from pathlib import Path

import nbformat

from utils.course.build import failed_line, failure_text
from utils.course.cells import notebook_cells
from utils.course.equations import draw_equations
from utils.course.execute import CellError, StoppedError, execute, kernel_environment, make_notebook
from utils.course.lesson_source import COURSE, read_lesson
from utils.course.outputs import merged_streams, without_live_objects
from utils.data.storage import write_atomic

# nbconvert's lab page has no alternative texts; ours keeps them.
PICTURE = """\
{%- block data_png scoped -%}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
 alt="{{ (output | get_metadata('alt', 'image/png') or '') | escape_html }}">
</div>
{%- endblock data_png -%}
"""
# Equations are drawings, so no script is asked of the network.
ALONE = """\
{%- block html_head_js_mathjax -%}<style>p.shown {text-align: center}</style>{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
"""
PAGE = "{%- extends 'lab/index.html.j2' -%}\n" + PICTURE + ALONE


def run(name, *, budget=None, output=None, course=COURSE, say=print):
    """Execute a solved lesson and leave notebook and page in a folder; returns the exit code."""
    path = course.find(name)
    lesson = read_lesson(path, course)
    cells = notebook_cells(lesson, course)
    notebook = make_notebook(cells, "solved")
    folder = Path(output) if output else course.root / "runs" / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    course.notebooks.mkdir(exist_ok=True)
    checkpoints, code = folder.resolve() / "checkpoints", 0
    with kernel_environment(budget, checkpoints) as environment:
        try:
            execute(notebook, course.notebooks, title=lesson.name, environment=environment)
        except CellError as failure:
            code = 1
            where = f"{course.shown(path)}:{failed_line(cells[failure.index], failure)}"
            say(f"{where}: {failure_text(failure)}")
        except StoppedError as stop:
            code = 130
            say(f"Interrupted at {course.shown(path)}:{cells[min(stop.index, len(cells) - 1)].line}.")
        except KeyboardInterrupt:
            code = 130
            say("Interrupted.")
    if code == 0:
        shutil.rmtree(checkpoints, ignore_errors=True)  # a run that was stopped goes on from them
    for file in write_results(notebook, folder, lesson.name, say):
        say(str(file))
    return code


def write_results(notebook, folder, name, say=print):
    """Write the notebook as it stands and a page that needs nothing beside it; returns both paths."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = merged_streams(without_live_objects(cell.outputs))
    texts = {f"{name}.ipynb": nbformat.writes(notebook) + "\n", f"{name}.html": make_page(notebook, name)}
    try:
        return write_texts(texts, folder)
    except OSError as error:  # minutes of training must not end with the disk
        say(f"{error.strerror or error}. The results are in a temporary folder instead:")
        return write_texts(texts, Path(tempfile.mkdtemp(prefix=f"{name}-")))


def write_texts(texts, folder):
    """Write files by name into a folder, each whole or not at all; returns their paths."""
    for name, text in texts.items():
        write_atomic(folder / name, lambda place, text=text: place.write_bytes(text.encode()))
    return [folder / name for name in texts]


def make_page(notebook, title):
    """One HTML page with all pictures and equations inside."""
    from nbconvert import HTMLExporter

    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = draw_equations(cell.source)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    exporter = HTMLExporter(raw_template=PAGE, embed_images=True, require_js_url="", jquery_url="")
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return page
