"""Do picture, words and sound agree, with a joint discriminator and without it?

    python tests/benchmarks/multimodal.py                     the lesson's model and three without a part
    python tests/benchmarks/multimodal.py ours separate --steps 2000 --seed 1

Shares of 1,000 drawn products of which all three modalities tell the same kind, colour and pattern; real
products, and real products sent through the linear codes, on top. Chance is 1 in 102,400.
"""

import argparse
import dataclasses
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip

from utils.data.triples import LENGTH, captions_of, load_triples, look_alikes, make_triples
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.agreement import agreement_by_chance, modality_agreement, pairwise_agreement
from utils.metrics.readings import read_products
from utils.metrics.sentences import sentence_share
from utils.training.budget import MultimodalBudget
from utils.training.codes import learn_code
from utils.training.fit import train
from utils.training.multimodal import build_multimodal_gan

OURS = MultimodalBudget(8_000, 192, 48, 512, 128, 60, 2_000, 1.4e-3, 2e-3, 0.03, 1_000)
VARIANTS = {
    "ours": {},
    "separate": {"joint": False},
    "no mismatched": {"mismatched": False},
    "no look-alikes": {},
}
COUNT = OURS.score_count


def report(name, readings, captions, seconds=0.0):
    """Print one line about drawn or real products."""
    scores, pairs = modality_agreement(readings), pairwise_agreement(readings)
    numbers = [*scores.values(), *pairs.values(), sentence_share(captions)]
    chance = agreement_by_chance(readings)["all"]
    print(f"{name:16}" + "".join(f"{x:9.3f}" for x in numbers) + f"{chance:10.6f}{seconds:7.0f}", flush=True)


def main():
    """Print one line per variant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("variants", nargs="*", default=list(VARIANTS))
    parser.add_argument("--steps", type=int, default=OURS.steps)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    start = time.process_time()
    real = load_triples(count=OURS.image_count)
    loaded = time.process_time()
    pictures = learn_code(real.pictures, OURS.picture_numbers)
    sounds = learn_code(real.spectrograms, OURS.sound_numbers)
    print(f"{loaded - start:.0f} CPU s for the products, {time.process_time() - loaded:.0f} for the codes")
    vectorizer = learn_vocabulary(real.captions, LENGTH)
    tokens, words = tokens_of(vectorizer, real.captions), vectorizer.vocabulary_size()
    codes = pictures.encode(real.pictures), sounds.encode(real.spectrograms)
    heads = ("kind", "colour", "pattern", "all", "pict-word", "pict-snd", "word-snd", "sentence")
    print(f"{'':16}" + "".join(f"{head:>9}" for head in heads) + f"{'chance':>10}{'CPU s':>7}")
    held_out = load_triples("test", COUNT)
    seen = held_out.pictures, held_out.captions, held_out.spectrograms
    report("real", read_products(*seen), held_out.captions)
    coded = (
        pictures.decode(pictures.encode(seen[0])),
        seen[1],
        sounds.decode(sounds.encode(seen[2])),
    )
    report("real, coded", read_products(*coded), held_out.captions)
    for name in chosen.variants:
        keras.utils.set_random_seed(chosen.seed)
        sizes = pictures.size, sounds.size
        budget = dataclasses.replace(OURS, steps=chosen.steps)
        gan = build_multimodal_gan(budget, sizes, LENGTH, words, **VARIANTS[name])
        groups = None if name == "no look-alikes" else look_alikes(real.attributes)
        dataset = make_triples(codes[0], tokens, codes[1], OURS.batch_size, chosen.seed, groups)
        start = time.process_time()
        train(gan, dataset, chosen.steps)
        seconds = time.process_time() - start
        for caution in (0.0, 0.5, 1.0):
            drawn = gan.draw(gan.draw_inputs(COUNT, seed=chosen.seed + 1), caution)
            captions = captions_of(vectorizer, drawn[1])
            readings = read_products(pictures.decode(drawn[0]), captions, sounds.decode(drawn[2]))
            report(f"{name}, {caution:g}", readings, captions, seconds)
        print("\n".join(captions[:4]))
        keras.backend.clear_session()


if __name__ == "__main__":
    main()
