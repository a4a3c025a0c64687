"""Captions in which the order of the words matters: the same words, another product."""

import numpy as np

from utils.data.captions import COLOURS, PATTERNS
from utils.data.products import check_seed, is_whole

PARTS = {  # kind -> the part of it that a caption names
    "bag": "strap",
    "coat": "hood",
    "dress": "belt",
    "hat": "ribbon",
    "lamp": "shade",
    "mug": "handle",
    "shirt": "collar",
    "shoe": "sole",
}
LOOKS = (*(pattern for pattern in PATTERNS if pattern != "plain"), *COLOURS)
PHRASINGS = (
    "{a_body} {kind} with {a_part} {part}",
    "{a_part} {part} on {a_body} {kind}",
    "{body_look} {kind}, {part_look} {part}",
    "a {kind} in {body_look}, but its {part} is {part_look}",
    "the {part} is {part_look}, the {kind} is {body_look}",
)


def write_two_part_caption(kind, body_look, part_look, phrasing=0):
    """Say what the body of a product looks like, and its part, in the numbered phrasing."""
    article = {look: "an" if look[0] in "aeiou" else "a" for look in (body_look, part_look)}
    return PHRASINGS[phrasing].format(
        kind=kind,
        part=PARTS[kind],
        body_look=body_look,
        part_look=part_look,
        a_body=f"{article[body_look]} {body_look}",
        a_part=f"{article[part_look]} {part_look}",
    )


def draw_two_part_captions(count, seed=0):
    """Return captions and answers, ids into LOOKS (count, 2): of the body, of the part.

    Captions 0 and 1 are twins, and so are 2 and 3: the same words, the two looks exchanged. No caption
    comes twice, so the last ones can be held out.
    """
    first, second = np.triu_indices(len(LOOKS), k=1)
    sizes = (len(PARTS), len(PHRASINGS), len(first))
    if not is_whole(count) or count < 2 or count % 2 or count > 2 * np.prod(sizes):
        raise ValueError(
            f"The count must be even, because captions come in twins, from 2 to {2 * np.prod(sizes)}. "
            f"Received: {count!r}. Most likely fix: count=4000."
        )
    check_seed(seed)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(np.prod(sizes), count // 2, replace=False)
    kinds, phrasings, pairs = (np.repeat(ids, 2) for ids in np.unravel_index(drawn, sizes))
    answers = np.stack([first[pairs], second[pairs]], axis=1).astype(np.int32)
    answers[1::2] = answers[1::2, ::-1]  # the twin
    captions = [
        write_two_part_caption(list(PARTS)[kind], LOOKS[body], LOOKS[part], phrasing)
        for kind, phrasing, (body, part) in zip(kinds, phrasings, answers, strict=True)
    ]
    return captions, answers
