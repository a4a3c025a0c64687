"""Equations as drawings inside the text: a page then needs neither a network nor MathJax."""

import base64
import io
import re
from html import escape

PARTS = re.compile(r"```.*?```|`[^`\n]*`|\$\$(?P<shown>.+?)\$\$|\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
SAME = {r"\lVert": r"\|", r"\rVert": r"\|", r"\le ": r"\leq ", r"\ge ": r"\geq "}  # as matplotlib writes them
SIZE = 12  # points that one em of the drawing has


def draw_equations(markdown):
    """Return the text with each equation as an SVG picture whose alternative text is its LaTeX."""
    return PARTS.sub(_drawn, markdown)


def equation_svg(latex):
    """Draw one equation; returns SVG, its height and how far it reaches below the line, in em."""
    import matplotlib
    from matplotlib import font_manager, mathtext

    for name, other in SAME.items():
        latex = latex.replace(name, other)
    file = io.BytesIO()
    settings = {"mathtext.fontset": "stix", "svg.hashsalt": "equation"}  # equal pages for equal lessons
    with matplotlib.rc_context(settings):
        font = font_manager.FontProperties(size=SIZE)
        below = mathtext.math_to_image(f"${latex}$", file, prop=font, dpi=72, format="svg")
    svg = file.getvalue().decode()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)  # it holds the date
    height = float(re.search(r'<svg [^>]*?\bheight="([\d.]+)pt"', svg, re.DOTALL)[1])
    return svg, height / SIZE, below / SIZE


def _drawn(found):
    latex = found["shown"] or found["inline"]
    if not latex:
        return found[0]  # code
    latex = " ".join(latex.split())
    svg, height, below = equation_svg(latex)
    source = base64.b64encode(svg.encode()).decode()
    words = escape(latex).replace("|", "&#124;")  # in a table, a bar would end the cell
    style = f"height:{height:.3f}em;vertical-align:{-below:.3f}em"
    picture = f'<img class="equation" alt="{words}" style="{style}" src="data:image/svg+xml;base64,{source}">'
    return f'<p class="shown">{picture}</p>' if found["shown"] else picture
