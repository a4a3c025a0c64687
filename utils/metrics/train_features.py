"""Make a feature network: python -m utils.metrics.train_features 28 1 (grey) or 32 3 (colour)."""

import argparse
import json
import time

import keras
import numpy as np
from keras import layers

from utils.data import load_products
from utils.data.images import scale_images
from utils.data.storage import write_atomic
from utils.metrics.features import STRIDES, WEIGHTS, WIDTH, FeatureNetwork, check_supported, weights_path

FILTERS = (24, 32, 48)
BATCH_SIZE = 128
EPOCHS = {(28, 1): 8, (32, 3): 12}
TOTAL_VARIANCE = 100.0  # of the features of real images: a generator stuck at their mean has FID 100
MORE_HEADS = ("colour", "pattern", "detail")  # taught with the kind so that the features carry them


def build_classifier(image_size, channels, class_counts, filters=FILTERS, strides=STRIDES, width=WIDTH):
    """Build the network while it learns: batch norm inside, one head of logits per name.

    Shapes:  (batch, image_size, image_size, channels) -> {name: (batch, class_counts[name])}
    Range:   images in [-1, 1] -> raw scores
    Source:  our own; three convolutions are enough for 91 % on Fashion-MNIST
    """
    images = x = keras.Input((image_size, image_size, channels))
    for i, (kernels, stride) in enumerate(zip(filters, strides, strict=True)):
        x = layers.Conv2D(kernels, 3, stride, padding="same", use_bias=False, name=f"convolution_{i}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm_{i}")(x)
        x = layers.ReLU()(x)
    x = layers.Flatten()(layers.AveragePooling2D(2, padding="same")(x))  # (batch, 4 * 4 * filters[-1])
    x = layers.Dropout(0.2)(x)
    features = layers.Dense(width, activation="relu", name="features")(x)
    return keras.Model(
        images, {n: layers.Dense(count, name=n)(features) for n, count in class_counts.items()}
    )


class Batches(keras.utils.PyDataset):
    """Shuffled batches; `change` alters the images (uint8) anew each time, by default their place."""

    def __init__(self, images, targets, seed, change=None):
        super().__init__()
        self.images, self.targets, self.rng = images, targets, np.random.default_rng(seed)
        self.change = change or jitter
        self.on_epoch_end()

    def __len__(self):
        return len(self.images) // BATCH_SIZE

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.images))

    def __getitem__(self, index):
        picked = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
        images = scale_images(self.change(self.images[picked], self.rng))
        return images, {name: ids[picked] for name, ids in self.targets.items()}


def jitter(images, rng, reach=1):
    """Mirror half of the images and move each by up to `reach` pixels; the edge fills what opens up."""
    images = np.where(rng.random((len(images), 1, 1, 1)) < 0.5, images, images[:, :, ::-1])
    size = images.shape[1]
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    down, right = rng.integers(0, 2 * reach + 1, size=(2, len(images)))
    return np.moveaxis(windows[np.arange(len(images)), down, right], 1, -1)


def load_sources(image_size, channels, count=None):
    """Return {source: (train, test)}: the catalogue, and the real Fashion-MNIST where grey finds it."""
    sources = {}
    for source in ("fashion-mnist", "catalogue") if channels == 1 else ("catalogue",):
        train, test = (
            load_products(
                source, split, count=count, image_size=image_size, channels=channels, fallback="catalogue"
            )
            for split in ("train", "test")
        )
        sources[train.source] = train, test
    return sources


def stack(sources):
    """Join the training images of all sources; classes of the same name become one class."""
    parts = [train for train, _ in sources.values()]
    class_names = tuple(dict.fromkeys(name for part in parts for name in part.class_names))
    kinds = [class_names.index(part.class_names[i]) for part in parts for i in part.class_ids]
    targets = {"kind": np.array(kinds)}
    if len(parts) == 1:
        for name in MORE_HEADS:
            if name in parts[0].attributes:
                targets[name] = np.unique(parts[0].attributes[name], return_inverse=True)[1]
    return np.concatenate([part.images for part in parts]), targets, class_names


def train(sources, epochs, seed=0):
    """Train on all sources and return the classifier and its class names."""
    keras.utils.set_random_seed(seed)
    images, targets, class_names = stack(sources)
    counts = {name: int(ids.max()) + 1 for name, ids in targets.items()}
    classifier = build_classifier(images.shape[1], images.shape[3], counts, FILTERS)
    fit(classifier, Batches(images, targets, seed), epochs)
    return classifier, class_names


def fit(classifier, batches, epochs):
    """Teach all heads of a classifier; the learning rate rises, then falls to zero along a cosine."""
    steps = epochs * len(batches)
    falling = keras.optimizers.schedules.CosineDecay(
        1e-4, steps, warmup_target=3e-3, warmup_steps=steps // 20, alpha=0.0
    )
    classifier.compile(
        optimizer=keras.optimizers.Adam(falling),
        loss={name: keras.losses.SparseCategoricalCrossentropy(from_logits=True) for name in batches.targets},
        metrics={name: ["accuracy"] for name in batches.targets},
    )
    classifier.fit(batches, epochs=epochs, verbose=2)


def fold(classifier):
    """Return (kernel, bias) of each convolution and of the features, batch norm folded into the kernels."""
    folded = []
    for layer in classifier.layers:
        if layer.name.startswith("convolution_"):
            norm = classifier.get_layer(layer.name.replace("convolution", "norm"))
            gamma, beta, mean, variance = norm.get_weights()
            scale = gamma / np.sqrt(variance + norm.epsilon)
            folded.append((layer.get_weights()[0] * scale, beta - mean * scale))
    return [*folded, tuple(classifier.get_layer("features").get_weights())]


def distil(classifier, class_names, real_images):
    """Return the same network in inference form: batch norm folded into the kernels, features scaled."""
    folded = [*fold(classifier), tuple(classifier.get_layer("kind").get_weights())]
    image_size, channels = real_images.shape[1], real_images.shape[3]
    unscaled = FeatureNetwork(image_size, channels, class_names, tuple(folded))
    variance = unscaled.embed(scale_images(real_images)).var(axis=0, ddof=1).sum()
    scale = np.float32(np.sqrt(TOTAL_VARIANCE / variance))
    *convolutions, (kernel, bias), (class_kernel, class_bias) = folded
    scaled = [*convolutions, (kernel * scale, bias * scale), (class_kernel / scale, class_bias)]
    return FeatureNetwork(image_size, channels, class_names, tuple(scaled))


def store(network, path):
    """Write the network as one .npz without pickles."""
    arrays = {"class_names": np.array(network.class_names)}
    for i, (kernel, bias) in enumerate(network.layers):
        arrays |= {f"kernel_{i}": kernel, f"bias_{i}": bias}
    write_atomic(path, lambda temporary: np.savez_compressed(temporary, **arrays))


def accuracy(network, products):
    """Return the share of products whose class the network names among the classes of their source."""
    answers = network.classify(scale_images(products.images), products.class_names)
    return float((answers == products.class_ids).mean())


def main(arguments=None):
    """Train, measure, store, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m utils.metrics.train_features")
    parser.add_argument("image_size", type=int)
    parser.add_argument("channels", type=int)
    parser.add_argument("--epochs", type=int, help="passes over the training images")
    parser.add_argument("--count", type=int, help="images of each source, for a quick trial")
    parser.add_argument("--folder", default=WEIGHTS, help="where the weights go")
    chosen = parser.parse_args(arguments)
    try:
        check_supported(chosen.image_size, chosen.channels)
    except ValueError as error:
        parser.error(str(error))
    epochs = chosen.epochs or EPOCHS[chosen.image_size, chosen.channels]
    sources = load_sources(chosen.image_size, chosen.channels, chosen.count)
    trained_on = {source: len(train_part) for source, (train_part, _) in sources.items()}
    print(
        "Training on", " and ".join(f"{count:,} images of {source}" for source, count in trained_on.items())
    )

    started = time.process_time()
    classifier, class_names = train(sources, epochs)
    print(f"Trained in {time.process_time() - started:.0f} CPU seconds")

    real_images = next(iter(sources.values()))[0].images[:5000]
    path = weights_path(chosen.image_size, chosen.channels, chosen.folder)
    network = distil(classifier, class_names, real_images)
    scores = {source: round(accuracy(network, test), 4) for source, (_, test) in sources.items()}
    for source, score in scores.items():
        print(f"Test accuracy on {source}: {score:.1%}")
    store(network, path)
    facts = {
        "command": f"python -m utils.metrics.train_features {chosen.image_size} {chosen.channels}",
        "trained_on": trained_on,
        "epochs": epochs,
        "test_accuracy": scores,
        "parameters": sum(array.size for layer in network.layers for array in layer),
        "class_names": class_names,
    }
    path.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {path} ({path.stat().st_size / 1e3:.0f} kB)")


if __name__ == "__main__":
    main()
