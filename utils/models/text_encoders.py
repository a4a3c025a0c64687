"""Three encoders that turn the tokens of a caption into one vector; two of them see the order of words."""

import keras
import numpy as np
from keras import layers, ops

from utils.data.products import is_whole


def build_lstm_encoder(vocabulary_size, length, width=64):
    """Build the encoder that reads word after word and keeps what it read in one state.

    Shapes: tokens (batch, length), int32, 0 is padding -> caption_vectors (batch, width)
    Range:  (-1, 1); a caption without words gives zeros
    Source: Hochreiter and Schmidhuber 1997, Neural Computation 9(8)
    """
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    spread = keras.initializers.RandomNormal(stddev=1.0)  # the default, 0.05, starts with words nearly alike
    # mask_zero: a padded step leaves the state as it is.
    word_vectors = layers.Embedding(vocabulary_size, width, spread, mask_zero=True)(tokens)
    # Without cuDNN, which refuses a caption that is all padding; unrolled, as the length is known.
    caption_vectors = layers.LSTM(width, unroll=True, use_cudnn=False)(word_vectors)  # (batch, width)
    return keras.Model(tokens, caption_vectors, name="lstm_encoder")


def build_bag_of_words_encoder(vocabulary_size, length, width=64):
    """Build the encoder that averages the words: it knows which there are, not where they stand.

    Shapes: tokens (batch, length), int32, 0 is padding -> caption_vectors (batch, width)
    Range:  any real number; a caption without words gives the bias of the last layer
    Source: the mean of word vectors, as the CBOW of Mikolov et al. 2013, arXiv:1301.3781
    """
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    spread = keras.initializers.RandomNormal(stddev=1.0)  # the default, 0.05, starts with words nearly alike
    word_vectors = layers.Embedding(vocabulary_size, width, spread)(tokens)  # (batch, length, width)
    caption_vectors = layers.Dense(width)(masked_mean(word_vectors, tokens))  # (batch, width)
    return keras.Model(tokens, caption_vectors, name="bag_of_words_encoder")


def build_attention_encoder(vocabulary_size, length, width=64):
    """Build the encoder in which every word looks at all others: one block of a transformer.

    Shapes: tokens (batch, length), int32, 0 is padding -> caption_vectors (batch, width)
    Range:  any real number, about 1 in size; a caption without words gives zeros
    Source: Vaswani et al. 2017, arXiv:1706.03762, one block of the encoder, with learnt positions
    """
    tokens = keras.Input((length,), dtype="int32", name="tokens")
    positions = ops.cumsum(ops.ones_like(tokens), axis=1) - 1  # 0, 1, 2, ... in every caption
    x = layers.Embedding(vocabulary_size, width)(tokens) + layers.Embedding(length, width)(positions)
    x = layers.LayerNormalization()(x)  # Keras starts embeddings near 0, where all words look alike
    is_word = ops.not_equal(tokens, 0)[:, None, :]  # (batch, 1, length): no word looks at padding
    x = x + layers.MultiHeadAttention(num_heads=2, key_dim=width // 2)(x, x, attention_mask=is_word)
    hidden = layers.Dense(2 * width, activation="relu")(layers.LayerNormalization()(x))
    x = x + layers.Dense(width)(hidden)  # (batch, length, width)
    return keras.Model(tokens, masked_mean(x, tokens), name="attention_encoder")


def masked_mean(word_vectors, tokens):
    """Average the vectors of the words of each caption: padding does not count, no words give zeros.

    Shapes: word_vectors (batch, length, width), tokens (batch, length) -> (batch, width)
    Range:  that of the word vectors
    Source: ours; layers.GlobalAveragePooling1D would divide 0 by 0 where a caption is all padding
    """
    is_word = ops.cast(ops.not_equal(tokens, 0), word_vectors.dtype)[:, :, None]  # (batch, length, 1)
    return ops.sum(word_vectors * is_word, axis=1) / ops.maximum(ops.sum(is_word, axis=1), 1)


TEXT_ENCODERS = {
    "lstm": build_lstm_encoder,
    "bag of words": build_bag_of_words_encoder,
    "attention": build_attention_encoder,
}


def build_text_encoder(kind, vocabulary_size, length, width=64):
    """Build the encoder of this kind: "lstm", "bag of words" or "attention".

    Shapes: tokens (batch, length), int32, 0 is padding -> caption_vectors (batch, width)
    Range:  tokens from 0 to vocabulary_size - 1; beyond, a CPU raises and a GPU does not: check_tokens
    Source: the builders of TEXT_ENCODERS name theirs
    Errors: ValueError for another kind, for sizes below 1, for an odd width with attention
    """
    if kind not in TEXT_ENCODERS:
        raise ValueError(
            f"The kind of text encoder must be one of {', '.join(map(repr, TEXT_ENCODERS))}. "
            f"Received: {kind!r}. Most likely fix: kind='lstm'."
        )
    sizes = {"vocabulary_size": vocabulary_size, "length": length, "width": width}
    for name, size in sizes.items():
        if not is_whole(size) or size < 1:
            raise ValueError(
                f"The {name} of a text encoder must be a whole number, 1 or more. Received: {size!r}. "
                "Most likely fix: vocabulary_size=vectorizer.vocabulary_size(), length=tokens.shape[1]."
            )
    if kind == "attention" and width % 2:
        raise ValueError(
            f"Attention with two heads needs an even width. Received: width={width}. "
            f"Most likely fix: width={width + 1}."
        )
    return TEXT_ENCODERS[kind](vocabulary_size, length, width)


def check_tokens(tokens, vocabulary_size, length):
    """Return the tokens as int32 when an encoder of these sizes can read them, else say what is wrong."""
    wanted = f"Tokens must be whole numbers from 0 to {vocabulary_size - 1}, shape (count, {length})."
    cure = "Most likely fix: tokens_of(vectorizer, captions), with the vectorizer that gave both sizes."
    tokens = np.asarray(tokens)
    if tokens.ndim != 2 or tokens.shape[1] != length or tokens.dtype.kind not in "iu":
        raise ValueError(f"{wanted} Received: {tokens.dtype}, shape {tokens.shape}. {cure}")
    if tokens.size and (tokens.min() < 0 or tokens.max() >= vocabulary_size):
        raise ValueError(f"{wanted} Received: ids from {tokens.min()} to {tokens.max()}. {cure}")
    return tokens.astype(np.int32)
