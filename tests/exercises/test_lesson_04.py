"""Other right answers to the exercises of lesson 04 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils import losses
from utils.data.captions import COLOURS, KINDS, PATTERNS, write_caption
from utils.data.vocabulary import learn_vocabulary, tokens_of, vocabulary_of
from utils.exercises import check, find
from utils.exercises.lesson_04.answers import joint_accuracy, most_confused, vectorise
from utils.exercises.lesson_04.dropout import LENGTH, RIGHT_SHARE, what_happened
from utils.metrics.conditioning import attribute_accuracy, confusion
from utils.models.blocks import caption_planes, film, projection_logits

cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


def vectorise_step_by_step(caption, vocabulary, length):
    tokens = np.zeros(length, np.int32)
    for place, word in enumerate(caption.lower().split()):
        if place < length:
            tokens[place] = vocabulary.get(word, 1)
    return tokens, tokens > 0


def vectorise_in_tensorflow(caption, vocabulary, length):
    words = tf.strings.split(tf.strings.lower(caption))[:length]
    tokens = tf.constant([vocabulary.get(word.decode(), 1) for word in words.numpy()], tf.int32)
    tokens = tf.pad(tokens, [[0, length - tf.size(tokens)]])
    return tokens, tokens != 0


def vectorise_with_keras(caption, vocabulary, length):
    words = " ".join(caption.lower().split()).split(" ") if caption.split() else []
    tokens = [[vocabulary.get(word, 1) for word in words]]
    (tokens,) = keras.utils.pad_sequences(tokens, length, padding="post", truncating="post")
    return tokens, tokens.astype(bool)


def planes_with_layers(caption_vectors, height, width):
    rows = layers.RepeatVector(height * width)(caption_vectors)  # whole vectors, one after the other: right
    return layers.Reshape((height, width, caption_vectors.shape[-1]))(rows)


def planes_by_two_repeats(caption_vectors, height, width):
    planes = ops.repeat(caption_vectors[:, None, None, :], height, axis=1)
    return ops.repeat(planes, width, axis=2)


def drop_by_product(tokens, rate):
    kept = tf.random.uniform((tf.shape(tokens)[0], 1)) > rate
    return tokens * tf.cast(kept, tokens.dtype)


def drop_with_keras(tokens, rate):
    dropped = keras.random.uniform((ops.shape(tokens)[0], 1)) < rate
    return ops.where(dropped, ops.zeros_like(tokens), tokens)


def drop_as_int64(tokens, rate):
    kept = keras.random.binomial((ops.shape(tokens)[0], 1), 1, 1 - rate)
    return ops.cast(tokens, "int64") * ops.cast(kept, "int64")


def confused_in_a_loop(matrix, names):
    best = (-1, None, None)
    for wanted, row in zip(names, matrix.tolist(), strict=True):
        for read, count in zip(names, row, strict=True):
            if wanted != read and sum(row):
                best = max(best, (count / sum(row), wanted, read))
    return best[1:]


def confused_by_ranking(matrix, names):
    with np.errstate(invalid="ignore"):
        shares = np.nan_to_num(matrix / matrix.sum(axis=1)[:, None])
    shares = shares - np.diag(np.diag(shares))
    place = np.argsort(shares.ravel())[-1]
    return [names[place // len(names)], names[place % len(names)]]


def score_of_each_pair(winner, loser):
    return -ops.log_sigmoid(winner - loser)


RIGHT = {
    "4.1": {
        "step by step": vectorise_step_by_step,
        "tensorflow": vectorise_in_tensorflow,
        "keras": vectorise_with_keras,
    },
    "4.2": {
        "expand_dims": lambda maps, scale, shift: (
            maps * (ops.expand_dims(scale, (1, 2)) + 1.0) + ops.expand_dims(shift, (1, 2))
        ),
        "two products": lambda maps, scale, shift: maps + maps * scale[:, None, None] + shift[:, None, None],
        "einsum": lambda maps, scale, shift: (
            ops.einsum("bhwc,bc->bhwc", maps, 1 + scale) + shift[:, None, None, :]
        ),
        "tensorflow": lambda maps, scale, shift: (
            tf.multiply(maps, 1 + scale[:, tf.newaxis, tf.newaxis]) + shift[:, tf.newaxis, tf.newaxis]
        ),
    },
    "4.3": {
        "layers": planes_with_layers,
        "two repeats": planes_by_two_repeats,
        "a product with ones": lambda vectors, height, width: (
            vectors[:, None, None, :] * ops.ones((1, height, width, 1))
        ),
        "up-sampling": lambda vectors, height, width: layers.UpSampling2D((height, width))(
            vectors[:, None, None, :]
        ),
    },
    "4.4": {
        "einsum": lambda features, unconditional, vectors: (
            unconditional + ops.einsum("bd,bd->b", features, vectors)[:, None]
        ),
        "a layer": lambda features, unconditional, vectors: (
            layers.Dot(axes=1)([features, vectors]) + unconditional
        ),
        "axis -1": lambda features, unconditional, vectors: (
            ops.sum(vectors * features, -1, keepdims=True) + unconditional
        ),
    },
    "4.5": {
        "log_sigmoid": lambda real, fake, wrong: ops.mean(
            score_of_each_pair(real, fake) + score_of_each_pair(real, wrong)
        ),
        "keras loss": lambda real, fake, wrong: sum(
            cross_entropy(ops.ones_like(real), real - rival) for rival in (fake, wrong)
        ),
        "both in one batch": lambda real, fake, wrong: (
            2 * losses.relativistic_loss(ops.concatenate([real, real]), ops.concatenate([fake, wrong]))
        ),
        "tensorflow": lambda real, fake, wrong: tf.reduce_mean(
            tf.nn.softplus(fake - real) + tf.nn.softplus(wrong - real)
        ),
    },
    "4.6": {
        "a product": drop_by_product,
        "keras": drop_with_keras,
        "int64": drop_as_int64,
    },
    "4.7": {
        "methods": lambda right: right.all(axis=1).mean(),
        "a loop": lambda right: sum(all(row) for row in right) / len(right),
        "a product within each picture": lambda right: np.mean(np.prod(right, axis=1)),
        "nothing wrong": lambda right: 1 - (~right).any(axis=-1).mean(),
        "keras.ops": lambda right: ops.mean(ops.all(right, axis=1)),
        "tensorflow": lambda right: tf.reduce_mean(tf.cast(tf.reduce_all(right, 1), tf.float32)),
    },
    "4.8": {"a loop": confused_in_a_loop, "a ranking, as a list": confused_by_ranking},
}
NOT_FOR_TRAINING = {
    "4.2": {"numpy": lambda maps, scale, shift: (
        np.einsum("bhwc,bc->bhwc", maps, 1 + scale) + np.expand_dims(shift, (1, 2))
    )},
    "4.3": {
        "numpy": lambda vectors, height, width: (
            np.tile(np.expand_dims(vectors, (1, 2)), (1, height, width, 1))
        ),
        "tensorflow, which refuses Keras's placeholders": lambda vectors, height, width: (
            tf.tile(vectors[:, None, None, :], (1, height, width, 1))
        ),
        "a batch size that a model does not know": lambda vectors, height, width: ops.broadcast_to(
            vectors[:, None, None, :], (vectors.shape[0], height, width, vectors.shape[1])
        ),
    },
    "4.4": {
        "numpy": lambda features, unconditional, vectors: (
            unconditional + np.sum(np.multiply(features, vectors), axis=1, keepdims=True)
        ),
        "the diagonal of all pairs": lambda features, unconditional, vectors: (
            unconditional + np.diag(features @ np.transpose(vectors))[:, None]
        ),
    },
    "4.5": {"numpy": lambda real, fake, wrong: (
        np.logaddexp(0, fake - real).mean() + np.logaddexp(0, wrong - real).mean()
    )},
}  # fmt: skip


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key in NOT_FOR_TRAINING for name in NOT_FOR_TRAINING[key]]
)
def test_what_no_model_can_be_built_with_passes_and_the_lesson_goes_on_with_the_library(key, name, capsys):
    assert check(key, NOT_FOR_TRAINING[key][name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_what_comes_back_can_be_built_into_a_model():
    features, score, vectors = (keras.Input((width,)) for width in (5, 1, 5))
    for answer in [find("4.4").reference, *RIGHT["4.4"].values()]:
        assert answer(features, score, vectors).shape == (None, 1)
    for answer in [find("4.3").reference, *RIGHT["4.3"].values()]:
        assert answer(vectors, 2, 3).shape == (None, 2, 3, 5)
    with pytest.raises(ValueError, match="KerasTensor"):  # so one must not come back
        NOT_FOR_TRAINING["4.3"]["tensorflow, which refuses Keras's placeholders"](vectors, 2, 3)


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("4.1", lambda caption, vocabulary, length: [0] * length): (
            "the kind of result is off: expected a pair, received a list"
        ),
        ("4.1", lambda caption, vocabulary, length: ([2] * length, [True] * length)): (
            "the tokens differs: for caption = 'A red Mug', length = 5 expected [2, 3, 7, 0, 0], received"
        ),
        ("4.2", lambda maps, scale, shift: film(maps, scale, 2 * shift)): (
            "the result differs: for maps = [[1, 2], [3, 4]], scale = [[1, 0], [0, -1]], shift ="
        ),
        ("4.2", lambda maps, scale, shift: film(maps, ops.stop_gradient(scale), shift)): (
            "the gradient differs: for maps = "
        ),
        ("4.4", lambda features, unconditional, vectors: features): "the result has the wrong shape: ",
        ("4.5", lambda real, fake, wrong: losses.matching_aware_loss(real, fake, wrong) + 1): (
            "the loss differs: for real_logits = [2, 0, -1], fake_logits = "
        ),
        ("4.6", lambda tokens, rate: tokens[:, :3]): (
            "expected whole numbers of shape (64, 64), received whole numbers of shape (64, 3)"
        ),
        ("4.6", lambda tokens, rate: tokens): "received none of the captions padded",
        ("4.7", lambda right: np.all(right, axis=1)): "the result has the wrong shape: expected one number",
        ("4.8", lambda matrix, names: names[0]): "expected a pair, received a str",
        ("4.8", lambda matrix, names: (names[2], names[0])): (
            "the pair is off: expected blue read as green, received green read as red"
        ),
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


def test_the_keras_example_that_mixes_the_captions_up_is_named(capsys):
    def planes(caption_vectors, height, width):
        planes = tf.repeat(caption_vectors, repeats=[height * width])
        return tf.reshape(planes, (-1, height, width, caption_vectors.shape[-1]))

    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    right, wrong = (function(vectors, 2, 4) for function in (caption_planes, planes))
    assert right.shape == wrong.shape
    assert np.array_equal(right, np.broadcast_to(vectors[:, None, None, :], right.shape))
    assert not np.array_equal(wrong, right)
    check("4.3", planes)
    assert capsys.readouterr().out.startswith("✗ 4.3 right shape, wrong pixels: ")


def test_a_forgotten_axis_raises_no_error_and_is_named(capsys):
    def forgetful(maps, scale, shift):
        return tf.add(tf.multiply(maps, 1 + scale), shift)

    cube = np.ones((3, 3, 3, 3), np.float32), np.ones((3, 3), np.float32), np.ones((3, 3), np.float32)
    assert forgetful(*cube).shape == film(*cube).shape
    check("4.2", forgetful)
    assert capsys.readouterr().out.startswith("✗ 4.2 the numbers go along the width: ")


def test_scales_and_caption_vectors_of_zero_ask_nothing():
    numbers = np.random.default_rng(0).normal(size=(4, 3, 2, 5)).astype(np.float32)
    zeros = np.zeros((4, 5), np.float32)
    assert np.array_equal(film(numbers, zeros, zeros), numbers)
    assert np.array_equal(
        projection_logits(numbers[:, 0, 0], numbers[:, 1, 1, :1], zeros), numbers[:, 1, 1, :1]
    )


def test_undecided_costs_log_four_and_only_a_reader_wins_both_duels():
    zeros = np.zeros((5, 1), np.float32)
    assert float(losses.matching_aware_loss(zeros, zeros, zeros)) == pytest.approx(np.log(4), abs=1e-6)
    same_picture = zeros + 20  # with another caption
    blind = losses.matching_aware_loss(zeros + 20, zeros - 20, same_picture)
    reads = losses.matching_aware_loss(zeros + 20, zeros - 20, zeros - 20)
    assert float(blind) == pytest.approx(np.log(2), abs=1e-6) and float(reads) < 1e-6


def test_vectorise_agrees_with_the_tokeniser_of_the_library():
    looks = [
        (kind, colour, "striped", KINDS[kind][0], "white") for kind in KINDS for colour in ("red", "blue")
    ]
    captions = [write_caption(*look, phrasing=i % 6).replace(",", "") for i, look in enumerate(looks)]
    vectorizer = learn_vocabulary(captions, length=10)
    vocabulary = {word: token for token, word in enumerate(vocabulary_of(vectorizer)) if token > 1}
    tried = [*captions, "a Turquoise MUG", "", "  a   mug "]
    pairs = [vectorise(caption, vocabulary, 10) for caption in tried]
    expected = tokens_of(vectorizer, tried)
    assert np.array_equal([tokens for tokens, _ in pairs], expected)
    assert np.array_equal([mask for _, mask in pairs], expected != 0)
    wrong = find("4.1").mistakes["unknown words become padding"].wrong
    assert not np.array_equal([wrong(caption, vocabulary, 10)[0] for caption in tried], expected)


def batch_of_tokens(generator, size):
    return find("4.6").draw(generator, size)


@pytest.mark.parametrize("size", [LENGTH, 1000])
def test_chance_never_makes_a_right_share_look_wrong(size):
    generator = np.random.default_rng(size)
    tokens, rate = batch_of_tokens(generator, size)
    for _ in range(300):
        kept = generator.random((size, 1)) >= rate
        assert what_happened(tokens, np.where(kept, tokens, 0), rate) == RIGHT_SHARE
    kept = generator.random((1000, 1)) >= 0.4  # and a wrong rate does look wrong
    tokens, rate = batch_of_tokens(generator, 1000)
    assert what_happened(tokens, np.where(kept, tokens, 0), rate) == "more captions padded than the rate says"


def test_three_attributes_at_ninety_percent_are_right_together_in_seventy_to_ninety():
    apart = np.ones((100, 3), bool)
    for attribute in range(3):
        apart[10 * attribute : 10 * attribute + 10, attribute] = False
    together = np.arange(100)[:, None] >= np.array([10, 10, 10])
    assert apart.mean(axis=0).tolist() == together.mean(axis=0).tolist() == [0.9] * 3
    assert (joint_accuracy(apart), joint_accuracy(together)) == (0.7, 0.9)


def test_joint_accuracy_is_what_the_library_calls_all():
    generator = np.random.default_rng(5)
    words = {"kind": list(KINDS), "colour": list(COLOURS), "pattern": list(PATTERNS)}
    wanted = {name: generator.choice(values, 200) for name, values in words.items()}
    read = {
        name: np.where(generator.random(200) < 0.8, wanted[name], generator.choice(values, 200))
        for name, values in words.items()
    }
    right = np.stack([read[name] == wanted[name] for name in words], axis=1)
    scores = attribute_accuracy(read, wanted)
    assert joint_accuracy(right) == pytest.approx(scores["all"])
    assert right.mean() != pytest.approx(scores["all"])


def test_the_most_confused_pair_of_a_judge_that_takes_pink_for_red():
    wanted = np.array(["red"] * 50 + ["pink"] * 10 + ["blue"] * 40)
    read = np.where(np.arange(100) % 10 == 0, "blue", wanted)
    read[50:54] = "red"
    names = ("blue", "pink", "red", "green")  # green was never wanted
    assert most_confused(confusion(read, wanted, names), names) == ("pink", "red")
