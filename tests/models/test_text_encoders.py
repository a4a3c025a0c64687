"""Captions become vectors: padding never counts, no words break nothing, order counts for two of three."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils.models import text_encoders
from utils.models.text_encoders import TEXT_ENCODERS, build_text_encoder, check_tokens, masked_mean

KINDS = list(TEXT_ENCODERS)
THREE_WORDS = np.array([[5, 2, 7], [1, 9, 3]], np.int32)
EMPTY = np.zeros((2, 8), np.int32)


def read(encoder, tokens):
    """Return the caption vectors as numpy."""
    return np.asarray(encoder(ops.convert_to_tensor(tokens)))


def check_padding_does_not_count(kind, width=16):
    """Fail unless three words and five paddings give the vector of the same three words without any."""
    keras.utils.set_random_seed(0)
    long, short = build_text_encoder(kind, 10, 8, width), build_text_encoder(kind, 10, 3, width)
    for to, of in zip(short.weights, long.weights, strict=True):
        to.assign(of if to.shape == of.shape else of[:3])  # attention learns one position per place
    padded = np.pad(THREE_WORDS, ((0, 0), (0, 5)))
    np.testing.assert_allclose(read(long, padded), read(short, THREE_WORDS), atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_padding_does_not_count(kind):
    check_padding_does_not_count(kind)


def unmasked_attention(of=layers.MultiHeadAttention, **settings):
    """Return attention in which words look at padding too."""
    attention = of(**settings)
    return lambda query, value, attention_mask: attention(query, value)


@pytest.mark.parametrize(
    ("kind", "owner", "name", "planted"),
    [
        ("lstm", layers, "Embedding", lambda *sizes, mask_zero, of=layers.Embedding: of(*sizes)),
        ("bag of words", text_encoders, "masked_mean", lambda vectors, tokens: ops.mean(vectors, axis=1)),
        ("attention", text_encoders, "masked_mean", lambda vectors, tokens: ops.mean(vectors, axis=1)),
        ("attention", layers, "MultiHeadAttention", unmasked_attention),
    ],
)
def test_an_encoder_without_its_mask_would_be_caught(monkeypatch, kind, owner, name, planted):
    monkeypatch.setattr(owner, name, planted)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        check_padding_does_not_count(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_ranges_and_every_legal_id(kind):
    encoder = build_text_encoder(kind, 10, 8, 16)
    assert encoder.input_shape == (None, 8) and encoder.output_shape == (None, 16)
    vectors = read(encoder, np.array([[9, 1, 2, 0, 0, 0, 0, 0]] * 3))
    assert vectors.shape == (3, 16) and vectors.dtype == np.float32
    assert (np.abs(vectors) < 1).all() or kind != "lstm"


@pytest.mark.parametrize("kind", KINDS)
def test_a_caption_without_words_is_harmless(kind):
    encoder = build_text_encoder(kind, 10, 8, 16)
    with tf.GradientTape() as tape:
        vectors = encoder(EMPTY)
        loss = tf.reduce_sum(vectors * tf.random.normal(vectors.shape))
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, encoder.trainable_variables)]
    assert np.isfinite(vectors).all() and all(np.isfinite(gradient).all() for gradient in gradients)
    assert not np.any(vectors)


def test_the_average_of_keras_breaks_on_a_caption_without_words():
    """The planted bug, and why masked_mean exists."""
    word_vectors = np.ones((2, 8, 4), np.float32)
    assert not np.any(masked_mean(word_vectors, EMPTY))
    average = layers.GlobalAveragePooling1D()(word_vectors, mask=ops.convert_to_tensor(EMPTY != 0))
    assert np.isnan(average).all()


def test_masked_mean_is_the_mean_of_the_words():
    word_vectors = np.random.default_rng(0).normal(size=(2, 4, 3)).astype(np.float32)
    tokens = np.array([[4, 1, 0, 0], [2, 2, 2, 2]], np.int32)
    expected = [word_vectors[0, :2].mean(axis=0), word_vectors[1].mean(axis=0)]
    np.testing.assert_allclose(masked_mean(word_vectors, tokens), expected, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_words_counts_except_in_a_bag(kind):
    keras.utils.set_random_seed(0)
    encoder = build_text_encoder(kind, 10, 4, 16)
    one, other = read(encoder, np.array([[5, 2, 7, 0], [7, 2, 5, 0]]))
    assert (np.abs(one - other).max() > 1e-2) == (kind != "bag of words")


@pytest.mark.parametrize("kind", KINDS)
def test_words_start_far_apart(kind):
    """Embeddings as Keras starts them would make all captions look nearly alike."""
    keras.utils.set_random_seed(0)
    encoder = build_text_encoder(kind, 80, 8, 64)
    captions = read(encoder, np.random.default_rng(0).integers(2, 80, (64, 8)))
    assert captions.std(axis=0).mean() > 0.1


@pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # Keras saves so on NumPy 2.4
@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_can_be_saved_and_cloned(kind, tmp_path):
    encoder = build_text_encoder(kind, 10, 3, 16)
    encoder.save(tmp_path / "encoder.keras")
    clone = keras.models.clone_model(encoder)
    clone.set_weights(encoder.get_weights())
    for again in (keras.models.load_model(tmp_path / "encoder.keras"), clone):
        np.testing.assert_allclose(read(again, THREE_WORDS), read(encoder, THREE_WORDS), atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_trains_inside_a_compiled_step(kind):
    encoder = build_text_encoder(kind, 10, 2, 4)

    @tf.function(jit_compile=True)
    def gradients():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(encoder(THREE_WORDS[:, :2]) ** 2)
        return [tf.convert_to_tensor(g) for g in tape.gradient(loss, encoder.trainable_variables)]

    assert all(np.isfinite(gradient).all() for gradient in gradients())


@pytest.mark.parametrize("kind", ["gru", "LSTM", None])
def test_another_kind_is_refused(kind):
    with pytest.raises(ValueError, match="'lstm', 'bag of words', 'attention'. Received: .*Most likely fix"):
        build_text_encoder(kind, 10, 8)


@pytest.mark.parametrize("wrong", [{"vocabulary_size": 0}, {"length": -1}, {"width": 2.5}, {"width": True}])
def test_sizes_that_cannot_be_built_are_refused(wrong):
    (name, size) = next(iter(wrong.items()))
    with pytest.raises(ValueError, match=f"The {name} of .*Received: {size}.*Most likely fix"):
        build_text_encoder("lstm", **({"vocabulary_size": 10, "length": 8} | wrong))


def test_attention_needs_an_even_width():
    with pytest.raises(ValueError, match="even width. Received: width=15. Most likely fix: width=16"):
        build_text_encoder("attention", 10, 8, 15)


@pytest.mark.parametrize(
    ("tokens", "received"),
    [
        (np.full((2, 8), 10), "ids from 10 to 10"),
        (np.full((2, 8), -1), "ids from -1 to -1"),
        (np.zeros((2, 7), int), r"int64, shape \(2, 7\)"),
        (np.zeros(8, int), r"int64, shape \(8,\)"),
        (np.zeros((2, 8)), r"float64, shape \(2, 8\)"),
        (["a red mug"], "<U9"),
    ],
)
def test_tokens_that_the_encoder_cannot_read_are_refused(tokens, received):
    with pytest.raises(ValueError, match=f"from 0 to 9, shape .count, 8.. Received: {received}.*Most likely"):
        check_tokens(tokens, 10, 8)


def test_tokens_that_it_can_read_pass_as_int32():
    tokens = check_tokens([[9, 1, 0]], 10, 3)
    assert tokens.dtype == np.int32 and tokens.tolist() == [[9, 1, 0]]
    assert check_tokens(np.zeros((0, 3), int), 10, 3).shape == (0, 3)
