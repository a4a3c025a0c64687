"""What makes a GAN draw what it is told? Lesson 04 with one thing changed at a time, the same budget each.

    python tests/benchmarks/text_gan.py                       all variants, one after the other
    python tests/benchmarks/text_gan.py ours "blind" --steps 500

Share of pictures that show kind, colour and pattern as asked, all at once, on combinations that were in the
training and on those that were not; diversity within one caption; KID on 2,000 pictures.
"""

import argparse
import dataclasses
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip

from utils.data import load_products, scale_images
from utils.data.captions import write_caption
from utils.data.combinations import held_out_combinations, is_held_out
from utils.data.pipelines import make_dataset
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.conditioning_yardsticks import conditioning, pictures_by_caption
from utils.metrics.distribution import kernel_distance
from utils.metrics.features import load_features
from utils.training import text_gan
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.text_gan import build_text_gan

OURS = LESSONS["04_text_to_product"]["cpu"]
NETWORKS = {  # what is changed in build_text_gan
    "ours": {},
    "no wrong captions": {},
    "no naming": {"naming": 0.0},
    "naming alone (AC-GAN)": {"reads": "nothing"},
    "projection alone, no wrong captions": {"naming": 0.0},
    "concatenation alone": {"film": False, "reads": "concatenation", "naming": 0.0},
    "blind": {"reads": "nothing", "naming": 0.0},
    "generator: concatenation": {"film": False},
    "no R1": {},
    "lstm": {},
}
SETTINGS = {"no R1": {"r1_gamma": 0.0}, "lstm": {"text_encoder": "lstm"}}  # what is changed in the budget


def without_wrong_captions(real_logits, fake_logits, mismatched_logits):
    """The discriminator's price when nobody shows it a wrong caption."""
    return text_gan.relativistic_loss(real_logits, fake_logits)


def trained(name, budget, images, tokens, vectorizer, seed):
    """Train one variant; return it and the CPU seconds that it took."""
    keras.utils.set_random_seed(seed)
    price = text_gan.matching_aware_loss
    if "no wrong captions" in name:
        text_gan.matching_aware_loss = without_wrong_captions
    gan = build_text_gan(budget, vectorizer.vocabulary_size(), tokens.shape[1], **NETWORKS[name])
    dataset = make_dataset(images, budget.batch_size, tokens=tokens, seed=seed)
    start = time.process_time()
    train(gan, dataset, budget.steps)
    text_gan.matching_aware_loss = price
    return gan, time.process_time() - start


def measure(gan, vectorizer, real_pairs, wanted, unseen):
    """Return what the lesson reports: all three right on seen and unseen combinations, diversity, KID."""
    asked = [
        write_caption(*words, phrasing=1) for words in zip(*wanted.values(), strict=True) for _ in range(2)
    ]
    latents = keras.random.normal((len(asked), gan.latent_dim), seed=9)
    pairs = gan.draw(latents, gan.encode(tokens_of(vectorizer, asked))).reshape(real_pairs.shape)
    judge, features = load_attribute_judge(), load_features(32, 3)
    scores = {
        name: conditioning(judge, pairs[chosen], {key: words[chosen] for key, words in wanted.items()})
        for name, chosen in {"seen": ~unseen, "unseen": unseen}.items()
    }
    kid = kernel_distance(features.embed(real_pairs[:, 0]), features.embed(pairs[:, 1]))
    return scores["seen"], scores["unseen"], kid


def drawing_time(gan, vectorizer, repeats=20):
    """Return the milliseconds from a typed sentence to eight pictures, the best of some."""
    latents, times = keras.random.normal((8, gan.latent_dim), seed=1), []
    for _ in range(repeats):
        start = time.perf_counter()
        vectors = gan.encode(tokens_of(vectorizer, ["a red striped mug with a lid"] * 8))
        gan.draw(latents, vectors)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def main():
    """Train and print one line per variant."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("variants", nargs="*", default=list(NETWORKS))
    parser.add_argument("--steps", type=int, default=OURS.steps)
    parser.add_argument("--seed", type=int, default=2026)
    chosen = parser.parse_args()
    catalogue, test = (
        load_products("catalogue", "train", count=OURS.image_count),
        load_products("catalogue", "test"),
    )
    combinations = held_out_combinations()
    kept = ~is_held_out(catalogue.attributes, combinations)
    captions = [caption for caption, keep in zip(catalogue.captions, kept, strict=True) if keep]
    vectorizer = learn_vocabulary(captions)
    tokens, images = tokens_of(vectorizer, captions), catalogue.images[kept]
    real_pairs, wanted = pictures_by_caption(scale_images(test.images), test.attributes)
    unseen = is_held_out(wanted, combinations)
    print(f"{len(images):,} pictures, {chosen.steps:,} steps, seed {chosen.seed}, chance 1/800")
    print(f"{'':36} {'seen':>6} {'unseen':>6} {'kind':>6} {'colour':>6} {'pattern':>7} {'R@1':>6}", end=" ")
    print(f"{'diversity':>9} {'KID':>7} {'CPU s':>6}")
    for name in chosen.variants:
        budget = dataclasses.replace(OURS, steps=chosen.steps, **SETTINGS.get(name, {}))
        gan, seconds = trained(name, budget, images, tokens, vectorizer, chosen.seed)
        seen, new, kid = measure(gan, vectorizer, real_pairs, wanted, unseen)
        print(
            f"{name:36} {seen['all']:6.3f} {new['all']:6.3f} {seen['kind']:6.3f} {seen['colour']:6.3f}",
            end=" ",
        )
        print(f"{seen['pattern']:7.3f} {seen['picture of caption']:6.3f} {seen['diversity']:9.1f}", end=" ")
        print(f"{kid:7.2f} {seconds:6.0f}", flush=True)
        drawing = drawing_time(gan, vectorizer)
        keras.backend.clear_session()
    print(f"A sentence and its eight pictures: {drawing:.0f} ms")


if __name__ == "__main__":
    main()
