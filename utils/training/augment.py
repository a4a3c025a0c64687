"""Five changes of a picture that the gradient passes through: moved, zoomed, turned, covered, recoloured."""

from keras import ops


def resample(images, rows, columns):
    """Read each picture at other places, between pixels as well; 0 where there is none.

    Shapes:  images (batch, height, width, channels), rows (batch, height), columns (batch, width): for each
             row and column of the result the place to read, in pixels from the top and the left -> as images
    Range:   that of the images, and 0: the middle grey
    Source:  bilinear sampling, Jaderberg et al. 2015, arXiv:1506.02025, eq. 5
    """
    height, width = images.shape[1:3]
    down = ops.relu(1 - ops.abs(rows[:, :, None] - ops.arange(height, dtype="float32")))  # (batch, h, h)
    across = ops.relu(1 - ops.abs(columns[:, :, None] - ops.arange(width, dtype="float32")))
    moved = ops.einsum("bij,bjwc->biwc", ops.cast(down, images.dtype), images)  # a few shares of each row
    return ops.einsum("bij,bhjc->bhic", ops.cast(across, images.dtype), moved)


def translate(images, down, right):
    """Move each picture by whole pixels of its own; what comes in from outside is 0.

    Shapes:  images (batch, height, width, channels), down and right (batch,) whole numbers -> as images
    Range:   that of the images, and 0: the middle grey
    Source:  DiffAugment, Zhao et al. 2020, arXiv:2006.10738, section 3.2
    """
    height, width = images.shape[1:3]
    rows = ops.arange(height, dtype="float32") - ops.cast(down, "float32")[:, None]  # it stood further up
    columns = ops.arange(width, dtype="float32") - ops.cast(right, "float32")[:, None]
    return resample(images, rows, columns)


def zoom(images, factors):
    """Enlarge each picture around its middle; a factor below 1 makes it smaller, in a frame of 0.

    Shapes:  images (batch, height, width, channels), factors (batch,) above 0 -> as images
    Range:   that of the images, and 0: the middle grey
    Source:  "isotropic scaling" of ADA, Karras et al. 2020, arXiv:2006.06676, appendix B
    """
    places = []
    for size in images.shape[1:3]:
        middle = (size - 1) / 2
        places.append(middle + (ops.arange(size, dtype="float32") - middle)[None] / factors[:, None])
    return resample(images, *places)


def turn(images, quarters):
    """Turn each square picture by quarters of a circle, against the clock.

    Shapes:  images (batch, size, size, channels), quarters (batch,) from 0 to 3 -> as images
    Range:   that of the images
    Source:  "90 degree rotations" of ADA, Karras et al. 2020, arXiv:2006.06676, appendix B
    """
    for done in range(3):
        once = ops.flip(ops.swapaxes(images, 1, 2), axis=1)
        images = ops.where(quarters[:, None, None, None] > done, once, images)
    return images


def cut_out(images, row, column, size):
    """Cover a square of each picture by 0; it may reach over the edge.

    Shapes:  images (batch, height, width, channels), row and column (batch,): the middle of the square;
             size (): its side in pixels -> as images
    Range:   that of the images, and 0: the middle grey
    Source:  DeVries and Taylor 2017, arXiv:1708.04552; half of the picture: DiffAugment, arXiv:2006.10738
    """
    rows, columns = (ops.arange(side, dtype="float32")[None] for side in images.shape[1:3])
    outside_rows = ops.abs(rows - ops.cast(row, "float32")[:, None] + 0.5) > size / 2
    outside_columns = ops.abs(columns - ops.cast(column, "float32")[:, None] + 0.5) > size / 2
    kept = ops.logical_or(outside_rows[:, :, None], outside_columns[:, None, :])  # (batch, height, width)
    return images * ops.cast(kept, images.dtype)[..., None]


def recolour(images, brightness, saturation, contrast):
    """Shift the light of each picture, stretch its colours around its greys and its greys around their mean.

    Shapes:  images (batch, height, width, channels); brightness, saturation, contrast (batch,) -> as images
    Range:   beyond [-1, 1], and not clipped: where a picture is clipped the gradient ends
    Source:  DiffAugment, Zhao et al. 2020, arXiv:2006.10738, section 3.2
    """
    brightness, saturation, contrast = (
        ops.cast(each, images.dtype)[:, None, None, None] for each in (brightness, saturation, contrast)
    )
    images = images + brightness
    greys = ops.mean(images, axis=3, keepdims=True)
    images = greys + saturation * (images - greys)
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + contrast * (images - mean)
