"""The picture of a lesson for the README: the first one after its heading "The result"."""

import base64

HEADING = "## The result"


def cover_picture(notebook):
    """Return the PNG of a lesson's result, or None where the lesson has no such heading or picture."""
    reached = False
    for cell in notebook.cells:
        reached = reached or (cell.cell_type == "markdown" and cell.source.startswith(HEADING))
        for output in cell.get("outputs", []) if reached else []:
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output.data["image/png"])
    return None
