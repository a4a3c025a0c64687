"""From a sound to a picture, by a game and by least squares; from a picture to its caption.

    python tests/benchmarks/translate.py                  all, one seed
    python tests/benchmarks/translate.py game --seeds 0 1

Pictures are drawn for the sounds of held-out products. Told: the share that shows what the sound tells. KID
against held-out pictures that went through the linear code. Spread: the mean standard deviation of a pixel
over 8 pictures for one sound, in [-1, 1]; for real products, over those alike in kind, colour and pattern.
Captions are said for held-out pictures: the share that tells what the picture shows, and that is a sentence.
"""

import argparse
import dataclasses
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np

from utils.data.triples import LENGTH, captions_of, load_triples, look_alikes, make_triples
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.agreement import NAMES
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy
from utils.metrics.distribution import kernel_distance
from utils.metrics.features import load_features
from utils.metrics.sentences import read_sentences, sentence_share
from utils.training.budget import LESSONS
from utils.training.codes import learn_code
from utils.training.fit import train
from utils.training.translate import build_mean_picture, build_translator, say, train_captioner

BUDGET = dataclasses.replace(LESSONS["05_many_modalities"]["cpu"], steps=1_600)
COUNT, SOUNDS, DRAWS = 1_500, 40, 8


def spread(pictures):
    """Return the mean standard deviation of a pixel over pictures of one sound: (sounds, draws, ...)."""
    return float(np.std(pictures, axis=1).mean())


def real_spread(pictures, attributes):
    """Return the spread of real products that are alike in kind, colour and pattern."""
    alike = np.array([" ".join(words) for words in zip(*(attributes[n] for n in NAMES), strict=True)])
    groups = [pictures[alike == words] for words in np.unique(alike)]
    return float(np.mean([spread(group[None, :DRAWS]) for group in groups if len(group) >= DRAWS]))


def print_pictures(name, seed, scores, kid, width, seconds=0.0):
    """Print one line about pictures."""
    told = "".join(f"{scores[attribute]:10.3f}" for attribute in (*NAMES, "all"))
    print(f"{name:16}{seed:>5}{told}{kid:10.2f}{width:10.3f}{seconds:7.0f}", flush=True)


def print_captions(captions, wanted, name, seed, seconds):
    """Print one line about captions."""
    scores = attribute_accuracy(read_sentences(captions), wanted)
    told = "".join(f"{scores[attribute]:10.3f}" for attribute in (*NAMES, "all"))
    print(f"{name:16}{seed:>5}{told}{sentence_share(captions):10.3f}{'':10}{seconds:7.0f}", flush=True)


def main():
    """Print one line per translator and seed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", nargs="*", default=["game", "mean", "captions"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    chosen = parser.parse_args()
    known, test = load_triples(count=BUDGET.image_count), load_triples("test", COUNT)
    pictures = learn_code(known.pictures, BUDGET.picture_numbers)
    sounds = learn_code(known.spectrograms, BUDGET.sound_numbers)
    codes, heard = pictures.encode(known.pictures), sounds.encode(known.spectrograms)
    test_codes, test_heard = pictures.encode(test.pictures), sounds.encode(test.spectrograms)
    vectorizer = learn_vocabulary(known.captions, LENGTH)
    tokens = tokens_of(vectorizer, known.captions)
    wanted = {name: test.attributes[name] for name in NAMES}
    judge, features = load_attribute_judge(), load_features(32, 3)
    coded = pictures.decode(test_codes)
    real = features.embed(coded)

    def measure(name, seed, draw, seconds):
        drawn = pictures.decode(draw(test_heard))
        scores = attribute_accuracy(judge.read(drawn), wanted)
        many = pictures.decode(draw(np.repeat(test_heard[:SOUNDS], DRAWS, axis=0)))
        many = many.reshape(SOUNDS, DRAWS, *many.shape[1:])
        print_pictures(
            name, seed, scores, kernel_distance(real, features.embed(drawn)), spread(many), seconds
        )

    heads = (*NAMES, "all", "KID/sent.", "spread")
    print(f"{'':16}{'seed':>5}" + "".join(f"{head:>10}" for head in heads) + f"{'CPU s':>7}")
    seen = attribute_accuracy(judge.read(coded), wanted)
    known_coded = features.embed(pictures.decode(codes[:COUNT]))
    width = real_spread(coded, test.attributes)
    print_pictures("real, coded", "", seen, kernel_distance(real, known_coded), width)
    for which, seed in ((which, seed) for which in chosen.which for seed in chosen.seeds):
        keras.utils.set_random_seed(seed)
        batches = make_triples(codes, tokens, heard, BUDGET.batch_size, seed, look_alikes(known.attributes))
        start = time.process_time()
        if which == "captions":
            captioner, _ = train_captioner(codes, tokens, vectorizer.vocabulary_size())
            seconds = time.process_time() - start
            for name, caution in (("likeliest word", 1.0), ("drawn words", 0.0)):
                captions = captions_of(vectorizer, say(captioner, test_codes, caution, seed))
                print_captions(captions, wanted, name, seed, seconds)
        elif which == "game":
            gan = build_translator(BUDGET, (pictures.size, sounds.size))
            train(gan, batches, BUDGET.steps)
            measure("game", seed, lambda h, gan=gan: gan.draw(h, seed=1), time.process_time() - start)
        else:
            mean = build_mean_picture(BUDGET, (pictures.size, sounds.size))
            train(mean, batches.map(lambda picture, _, sound: (sound, picture)), BUDGET.steps)
            measure("least squares", seed, mean.draw, time.process_time() - start)


if __name__ == "__main__":
    main()
