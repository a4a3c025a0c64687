"""Do picture, words and sound agree, with a joint discriminator and without it, and is each of them good?

    python tests/benchmarks/multimodal.py                      the lesson's model and three without a part
    python tests/benchmarks/multimodal.py ours --seeds 0 1 2
    python tests/benchmarks/multimodal.py ours --sheet drawn.png

Shares of drawn products whose three modalities tell the same kind, colour and pattern (about 1 in 50,000 if
each modality draws for itself), of sentences in the grammar, and of the rarest kind; how many of the 320
combinations the sentences name. KID of pictures and of sounds against held-out ones, and against those sent
through the linear codes. Real products on top.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np  # isort: skip

from utils.data.triples import KINDS, LENGTH, captions_of, load_triples, look_alikes, make_triples
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.agreement import NAMES, agreement_by_chance, modality_agreement, pairwise_agreement
from utils.metrics.distribution import kernel_distance
from utils.metrics.features import load_features, see
from utils.metrics.readings import read_products
from utils.metrics.sentences import sentence_share
from utils.metrics.sounds import STRIDES, load_sound_judge
from utils.training.budget import LESSONS
from utils.training.codes import learn_code
from utils.training.fit import train
from utils.training.multimodal import build_multimodal_gan

BUDGET = LESSONS["05_many_modalities"]["cpu"]
COUNT = BUDGET.score_count
SOUND_SCALE = (
    0.28  # makes the variances of the features of held-out chimes add up to 100, as those of pictures do
)
VARIANTS = {
    "ours": {},
    "separate": {"joint": False},
    "no mismatched": {"mismatched": False},
    "no look-alikes": {},
}
HEADS = ("kind", "colour", "pattern", "all", "pict-word", "pict-snd", "word-snd", "sentence")
KIDS = ("KID pict", "coded", "KID snd", "coded")


def features_of(pictures, spectrograms):
    """Return what the network of KID sees in pictures, and what the sound judge hears before it decides."""
    heard = see(spectrograms, load_sound_judge().layers, STRIDES)
    return load_features(32, 3).embed(pictures), SOUND_SCALE * keras.ops.convert_to_numpy(heard)


def report(name, product, references, seconds=0.0):
    """Print one line about drawn or real products (pictures, captions, spectrograms)."""
    readings, captions = read_products(*product), product[1]
    scores, pairs = modality_agreement(readings), pairwise_agreement(readings)
    numbers = [*scores.values(), *pairs.values(), sentence_share(captions)]
    told = zip(*(readings["words"][attribute].tolist() for attribute in NAMES), strict=True)
    combinations = len({words for words in told if all(words)})
    rarest = min(np.mean(readings["words"]["kind"] == kind) for kind in KINDS)
    print(f"{name:17}" + "".join(f"{number:10.3f}" for number in numbers), end="")
    for place, features in enumerate(features_of(product[0], product[2])):
        print("".join(f"{kernel_distance(each[place], features):9.2f}" for each in references), end="")
    print(
        f"{combinations:8}{rarest:8.3f}{agreement_by_chance(readings)['all']:10.6f}{seconds:7.0f}", flush=True
    )
    return readings


def save_sheet(path, product, readings, count=24):
    """Save a picture of the first drawn products: each with its sentence and with what the judges read."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(4, count // 4, figsize=(2.4 * count // 4, 11))
    for place, axis in enumerate(axes.ravel()):
        lines = [
            f"{judge}: " + " ".join(readings[judge][attribute][place] for attribute in NAMES)
            for judge in ("picture", "sound")
        ]
        axis.imshow((product[0][place] + 1) / 2)
        axis.set_title("\n".join([product[1][place], *lines]), fontsize=6)
        axis.axis("off")
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)


def main():
    """Print one line per variant and seed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("variants", nargs="*", default=list(VARIANTS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--sheet", help="where to save a picture of drawn products")
    chosen = parser.parse_args()
    start = time.process_time()
    real = load_triples(count=BUDGET.image_count)
    loaded = time.process_time()
    pictures = learn_code(real.pictures, BUDGET.picture_numbers)
    sounds = learn_code(real.spectrograms, BUDGET.sound_numbers)
    print(f"{loaded - start:.0f} CPU s for the products, {time.process_time() - loaded:.0f} for the codes")
    vectorizer = learn_vocabulary(real.captions, LENGTH)
    tokens, words = tokens_of(vectorizer, real.captions), vectorizer.vocabulary_size()
    codes = pictures.encode(real.pictures), sounds.encode(real.spectrograms)
    print(
        f"{'':17}" + "".join(f"{head:>10}" for head in HEADS) + "".join(f"{head:>9}" for head in KIDS), end=""
    )
    print(f"{'of 320':>8}{'rarest':>8}{'chance':>10}{'CPU s':>7}")

    def coded(product):
        return (
            pictures.decode(pictures.encode(product[0])),
            product[1],
            sounds.decode(sounds.encode(product[2])),
        )

    held_out = load_triples("test", 2 * COUNT)
    held_out = held_out.pictures, held_out.captions, held_out.spectrograms
    references = [features_of(each[0], each[2]) for each in (held_out, coded(held_out))]
    seen = real.pictures[:COUNT], real.captions[:COUNT], real.spectrograms[:COUNT]
    report("real", seen, references)
    report("real, coded", coded(seen), references)
    for name, seed in ((name, seed) for name in chosen.variants for seed in chosen.seeds):
        keras.utils.set_random_seed(seed)
        gan = build_multimodal_gan(BUDGET, (pictures.size, sounds.size), LENGTH, words, **VARIANTS[name])
        groups = None if name == "no look-alikes" else look_alikes(real.attributes)
        start = time.process_time()
        train(gan, make_triples(codes[0], tokens, codes[1], BUDGET.batch_size, seed, groups), BUDGET.steps)
        seconds = time.process_time() - start
        inputs = gan.draw_inputs(COUNT, seed=seed + 1)
        for caution in (0.0, 0.5, 1.0):
            drawn = gan.draw(inputs, caution)
            product = pictures.decode(drawn[0]), captions_of(vectorizer, drawn[1]), sounds.decode(drawn[2])
            readings = report(f"{name} {seed}, {caution:g}", product, references, seconds)
        if chosen.sheet:
            save_sheet(chosen.sheet, product, readings)
        keras.backend.clear_session()


if __name__ == "__main__":
    main()
