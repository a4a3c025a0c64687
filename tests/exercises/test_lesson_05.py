"""Other right answers to the exercises of lesson 05 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils.data.chimes import spectrogram
from utils.exercises import check, find
from utils.exercises.lesson_05.answers import agreement
from utils.losses import matching_loss
from utils.metrics.agreement import modality_agreement, pairwise_agreement
from utils.models.stacked import stage_two_input
from utils.models.words import straight_through


def size_by_counting(samples, frame, hop, sample_rate):
    frames = sum(1 for start in range(0, samples, hop) if start + frame <= samples)
    return [frames, len(range(0, frame + 1, 2)), hop / sample_rate, sample_rate / frame]


def size_in_numpy(samples, frame, hop, sample_rate):
    frames = np.maximum(0, np.floor_divide(samples - frame, hop) + 1)
    return np.array([frames, frame / 2 + 1, hop / sample_rate, sample_rate / frame])


def choice_by_stop_gradient(logits, noise, temperature):
    soft = tf.nn.softmax((logits + noise) / temperature)
    hard = tf.one_hot(tf.argmax(logits + noise, axis=-1), tf.shape(logits)[-1])
    return soft + tf.stop_gradient(hard - soft)


def choice_by_maximum(logits, noise, temperature):
    soft = ops.softmax((logits + noise) / temperature, axis=-1)
    hard = ops.cast(ops.equal(soft, ops.max(soft, axis=-1, keepdims=True)), soft.dtype)
    return hard - ops.stop_gradient(soft) + soft


@tf.custom_gradient
def choice_with_its_own_slope(logits, noise, temperature):
    soft = tf.nn.softmax((logits + noise) / temperature)

    def slope(upstream):
        inner = soft * (upstream - tf.reduce_sum(upstream * soft, axis=-1, keepdims=True)) / temperature
        return inner, inner, tf.reduce_sum(-inner * (logits + noise) / temperature)

    return tf.one_hot(tf.argmax(soft, axis=-1), tf.shape(soft)[-1]), slope


def matching_with_cross_entropy(first, second):
    table = ops.matmul(first, ops.transpose(second)) / ops.sqrt(ops.cast(ops.shape(first)[-1], "float32"))
    own = ops.arange(ops.shape(table)[0])
    price = [
        keras.losses.sparse_categorical_crossentropy(own, scores, from_logits=True)
        for scores in (table, ops.transpose(table))
    ]
    return ops.mean(ops.stack(price))


def matching_in_tensorflow(first, second):
    table = tf.einsum("id,jd->ij", first, second) / np.sqrt(first.shape[-1])
    gaps = [tf.reduce_logsumexp(table, axis=axis) - tf.linalg.diag_part(table) for axis in (0, 1)]
    return 0.5 * tf.reduce_mean(gaps[0]) + 0.5 * tf.reduce_mean(gaps[1])


def stages_by_repeat(coarse, captions):
    height, width = coarse.shape[1:3]
    planes = ops.repeat(ops.repeat(captions[:, None, None, :], height, axis=1), width, axis=2)
    return ops.concatenate([coarse, planes], axis=-1)


def stages_by_upsampling(coarse, captions):
    planes = layers.UpSampling2D(coarse.shape[1:3])(captions[:, None, None, :])
    return layers.Concatenate(axis=3)([coarse, planes])


RIGHT = {
    "5.1": {"counting": size_by_counting},
    "5.2": {
        "a loop": lambda picture, words, sound: (
            sum(tuple(p) == tuple(w) == tuple(s) for p, w, s in zip(picture, words, sound, strict=True))
            / len(picture)
        ),
        "nothing differs": lambda picture, words, sound: (
            1 - np.mean(np.any((picture != words) | (words != sound), axis=1))
        ),
        "a product": lambda picture, words, sound: np.mean(
            np.prod((picture == words) * (words == sound), axis=1)
        ),
    },
    "5.3": {"two repeats": stages_by_repeat, "up-sampling": stages_by_upsampling},
    "5.4": {
        "stop_gradient around the difference": choice_by_stop_gradient,
        "the largest of each row": choice_by_maximum,
    },
    "5.5": {"cross-entropy": matching_with_cross_entropy, "tensorflow": matching_in_tensorflow},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


@pytest.mark.parametrize(
    ("key", "attempt"),
    [("5.1", size_in_numpy), ("5.4", choice_with_its_own_slope)],
    ids=["numpy", "a slope of its own"],
)
def test_less_usual_right_answers_pass_too(key, attempt, capsys):
    check(key, attempt)
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


KEYS = ("5.1", "5.2", "5.3", "5.4", "5.5")


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in KEYS for name in find(key).mistakes])
def test_every_named_mistake_is_told_by_its_name(key, name, capsys):
    for _ in range(2):  # fresh inputs each time
        check(key, find(key).mistakes[name].wrong)
        assert capsys.readouterr().out.startswith(f"✗ {key} {name}: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("5.1", lambda samples, frame, hop, sample_rate: samples): "the result has the wrong shape: ",
        ("5.2", lambda picture, words, sound: picture == words): "the result has the wrong ",
        ("5.3", lambda coarse, captions: stage_two_input(2 * coarse, captions)): "the result differs: ",
        ("5.4", lambda logits, noise, temperature: 2 * straight_through(logits, noise, temperature)): (
            "the result differs: for logits = [[1, 0, 2], [0, 3, 1]], noise = "
        ),
        ("5.5", lambda first, second: matching_loss(first, second) + 1): "the loss differs: for first = ",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


def test_the_size_is_that_of_the_transform():
    waves = np.zeros((1, spectrogram.SAMPLES), np.float32)
    size = spectrogram.spectrogram_size(spectrogram.SAMPLES, spectrogram.FRAME, spectrogram.HOP, 16_000)
    assert spectrogram.stft(waves).shape[1:] == size[:2] == (48, 257)
    assert size == (48, 257, 0.008, 31.25)
    for samples, frame, hop, rate in ((5_000, 400, 100, 8_000), (44_100, 1_024, 300, 44_100)):
        seconds, hertz = spectrogram.spectrogram_size(samples, frame, hop, rate)[2:]
        assert hertz * frame / rate == pytest.approx(1) and seconds == hop / rate


def test_half_of_the_pairs_and_a_quarter_of_the_triples():
    picture, words, sound = (np.array(rows)[:, None] for rows in ([0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]))
    assert agreement(picture, words, sound) == 0.25
    pairs = [np.mean(a == b) for a, b in ((picture, words), (picture, sound), (words, sound))]
    assert pairs == [0.5, 0.5, 0.5]


def test_a_third_of_the_pairs_and_none_of_the_triples():
    picture, words, sound = (np.array(rows)[:, None] for rows in ([0, 0, 0], [0, 1, 1], [1, 0, 1]))
    assert agreement(picture, words, sound) == 0
    pairs = [np.mean(a == b) for a, b in ((picture, words), (picture, sound), (words, sound))]
    assert pairs == pytest.approx([1 / 3] * 3)


def test_agreement_is_what_the_library_counts_by_name():
    rng = np.random.default_rng(0)
    names = ("kind", "colour", "pattern")
    tables = [rng.integers(0, 2, (300, 3)).astype(str) for _ in range(3)]
    readings = {
        modality: dict(zip(names, table.T, strict=True))
        for modality, table in zip(("picture", "words", "sound"), tables, strict=True)
    }
    assert agreement(*tables) == pytest.approx(modality_agreement(readings)["all"])
    assert agreement(*tables) < np.mean(list(pairwise_agreement(readings).values()))


def test_undecided_costs_log_batch():
    zeros = np.zeros((64, 5), np.float32)
    assert float(matching_loss(zeros, zeros)) == pytest.approx(np.log(64), abs=1e-5)
    sure = 100 * np.eye(6, dtype=np.float32)
    assert float(matching_loss(sure, sure)) < 1e-6 < float(matching_loss(sure, sure[::-1]))
