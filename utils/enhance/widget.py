"""Your own photo in the notebook: choose it, see it restored, see how sure that is, save it."""

import io
import pathlib
from html import escape
from typing import NamedTuple

import numpy as np
from PIL import Image

from utils.data.images import scale_images, unscale_images
from utils.data.photos import careful_pillow, open_photo, try_read
from utils.data.storage import reason, write_atomic
from utils.enhance.previews import fitted, most_changed
from utils.enhance.tiles import in_tiles
from utils.show import style
from utils.show.before_after import Halves
from utils.show.confidence import confidence_pixels, confidence_words, spread_levels

LARGEST = 1024  # pixels of the longer side; a notebook is for looking, the command for a whole shop
ROOM = (760, 340)  # pixels of the page for the picture: with all controls it fits on one screen
SAVED = "restored"  # the folder beside the notebook that photos are saved in
SIDES = ("restored", "one sample", "confidence map")
PARTS = ("whole photo", "detail, pixel by pixel")
COMMAND = "python -m utils.enhance FOLDER"
NOTE = "At most 10 MB at once. A larger photo, or one in the file browser on the left, is read by its path."


class Shown(NamedTuple):
    """One photo and what was made of it, as uint8 pictures of one size."""

    name: str
    before: np.ndarray
    views: dict  # what the right side may show -> picture
    said: str
    profile: bytes | None  # of its colours


def restore_photo(enhance, name, image):
    """Return a photo restored as the widget shows it, with a sentence on how sure that is."""
    small = fitted(image, LARGEST)
    before = np.asarray(small)
    restored = in_tiles(lambda tile: enhance(scale_images(tile)), before)
    typical, worst = spread_levels(restored.spread)
    pictures = [unscale_images(restored.mean), unscale_images(restored.sample)]
    views = dict(zip(SIDES, [*pictures, confidence_pixels(restored.spread, worst)], strict=True))
    size = f"{image.width} x {image.height} pixels"
    if small is not image:
        size += f", here made smaller: {small.width} x {small.height}; {COMMAND} restores all of them"
    said = f"{name}: {size}. {confidence_words(typical, worst)}"
    return Shown(name, before, views, said, image.info["icc_profile"])


def free_name(folder, name):
    """Return a PNG file of this name in the folder that does not exist yet."""
    stem, number = pathlib.PurePath(name).stem or "photo", 1
    path = folder / f"{stem}.png"
    while path.exists():
        number += 1
        path = folder / f"{stem} ({number}).png"
    return path


class PhotoRestorer:
    """The controls of enhance_widget, and what happens when one of them is used."""

    def __init__(self, enhance):
        """Lay out the controls; they wait for a photo."""
        import ipywidgets as widgets

        self.enhance, self.photos = enhance, []
        layout = widgets.Layout(width="225px")
        wide = {"style": {"description_width": "initial"}, "layout": layout}
        tip = "one photo or several"
        self.upload = widgets.FileUpload(
            accept="image/*", multiple=True, description="Choose photos", tooltip=tip, layout=layout
        )
        tip = "path of a photo, then Enter"
        self.path = widgets.Text(
            description="or its path", placeholder="photos/shoe.jpg", tooltip=tip, continuous_update=False
        )
        tip = "which of the photos"
        self.photo = widgets.Dropdown(options=[], description="Photo", tooltip=tip, **wide)
        tip = "what stands to the right of the border"
        self.right = widgets.Dropdown(options=SIDES, description="Right side", tooltip=tip, **wide)
        tip = "a large photo is made smaller to be seen whole"
        self.part = widgets.Dropdown(options=PARTS, description="Part", tooltip=tip, **wide)
        self.save = widgets.Button(description="Save", tooltip=f"save the restored photo in {SAVED}/")
        self.save.layout.width = "70px"
        # Sizes are fixed: what is exchanged must not make the page jump.
        self.said = widgets.HTML(layout=widgets.Layout(height="64px", max_width="100%"))
        self.halves = Halves(ROOM)
        look = f"height:{ROOM[1]}px;border:1px dashed;padding:8px;box-sizing:border-box"
        self.halves.view.value = f'<div style="{look}">Photos are shown here: the left part as it was.</div>'
        note = widgets.HTML(f'<div style="line-height:1.4">{NOTE}</div>')
        self.upload.observe(self.take_uploads, "value")
        self.path.observe(self.take_path, "value")
        for control in (self.photo, self.right, self.part):
            control.observe(self.show_photo, "value")
        self.save.on_click(self.save_photo)
        rows = [[self.upload, self.path], [self.photo, self.right, self.part, self.save]]
        wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
        rows = [widgets.HBox(row, layout=wrapping) for row in rows]
        self.box = widgets.VBox([rows[0], note, self.said, self.halves.box, rows[1]])
        self.say("No photo yet.")

    def take_uploads(self, change):
        """Restore what was chosen; the browser's copies are given back, else the notebook would keep them."""
        files = [(file["name"], io.BytesIO(file["content"])) for file in change["new"]]
        if files:
            self.upload.value = ()
            self.take(files)

    def take_path(self, change):
        """Restore the photo at the path that was typed."""
        if name := change["new"].strip().strip("\"'"):
            path = pathlib.Path(name).expanduser()
            self.take([(path.name, path)])

    def take(self, files):
        """Restore photos; each that cannot be read or restored is one line, and the others are kept."""
        said, before = [], len(self.photos)
        for number, (name, file) in enumerate(files, start=1):
            self.say(f"Restoring {number} of {len(files)}: {name} …")
            with careful_pillow():
                image = try_read(lambda file=file: open_photo(file), name)
            if isinstance(image, str):
                said.append(f"{name}: {image}.")
                continue
            try:
                self.photos.append(restore_photo(self.enhance, name, image))
            except Exception as error:  # one photo must not end the others
                why = " ".join(str(error).split())[:300]
                said.append(f"{name}: not restored. {type(error).__name__}: {why}")
        if len(self.photos) > before:
            names = [(f"{number}: {shown.name}", number - 1) for number, shown in enumerate(self.photos, 1)]
            self.photo.options, self.photo.value = names, before
            self.show_photo()
            said.append(self.photos[before].said)
        self.say(*said)

    def show_photo(self, _=None):
        """Show the chosen photo and side, and say how sure it is."""
        if self.photo.value is None:
            return
        photo = self.photos[self.photo.value]
        left, right = photo.before, photo.views[self.right.value]
        if self.part.index == 1:
            box = most_changed(Image.fromarray(left), Image.fromarray(photo.views["restored"]), ROOM)
            left, right = (pixels[box[1] : box[3], box[0] : box[2]] for pixels in (left, right))
        self.halves.show(left, right, ("before", self.right.value), f"{photo.name}, {self.part.value}")
        self.say(photo.said)

    def save_photo(self, _):
        """Save the restored photo under a name that is free."""
        if not self.photos:
            return self.say("Nothing to save yet: choose a photo.")
        photo = self.photos[self.photo.value]
        try:
            pathlib.Path(SAVED).mkdir(exist_ok=True)
            path = free_name(pathlib.Path(SAVED), photo.name)
            picture = Image.fromarray(photo.views["restored"])
            write_atomic(path, lambda temporary: picture.save(temporary, icc_profile=photo.profile))
        except OSError as error:
            return self.say(f"{photo.name} was not saved: {reason(error)}. It is kept here; try again.")
        return self.say(f"Saved as {path.as_posix()}, beside this notebook.")

    def say(self, *sentences):
        """Show sentences, one per line; a screen reader is told of them too."""
        look = "line-height:20px;max-height:60px;overflow:auto;overflow-wrap:anywhere"
        lines = "<br>".join(escape(sentence) for sentence in sentences)
        self.said.value = f'<div role="status" aria-live="polite" style="{look}">{lines}</div>'


def enhance_widget(enhance):
    """Return a box to restore your own photos in (outside notebooks: the command that does it).

    enhance: images (n, height, width, 3) in [-1, 1] -> a named tuple with mean, sample and spread.
    """
    return PhotoRestorer(enhance).box if style.in_notebook() else f"Outside a notebook: {COMMAND}"
