"""Half the bits change the losses little, and nothing where they would show; XLA changes nothing."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from utils.losses import discriminator_loss
from utils.training.budget import LESSONS
from utils.training.callbacks import StopOnNaN
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.fit import train
from utils.training.gan import build_gan
from utils.training.penalties import r1_penalty
from utils.training.points_gan import build_point_gan, cured_method
from utils.training.precision import compute_in_bfloat16, gpus_like_bfloat16, heads, networks_of
from utils.training.restorer import build_restorer
from utils.training.state import steps_done
from utils.training.text_gan import build_text_gan
from utils.training.vae import build_vae

SMOKE = {lesson[:2]: budgets["smoke"] for lesson, budgets in LESSONS.items()}
STEPS, COUNT = 3, 4
PICTURES = np.random.default_rng(0).uniform(-0.9, 0.9, (COUNT, 32, 32, 3)).astype("float32")
SMALL = PICTURES[:, :28, :28, :1]
TOKENS = np.random.default_rng(0).integers(1, 12, (COUNT, 5)).astype("int32")


@pytest.fixture(scope="module", autouse=True)
def no_chance():
    """XLA draws other numbers; here each draw of a VAE is a half."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.random, "normal", lambda shape, seed: 0.5 * tf.ones(shape))
        yield


def build(name):
    """A model with its first weights, and a batch; latents are given."""
    keras.utils.set_random_seed(0)
    if name == "VAE":
        return build_vae(SMOKE["07"].vae), SMALL
    if name == "first guess":
        return build_first_guess(SMOKE["07"].restorer), (0.9 * PICTURES, PICTURES)
    if name == "restorer":
        budget = SMOKE["07"].restorer
        guess = finish_first_guess(build_first_guess(budget), budget)
        return build_restorer(budget, guess), (0.9 * PICTURES, PICTURES)
    model, batch = {
        "GAN": lambda: (build_gan(SMOKE["02"]), SMALL),
        "text GAN": lambda: (build_text_gan(SMOKE["04"], 12, 5), (PICTURES, TOKENS)),
        "points": lambda: (build_point_gan(cured_method(), 100, width=8), PICTURES[:, 0, :2, 0]),
    }[name]()
    latents = tf.random.normal((COUNT, model.latent_dim))
    model.draw_latents, model.caption_dropout = lambda count: latents, 0.0
    return model, batch


def losses(name, change=lambda model: None):
    """What a few steps cost, after a change of the model."""
    model, batch = build(name)
    change(model)
    history = train(model, tf.data.Dataset.from_tensors(batch).repeat(), STEPS, record_every=1)
    assert history.pop("step") == [1, 2, 3]
    return np.array(list(history.values()))


def with_xla(model):
    model.jit_compile = True


@pytest.fixture(scope="module")
def in_float32():
    """The losses of each model as it is, trained once."""
    known = {}
    return lambda name: known[name] if name in known else known.setdefault(name, losses(name))


def in_half(name):
    model, _ = build(name)
    return model, compute_in_bfloat16(model)


def computing_in_half(network):
    return [layer for layer in network.layers if layer.compute_dtype == "bfloat16"]


def answers(network):
    """What a network says to noise, each output by itself."""
    given = [
        tf.zeros((2, *one.shape[1:]), one.dtype)
        if one.dtype == "int32"
        else tf.random.stateless_uniform((2, *(side or 8 for side in one.shape[1:])), (1, 2), -1, 1)
        for one in network.inputs
    ]
    given = given if isinstance(getattr(network, "_inputs_struct", None), list) else given[0]
    return tf.nest.flatten(network(given))


@pytest.mark.parametrize("name", ["GAN", "text GAN", "VAE", "first guess"])
def test_networks_compute_in_half_and_speak_in_float32(name):
    model, count = in_half(name)
    found = {id(layer) for network in networks_of(model) for layer in computing_in_half(network)}
    assert 0 < count == len(found)
    for network in networks_of(model):
        assert {answer.dtype for answer in answers(network)} == {tf.float32}, network.name
    assert {weight.dtype for weight in model.weights} <= {"float32", "uint32"}
    assert compute_in_bfloat16(model) == count and len(model.weights) == len(build(name)[0].weights)


@pytest.mark.parametrize("name", ["GAN", "text GAN"])
def test_the_averaged_generator_and_the_reader_of_captions_are_left_alone(name):
    model, _ = in_half(name)
    assert computing_in_half(model.generator) and computing_in_half(model.discriminator)
    assert not computing_in_half(model.ema_generator)
    if name == "text GAN":
        assert not computing_in_half(model.text_encoder)


def test_networks_without_pictures_are_left_alone():
    model, count = in_half("points")
    assert count == 0 and not computing_in_half(model.generator)


def test_a_last_layer_in_half_would_leave_eight_bits_of_a_picture():
    model, _ = in_half("GAN")
    latents = tf.random.stateless_normal((50, model.latent_dim), (1, 2))

    def draw():
        return np.asarray(model.generator(latents, training=True), "float32")

    def in_eight_bits(images):
        return np.array_equal(images, tf.cast(tf.cast(images, tf.bfloat16), tf.float32))

    right = draw()
    assert not in_eight_bits(right)
    for layer in model.generator.layers:
        layer.dtype_policy = keras.DTypePolicy("mixed_bfloat16")  # planted
    assert in_eight_bits(draw()) and len(np.unique(draw())) < len(np.unique(right)) / 5


def test_losses_penalties_and_kl_are_float32():
    gan, _ = in_half("GAN")
    logits = gan.discriminator(SMALL)
    assert discriminator_loss(logits, logits).dtype == tf.float32
    assert r1_penalty(gan.discriminator, SMALL).dtype == tf.float32
    vae, _ = in_half("VAE")
    restorer, pictures = build("restorer")
    assert compute_in_bfloat16(restorer) > 0 and {one.compute_dtype for one in heads(restorer)} == {"float32"}
    restore = tf.function(restorer.costs)  # as in a training
    for nll, kl in (vae.costs(SMALL, training=True), restore(*pictures, training=True)):
        assert nll.dtype == kl.dtype == tf.float32


@pytest.mark.parametrize("name", ["GAN", "VAE"])
def test_a_few_steps_in_half_cost_nearly_the_same(in_float32, name):
    whole, half = in_float32(name), losses(name, compute_in_bfloat16)
    assert half == pytest.approx(whole, rel=0.05)
    assert not np.array_equal(half, whole)  # planted: nothing was changed


@pytest.mark.parametrize("name", ["GAN", "VAE", "points"])
def test_xla_trains_the_same(in_float32, name):
    assert losses(name, with_xla) == pytest.approx(in_float32(name), rel=1e-4)


@pytest.mark.parametrize(
    ("capabilities", "like"),
    [
        ([], False),
        ([(7, 5)], False),
        ([(8, 0)], True),
        ([(9, 0), (8, 9)], True),
        ([(8, 0), (7, 5)], False),
        ([None], False),  # a driver that does not tell
    ],
)
def test_only_gpus_with_tensor_cores_for_it_like_bfloat16(monkeypatch, capabilities, like):
    details = [{"compute_capability": one} if one else {} for one in capabilities]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(range(len(details))))
    monkeypatch.setattr(tf.config.experimental, "get_device_details", details.__getitem__)
    assert gpus_like_bfloat16() is like


@pytest.mark.parametrize("like", [True, False])
def test_train_computes_in_half_where_gpus_like_it(monkeypatch, like):
    monkeypatch.setattr("utils.training.fit.gpus_like_bfloat16", lambda: like)
    model, batch = build("GAN")
    train(model, tf.data.Dataset.from_tensors(batch).repeat(), 0)
    assert bool(computing_in_half(model.discriminator)) is like


class Growing(keras.Model):
    """A game whose pictures get brighter, until the sum of their pixels is above what float16 can hold."""

    def __init__(self):
        super().__init__()
        ones = {"use_bias": False, "kernel_initializer": "ones"}
        self.generator = keras.Sequential([keras.Input((1,)), layers.Dense(300, **ones)])
        self.discriminator = keras.Sequential([keras.Input((300,)), layers.Dense(1, **ones)])
        self.g_optimizer, self.d_optimizer = (keras.optimizers.SGD(1e-4) for _ in range(2))
        self.built = True
        self.compile()

    def train_step(self, brightness):
        for network, optimizer in (
            (self.discriminator, self.d_optimizer),
            (self.generator, self.g_optimizer),
        ):
            with tf.GradientTape() as tape:
                scores = self.discriminator(self.generator(brightness))
                loss = tf.reduce_mean(tf.nn.softplus(-scores))
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        return {"loss": loss, "score": tf.reduce_mean(scores)}


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float32"])
def test_float16_ends_where_the_others_go_on(policy, capsys):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = Growing()
        brightness = np.float32([1, 10, 100, 200, 250, 300, 300, 300])[:, None, None]  # times 300 pixels
        bright = tf.data.Dataset.from_tensor_slices(brightness)
        train(model, bright, 8, callbacks=[StopOnNaN(every=1)])
    finally:
        keras.config.set_dtype_policy(before)
    out = capsys.readouterr().out
    assert all(np.isfinite(weight).all() for weight in model.get_weights())
    if policy == "mixed_float16":
        assert "float16 ends at 65504" in out and "score is inf" in out
        assert steps_done(model) == 4  # 200 * 300 is below
    else:
        assert out == "" and steps_done(model) == 8
