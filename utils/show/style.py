"""How every picture of the course looks and is shown: one place for colours, fonts, size and alt text."""

import io
import sys
import warnings
from functools import cache, wraps

import matplotlib.style
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito: eight colours that people with any kind of colour vision tell apart.
BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
INK, QUIET, FAINT = "#1f2328", "#59636e", "#d8dee4"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, INK)
DASHES = ("-", (0, (4, 1.4)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (2.4, 1)), "-")
MARKERS = ("o", "s", "^", "D", "v", "P")

DPI = 100  # one point of this grid is one pixel of a plain screen
SHARPNESS = 2  # pixels per point of text and lines, for the dense screens of laptops
CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei", "Heiti SC")
VAGUE = {"image", "images", "picture", "pictures", "figure", "plot", "chart", "graph", "photo", "img", "alt"}


@cache
def style():
    """Return the matplotlib settings of the course; a Chinese font is added where one is installed."""
    installed = set(font_manager.get_font_names())
    return {
        "font.family": ["DejaVu Sans", *(name for name in CJK_FONTS if name in installed)],
        "font.size": 10.5,
        "text.color": INK,
        "axes.labelcolor": QUIET,
        "axes.edgecolor": QUIET,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11.5,
        "axes.titleweight": "bold",
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": FAINT,
        "grid.linewidth": 0.8,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "lines.linewidth": 2.0,
    }


def in_course_style():
    """Return a context in which matplotlib draws like the course, whatever the notebook has set."""
    return matplotlib.style.context(style(), after_reset=True)


def in_style(draw):
    """Make a plotting function draw in the style of the course."""

    @wraps(draw)
    def styled(*args, **kwargs):
        with in_course_style():
            return draw(*args, **kwargs)

    return styled


def checked_alt(alt):
    """Return the alt text when it says what is to be seen; raise otherwise."""
    words = alt.strip() if isinstance(alt, str) else ""
    if len(words) < 8 or words.lower().strip(" .") in VAGUE:
        raise ValueError(
            "Alt text must say in one sentence what the picture shows, for those who cannot see it. "
            f"Received: {alt!r}. "
            'Most likely fix: show(figure, alt="Both losses fall from 1.4 to 0.6 within 500 steps").'
        )
    return " ".join(words.split())


def short(value):
    """Return a number in as few digits as a reader needs: 12,000, 1200, 48, 0.61, 3e-05."""
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else str(value)
    if abs(value) >= 10_000:
        return f"{value:,.0f}" if abs(value) < 1e9 else f"{value:.2g}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 0.01 else f"{value:.0e}"


class Picture(Figure):
    """A figure of a given size in pixels that knows its alt text and shows itself in a notebook."""

    def __init__(self, width, height, alt, is_chart=True):
        """Open an empty picture; nothing of it is known to pyplot, so nothing is shown twice."""
        with in_course_style():
            # The hundredth of a pixel keeps 228 / 100 * 100 from being cut to 227.
            size = ((width + 0.01) / DPI, (height + 0.01) / DPI)
            super().__init__(figsize=size, dpi=DPI, facecolor="white")
        FigureCanvasAgg(self)
        self.alt, self.is_chart = checked_alt(alt), is_chart

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self, self.alt)


def png(figure, sharpness=SHARPNESS):
    """Return the picture as PNG bytes, small and without dates or versions: equal pictures, equal bytes."""
    drawn, target = io.BytesIO(), io.BytesIO()
    with in_course_style(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # a box is drawn instead
        figure.savefig(drawn, format="rgba", dpi=figure.dpi * sharpness)
    size = [int(side * figure.dpi * sharpness) for side in figure.get_size_inches()]
    image = Image.frombuffer("RGBA", size, drawn.getbuffer()).convert("RGB")
    if getattr(figure, "is_chart", False):  # lines on white: 128 colours look the same and take a third
        image = image.quantize(128, dither=Image.Dither.NONE)
    image.save(target, "png")
    return target.getvalue()


def encoded(pixels):
    """Return uint8 RGB pixels (height, width, 3) as PNG bytes."""
    target = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, "png")
    return target.getvalue()


def bundle(figure, alt, sharpness=SHARPNESS):
    """Return (data, metadata) as Jupyter wants them: the PNG, the size to read it at, the alt text."""
    width, height = (round(side) for side in figure.get_size_inches() * figure.dpi)
    data = {"image/png": png(figure, sharpness), "text/plain": alt}
    return data, {"image/png": {"alt": alt, "width": width, "height": height}}


def in_notebook():
    """Tell whether this code runs in a Jupyter kernel, which can show pictures."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def show(figure, alt=None):
    """Show the picture under the cell with its alt text; in plain Python print the alt text alone."""
    alt = checked_alt(getattr(figure, "alt", None) if alt is None else alt)
    if in_notebook():
        from IPython.display import display

        data, metadata = bundle(figure, alt)
        display(data, metadata=metadata, raw=True)
    else:
        print(alt)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)  # else a pyplot figure is shown a second time
