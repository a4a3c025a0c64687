"""Other right answers to the exercises of lesson 07 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops
from scipy.stats import norm

from utils import losses
from utils.exercises import check, find
from utils.exercises.lesson_07.answers import half_size_pair
from utils.exercises.lesson_07.decibels import pictures
from utils.metrics.restoration import psnr
from utils.models.restorer import product_of_gaussians
from utils.models.vae import reparameterise
from utils.training.gradients import gradient


def kl_with_standard_deviations(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
    """As torch.distributions has it."""
    ratio = ops.exp(0.5 * (q_log_var - p_log_var))
    distance = (q_mean - p_mean) / ops.exp(0.5 * ops.convert_to_tensor(p_log_var))
    return 0.5 * (ops.square(ratio) + ops.square(distance) - 1) - ops.log(ratio)


def kl_with_variances(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
    """As textbooks have it."""
    q_var, p_var = tf.exp(q_log_var), tf.exp(p_log_var)
    return 0.5 * tf.math.log(p_var / q_var) + (q_var + (q_mean - p_mean) ** 2) / (2 * p_var) - 0.5


def kl_in_numpy(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
    ratio = q_log_var - p_log_var
    return -0.5 * (1 + ratio - np.exp(ratio) - np.square(q_mean - p_mean) / np.exp(p_log_var))


def elbo_in_tensorflow(nll, kl, beta=1.0, floor=0.0):
    reconstruction = tf.reduce_mean(tf.reduce_sum(nll, axis=[1, 2, 3]))
    return reconstruction + beta * tf.reduce_sum(tf.maximum(tf.reduce_mean(kl, 0), floor))


def elbo_with_relu(nll, kl, beta=1.0, floor=0.0):
    mean_kl = ops.mean(kl, axis=0)
    pixels = ops.sum(nll) / ops.cast(ops.shape(nll)[0], nll.dtype)
    return pixels + beta * ops.sum(floor + ops.relu(mean_kl - floor))


def elbo_in_numpy(nll, kl, beta=1.0, floor=0.0):
    return np.sum(nll) / len(nll) + beta * np.maximum(np.mean(kl, axis=0), floor).sum()


def elbo_in_a_loop(nll, kl, beta=1.0, floor=0.0):
    reconstruction = sum(float(np.sum(image)) for image in nll) / len(nll)
    prices = [max(float(np.mean(kl[:, latent])), floor) for latent in range(kl.shape[1])]
    return np.float32(reconstruction + beta * sum(prices))


def product_by_gain(mean_1, log_var_1, mean_2, log_var_2):
    """As a Kalman filter has it."""
    gain = ops.sigmoid(log_var_1 - log_var_2)
    return mean_1 + gain * (mean_2 - mean_1), log_var_1 + ops.log_sigmoid(log_var_2 - log_var_1)


def product_in_numpy(mean_1, log_var_1, mean_2, log_var_2):
    first, second = 1 / np.exp(log_var_1), 1 / np.exp(log_var_2)
    return (mean_1 * first + mean_2 * second) / (first + second), np.log(1 / (first + second))


def product_of_variances(mean_1, log_var_1, mean_2, log_var_2):
    first, second = tf.exp(log_var_1), tf.exp(log_var_2)
    both = first + second
    return [(mean_1 * second + mean_2 * first) / both, tf.math.log(first * second / both)]


def psnr_in_a_loop(clean, restored, data_range):
    errors = [np.mean((a.astype(float) - b) ** 2) for a, b in zip(clean, restored, strict=True)]
    return [20 * np.log10(data_range) - 10 * np.log10(error) for error in errors]


def psnr_in_keras(clean, restored, data_range):
    errors = ops.cast(clean, "float32") - ops.cast(restored, "float32")
    return 20 * ops.log10(data_range / ops.sqrt(ops.mean(errors**2, axis=(1, 2, 3))))


def decoder_by_upsampling(latent_dim=16, width=32, image_size=28, channels=1):
    latents = keras.Input((latent_dim,))
    small = image_size // 4
    x = layers.Dense(small * small * width, activation="relu")(latents)
    x = layers.BatchNormalization()(layers.Reshape((small, small, width))(x))
    for _ in range(2):
        x = layers.Conv2D(width, 3, padding="same", activation="gelu")(layers.UpSampling2D()(x))
    return keras.Model(latents, layers.Conv2D(channels, 3, padding="same", activation="tanh")(x))


def decoder_of_one_layer(latent_dim=16, width=32, image_size=28, channels=1):
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(image_size * image_size * channels, "sigmoid"),
            layers.Rescaling(2.0, -1.0),
            layers.Reshape((image_size, image_size, channels)),
        ]
    )


def decoder_with_dropout(latent_dim=16, width=32, image_size=28, channels=1):
    decoder = decoder_by_upsampling(latent_dim, width, image_size, channels)
    latents = keras.Input((latent_dim,))
    return keras.Model(latents, decoder(layers.Dropout(0.5)(latents)))


def half_size_by_slices(clean):
    small = sum(clean[:, i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4
    degraded = np.zeros_like(clean)
    for i in (0, 1):
        for j in (0, 1):
            degraded[:, i::2, j::2] = small
    return degraded, clean


def half_size_with_layers(clean):
    return layers.UpSampling2D()(layers.AveragePooling2D(2)(clean)), clean


def half_size_in_tensorflow(clean):
    small = tf.nn.avg_pool2d(clean, 2, 2, "VALID")
    return tf.image.resize(small, clean.shape[1:3], method="nearest"), tf.identity(clean)


def half_size_by_area(clean):
    count, height, width, channels = clean.shape
    small = tf.image.resize(clean, (height // 2, width // 2), method="area")
    return [np.kron(small, np.ones((1, 2, 2, 1), np.float32)), clean]


def confidence_in_a_loop(samples):
    mean = sum(samples) / len(samples)
    squares = sum((sample - mean) ** 2 for sample in samples) / len(samples)
    return mean, np.linalg.norm(squares**0.5, axis=-1) / np.sqrt(squares.shape[-1])


def confidence_by_squares(samples):
    mean = tf.reduce_mean(samples, 0)
    variance = tf.maximum(tf.reduce_mean(samples**2, 0) - mean**2, 0)
    return [mean, tf.sqrt(tf.reduce_mean(variance, -1))]


RIGHT = {
    "7.1": {
        "root of exp": lambda mean, log_var, noise: mean + noise * ops.sqrt(ops.exp(log_var)),
        "half by division": lambda mean, log_var, noise: ops.add(ops.exp(log_var / 2) * noise, mean),
        "tensorflow": lambda mean, log_var, noise: tf.exp(0.5 * log_var) * noise + mean,
        "a power": lambda mean, log_var, noise: mean + ops.exp(log_var) ** 0.5 * noise,
    },
    "7.2": {"standard deviations": kl_with_standard_deviations, "variances": kl_with_variances},
    "7.3": {"tensorflow": elbo_in_tensorflow, "relu": elbo_with_relu},
    "7.6": {
        "gain": product_by_gain,
        "numpy": product_in_numpy,
        "variances, as a list": product_of_variances,
    },
    "7.7": {
        "a loop": psnr_in_a_loop,
        "keras": psnr_in_keras,
        "tensorflow": lambda clean, restored, data_range: tf.image.psnr(clean, restored, data_range),
        "floats": lambda clean, restored, data_range: (
            -10 * np.log10(((np.float64(clean) - restored) ** 2).mean((1, 2, 3)) / data_range**2)
        ),
    },
    "7.4": {
        "up-sampling": decoder_by_upsampling,
        "one layer": decoder_of_one_layer,
        "dropout": decoder_with_dropout,
    },
    "7.5": {
        "slices": half_size_by_slices,
        "layers": half_size_with_layers,
        "tensorflow": half_size_in_tensorflow,
        "area": half_size_by_area,
    },
    "7.8": {
        "numpy": lambda samples: (samples.mean(0), np.sqrt(samples.var(0).mean(-1))),
        "var": lambda samples: (
            ops.mean(samples, axis=0),
            ops.sqrt(ops.mean(ops.var(samples, axis=0), axis=-1)),
        ),
        "a loop": confidence_in_a_loop,
        "mean of squares": confidence_by_squares,
    },
}
NOT_FOR_TRAINING = {
    "7.1": {
        "numpy": lambda mean, log_var, noise: mean + np.exp(0.5 * np.asarray(log_var)) * noise,
        "a loop": lambda mean, log_var, noise: np.array(
            [[m + np.exp(v / 2) * n for m, v, n in zip(*row, strict=True)]
             for row in zip(mean, log_var, noise, strict=True)]
        ),
    },
    "7.2": {"numpy": kl_in_numpy},
    "7.3": {"numpy": elbo_in_numpy, "a loop": elbo_in_a_loop},
}  # fmt: skip


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key in NOT_FOR_TRAINING for name in NOT_FOR_TRAINING[key]]
)
def test_what_cannot_be_trained_with_passes_and_the_training_goes_on_with_the_library(key, name, capsys):
    assert check(key, NOT_FOR_TRAINING[key][name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def draft_decoder(latent_dim=16, width=32, image_size=28, channels=1):
    """The widths of the draft."""
    z = keras.Input((latent_dim,))
    x = layers.Reshape((7, 7, 64))(layers.Dense(64, activation="relu")(z))
    return keras.Model(z, layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x))


def draft_decoder_with_enough_numbers(latent_dim=16, width=32, image_size=28, channels=1):
    """Its next fault shows once the first is mended."""
    small = image_size // 4
    z = keras.Input((latent_dim,))
    x = layers.Reshape((small, small, 64))(layers.Dense(small * small * 64, activation="relu")(z))
    return keras.Model(z, layers.Conv2DTranspose(channels, 3, activation="sigmoid", padding="same")(x))


def draft_decoder_of_its_size(latent_dim=16, width=32, image_size=28, channels=1):
    """Wrong in size, channels and range: the size is told first."""
    return draft_decoder_with_enough_numbers(latent_dim)


def half_size_with_misplaced_axes(clean):
    n, height, width, channels = clean.shape
    small = clean.reshape(n, height // 2, width // 2, 2, 2, channels).mean(axis=(3, 4))
    return small.repeat(2, axis=1).repeat(2, axis=2), clean


def elbo_of_keras_losses(nll, kl, beta=1.0, floor=0.0):
    return tf.reduce_mean(nll) + beta * tf.reduce_sum(tf.maximum(tf.reduce_mean(kl, axis=0), floor))


WRITTEN = {
    "7.1 the noise that was given is not used": lambda mean, log_var, noise: (
        mean + tf.exp(0.5 * log_var) * tf.random.normal(tf.shape(mean))
    ),
    "7.1 the variance is taken for the spread": lambda mean, log_var, noise: (
        np.asarray(mean) + np.exp(log_var) * noise
    ),
    "7.2 the prior is always N(0, 1)": lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: (
        -0.5 * (1 + q_log_var - tf.square(q_mean) - tf.exp(q_log_var))
    ),
    "7.2 summed over the latents": lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: np.sum(
        kl_in_numpy(*map(np.asarray, (q_mean, q_log_var, p_mean, p_log_var))), axis=1
    ),
    "7.3 the pixels are averaged": elbo_of_keras_losses,
    "7.3 there is one floor for all latents together": lambda nll, kl, beta=1.0, floor=0.0: (
        np.sum(nll) / len(nll) + beta * max(np.sum(kl) / len(kl), floor)
    ),
    "7.6 the variances are added": lambda m1, v1, m2, v2: (
        product_of_gaussians(m1, v1, m2, v2)[0],
        tf.math.log(tf.exp(v1) + tf.exp(v2)),
    ),
    "7.7 the errors of all pictures are pooled": lambda clean, restored, data_range: (
        20 * np.log10(data_range) - 10 * np.log10(np.mean((np.float32(clean) - restored) ** 2))
    ),
    "7.7 the bytes wrapped around": lambda clean, restored, data_range: (
        10 * np.log10(data_range**2 / ((clean - restored) ** 2).mean((1, 2, 3)))
    ),
    "7.4 Dense makes another count of numbers than Reshape takes": draft_decoder,
    "7.4 the image does not grow": draft_decoder_with_enough_numbers,
    "7.4 it ends in 7 x 7 pixels": draft_decoder_of_its_size,
    "7.4 it makes new layers at each call": lambda latent_dim=16, width=32, image_size=28, channels=1: (
        lambda z: draft_decoder_with_enough_numbers(latent_dim, width, image_size, channels)(z)
    ),
    "7.5 right shape, wrong pixels": half_size_with_misplaced_axes,
    "7.5 one pixel of four was kept, as resizing to the nearest does": lambda clean: (
        layers.UpSampling2D()(tf.image.resize(clean, [side // 2 for side in clean.shape[1:3]], "nearest")),
        clean,
    ),
    "7.8 the channels are averaged first": lambda samples: (
        tf.reduce_mean(samples, 0),
        tf.math.reduce_std(tf.reduce_mean(samples, -1), 0),
    ),
    "7.8 the roots of the channels are averaged": lambda samples: (
        ops.mean(samples, axis=0),
        ops.mean(ops.std(samples, axis=0), axis=-1),
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_as_people_write_them_are_named(name, capsys):
    key = name.split()[0]
    assert check(key, WRITTEN[name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✗ {name}: ")


TYPED = {
    "7.1": "lambda z_mean, z_log_var, noise: {}",
    "7.2": "lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: (lambda r: {})(q_log_var - p_log_var)",
    "7.8": "lambda samples: ({})",
}


@pytest.mark.parametrize("key", TYPED)
def test_the_last_hint_typed_in_is_a_right_answer(key, capsys):
    check(key, eval(TYPED[key].format(find(key).hints[-1]), {"ops": ops}))
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("7.1", lambda mean, log_var, noise: reparameterise(mean, log_var, noise)[0]): (
            "the result has the wrong shape: expected shape (1, 2), received shape (2,)"
        ),
        ("7.1", lambda mean, log_var, noise: reparameterise(mean, ops.stop_gradient(log_var), noise)): (
            "the gradient differs: for z_mean = [1, -1], z_log_var = [0, 2], noise = [0.5, -2]"
        ),
        ("7.2", lambda q_mean, q_log_var: losses.gaussian_kl(q_mean, q_log_var)): (
            "its arguments are (q_mean, q_log_var): it must take (q_mean, q_log_var, p_mean=0.0, p_log_var="
        ),
        ("7.3", lambda nll, kl, beta=1.0, floor=0.0: losses.negative_elbo(nll, kl, beta, floor) + 1): (
            "the loss differs: for nll = [[[1, 2], [3, 6]], [[0, 1], [-2, 5]]], kl = [[0.5, 1], [0.25, 3]]"
        ),
        ("7.6", lambda m1, v1, m2, v2: product_of_gaussians(m1, v1, m2, v2)[0]): (
            "the kind of result is off: expected a pair, received an EagerTensor"
        ),
        ("7.7", lambda clean, restored, data_range: psnr(clean, restored, data_range) + 1): (
            "the result differs: for clean = [[0.5, 0.5], [0.5, 0.5]], restored = [[0.6, 0.6], [0.51, 0.51]]"
        ),
        ("7.4", lambda *sizes: 3): "the kind of result is off: expected a Keras model, received an int",
        ("7.5", lambda clean: (*half_size_pair(clean), 1)): "expected a pair, received 3 results",
        ("7.5", lambda clean: (half_size_pair(clean)[0] / 2, clean)): "the degraded differs: for clean = ",
        ("7.8", lambda samples: (samples.mean(axis=0), samples.mean(axis=(0, -1)))): (
            "the spread differs: for samples = [[0.5, -1], [0.5, 1]] expected [0, 1], received [0.5, 0]"
        ),
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


def test_the_noise_lets_the_gradient_pass_to_mean_and_spread():
    inputs = [np.float32([[1, -1]]), np.float32([[0, np.log(9)]]), np.float32([[0.5, -2]])]
    value, (mean_slope, log_var_slope, _) = gradient(reparameterise, inputs)
    assert np.asarray(value) == pytest.approx(np.array([[1.5, -7]]))
    assert np.asarray(mean_slope).tolist() == [[1, 1]]
    assert np.asarray(log_var_slope) == pytest.approx(np.array([[0.25, -3]]))  # sigma * noise / 2


def test_averaging_the_pixels_is_a_beta_as_large_as_their_number():
    generator = np.random.default_rng(0)
    nll = generator.normal(size=(4, 28, 28, 1)).astype("float32")
    kl = generator.gamma(1, size=(4, 16)).astype("float32")
    averaged = find("7.3").mistakes["the pixels are averaged"].wrong
    expected = losses.negative_elbo(nll, kl, beta=784.0)
    assert 784 * float(averaged(nll, kl)) == pytest.approx(float(expected), rel=1e-4)
    assert 784 * float(losses.negative_elbo(nll, kl)) != pytest.approx(float(expected), rel=0.1)


def test_the_slopes_stay_when_the_free_nats_are_subtracted():
    nll, kl = np.ones((2, 2, 2, 1), "float32"), np.array([[0.5, 1.0], [0.1, 3.0]], "float32")
    subtracted = find("7.3").mistakes["the free nats are subtracted"].wrong
    price, right = (
        gradient(lambda nll, kl, elbo=elbo: elbo(nll, kl, 1.0, 0.5), [nll, kl])
        for elbo in (subtracted, losses.negative_elbo)
    )
    assert float(right[0]) - float(price[0]) == pytest.approx(2 * 0.5)
    for mine, theirs in zip(price[1], right[1], strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_product_of_two_densities_is_a_gaussian_with_that_mean_and_variance():
    def density(mean, log_var):
        return norm(mean, np.exp(log_var / 2)).pdf(grid)

    def told(function):
        return [float(number) for number in function(*np.float64(gaussians))]

    grid = np.linspace(-30, 30, 60_001)
    for gaussians in [(0.0, 0.0, 2.0, 0.0), (1.0, -1.5, 4.0, 0.7), (-2.0, 2.0, 3.0, -3.0)]:
        product = density(*gaussians[:2]) * density(*gaussians[2:])
        product /= product.sum()
        mean = (product * grid).sum()
        expected = pytest.approx([mean, np.log((product * (grid - mean) ** 2).sum())], abs=1e-5)
        assert told(product_of_gaussians) == expected
    for mistake in find("7.6").mistakes.values():  # planted: each is another Gaussian than the last one
        assert told(mistake.wrong) != expected


def test_a_clear_picture_outvotes_the_prior_and_a_dark_one_leaves_it():
    clear = product_of_gaussians(0.0, 0.0, 3.0, -10.0)
    assert [float(x) for x in clear] == pytest.approx([3, -10], abs=1e-3)
    dark = product_of_gaussians(0.0, 0.0, 3.0, 10.0)
    assert [float(x) for x in dark] == pytest.approx([0, 0], abs=1e-3)


def test_both_weights_hold_where_exp_would_not():
    mean, log_var = product_of_gaussians(np.float32(1), np.float32(-200), np.float32(3), np.float32(-200))
    assert (float(mean), float(log_var)) == pytest.approx((2, -200 - np.log(2)), rel=1e-5)


def test_the_range_is_worth_the_decibels_that_the_text_names():
    clean, restored = pictures(2, 0.5, 0.25), pictures(2, 0.6, 0.2)
    wrong = find("7.7").mistakes["the range is taken for 255"].wrong
    more = wrong(clean, restored, 2) - psnr(clean, restored, 2)
    assert more == pytest.approx([42, 42], abs=0.2)
    dark, bright = pictures(255, 0.2), pictures(255, 0.4)
    assert (dark - bright).ravel().tolist() == [205, 205] and dark.max() == 51 and bright.max() == 102


def test_the_half_size_pair_is_what_pillow_makes_of_whole_blocks():
    from PIL import Image

    clean = np.random.default_rng(1).uniform(-1, 1, (3, 6, 10, 1)).astype("float32")
    degraded, target = half_size_pair(clean)
    assert target is clean and degraded.dtype == clean.dtype
    for picture, mine in zip(clean[..., 0], degraded[..., 0], strict=True):
        small = Image.fromarray(picture).resize((5, 3), Image.Resampling.BOX)
        assert np.allclose(small.resize((10, 6), Image.Resampling.NEAREST), mine, atol=1e-6)
        one_more = small.resize((10, 6), Image.Resampling.BILINEAR)  # planted
        assert not np.allclose(one_more, mine, atol=1e-2)


def test_a_repaired_decoder_draws_what_the_draft_cannot(capsys):
    check("7.4", draft_decoder)
    assert "Dense(small * small * 2 * width)" in capsys.readouterr().out
    check("7.4", lambda latent_dim=16, width=32, image_size=28, channels=1: keras.Sequential(
        [layers.Dense(64), layers.Reshape((7, 7, 64))]
    ))  # fmt: skip
    assert capsys.readouterr().out.startswith(
        "✗ 7.4 Dense makes another count of numbers than Reshape takes: "
    )
