"""Captions: say the drawn attributes in several phrasings, and read them back."""

import re

# Kind -> the two values of its own detail; every caption says "with <detail>".
KINDS = {
    "t-shirt": ("short sleeves", "long sleeves"),
    "trousers": ("short legs", "long legs"),
    "dress": ("thin straps", "long sleeves"),
    "skirt": ("a short hem", "a long hem"),
    "coat": ("a collar", "a hood"),
    "sneaker": ("a low top", "a high top"),
    "boot": ("a short shaft", "a tall shaft"),
    "pump": ("a low heel", "a high heel"),
    "handbag": ("short handles", "long handles"),
    "backpack": ("one pocket", "two pockets"),
    "hat": ("a narrow brim", "a wide brim"),
    "cap": ("a short visor", "a long visor"),
    "mug": ("no lid", "a lid"),
    "bottle": ("a screw top", "a straw"),
    "watch": ("a round face", "a square face"),
    "lamp": ("a cone shade", "a dome shade"),
}
COLOURS = {
    "red": (205, 32, 38),
    "orange": (245, 130, 24),
    "yellow": (246, 214, 36),
    "green": (38, 140, 62),
    "blue": (36, 88, 200),
    "purple": (122, 48, 160),
    "pink": (248, 140, 184),
    "brown": (116, 70, 36),
    "black": (34, 34, 38),
    "white": (246, 246, 244),
}
PATTERNS = ("plain", "striped", "dotted", "checked", "zigzag")
BACKGROUNDS = {"white": "on a white background", "studio": "in a photo studio"}

PHRASINGS = (
    "{a} {colour} {pattern} {kind} with {detail}",
    "{a} {colour} {pattern} {kind} with {detail}, {background}",
    "{colour} {pattern} {kind}, with {detail}",
    "a product photo of {a} {colour} {pattern} {kind} with {detail}",
    "{a_kind} with {detail}, {colour} and {said_pattern}",
    "{a_kind} in {colour}, {said_pattern}, with {detail}, {background}",
)


def write_caption(kind, colour, pattern, detail, background, phrasing=0):
    """Say the attributes of one product in the numbered phrasing; "plain" is sometimes left unsaid."""
    pair = "a pair of" if kind == "trousers" else ""
    words = PHRASINGS[phrasing].format(
        a=pair or ("an" if colour[0] in "aeiou" else "a"),
        a_kind=f"{pair or 'a'} {kind}",
        colour=colour,
        pattern="" if pattern == "plain" else pattern,
        said_pattern=pattern,
        kind=kind,
        detail=detail,
        background=BACKGROUNDS[background],
    )
    return " ".join(words.split())


def read_caption(caption):
    """Read the attributes back from a caption; the background is only there when the caption says it."""
    found, rest = {}, caption
    for name, phrase in BACKGROUNDS.items():
        if phrase in rest:
            found["background"] = name
            rest = rest.replace(phrase, "")
    found["kind"] = _one_of(KINDS, rest, caption)
    found["detail"] = _one_of(KINDS[found["kind"]], rest, caption)
    found["colour"] = _one_of(COLOURS, rest, caption)
    said = [pattern for pattern in PATTERNS if _says(rest, pattern)]
    found["pattern"] = said[0] if said else "plain"
    return found


def _says(text, phrase):
    return re.search(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text) is not None


def _one_of(phrases, text, caption):
    said = [phrase for phrase in phrases if _says(text, phrase)]
    if len(said) != 1:
        raise ValueError(
            f"A catalogue caption says exactly one of {', '.join(phrases)}. Received: {caption!r}. "
            "Most likely fix: pass a caption that write_caption wrote."
        )
    return said[0]
