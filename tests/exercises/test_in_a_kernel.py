"""The check inside a real Jupyter kernel: one line, and nothing that the answer printed or drew."""

import nbclient
import nbformat

CELLS = (
    "from IPython.display import display\nfrom utils.exercises import check",
    """def scale(images):
    print("printed by the answer")
    display("displayed by the answer")
    return images.astype("float32") / 127.5 - 1
scale = check("0.1", scale)""",
    """def scale(images):
    wrong = 0
    return images / wrong
_ = check("0.1", scale)""",
    "display('displayed'); print('printed')",
)


def test_a_notebook_shows_one_line_per_check_and_goes_on():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    _, right, wrong, after = (cell.outputs for cell in notebook.cells)
    assert [output.name for output in right] == ["stdout"]
    assert right[0].text.startswith("✓ 0.1 ") and right[0].text.count("\n") == 1
    assert [output.output_type for output in wrong] == ["stream"]
    assert "ZeroDivisionError" not in wrong[0].text  # NumPy divides by zero without one
    assert wrong[0].text.startswith("✗ 0.1 ") and "line" not in wrong[0].text.split(":")[0]
    assert {output.output_type for output in after} == {"display_data", "stream"}
