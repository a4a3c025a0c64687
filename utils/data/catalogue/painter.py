"""A small painter: outlines become masks, masks become shaded layers, the same on every machine.

Only integers and correctly rounded + - * / sqrt are used, never sin, exp or a float sum.
Outlines live on a sheet of 100 x 100 units, x to the right and y down.
"""

import numpy as np

GRID = 256  # pixels along one side of a drawn template
UNIT = GRID / 100

DARK = (52, 50, 54)
METAL = (176, 180, 188)
WOOD = (168, 122, 78)
RUBBER = (238, 236, 230)


def smooth(points, closed=True):
    """Round the corners of an outline (Chaikin's cutting); a point written (x, y, 1) stays sharp."""
    points = np.array([p[:2] for p in points for _ in range(2 if len(p) == 3 else 1)], dtype=np.float64)
    for _ in range(3 if closed else 2):
        ends = np.roll(points, -1, axis=0) if closed else points[1:]
        starts = points if closed else points[:-1]
        cut = np.stack([starts * 0.75 + ends * 0.25, starts * 0.25 + ends * 0.75], axis=1).reshape(-1, 2)
        points = cut if closed else np.concatenate([points[:1], cut, points[-1:]])
    return points


def both(right_half):
    """Close a right half outline, written from top to bottom, with its mirror image at x = 50."""
    return [*right_half, *reversed(flip(right_half))]


def flip(points):
    """Mirror an outline at x = 50."""
    return [(100 - p[0], *p[1:]) for p in points]


def oval(x, y, radius_x, radius_y=None, steps=8):
    """Outline of an ellipse, from the rational formula of the circle; 4 corners per step."""
    t = np.arange(-steps, steps) / steps
    x_part, y_part = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    circle = np.concatenate([np.stack([x_part, y_part], 1), np.stack([-x_part, -y_part], 1)])
    return circle * (radius_x, radius_y or radius_x) + (x, y)


def fill(*outlines):
    """Mask (GRID, GRID) of everything inside at least one outline."""
    starts, ends = [], []
    for outline in outlines:
        start = np.array([p[:2] for p in outline], dtype=np.float64) * UNIT
        end = np.concatenate([start[1:], start[:1]])
        area = start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1]
        clockwise = sum(area.tolist()) > 0  # only the sign counts; one direction lets overlaps add up
        starts.append(start if clockwise else end)
        ends.append(end if clockwise else start)
    start, end = np.concatenate(starts), np.concatenate(ends)
    rows = np.arange(GRID)[:, None] + 0.5
    below, next_below = start[:, 1] <= rows, end[:, 1] <= rows
    row, edge = np.nonzero(below != next_below)
    (x0, y0), (x1, y1) = start[edge].T, end[edge].T
    crossing = x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0)
    column = np.clip(np.ceil(crossing - 0.5), 0, GRID).astype(np.intp)
    winding = np.zeros((GRID, GRID + 1), np.int32)
    np.add.at(winding, (row, column), np.where(below[row, edge], 1, -1))
    return np.cumsum(winding, axis=1, dtype=np.int32)[:, :GRID] != 0


def brush(points, width):
    """Mask of a line with round ends along a smooth path."""
    path = smooth(points, closed=False)
    outlines = [oval(x, y, width / 2, steps=3) for x, y in path]
    for (x0, y0), (x1, y1) in zip(path[:-1], path[1:], strict=True):
        length = np.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
        if length > 0:
            x, y = (y0 - y1) / length / 2 * width, (x1 - x0) / length / 2 * width
            outlines.append([(x0 + x, y0 + y), (x1 + x, y1 + y), (x1 - x, y1 - y), (x0 - x, y0 - y)])
    return fill(*outlines)


def box_mean(plane, size, edge=0):
    """Integer mean over size x size pixels; outside the sheet lies `edge`."""
    before = size // 2
    padded = np.pad(plane.astype(np.int32), ((before + 1, size - 1 - before),) * 2, constant_values=edge)
    total = padded.cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    inside = total[size:, size:] - total[:-size, size:] - total[size:, :-size] + total[:-size, :-size]
    return inside // (size * size)


def blur(plane, size):
    """Soft blur: two box means."""
    return box_mean(box_mean(plane, size), size)


def around(mask, margin):
    """Slices of the part of the sheet that holds the mask and a margin."""
    slices = []
    for axis in (1, 0):
        lines = np.flatnonzero(mask.any(axis=axis))
        slices.append(slice(max(lines[0] - margin, 0), lines[-1] + margin + 1))
    return tuple(slices)


class Canvas:
    """Layers of one product, painted part by part: later parts lie on top."""

    def __init__(self):
        self.alpha = np.zeros((GRID, GRID), np.int32)
        self.main = np.zeros((GRID, GRID), np.int32)  # share of the named colour times its shade
        self.fixed = np.zeros((3, GRID, GRID), np.int32)
        self.shadow = np.zeros((GRID, GRID), np.int32)
        self.patterned = np.zeros((GRID, GRID), np.int32)

    def paint(self, mask, colour=None, tone=255, volume="cloth", edge=150, patterned=True):
        """Lay on a part in the named colour (None) or a fixed one, shaded as "cloth", a "tube" or "flat"."""
        here = around(mask, 24)
        mask = mask[here]
        solid = mask * 255
        near = blur(solid, 17)
        self._darken(~mask, 255 - near * 2 // 5, here)  # the part throws a soft shade on its neighbours
        if volume == "tube":
            columns = np.flatnonzero(mask.any(axis=0))
            across = (np.arange(mask.shape[1]) - columns[0]) * 256 // max(1, columns[-1] - columns[0]) - 104
            shade = np.broadcast_to(262 - across * across // 150, mask.shape)
        elif volume == "flat":
            shade = np.full(mask.shape, 252)
        else:
            lit = np.roll(near, (9, 7), (0, 1)) - np.roll(near, (-9, -7), (0, 1))  # light from top left
            shade = 262 - (255 - near) * 3 // 10 - lit // 5
        shade = np.clip(shade, 60, 280)
        rim = mask & (box_mean(solid, 7) < 255)
        shade = np.where(rim, shade * edge // 255, shade) * tone // 255
        gloss = np.maximum(shade - 238, 0) // 2
        shade = np.minimum(shade, 255)
        self.alpha[here][mask] = 255
        self.main[here][mask] = shade[mask] if colour is None else 0
        self.patterned[here][mask] = 255 if colour is None and patterned else 0
        for plane, value in zip(self.fixed, colour or (0, 0, 0), strict=True):
            plane[here][mask] = np.minimum(value * shade // 255 + gloss, 255)[mask]

    def crease(self, points, width=1.4, depth=110):
        """A seam or fold: a dark line with a light one beside it, so that it shows on black too."""
        line = brush(points, width)
        light = np.roll(line, 4, axis=1) | np.roll(line, 3, axis=0)
        self.shine(light & ~line, 16)
        self._darken(line, 255 - depth)

    def shine(self, mask, amount):
        """Add light to what is painted."""
        self.fixed[:, mask & (self.alpha > 0)] += amount
        np.minimum(self.fixed, 255, out=self.fixed)

    def rest_on(self, y, left, right):
        """The product stands at height y: a soft contact shadow from left to right."""
        middle, half = (left + right) / 2, (right - left) / 2
        wide = blur(fill(oval(middle, y, half + 7, 5)) * 150, 21)
        close = blur(fill(oval(middle, y - 0.5, half + 1, 2)) * 190, 9)
        self.shadow = np.maximum(wide, close)

    def hover(self):
        """The product lies or hangs: a soft shadow of its own outline, below and to the right."""
        self.shadow = blur(np.roll(self.alpha * 3 // 5, (11, 7), (0, 1)), 23)

    def layers(self):
        """Seven planes, 0..255: coverage, named colour, red, green, blue, shadow, pattern."""
        return np.stack([self.alpha, self.main, *self.fixed, self.shadow, self.patterned])

    def _darken(self, mask, factor, here=...):
        factor = np.where(mask, factor, 255)
        for plane in (self.main, *self.fixed):
            plane[here] = plane[here] * factor // 255
