import io
import os
import shutil
import struct
import unicodedata
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from utils.data import load_products
from utils.data.photos import open_photo, read_photo

REAL = os.environ.get("PRODUCT_DATA")
RED, GREEN, BLUE, WHITE = (220, 20, 30), (20, 200, 40), (30, 40, 210), (255, 255, 255)


def assert_colour(pixel, colour, tolerance=12):
    """A pixel has this colour, up to what JPEG changes."""
    assert np.abs(np.asarray(pixel, int) - colour).max() <= tolerance, pixel


def make_photo(path, colour=RED, size=(20, 20)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


@pytest.fixture
def shop(tmp_path):
    """Two classes, twenty photos each: coats are red, hats are blue."""
    for number in range(20):
        make_photo(tmp_path / "shop" / "coat" / f"{number}.png", RED)
        make_photo(tmp_path / "shop" / "hat" / f"{number}.png", BLUE)
    return tmp_path / "shop"


def load_all(folder, **settings):
    """Load both splits and return them."""
    return [
        load_products("photos", split, folder=folder, image_size=16, **settings)
        for split in ("train", "test")
    ]


# Layouts and splits


def test_class_folders_become_classes_and_captions(shop):
    products = load_products("photos", folder=shop)
    assert products.source == "photos" and products.class_names == ("coat", "hat")
    assert products.images.dtype == np.uint8 and products.images.shape[1:] == (64, 64, 3)
    assert products.class_ids.dtype == np.int32 and products.skipped == ()
    for image, class_id, caption in zip(products.images, products.class_ids, products.captions, strict=True):
        assert_colour(image[32, 32], (RED, BLUE)[class_id])
        assert caption == ("a photo of a coat", "a photo of a hat")[class_id]


def test_the_split_is_by_name_about_one_in_ten_and_stays(shop):
    train, test = load_all(shop)
    assert len(train) + len(test) == 40 and 1 <= len(test) <= 10
    before = test_names_of(shop)
    make_photo(shop / "hat" / "new.png")
    assert before <= test_names_of(shop)


def test_names_of(shop):
    from utils.data.photo_folders import list_photos

    return {photo.name for photo in list_photos(shop, "test")[0]}


test_names_of.__test__ = False


def test_two_photos_are_split_into_one_and_one(tmp_path):
    make_photo(tmp_path / "a" / "1.png"), make_photo(tmp_path / "a" / "2.png")
    assert [len(products) for products in load_all(tmp_path)] == [1, 1]


@pytest.mark.parametrize("name", ["validation", "test", "Validation"])
def test_folders_train_and_validation_are_the_splits(tmp_path, name):
    for number in range(3):
        make_photo(tmp_path / "train" / "coat" / f"{number}.png", RED)
    make_photo(tmp_path / name / "hat" / "1.png", BLUE)
    train, test = load_all(tmp_path)
    assert (len(train), len(test)) == (3, 1)
    assert train.class_names == test.class_names == ("coat", "hat")  # the same ids in both
    assert test.class_ids.tolist() == [1]
    assert len(load_products("photos", "validation", folder=tmp_path)) == 1


def test_the_order_is_mixed_the_same_for_a_seed_and_another_for_another(shop):
    first, again, other = (load_products("photos", folder=shop, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.class_ids, again.class_ids)
    assert (first.class_ids != other.class_ids).any()
    assert first.class_ids[:10].min() < first.class_ids[:10].max()  # not one class after the other


def test_a_count_reads_so_many_past_those_that_are_skipped(shop):
    for number in range(5):
        (shop / "coat" / f"{number}.png").write_text("no picture")
    products = load_products("photos", folder=shop, count=25)
    assert len(products) == 25
    with pytest.raises(ValueError, match="at most.*Received: 900"):
        load_products("photos", folder=shop, count=900)


def test_pictures_in_no_folder_are_one_class(tmp_path):
    for number in range(10):
        make_photo(tmp_path / f"{number}.png")
    assert load_all(tmp_path)[0].class_names == ("product",)


def test_loose_pictures_and_deeper_folders_are_listed_not_lost(shop):
    make_photo(shop / "loose.png")
    make_photo(shop / "coat" / "old" / "1.png")
    skipped = [line for products in load_all(shop) for line in products.skipped]
    assert sorted(skipped) == [
        "coat/old: a folder inside a class folder is not read",
        "loose.png: it stands beside the class folders, in none of them",
    ]


def test_what_systems_leave_behind_is_ignored_in_silence(shop, capsys):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "coat/.DS_Store", "hat/._1.png"):
        (shop / name).write_bytes(b"litter")
    make_photo(shop / ".trash" / "1.png"), make_photo(shop / "__MACOSX" / "1.png")
    assert [products.skipped for products in load_all(shop)] == [(), ()]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("make", ["missing", "empty", "a file", "empty class"])
def test_without_photos_the_error_says_what_was_looked_for(tmp_path, make):
    folder = tmp_path / "shop"
    if make.startswith("empty"):
        (folder / "coat" if make == "empty class" else folder).mkdir(parents=True)
    elif make == "a file":
        folder.write_text("")
    with pytest.raises(
        FileNotFoundError, match="looked for in .*shop.*captions.csv.*Received: .*Most likely fix"
    ):
        load_products("photos", folder=folder)


def test_a_folder_of_no_photo_at_all_names_the_first_file(tmp_path):
    (tmp_path / "coat").mkdir()
    for number in range(9):
        (tmp_path / "coat" / f"{number}.jpg").write_text("text")
    with pytest.raises(ValueError, match="none of which can be read; the first is coat/"):
        load_products("photos", folder=tmp_path)


# captions.csv


def captioned(folder, text, encoding="utf-8"):
    """Make six photos and a captions.csv beside them."""
    for number in range(6):
        make_photo(folder / f"{number}.png", (number * 40, 0, 0))
    (folder / "captions.csv").write_bytes(text.encode(encoding))
    return folder


def all_captions(folder):
    return sorted(caption for products in load_all(folder) for caption in products.captions)


ROWS = "".join(f"{number}.png,coat number {number}\n" for number in range(6))


def assert_captions_belong(products):
    for image, caption in zip(products.images, products.captions, strict=True):
        assert_colour(image[8, 8], (int(caption[-1]) * 40, 0, 0), tolerance=2)


def test_captions_come_with_their_photos(tmp_path):
    captioned(tmp_path, "file,caption\n" + ROWS)
    for products in load_all(tmp_path):
        assert_captions_belong(products)
    turned = type(products)(
        products.images,
        products.class_ids,
        products.class_names,
        ("coat number 9",) * len(products),
        "photos",
    )
    with pytest.raises(AssertionError):  # planted bug: captions of other photos
        assert_captions_belong(turned)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("head", ["file,caption", "File, Caption ", "file;caption", "file\tcaption"])
def test_what_spreadsheets_write_is_read(tmp_path, head, encoding):
    rows = ROWS.replace(",", head[4]) if head[4] in ";\t" else ROWS
    captioned(tmp_path, f"{head}\n{rows}".replace("\n", "\r\n"), encoding)
    assert all_captions(tmp_path) == [f"coat number {number}" for number in range(6)]


def test_quoted_commas_and_line_breaks_stay_in_the_caption(tmp_path):
    captioned(tmp_path, 'file,caption\n0.png,"red, long\nand warm"\n1.png,blue\n')
    assert all_captions(tmp_path) == ["blue", "red, long\nand warm"]


def test_a_class_column_sorts_the_photos(tmp_path):
    captioned(tmp_path, "caption,class,file\na,hat,0.png\nb,coat,1.png\nc,,2.png\n")
    train, test = load_all(tmp_path)
    assert train.class_names == test.class_names == ("coat", "hat", "product")
    classes = {
        caption: products.class_names[class_id]
        for products in (train, test)
        for caption, class_id in zip(products.captions, products.class_ids, strict=True)
    }
    assert classes == {"a": "hat", "b": "coat", "c": "product"}


@pytest.mark.parametrize("file", ["/etc/passwd", "//server/share/a.png", r"\\server\share\a.png", "../a.png"])
def test_a_file_name_that_leads_out_is_not_even_looked_for(tmp_path, monkeypatch, file):
    """On Windows a look at //server/share would log in there; a planted table must not cause it."""
    looked, exists = [], os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda path: looked.append(str(path)) or exists(path))
    captioned(tmp_path / "shop", f"file,caption\n0.png,a\n1.png,b\n{file},c\n")
    skipped = [line for products in load_all(tmp_path / "shop") for line in products.skipped]
    assert len(skipped) == 1 and skipped[0].endswith(": it leads out of the folder")
    assert looked and all(path.startswith(str(tmp_path / "shop")) for path in looked)


def test_a_name_longer_than_any_system_allows_is_one_skipped_line(tmp_path):
    captioned(tmp_path / "shop", f"file,caption\n0.png,a\n1.png,b\n{'x' * 5000}.png,c\n")
    skipped = [line for products in load_all(tmp_path / "shop") for line in products.skipped]
    assert len(skipped) == 1 and skipped[0].endswith("no such file (captions.csv, line 4)")


@pytest.mark.skipif(os.name == "nt", reason="links need POSIX")
def test_a_table_that_is_a_link_to_another_folder_is_not_read(tmp_path):
    """Planted: captions.csv leads to a secret, whose first line an error would repeat."""
    captioned(tmp_path / "shop", "file,caption\n0.png,a\n1.png,b\n")
    secret, table = tmp_path / "secret", tmp_path / "shop" / "captions.csv"
    secret.write_text("the password is 1234")
    table.unlink()
    table.symlink_to(secret)
    with pytest.raises(ValueError, match="a link that leads out") as caught:
        load_all(tmp_path / "shop")
    assert "1234" not in str(caught.value)


def test_rows_without_a_photo_or_a_caption_are_listed_with_their_line(tmp_path):
    make_photo(tmp_path / "secret.png")
    text = "file,caption\n0.png,a\n1.png,b\ngone.png,c\n2.png,\n,d\n../secret.png,e\n3.png\n"
    captioned(tmp_path / "shop", text)
    skipped = {line for products in load_all(tmp_path / "shop") for line in products.skipped}
    assert {
        "gone.png: no such file (captions.csv, line 4)",
        "2.png: no caption (captions.csv, line 5)",
        "captions.csv: no file name (captions.csv, line 6)",
        "3.png: no caption (captions.csv, line 8)",
    } <= skipped
    assert any(line.endswith("it leads out of the folder") for line in skipped) and len(skipped) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Received: an empty file"),
        ("photo,caption\n0.png,a\n", "columns file and caption.*Received: photo, caption"),
        ("file,text\n0.png,a\n", "Received: file, text"),
        ("0.png,a\n", "Received: 0.png, a"),
    ],
)
def test_a_table_without_its_columns_is_an_error(tmp_path, text, says):
    with pytest.raises(ValueError, match=f"captions.csv must have the columns.*{says}|{says}.*Most likely"):
        load_products("photos", folder=captioned(tmp_path, text))


def test_a_table_in_another_encoding_is_an_error(tmp_path):
    folder = captioned(tmp_path, "file,caption\n0.png,grün\n", "latin-1")
    with pytest.raises(ValueError, match="UTF-8. Received: byte 0xfc at .*save it again as CSV UTF-8"):
        load_products("photos", folder=folder)


def test_captions_for_both_splits_in_one_table(tmp_path):
    for name in ("train/0.png", "train/1.png", "validation/2.png"):
        make_photo(tmp_path / name)
    (tmp_path / "captions.csv").write_text(
        "file,caption\ntrain/0.png,a\ntrain\\1.png,b\nvalidation/2.png,c\n"
    )
    train, test = load_all(tmp_path)
    assert sorted(train.captions) == ["a", "b"] and test.captions == ("c",)


# Kinds of files


def test_exif_rotation_turns_the_photo_upright(tmp_path):
    image = Image.new("RGB", (40, 40), BLUE)
    image.paste(RED, (0, 0, 40, 20))  # red above
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side: turn it a quarter to the right
    image.save(tmp_path / "a.jpg", exif=exif, quality=95)
    picture = read_photo(tmp_path / "a.jpg", 16, 3)
    assert_colour(picture[8, 13], RED)
    assert_colour(picture[8, 2], BLUE)
    image.save(tmp_path / "b.jpg", quality=95)
    assert_colour(read_photo(tmp_path / "b.jpg", 16, 3)[2, 8], RED)


def test_cmyk_is_read_in_its_colours(tmp_path):
    Image.new("RGB", (20, 20), RED).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.mode == "CMYK"
    assert_colour(read_photo(tmp_path / "a.jpg", 16, 3)[8, 8], RED, tolerance=20)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bits_keep_their_greys(tmp_path, suffix):
    values = np.linspace(0, 65_535, 64 * 64).astype(np.uint16).reshape(64, 64)
    Image.fromarray(values).save(tmp_path / f"a.{suffix}")
    picture = read_photo(tmp_path / f"a.{suffix}", 64, 1)[..., 0]
    np.testing.assert_allclose(picture, values / 257, atol=1)
    clipped = np.asarray(Image.fromarray(values).convert("L"))
    with pytest.raises(AssertionError):  # planted bug: Pillow's own conversion cuts off at 255
        np.testing.assert_allclose(clipped, values / 257, atol=1)


def test_floats_are_stretched_to_bytes(tmp_path):
    Image.fromarray(np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)).save(tmp_path / "a.tif")
    picture = read_photo(tmp_path / "a.tif", 16, 1)
    assert picture.min() == 0 and picture.max() == 255


@pytest.mark.parametrize(
    "kind", ["RGBA png", "LA png", "palette png", "palette gif", "RGB with a key colour"]
)
def test_what_is_transparent_becomes_white(tmp_path, kind):
    path = tmp_path / f"a.{'gif' if 'gif' in kind else 'png'}"
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((*RED, 255), (10, 0, 20, 20))
    if kind == "LA png":
        image.convert("LA").save(path)
    elif kind.startswith("palette"):
        palette = Image.new("P", (20, 20), 0)
        palette.putpalette([0, 0, 0, *RED])
        palette.paste(1, (10, 0, 20, 20))
        palette.save(path, transparency=0)
    elif kind.startswith("RGB with"):
        image.convert("RGB").save(path, transparency=(0, 0, 0))
    else:
        image.save(path)
    picture = read_photo(path, 20, 3)
    assert_colour(picture[10, 3], WHITE)
    assert_colour(picture[10, 16], (81, 81, 81) if kind == "LA png" else RED, tolerance=20)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_of_an_animation_the_first_frame_is_read(tmp_path, suffix):
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:])
    with Image.open(tmp_path / f"a.{suffix}") as image:
        assert image.n_frames == 3
    assert_colour(read_photo(tmp_path / f"a.{suffix}", 16, 3)[8, 8], RED)


@pytest.mark.parametrize("mode", ["1", "L", "P", "YCbCr", "LAB"])
def test_other_modes_are_read(tmp_path, mode):
    source = Image.new("RGB", (20, 20), WHITE)
    image = Image.new("LAB", (20, 20), (255, 128, 128)) if mode == "LAB" else source.convert(mode)
    path = tmp_path / ("a.jpg" if mode == "YCbCr" else "a.tif")
    image.save(path)
    assert_colour(read_photo(path, 16, 3)[8, 8], WHITE)


def test_the_whole_product_fits_and_the_rest_has_the_colour_of_the_edges(tmp_path):
    image = Image.new("RGB", (80, 40), GREEN)
    image.paste(RED, (30, 10, 50, 30))
    image.save(tmp_path / "a.png")
    picture = read_photo(tmp_path / "a.png", 32, 3)
    assert picture.shape == (32, 32, 3)
    assert_colour(picture[1, 16], GREEN)  # padding above
    assert_colour(picture[16, 1], GREEN)
    assert_colour(picture[16, 16], RED)
    red = (np.abs(picture.astype(int) - RED).max(axis=-1) < 60).sum(axis=1)
    assert red.max() == 8 and (red > 0).sum() == 8  # 20 x 20 of 80 x 40: square as before


@pytest.mark.parametrize("size", [(1, 1), (500, 1), (1, 500), (7, 3)])
def test_odd_shapes_are_fitted(tmp_path, size):
    picture = read_photo(make_photo(tmp_path / "a.png", size=size), 16, 3)
    assert picture.shape == (16, 16, 3)
    assert_colour(picture[8, 8], RED)


def test_a_large_jpeg_is_not_aliased(tmp_path):
    stripes = np.zeros((640, 640, 3), np.uint8)
    stripes[:, ::2] = 255  # finer than the result can show: an even grey
    Image.fromarray(stripes).save(tmp_path / "a.jpg", quality=95)
    picture = read_photo(tmp_path / "a.jpg", 32, 3)
    assert np.abs(picture.astype(int) - 128).max() < 20
    with pytest.raises(AssertionError):  # planted bug: every twentieth pixel
        assert np.abs(stripes[::20, ::20].astype(int) - 128).max() < 20


def test_grey_has_one_channel(tmp_path):
    assert read_photo(make_photo(tmp_path / "a.png"), 16, 1).shape == (16, 16, 1)


def test_a_photo_is_opened_whole_from_bytes_too(tmp_path):
    make_photo(tmp_path / "a.png", size=(70, 30))
    for file in (tmp_path / "a.png", io.BytesIO((tmp_path / "a.png").read_bytes())):
        image = open_photo(file)
        assert image.size == (70, 30) and image.mode == "RGB"
    assert open_photo(tmp_path / "a.png", needed=16).size == (70, 30)  # only a JPEG has smaller versions


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK"])
def test_the_profile_of_the_colours_stays_unless_it_is_that_of_ink(tmp_path, mode):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if mode == "CMYK":
        profile = profile[:16] + b"CMYK" + profile[20:]
    path = tmp_path / ("a.png" if mode == "RGBA" else "a.jpg")
    Image.new("RGB", (20, 20), RED).convert(mode).save(path, icc_profile=profile)
    assert open_photo(path).info["icc_profile"] == (None if mode == "CMYK" else profile)


def make_bomb(path, width=20_000, height=9_500):
    """Write the head of a PNG that promises far more pixels than it holds."""
    chunks = b"IHDR" + struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(bytes(99))
    body = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def make_half_photo(path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:2000])


BAD = {
    "empty.jpg": (lambda path: path.touch(), "empty, 0 bytes"),
    "half.jpg": (make_half_photo, "truncated"),
    "half.png": (make_half_photo, "truncated"),
    "text.jpg": (lambda path: path.write_text("hello"), "no JPEG, PNG, WEBP"),
    "page.pdf": (lambda path: Image.new("RGB", (9, 9)).save(path), "no JPEG, PNG, WEBP"),
    "script.eps": (lambda path: Image.new("RGB", (9, 9)).save(path), "no JPEG, PNG, WEBP"),
    "phone.heic": (lambda path: path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(40)), "HEIC is not read here"),
    "bomb.png": (lambda path: make_bomb(path, 10_000), "more than 89 million pixels"),
    "huge bomb.png": (make_bomb, "more than 89 million pixels"),
    "nowhere.jpg": (lambda path: path.symlink_to(path.parent / "gone.jpg"), "No such file"),
    "circle.jpg": (lambda path: path.symlink_to(path), "."),
    "pipe.jpg": (lambda path: os.mkfifo(path), "not a file"),
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes need POSIX")
def test_bad_files_are_skipped_by_name_with_the_reason(tmp_path, capsys):
    shop, outside = tmp_path / "shop", make_photo(tmp_path / "outside" / "secret.png")
    for number in range(3):
        for split in ("train", "validation"):
            make_photo(shop / split / "coat" / f"{number}.png")
    for name, (make, _) in BAD.items():
        make(shop / "train" / "coat" / name)
    (shop / "train" / "coat" / "link.png").symlink_to(outside)
    (shop / "train" / "hat").symlink_to(outside.parent)
    (shop / "train" / "coat" / "inner.png").symlink_to(
        shop / "train" / "coat" / "0.png"
    )  # stays inside: fine
    products = load_products("photos", folder=shop)
    assert len(products) == 4
    reasons = dict(line.split(": ", 1) for line in products.skipped)
    assert len(reasons) == len(BAD) + 2
    for name, (_, says) in BAD.items():
        assert says in reasons[f"train/coat/{name}"], name
    assert reasons["train/coat/link.png"] == reasons["train/hat/secret.png"] == "it leads out of the folder"
    assert (
        capsys.readouterr().out
        == f"{len(reasons)} of {4 + len(reasons)} photos skipped: see products.skipped\n"
    )
    assert load_products("photos", "validation", folder=shop).skipped == ()


def test_an_unreadable_file_is_skipped(shop, monkeypatch):
    open_image = Image.open

    def closed(path, **settings):
        if path.name == "3.png":
            raise PermissionError(13, "Permission denied")
        return open_image(path, **settings)

    monkeypatch.setattr(Image, "open", closed)
    skipped = [line for products in load_all(shop) for line in products.skipped]
    assert sorted(skipped) == ["coat/3.png: Permission denied", "hat/3.png: Permission denied"]


def test_a_decoder_that_raises_anything_stops_no_other_photo(shop, monkeypatch):
    monkeypatch.setattr("utils.data.photos.fit_square", lambda *_: 1 / 0)
    with pytest.raises(ValueError, match="none of which can be read.*damaged or cut off .division by zero"):
        load_products("photos", folder=shop)


def test_unicode_names_are_read_however_they_are_composed(tmp_path):
    for number in range(4):
        make_photo(tmp_path / "shop" / "Mäntel 外套 🧥" / f"é{number}.png")
    composed, decomposed = tmp_path / "composed", tmp_path / "decomposed"
    shutil.copytree(tmp_path / "shop", composed)
    for folder in (tmp_path / "shop").iterdir():
        for path in folder.iterdir():
            name = unicodedata.normalize("NFD", f"{folder.name}/{path.name}")
            (decomposed / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, decomposed / name)
    for folder in (composed, decomposed):
        train, test = load_all(folder)
        assert len(train) + len(test) == 4
        assert train.class_names == ("Mäntel 外套 🧥",)
    assert test_names_of(composed) == test_names_of(decomposed)
    (tmp_path / "shop" / "captions.csv").write_text("file,caption\n", encoding="utf-8")


def test_a_caption_table_finds_names_composed_the_other_way(tmp_path):
    for number in range(3):
        make_photo(tmp_path / unicodedata.normalize("NFD", f"é{number}.png"))
    rows = "".join(unicodedata.normalize("NFC", f"é{number}.png,caption {number}\n") for number in range(3))
    (tmp_path / "captions.csv").write_text("file,caption\n" + rows, encoding="utf-8")
    assert all_captions(tmp_path) == ["caption 0", "caption 1", "caption 2"]


@pytest.mark.skipif(not REAL, reason="needs PRODUCT_DATA with the clothing photos")
def test_the_clothing_photos_are_all_read(monkeypatch):
    monkeypatch.setenv("PRODUCT_DATA", REAL)
    products = load_products("clothing-photos", "validation", image_size=32)
    assert len(products) == 341 and len(products.class_names) == 10 and products.skipped == ()
    assert products.images.std() > 40
