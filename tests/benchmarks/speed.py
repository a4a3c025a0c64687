"""Images per CPU second of training: ours, the plain Keras way, PyTorch; and the share of the machine's peak.

    python tests/benchmarks/speed.py --torch-python PATH          all models: about 5 CPU minutes
    python tests/benchmarks/speed.py "02 GAN" --repeats 5         some of them, more often
    python tests/benchmarks/speed.py --into FOLDER                keep the table elsewhere

Each training runs in a fresh process on one thread, the three in turn; medians of the repetitions. PATH is a
Python that has torch; without one its column is left out. Plain Keras: the steps of keras.io's examples for
the GAN and the VAE (no average of the weights), `fit` on the same model for the others.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

from utils.training.speed_table import FOLDER, speed_lines

MODELS = ("02 GAN", "02 discriminator alone", "04 text GAN", "07 VAE", "07 first guess")
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")}
HERE = pathlib.Path(__file__).parent
WARM, EVERY, WORDS = 60, 20, 100  # steps before the clock; steps per value of the history; vocabulary


def sizes_of(model):
    """Return the sizes in which a lesson trains a model in the budget of a laptop."""
    from utils.data.vocabulary import LENGTH
    from utils.training.budget import LESSONS

    budgets = {name.split("_")[0]: budgets["cpu"] for name, budgets in LESSONS.items()}
    gan, text, enhance = budgets["02"], budgets["04"], budgets["07"]
    widths = {key: {"g_width": b.g_width, "d_width": b.d_width} for key, b in (("02", gan), ("04", text))}
    return {
        "02 GAN": {"batch": gan.batch_size, "latent_dim": 24, **widths["02"]},
        "02 discriminator alone": {"batch": 2 * gan.batch_size, "d_width": gan.d_width},
        "04 text GAN": {
            **{"batch": text.batch_size, "latent_dim": 24, "words": WORDS, "length": LENGTH},
            **{"caption": text.caption_width, **widths["04"]},
        },
        "07 VAE": {
            **{"batch": enhance.vae.batch_size, "latent_dim": enhance.vae.latent_dim},
            "width": enhance.vae.width,
        },
        "07 first guess": {
            **{"batch": enhance.restorer.batch_size, "width": enhance.restorer.width},
            "crop": enhance.restorer.crop_size,
        },
    }[model]


def course_model(name):
    """Return a model as its lesson builds it, a batch, and the networks in it."""
    import keras
    import tensorflow as tf

    from utils.models.gan import build_discriminator
    from utils.training.budget import load_budget
    from utils.training.gan import build_gan
    from utils.training.probe import model_and_batch
    from utils.training.vae import build_vae

    sizes = sizes_of(name)
    images = tf.random.uniform((sizes["batch"], 28, 28, 1), -1, 1)
    if name == "02 GAN":
        gan = build_gan(load_budget("02"))
        return gan, images, [gan.generator, gan.discriminator]
    if name == "02 discriminator alone":
        network = build_discriminator(sizes["d_width"])
        network.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(from_logits=True))
        return network, (images, tf.ones((sizes["batch"], 1))), [network]
    if name == "07 VAE":
        vae = build_vae(load_budget("07").vae)
        return vae, images, [vae.encoder, vae.decoder]
    model, batch = model_and_batch(load_budget(name.split()[0]))
    networks = [model.generator, model.discriminator] if name == "04 text GAN" else [model]
    return model, batch, networks


def plain_model(name):
    """Return what one writes in Keras after the examples of keras.io, on the same networks."""
    model, batch, networks = course_model(name)
    if name == "02 GAN":
        return plain_gan(*networks), batch
    if name == "07 VAE":
        return plain_vae(*networks), batch
    return model, batch


def plain_gan(generator, discriminator):
    """Return the GAN of keras.io's example: one stack of both kinds of pictures, then the other player."""
    import keras
    import tensorflow as tf

    class PlainGAN(keras.Model):
        def __init__(self):
            super().__init__()
            self.generator, self.discriminator = generator, discriminator
            self.latent_dim = generator.inputs[0].shape[-1]
            self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
            self.d_adam, self.g_adam = keras.optimizers.Adam(1e-3, 0.5), keras.optimizers.Adam(1e-3, 0.5)
            self.d_metric, self.g_metric = keras.metrics.Mean("d_loss"), keras.metrics.Mean("g_loss")

        def train_step(self, real_images):
            count = tf.shape(real_images)[0]
            fakes = self.generator(tf.random.normal((count, self.latent_dim)))
            stack = tf.concat([fakes, real_images], 0)
            labels = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)
            labels += 0.05 * tf.random.uniform(tf.shape(labels))
            with tf.GradientTape() as tape:
                d_loss = self.loss_fn(labels, self.discriminator(stack))
            weights = self.discriminator.trainable_weights
            self.d_adam.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
            latents = tf.random.normal((count, self.latent_dim))
            with tf.GradientTape() as tape:
                logits = self.discriminator(self.generator(latents, training=True))
                g_loss = self.loss_fn(tf.zeros((count, 1)), logits)
            weights = self.generator.trainable_weights
            self.g_adam.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
            self.d_metric.update_state(d_loss)
            self.g_metric.update_state(g_loss)
            return {"d_loss": self.d_metric.result(), "g_loss": self.g_metric.result()}

    model = PlainGAN()
    model.compile()
    return model


def plain_vae(encoder, decoder):
    """Return the VAE of keras.io's example, with squared errors: these pictures are not from 0 to 1."""
    import keras
    import tensorflow as tf
    from keras import ops

    class PlainVAE(keras.Model):
        def __init__(self):
            super().__init__()
            self.encoder, self.decoder = encoder, decoder
            self.seeds = keras.random.SeedGenerator()
            self.trackers = [keras.metrics.Mean(name) for name in ("loss", "reconstruction_loss", "kl_loss")]

        @property
        def metrics(self):
            return self.trackers

        def train_step(self, data):
            with tf.GradientTape() as tape:
                mean, log_var = self.encoder(data)
                noise = keras.random.normal(ops.shape(mean), seed=self.seeds)
                drawn = self.decoder(mean + ops.exp(0.5 * log_var) * noise)
                errors = ops.mean(ops.sum(ops.square(data - drawn), axis=(1, 2, 3)))
                kl = -0.5 * (1 + log_var - ops.square(mean) - ops.exp(log_var))
                kl = ops.mean(ops.sum(kl, axis=1))
                total = errors + kl
            gradients = tape.gradient(total, self.trainable_weights)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
            for tracker, value in zip(self.trackers, (total, errors, kl), strict=True):
                tracker.update_state(value)
            return {tracker.name: tracker.result() for tracker in self.trackers}

    model = PlainVAE()
    model.compile(optimizer=keras.optimizers.Adam())
    return model


def convolution_shapes(name):
    """Return (transposed, channels before, after, kernel, stride, size, batch, input moves) per layer.

    The last says whether the training takes a slope for what the layer gets. For given pictures it does not;
    a discriminator of a GAN passes it on to the generator.
    """
    import keras
    import numpy as np
    from keras import layers

    sizes, shapes = sizes_of(name), []
    for network in course_model(name)[2]:
        found = [
            layer for layer in network.layers if isinstance(layer, layers.Conv2D | layers.Conv2DTranspose)
        ]
        fed = [
            np.zeros((sizes["batch"], *(size or sizes.get("crop") for size in tensor.shape[1:])), "float32")
            for tensor in network.inputs
        ]
        maps = keras.Function(network.inputs, [layer.input for layer in found])(fed)
        for layer, map_before in zip(found, maps, strict=True):
            count, size, _, before = map_before.shape
            turned = isinstance(layer, layers.Conv2DTranspose)
            after, kernel, stride = layer.filters, layer.kernel_size[0], layer.strides[0]
            moves = "GAN" in name or all(layer.input is not given for given in network.inputs)
            shapes.append((turned, before, after, kernel, stride, size, count, moves))
    return shapes


def convolution_flops(turned, before, after, kernel, stride, size, count, moves):
    """Return the FLOPs of a layer: forward, for its kernel, and for its input where that moves."""
    places = size if turned else -(-size // stride)
    return (3 if moves else 2) * 2.0 * count * places**2 * kernel**2 * before * after


def convolution_seconds(shapes, times=60):
    """Return CPU seconds of all convolution layers, forward and backward, in one call as in a step."""
    import tensorflow as tf
    from keras import layers

    pieces = []
    for turned, before, after, kernel, stride, size, count, moves in shapes:
        make = layers.Conv2DTranspose if turned else layers.Conv2D
        layer = make(after, kernel, strides=stride, padding="same")
        images = tf.random.normal((count, size, size, before))
        pieces.append((layer, images, tf.ones_like(layer(images)), moves))

    @tf.function
    def there_and_back(images, slopes):
        found = []
        for (layer, *_, moves), one, slope in zip(pieces, images, slopes, strict=True):
            with tf.GradientTape() as tape:
                tape.watch(one)
                result = layer(one)
            wanted = [*([one] if moves else []), *layer.trainable_variables]
            found.append(tape.gradient(result, wanted, output_gradients=slope))
        return found

    fed = [piece[1] for piece in pieces], [piece[2] for piece in pieces]
    for repeats in (3, times):
        start = time.process_time()
        for _ in range(repeats):
            there_and_back(*fed)
    return (time.process_time() - start) / times


def clock(times):
    """Return a callback that notes the CPU time when a call has ended: {steps: CPU seconds}."""
    import keras

    class Clock(keras.callbacks.Callback):
        skips_steps = True

        def on_train_batch_end(self, batch, logs=None):
            times[batch + 1] = time.process_time()

    return Clock()


def measure_here(framework, name, steps):
    """Train one model in this process; return CPU seconds per step, and what this machine can do."""
    import keras
    import tensorflow as tf

    from utils.training import quiet  # noqa: F401
    from utils.training.fit import train
    from utils.training.peak import matmul_peak, step_flops

    keras.utils.set_random_seed(0)
    model, batch = course_model(name)[:2] if framework == "course" else plain_model(name)
    dataset = tf.data.Dataset.from_tensors(batch).repeat()
    if framework == "course":
        times = {}
        train(model, dataset, WARM + steps, record_every=EVERY, callbacks=[clock(times)])
        seconds = times[WARM + steps] - times[WARM]  # the losses of both steps were read
    else:
        model.fit(dataset, steps_per_epoch=WARM, verbose=0)
        start = time.process_time()
        model.fit(dataset, steps_per_epoch=steps, verbose=0)
        seconds = time.process_time() - start
    row = {"step": seconds / steps}
    if framework == "course":
        shapes = convolution_shapes(name)
        row |= {"flops": sum(step_flops(model, batch, 0.25).values()), "shapes": shapes}
        row |= {"peak": matmul_peak(), "conv": convolution_seconds(shapes)}
    return row


def measure(framework, name, steps, torch_python, shapes=()):
    """Train one model in a fresh process of a framework; return its row."""
    if framework == "torch":
        asked = {"model": name, "sizes": sizes_of(name), "steps": steps, "shapes": shapes}
        command = [torch_python, str(HERE / "speed_torch.py"), json.dumps(asked)]
    else:
        command = [sys.executable, __file__, "--here", framework, "--steps", str(steps), name]
    environment = os.environ | ONE_THREAD | {"COURSE_BUDGET": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{framework}, {name}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def has_torch(python):
    """Say whether a Python can import torch."""
    try:
        return not subprocess.run([python, "-c", "import torch"], capture_output=True).returncode
    except OSError:  # no such Python
        return False


def summary(rows, peak, name):
    """Return the medians of the repetitions of one framework, as they are stored."""
    seconds = statistics.median(row["step"] for row in rows)
    stored = {"images": sizes_of(name)["batch"] / seconds, "repeats": len(rows)}
    if "flops" in rows[0]:
        stored["step share"] = rows[0]["flops"] / seconds / peak
    return stored


def conv_summary(rows, shapes, peak):
    """Return the share of the peak that the convolution layers reach together."""
    if not any(row.get("conv") for row in rows):
        return {}
    seconds = statistics.median(row["conv"] for row in rows if row.get("conv"))
    return {"conv share": sum(convolution_flops(*shape) for shape in shapes) / seconds / peak}


def main(arguments=None):
    """Measure, store and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", help=", ".join(MODELS))
    parser.add_argument("--torch-python", default=sys.executable, help="a Python that has torch")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--into", type=pathlib.Path, default=FOLDER)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        print(json.dumps(measure_here(chosen.here, chosen.models[0], chosen.steps)))
        return
    frameworks = ["course", "keras", *(["torch"] if has_torch(chosen.torch_python) else [])]
    if "torch" not in frameworks:
        print("PyTorch: not installed here; --torch-python names a Python that has it.")
    measured = {}
    for name in chosen.models or MODELS:
        rows, shapes = {framework: [] for framework in frameworks}, ()
        for _ in range(chosen.repeats):
            for framework in frameworks:
                rows[framework].append(measure(framework, name, chosen.steps, chosen.torch_python, shapes))
                shapes = rows["course"][0]["shapes"]
        measured[name] = rows
        print(
            name,
            {key: [round(1000 * row["step"], 2) for row in some] for key, some in rows.items()},
            flush=True,
        )
    peak = max(row["peak"] for rows in measured.values() for row in rows["course"])
    models = {
        name: {
            framework: summary(some, peak, name) | conv_summary(some, rows["course"][0]["shapes"], peak)
            for framework, some in rows.items()
        }
        for name, rows in measured.items()
    }
    speeds = {"peak": peak, "models": models}
    chosen.into.mkdir(parents=True, exist_ok=True)
    text = json.dumps(speeds, indent=1) + "\n"
    (chosen.into / "trainings.json").write_text(text, "utf-8")
    print(*speed_lines(speeds), sep="\n")


if __name__ == "__main__":
    main()
