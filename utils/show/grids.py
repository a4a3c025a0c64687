"""Images side by side, every pixel a sharp square: `plot_images`, `plot_rows`, `plot_pairs`."""

import textwrap

import numpy as np

from utils.show.style import Picture, in_style

PAGE = 760  # pixels: what fits under a cell on a small laptop without scrolling
GAP = 4  # pixels between two images
MOST = 500  # images in one picture; more is almost always a whole data set by mistake
LETTER, LINE = 9, 17  # pixels that a letter and a line of a 10-point title take


def checked_pixels(images):
    """Return float images in [-1, 1] or uint8 images as uint8 RGB; raise on anything else."""
    images = np.asarray(images)
    wanted = "Images must be (batch, height, width, channels), float in [-1, 1] or uint8, grey or RGB."
    shape = f"shape {images.shape}"
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        cure = "look at .shape where the images were made"
        if images.ndim == 3:
            cure = "images[..., None]: grey needs a channel axis"
            if images.shape[-1] in (1, 3):
                cure = "images[None]: one image is a batch of one"
        raise ValueError(f"{wanted} Received: {shape}. Most likely fix: {cure}.")
    if not 0 < images.shape[0] <= MOST:
        cure = "images[:100]" if images.shape[0] else "look at where the images were selected"
        raise ValueError(f"One picture holds 1 to {MOST} images. Received: {shape}. Most likely fix: {cure}.")
    if images.dtype != np.uint8:
        if images.dtype.kind in "biu":
            cure = "images.astype('uint8') if the values lie in 0..255"
            raise ValueError(f"{wanted} Received: {images.dtype}, {shape}. Most likely fix: {cure}.")
        images = images.astype("float32")
        if not np.isfinite(images).all():
            cure = "the model that made them has diverged; lower its learning rate"
            raise ValueError(f"{wanted} Received: NaN or infinite values, {shape}. Most likely fix: {cure}.")
        low, high = float(images.min()), float(images.max())
        if low < -1.001 or high > 1.001:
            cure = "call scale_images(images): it maps 0..255 to -1..1"
            raise ValueError(
                f"{wanted} Received: values from {low:.4g} to {high:.4g}, {shape}. Most likely fix: {cure}."
            )
        images = np.rint((np.clip(images, -1, 1) + 1) * 127.5).astype("uint8")
    return np.broadcast_to(images, (*images.shape[:3], 3))


def enlarged(image, zoom):
    """Return the image with every pixel as a square of zoom x zoom pixels."""
    return image.repeat(zoom, axis=0).repeat(zoom, axis=1)


def mosaic(pixels, columns, zoom, gap=GAP):
    """Return one uint8 RGB array with all images in rows of `columns`, white between them."""
    count, height, width, _ = pixels.shape
    rows = -(-count // columns)
    page = np.full(
        (rows * (height * zoom + gap) - gap, columns * (width * zoom + gap) - gap, 3), 255, "uint8"
    )
    for number, image in enumerate(pixels):
        top, left = number // columns * (height * zoom + gap), number % columns * (width * zoom + gap)
        page[top : top + height * zoom, left : left + width * zoom] = enlarged(image, zoom)
    return page


def page_figure(page, alt):
    """Return a figure that shows the page pixel by pixel, and axes that count in pixels from top left."""
    height, width, _ = page.shape
    figure = Picture(width, height, alt, is_chart=False)
    # A figure is a hundredth of a pixel larger than its page, and Matplotlib 3.10 would draw one pixel more.
    room = (0, 0, (width - 0.01) / (width + 0.01), (height - 0.01) / (height + 0.01))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    images = figure.add_axes(room, zorder=-1)
    images.imshow(page, extent=(0, width, height, 0), interpolation="nearest", aspect="auto")
    for each in (images, axes):
        each.axis("off")
    return figure, axes


def fitting(count, width, columns, room, least=0):
    """Return (columns, pixels per column) such that images of this width, or `least`, fit in the room."""
    fits = max(1, min(count, columns or 10, (room + GAP) // (max(width, least) + GAP)))
    if columns is None:
        fits = -(-count // -(-count // fits))  # as many rows as before, but equally full
    return fits, (room + GAP) // fits - GAP


def write_lines(axes, x, bottom, lines, align):
    """Write lines of a title so that the last stands on `bottom`; each line on its own whole pixel."""
    for above, line in enumerate(reversed(lines)):
        axes.text(x, bottom - above * LINE, line, ha=align, va="baseline", fontsize=10)


@in_style
def plot_images(images, titles=None, columns=None, zoom=None, alt=None):
    """Return a grid of images, at most `columns` (10) per row, each with its title above if there are any."""
    pixels = checked_pixels(images)
    count, height, width, channels = pixels.shape
    titles = [] if titles is None else [str(title) for title in titles]
    if titles and len(titles) != count:
        raise ValueError(
            f"Each image needs one title. Received: {count} images, {len(titles)} titles. "
            "Most likely fix: cut both to the same slice."
        )
    words = [word for title in titles for word in title.split()]
    least = max([len(word) for word in words] + [-(-len(title) // 3) for title in titles] + [0]) * LETTER
    columns, pitch = fitting(count, width, columns, PAGE, min(least, PAGE))
    zoom = zoom or max(1, min(pitch // width, 4))
    pitch = max(width * zoom, least)
    wrapped = [textwrap.wrap(title, max(pitch // LETTER, 1)) for title in titles]
    lines = [len(max(wrapped[row : row + columns], key=len, default=[])) for row in range(0, count, columns)]
    heads = [line * LINE + 8 * bool(titles) for line in lines]
    rows = len(heads)
    page_height = sum(heads) + rows * (height * zoom + GAP) - GAP
    page = np.full((page_height, columns * (pitch + GAP) - GAP, 3), 255, "uint8")
    alt = alt or f"{rows} row{'s' * (rows > 1)} of {columns} images, {width} x {height} pixels each" + (
        f": {', '.join(titles)}" if titles and count <= 12 else ""
    )
    corners = []
    for number, image in enumerate(pixels):
        row, column = divmod(number, columns)
        top = sum(heads[: row + 1]) + row * (height * zoom + GAP)
        left = column * (pitch + GAP) + (pitch - width * zoom) // 2
        page[top : top + height * zoom, left : left + width * zoom] = enlarged(image, zoom)
        corners.append((left + width * zoom / 2, top - 7))
    figure, axes = page_figure(page, alt)
    for (centre, bottom), text in zip(corners, wrapped, strict=False):
        write_lines(axes, centre, bottom, text, "center")
    return figure


@in_style
def plot_rows(rows, columns=None, zoom=None, alt=None):
    """Return labelled rows of images that belong together column by column: {"clean": …, "restored": …}."""
    stacks = {str(label): checked_pixels(images) for label, images in rows.items()}
    shapes = {label: stack.shape[:3] for label, stack in stacks.items()}
    if len(set(shapes.values())) != 1:
        raise ValueError(
            "All rows must hold equally many images of one size. "
            f"Received: (count, height, width) = {shapes}. Most likely fix: cut all to the same slice."
        )
    ((count, height, width),) = set(shapes.values())
    letters = max(min(len(label), 14) for label in stacks)
    margin = letters * LETTER + 12
    columns, pitch = fitting(count, width, columns, PAGE - margin)
    zoom = zoom or max(1, min(pitch // width, 4))
    bands, labels = [], []
    for start in range(0, count, columns):
        for label, stack in stacks.items():
            labels.append((sum(band.shape[0] for band in bands) + height * zoom / 2, label))
            part = stack[start : start + columns]
            blank = np.full((columns - len(part), height, width, 3), 255, "uint8")
            bands += [mosaic(np.concatenate([part, blank]), columns, zoom)]
            bands += [np.full((GAP, bands[-1].shape[1], 3), 255, "uint8")]
        bands[-1] = bands[-1].repeat(4, axis=0)  # more room between two groups than inside one
    images = np.concatenate(bands[:-1])
    page = np.concatenate([np.full((images.shape[0], margin, 3), 255, "uint8"), images], axis=1)
    names = ", ".join(stacks)
    figure, axes = page_figure(page, alt or f"{count} columns of images, in each from top to bottom: {names}")
    for middle, label in labels:
        lines = textwrap.wrap(label, 14)
        write_lines(axes, 1, middle + 5 + (len(lines) - 1) * LINE / 2, lines, "left")
    return figure


def plot_pairs(generated, nearest, columns=None, alt=None):
    """Return each generated image above the training image nearest to it: is the model copying?"""
    return plot_rows({"generated": generated, "nearest training image": nearest}, columns, alt=alt)
