"""How little it takes to mislead a text model: typos, synonyms and swapped words, beside edits at random."""

import itertools
import re

import numpy as np

KINDS = ("typo", "synonym", "order")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
SYNONYMS = {  # what shops write instead; no word of these is the name of another product or colour
    "red": ("scarlet", "crimson"),
    "blue": ("azure", "cobalt"),
    "green": ("emerald",),
    "brown": ("chestnut",),
    "pink": ("rose",),
    "purple": ("violet",),
    "black": ("jet-black",),
    "white": ("snow-white",),
    "striped": ("stripy",),
    "dotted": ("spotted", "polka-dot"),
    "checked": ("chequered", "plaid"),
    "plain": ("unpatterned", "solid"),
    "trousers": ("pants",),
    "sneaker": ("trainer",),
    "handbag": ("purse",),
    "backpack": ("rucksack",),
    "mug": ("cup",),
    "t-shirt": ("tee",),
}


def edits_of(caption, kind, synonyms=SYNONYMS):
    """Return all captions that are one edit away, each once and none equal to the caption.

    typo: two letters next to each other in a word change places, or one of the word's letters is left out
    (words of two letters or more); synonym: one word gives way to another; order: two words change places.
    """
    if kind not in KINDS:
        raise ValueError(
            f'kind must be one of {", ".join(KINDS)}. Received: {kind!r}. Most likely fix: "typo".'
        )
    words = list(WORD.finditer(caption))
    found = []
    for word in words:
        said, (start, end) = word[0], word.span()
        if kind == "synonym":
            instead = synonyms.get(said.lower(), ())
        elif kind == "typo" and len(said) > 1:
            letters = range(len(said) - 1)
            instead = [said[:i] + said[i + 1] + said[i] + said[i + 2 :] for i in letters]
            instead += [said[:i] + said[i + 1 :] for i in range(len(said))]
        else:
            instead = ()
        found += [caption[:start] + other + caption[end:] for other in instead]
    if kind == "order":
        for first, second in itertools.combinations(words, 2):
            between = caption[first.end() : second.start()]
            found.append(caption[: first.start()] + second[0] + between + first[0] + caption[second.end() :])
    return list(dict.fromkeys(edit for edit in found if edit != caption))


def attack_captions(price, captions, kind, edits=1, synonyms=SYNONYMS):
    """Captions with the edits that cost most, found one after the other: the dearest, then the next.

    Shapes:  captions: n strings; price: (m captions, int (m,): which of the n each was made from) -> (m,)
             -> n strings
    Units:   edits in edits; a caption with fewer possible ones gets those
    Healthy: costs at least as much as random edits of the same number
    Source:  greedy search as in Ebrahimi et al. 2018, arXiv:1712.06751 (HotFlip); edits as in
             Belinkov & Bisk 2018, arXiv:1711.02173
    """
    captions = list(captions)
    for _ in range(edits):
        made = [edits_of(caption, kind, synonyms) for caption in captions]
        which = np.repeat(np.arange(len(captions)), [len(some) for some in made])
        if not len(which):
            break
        costs = priced(price, [edit for some in made for edit in some], which)
        for place in range(len(captions)):
            if made[place]:
                captions[place] = made[place][int(costs[which == place].argmax())]
    return captions


def edit_at_random(captions, kind, edits=1, synonyms=SYNONYMS, seed=0):
    """Return captions with as many edits of the same kind as an attack makes, none of which is taken back."""
    rng, edited = np.random.default_rng(seed), []
    for caption in captions:
        path = [caption]
        for _ in range(edits):
            made = [edit for edit in edits_of(path[-1], kind, synonyms) if edit not in path]
            if made:
                path.append(made[rng.integers(len(made))])
        edited.append(path[-1])
    return edited


def caption_curve(price, captions, kind, most=3, synonyms=SYNONYMS, seed=0):
    """Price of each caption after 0, 1, ... `most` edits: left alone, edited at random, edited to cost most.

    Shapes:  captions: n strings; price as for attack_captions -> {"clean", "random", "worst": (most + 1, n)}
    Units:   those of the price
    Healthy: clean <= random <= worst, on the whole; all equal without an edit
    Source:  edits against as many at random: our own
    """
    captions, which = list(captions), np.arange(len(captions))
    left_alone = priced(price, captions, which)
    worst, rows = captions, {"clean": [left_alone], "random": [left_alone], "worst": [left_alone]}
    for edits in range(1, most + 1):
        worst = attack_captions(price, worst, kind, 1, synonyms)
        at_random = edit_at_random(captions, kind, edits, synonyms, seed)
        for name, edited in (("clean", captions), ("random", at_random), ("worst", worst)):
            rows[name].append(priced(price, edited, which))
    return {name: np.array(row) for name, row in rows.items()}


def priced(price, captions, which):
    """Return the price of each caption as float64 (m,)."""
    values = np.asarray(price(captions, which), "float64")
    if values.shape != (len(captions),) or not np.isfinite(values).all():
        raise ValueError(
            f"The price must be one finite number per caption, ({len(captions)},). "
            f"Received: shape {values.shape}. Most likely fix: price(captions, which) -> np.array of floats."
        )
    return values
