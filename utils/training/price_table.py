"""Enlarge four times at several prices: which is nearest, and which looks most like products?

    python -m utils.training.price_table                what is still missing, then the table
    python -m utils.training.price_table --fresh        all of it again: about 7 CPU minutes

Fashion-MNIST from 7 x 7 to 28 x 28, 400 steps, three seeds, 2,000 test pictures. The price looks through the
network of the colour catalogue, KID through the grey one. Lesson 06 draws its plane from this table.
"""

import argparse
import json
import time

from utils.training.lever_table import FOLDER, SEEDS, spread

STEPS, WIDTH = 400, 16
PRICES = {
    "L2": {"pixels": "l2"},
    "L1": {},
    "L1, F .05": {"feature_weights": (0.05,) * 3},
    "L1, F .3": {"feature_weights": (0.3,) * 3},
    "L1, F .1, A .003": {"feature_weights": (0.1,) * 3, "adversarial_weight": 0.003},
    "L1, A .01": {"adversarial_weight": 0.01},
    "L1, F .1, A .1": {"feature_weights": (0.1,) * 3, "adversarial_weight": 0.1},
}
SCORES = {"PSNR": 2, "SSIM": 3, "KID": 3, "sharpness": 2}  # and the digits that are kept
BICUBIC = "bicubic"  # what needs no training


def read_prices(folder=FOLDER):
    """Return the stored trainings: {"L1 | seed 0": {"PSNR": …, "SSIM": …, "KID": …, "sharpness": …}, …}."""
    path = folder / "prices.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def price_means(rows):
    """Return {price: {score: mean of the seeds}}, bicubic interpolation first."""
    groups = {}
    for name, row in rows.items():
        groups.setdefault(name.split(" | ")[0], []).append(row)
    ordered = [name for name in (BICUBIC, *PRICES) if name in groups]
    return {
        name: {score: sum(row[score] for row in groups[name]) / len(groups[name]) for score in SCORES}
        for name in ordered
    }


def price_table(rows):
    """Return the lines of a table: means of the seeds and half of their ranges."""
    lines = [f"{'':18}" + "".join(f"{score:>15}" for score in SCORES)]
    for name in price_means(rows):
        some = [row for key, row in rows.items() if key.split(" | ")[0] == name]
        lines.append(
            f"{name:18}" + "".join(f"{spread([row[score] for row in some]):>15}" for score in SCORES)
        )
    return lines


def main(arguments=None):
    """Train what is not stored yet, then print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m utils.training.price_table",
    )
    parser.add_argument("--fresh", action="store_true", help="train again what is stored")
    chosen = parser.parse_args(arguments)

    from utils.training import quiet  # noqa: F401

    import keras  # isort: skip

    from utils.data import load_products, scale_images
    from utils.data.degrade.size import downscale
    from utils.data.pairs import make_pairs
    from utils.data.storage import write_atomic
    from utils.metrics.distribution import kernel_distance
    from utils.metrics.features import STRIDES, load_features
    from utils.metrics.restoration import psnr, sharpness, ssim
    from utils.models.feature_maps import build_feature_maps
    from utils.training.fit import train
    from utils.training.perceptual import build_priced_restorer

    products = load_products("fashion-mnist", "train", count=20_000)
    clean = scale_images(load_products("fashion-mnist", "test", count=2_000).images)
    small = downscale(clean, 4)
    looker = build_feature_maps(load_features(32, 3).layers[:3], STRIDES, channels=1)
    judge = load_features(28, 1)
    real_features = judge.embed(clean)

    def keep(name, pictures, seconds):
        values = (
            psnr(clean, pictures, 2).mean(),
            ssim(clean[:500], pictures[:500], 2).mean(),
            kernel_distance(real_features, judge.embed(pictures)),
            sharpness(pictures).mean() / sharpness(clean).mean(),
        )
        scores = (round(float(x), digits) for x, digits in zip(values, SCORES.values(), strict=True))
        rows = read_prices() | {name: dict(zip(SCORES, scores, strict=True)) | {"CPU s": round(seconds, 1)}}
        text = json.dumps(rows, indent=1, sort_keys=True) + "\n"
        write_atomic(FOLDER / "prices.json", lambda path: path.write_text(text, "utf-8"))
        print(name, rows[name], flush=True)

    keep(BICUBIC, small, 0.0)
    for name, seed in ((name, seed) for name in PRICES for seed in SEEDS):
        if f"{name} | seed {seed}" in read_prices() and not chosen.fresh:
            continue
        keras.utils.set_random_seed(seed)
        pairs = make_pairs(products.images, 32, seed=seed, degrade=lambda images, _: downscale(images, 4))
        begun = time.process_time()
        model = build_priced_restorer(looker, STEPS, width=WIDTH, **PRICES[name])
        train(model, pairs, STEPS)
        keep(f"{name} | seed {seed}", model.restore(small), time.process_time() - begun)
    print(*price_table(read_prices()), sep="\n")


if __name__ == "__main__":
    main()
