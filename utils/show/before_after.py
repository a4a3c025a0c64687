"""One picture in two halves, before and after, with a border that is moved by hand: `before_after`."""

import base64
import io
from html import escape

import numpy as np
from PIL import Image

from utils.show import style
from utils.show.explore_captions import number_and_slider
from utils.show.grids import checked_pixels, enlarged, plot_rows

ROOM = (760, 400)  # pixels of the page, width and height: with its controls the picture fits on one screen
HALVES = ("before", "after")


def halves(left, right, share):
    """Return the picture whose first `share` of the width is `left`; two lines of a pixel mark the border."""
    width = left.shape[1]
    border = round(share * width)
    picture = np.concatenate([left[:, :border], right[:, border:]], axis=1)
    if 0 < border < width:  # white beside black is seen on any picture
        picture[:, border - 1], picture[:, border] = 255, 0
    return picture


def on_screen(pixels, room):
    """Return pixels in the size they are seen at: smaller as it takes, or larger by a whole number."""
    scale = min(room[0] / pixels.shape[1], room[1] / pixels.shape[0])
    if scale >= 1:
        return enlarged(pixels, int(scale))
    size = [max(1, round(side * scale)) for side in pixels.shape[1::-1]]
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def as_element(pixels, alt):
    """Return pixels as one image element that names what it shows, small enough to be sent at each move."""
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=92, subsampling=0)
    source = base64.b64encode(target.getvalue()).decode()
    return f'<img alt="{escape(alt)}" style="max-width:100%" src="data:image/jpeg;base64,{source}">'


class Halves:
    """The picture in two halves with its slider; `show` puts other pictures into it."""

    def __init__(self, room=ROOM):
        """Lay out the picture and its slider, with nothing to be seen yet."""
        import ipywidgets as widgets

        self.room, self.pictures = room, None
        # The size is fixed: a picture that is exchanged must not make the page jump.
        self.view = widgets.HTML(layout=widgets.Layout(height=f"{room[1] + 32}px", max_width="100%"))
        tip = "share of the picture that is shown as before, in percent"
        self.place, row = number_and_slider(50, 100, 1, "Border", tip)
        self.place.observe(self.turn, "value")
        self.box = widgets.VBox([self.view, row], layout=widgets.Layout(overflow="visible"))

    def show(self, left, right, names, of):
        """Show two uint8 pictures of one size; `names` are theirs, `of` says what is to be seen on them."""
        self.pictures = [on_screen(pixels, self.room) for pixels in (left, right)]
        self.names, self.of = names, of
        self.turn()

    def turn(self, _=None):
        """Draw the picture with its border where the slider stands."""
        if self.pictures:
            share, (left, right) = self.place.value, self.names
            alt = f"{self.of}: the left {share}% {left}, the right {100 - share}% {right}"
            look = "display:flex;justify-content:space-between;max-width:100%"
            look += f";width:{max(self.pictures[0].shape[1], 200):d}px;line-height:24px"
            sides = f"<span>← {escape(left)}</span><span>{escape(right)} →</span>"
            self.view.value = (
                as_element(halves(*self.pictures, share / 100), alt)
                + f'<div aria-hidden="true" style="{look}">{sides}</div>'  # the alt text says it already
            )


def before_after(before, after, names=HALVES):
    """Return pictures with a border between before and after to move (a figure outside notebooks).

    before, after: as many pictures (n, height, width, channels) of one size, float in [-1, 1] or uint8.
    """
    if np.shape(before) != np.shape(after):
        raise ValueError(
            "Before and after are pictures of one size, pair by pair. "
            f"Received: shapes {np.shape(before)} and {np.shape(after)}. "
            "Most likely fix: cut both to the same slice, and bring both to one size."
        )
    before, after = checked_pixels(before), checked_pixels(after)
    if not style.in_notebook():
        small = [[on_screen(pixels, ROOM) for pixels in pictures] for pictures in (before, after)]
        return plot_rows(dict(zip(names, map(np.stack, small), strict=True)), columns=1, zoom=1)
    import ipywidgets as widgets

    tip = "which of the pictures"
    number = widgets.BoundedIntText(1, min=1, max=len(before), description="Picture", tooltip=tip)
    number.layout.width = "160px"
    shown = Halves()

    def choose(_=None):
        which = number.value - 1
        shown.show(before[which], after[which], names, f"picture {number.value} of {len(before)}")

    number.observe(choose, "value")
    choose()
    return widgets.VBox([shown.box, *[number] * (len(before) > 1)])
