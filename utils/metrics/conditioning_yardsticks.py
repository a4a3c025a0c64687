"""How conditioning reads for generators that we know: python -m utils.metrics.conditioning_yardsticks."""

import argparse

import numpy as np

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy, caption_scores, diversity, retrieval_recall

SAID = ("kind", "colour", "pattern", "detail", "background")
CAPTIONS = 200  # recall at 1 depends on their number


def pictures_by_caption(images, attributes, names=SAID, pictures=2):
    """Group pictures that show the same: images (captions, pictures, ...) and {name: str (captions,)}."""
    groups = {}
    for place, words in enumerate(zip(*(attributes[name].tolist() for name in names), strict=True)):
        groups.setdefault(words, []).append(place)
    full = {words: places[:pictures] for words, places in groups.items() if len(places) >= pictures}
    if not full:
        raise ValueError(
            f"A caption must have {pictures} pictures. Received: {max(map(len, groups.values()))} at most. "
            "Most likely fix: load more products, or ask for fewer pictures."
        )
    wanted = dict(zip(names, np.array(list(full)).T, strict=True))
    return images[np.array(list(full.values()))], wanted


def known_generators(images, seed=0):
    """Return {name: images} of generators whose faults are known.

    Shapes:  images (captions, pictures, height, width, channels), real -> the same shape each
    Range:   [-1, 1]
    """
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 0.1, images.shape)
    once = np.repeat(images[:, :1], images.shape[1], axis=1)
    anything = rng.permutation(images.reshape(-1, *images.shape[2:])).reshape(images.shape)
    known = {
        "real": images,
        "real, blurred over 3 x 3 pixels": blur(images),
        "real, grainy (0.1 of 1)": images + noise,
        "one picture per caption": once,
        "one picture per caption, grainy": once + noise,
        "the captions are shuffled": images[rng.permutation(len(images))],
        "any product: the caption is ignored": anything,
    }
    return {name: np.clip(x, -1, 1).astype("float32") for name, x in known.items()}


def blur(images):
    """Average each pixel with its eight neighbours."""
    height, width = images.shape[-3:-1]
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    shifts = [(down, right) for down in range(3) for right in range(3)]
    return sum(padded[:, :, y : y + height, x : x + width] for y, x in shifts) / 9


def conditioning(judge, images, wanted):
    """Measure one generator: accuracy per attribute and "all" of three, recall at 1, diversity.

    Shapes:  images (captions, pictures, 32, 32, 3), wanted {name: str (captions,)} -> {name: float}
    Range:   recall over the first pictures of 200 captions
    """
    repeated = {name: np.repeat(words, images.shape[1]) for name, words in wanted.items()}
    read = judge.read(images.reshape(-1, *images.shape[2:]))
    three = {name: repeated[name] for name in ("kind", "colour", "pattern")}
    scores = attribute_accuracy(read, repeated) | {"all": attribute_accuracy(read, three)["all"]}
    first = {name: words[:CAPTIONS] for name, words in wanted.items()}
    similarity = caption_scores(judge.log_probabilities(images[:CAPTIONS, 0]), first, judge.values)
    return scores | retrieval_recall(similarity) | {"diversity": diversity(images)}


def main(arguments=None):
    """Print what real pictures and generators with known faults score."""
    command = "python -m utils.metrics.conditioning_yardsticks"
    argparse.ArgumentParser(description=__doc__, prog=command).parse_args(arguments)
    judge, test = load_attribute_judge(), load_products("catalogue", "test")
    images, wanted = pictures_by_caption(scale_images(test.images), test.attributes)
    print(f"{len(images):,} captions of the catalogue, 2 pictures each; all = kind, colour and pattern")
    columns = (*SAID, "all", "picture of caption", "caption of picture", "diversity")
    print("".join(f"{name.split()[0]:>11}" for name in columns))
    for name, generated in known_generators(images).items():
        scores = conditioning(judge, generated, wanted)
        print("".join(f"{scores[column]:11.3f}" for column in columns), f" {name}")
    for names in (SAID[:4], SAID):
        same, _ = pictures_by_caption(scale_images(test.images), test.attributes, names)
        print(
            f"Diversity of {len(same):,} real pairs with the same {', '.join(names)}: {diversity(same):.1f}"
        )


if __name__ == "__main__":
    main()
