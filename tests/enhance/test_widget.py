"""The widget restores what is chosen, says in one line what it cannot read, and loses nothing."""

import base64
import datetime
import errno
import io
import re
from html import unescape
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from utils.data import storage
from utils.enhance.widget import LARGEST, PhotoRestorer, enhance_widget, free_name
from utils.show import style


def photo(size=(60, 40), seed=0):
    noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(noise)


def content(image, kind="PNG"):
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


class Page:
    """A widget, and what a reader does with it and sees of it."""

    def __init__(self, enhance):
        self.widget = PhotoRestorer(enhance)

    def choose(self, **files):
        """Choose files as a browser sends them."""
        now = datetime.datetime.now(datetime.UTC)
        self.widget.upload.value = [
            {"name": name, "type": "", "size": len(data), "content": memoryview(data), "last_modified": now}
            for name, data in files.items()
        ]

    @property
    def said(self):
        return [unescape(line) for line in re.search(">(.*)</div>", self.widget.said.value)[1].split("<br>")]

    @property
    def alt(self):
        return unescape(re.search('alt="([^"]*)"', self.widget.halves.view.value)[1])

    @property
    def picture(self):
        source = re.search('base64,([^"]+)', self.widget.halves.view.value)[1]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))), int)


@pytest.fixture
def page(smooth, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Page(smooth)


def test_a_chosen_photo_is_shown_before_and_restored(page):
    assert page.said == ["No photo yet."]
    page.choose(**{"shoe.png": content(photo())})
    assert page.alt == "shoe.png, whole photo: the left 50% before, the right 50% restored"
    assert len(page.said) == 1 and page.said[0].startswith("shoe.png: 60 x 40 pixels. Bright is less sure.")
    left, right = page.picture[:, :200], page.picture[:, -200:]
    assert left.std() > 2 * right.std()  # noise is left of the border, what was smoothed right of it
    assert page.widget.upload.value == ()  # else the notebook would keep a second copy


def test_sample_and_map_stand_on_the_right_side_when_asked(page):
    page.choose(**{"shoe.png": content(photo())})
    seen = {}
    for side in ("restored", "one sample", "confidence map"):
        page.widget.right.value = side
        assert page.alt.endswith(f"the right 50% {side}")
        seen[side] = page.picture
    halves = {side: picture[:, -300:] for side, picture in seen.items()}
    assert halves["restored"].std() < halves["one sample"].std()
    green_leads = {side: (half[..., 1] > half[..., ::2].max(-1) + 12).mean() for side, half in halves.items()}
    assert green_leads["confidence map"] < 0.1  # no colour of the map is green, but JPEG makes a few so
    assert green_leads["one sample"] > 0.2  # planted: noise is, so another picture would be noticed


def test_bad_files_are_one_line_each_and_the_others_are_restored(page):
    half = content(photo((99, 99)), "JPEG")[:900]
    page.choose(**{"notes.txt": b"hello", "shoe.png": content(photo()), "half.jpg": half, "empty.jpg": b""})
    assert [line.split(":")[0] for line in page.said] == ["notes.txt", "half.jpg", "empty.jpg", "shoe.png"]
    assert "no JPEG, PNG, WEBP" in page.said[0] and len(page.widget.photos) == 1
    page.choose(**{"phone.heic": b"\0\0\0\x18ftypheic" + bytes(40)})
    assert page.said == ["phone.heic: HEIC is not read here; export it as JPEG."]
    assert page.alt.startswith("shoe.png") and len(page.widget.photos) == 1  # nothing was lost


def test_an_error_of_the_model_is_one_line_and_earlier_photos_stay(page):
    page.choose(**{"shoe.png": content(photo())})
    enhance = page.widget.enhance
    page.widget.enhance = lambda images: 1 / 0
    page.choose(**{"hat.png": content(photo())})
    assert page.said == ["hat.png: not restored. ZeroDivisionError: division by zero"]
    page.widget.enhance = enhance
    page.choose(**{"hat.png": content(photo())})
    assert [shown.name for shown in page.widget.photos] == ["shoe.png", "hat.png"]
    assert page.alt.startswith("hat.png") and page.widget.photo.label == "2: hat.png"
    page.widget.photo.value = 0
    assert page.alt.startswith("shoe.png") and page.said[0].startswith("shoe.png")


def test_a_large_photo_is_made_smaller_and_it_is_said(page):
    page.choose(**{"wide.jpg": content(photo((3000, 900)), "JPEG")})
    assert "3000 x 900 pixels, here made smaller: 1024 x 307; python -m utils.enhance FOLDER" in page.said[0]
    assert max(page.widget.photos[0].before.shape) == LARGEST
    assert page.picture.shape[1] == 760
    page.widget.part.index = 1
    assert "detail, pixel by pixel" in page.alt
    seen, before = page.picture, page.widget.photos[0].before.astype(int)
    places = range(before.shape[1] - seen.shape[1] + 1)
    nearest = min(np.abs(before[:307, at : at + 300] - seen[:, :300]).mean() for at in places)
    assert nearest < 6 < np.abs(before[:, ::-1][:307, :300] - seen[:, :300]).mean()  # planted: mirrored


def test_a_photo_is_read_by_its_path(page, tmp_path):
    photo().save(tmp_path / "a b.png")
    page.widget.path.value = f' "{tmp_path / "a b.png"}" '  # as some systems copy a path
    assert page.alt.startswith("a b.png")
    page.widget.path.value = "gone.png"
    assert page.said == ["gone.png: No such file or directory."]
    page.widget.path.value = str(tmp_path)
    assert "directory" in page.said[0]
    page.widget.path.value = ""
    assert len(page.widget.photos) == 1


def test_saving_never_overwrites(page, tmp_path, smooth):
    page.widget.save.click()
    assert page.said == ["Nothing to save yet: choose a photo."]
    page.choose(**{"shoe.jpg": content(photo())})
    for name in ("shoe.png", "shoe (2).png"):
        page.widget.save.click()
        assert page.said == [f"Saved as restored/{name}, beside this notebook."]
    with Image.open(tmp_path / "restored" / "shoe.png") as image:
        wanted = (smooth(np.asarray(photo())[None] / 127.5 - 1).mean[0] + 1) * 127.5
        assert np.abs(np.asarray(image) - wanted).max() <= 0.51
    assert free_name(tmp_path / "restored", "../../shoe.gif") == tmp_path / "restored" / "shoe (3).png"


def test_a_full_disk_is_one_line_and_the_photo_is_kept(page, monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    page.choose(**{"shoe.jpg": content(photo())})
    replace = storage.os.replace
    monkeypatch.setattr(storage.os, "replace", full)
    page.widget.save.click()
    assert page.said == ["shoe.jpg was not saved: No space left on device. It is kept here; try again."]
    assert list(Path("restored").iterdir()) == []
    monkeypatch.setattr(storage.os, "replace", replace)
    page.widget.save.click()
    assert page.said == ["Saved as restored/shoe.png, beside this notebook."]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>.png", '"quoted" onload=x.png', "外套 🧥.png"])
def test_no_name_becomes_part_of_the_page(page, name):
    page.choose(**{name: content(photo())})
    for html in (page.widget.said.value, page.widget.halves.view.value):
        assert set(re.findall(r"<(\w+)", html)) <= {"div", "img", "span", "br"}
        tags = re.sub('base64,[^"]*', "", html)
        assert set(re.findall('([\\w-]+)="', tags)) <= {
            "alt",
            "style",
            "src",
            "role",
            "aria-live",
            "aria-hidden",
        }
    assert name in page.alt and name in page.said[0]


def test_controls_have_names_and_the_page_keeps_its_height(page):
    controls = [control for row in page.widget.box.children for control in getattr(row, "children", ())]
    controls = [control for control in controls if not isinstance(control, ipywidgets.HTML | ipywidgets.Box)]
    assert all(control.description and control.tooltip for control in controls) and len(controls) == 6
    assert page.widget.said.layout.height and page.widget.halves.view.layout.height
    assert 'role="status"' in page.widget.said.value and 'aria-live="polite"' in page.widget.said.value


def test_outside_notebooks_the_command_is_named(smooth, monkeypatch):
    assert "python -m utils.enhance FOLDER" in enhance_widget(smooth)
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    assert isinstance(enhance_widget(smooth), ipywidgets.VBox)
