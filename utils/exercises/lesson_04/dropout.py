"""Exercise 4.6: whole captions are dropped at random, so it is facts that are looked at, not numbers."""

import numpy as np
from keras import ops, random

from utils.exercises.seen import as_seen
from utils.exercises.verdict import Exercise, Mistake
from utils.training.gradients import compiled
from utils.training.text_gan import drop_captions

LENGTH = 64  # so many words that no column is kept or dropped by chance alone
RIGHT_SHARE = "as many whole captions padded as the rate says"
ALIKE = "the whole batch padded, or nothing of it"


def draw_tokens(generator, size):
    """Tokens of captions and a rate; the smaller batch has as many captions as words in each."""
    tokens = generator.integers(1, 90, (size, LENGTH), dtype=np.int32)
    word_counts = generator.integers(LENGTH // 2, LENGTH, (size, 1))
    return np.where(np.arange(LENGTH) < word_counts, tokens, 0), 0.5 if size == LENGTH else 0.25


def facts_of_drops(function, inputs):
    """What happens to the captions, and whether by chance; the first wrong fact hides those after it."""
    tokens, rate = inputs
    batch = ops.convert_to_tensor(tokens)
    after = as_seen(function(batch, rate))
    if not isinstance(after, np.ndarray):
        return {"kind of result": after}
    kind = "whole" if after.dtype.kind in "iu" else "decimal" if after.dtype.kind == "f" else "truth"
    facts = {"kind of result": f"{kind} numbers of shape {after.shape}"}
    if facts["kind of result"] != f"whole numbers of shape {tokens.shape}":
        return facts
    for extreme in (0.0, 1.0):
        seen = what_happened(tokens, np.asarray(function(batch, extreme)), extreme)
        facts[f"result at rate {extreme:g}"] = seen
    facts[f"result at rate {rate:g}"] = what_happened(tokens, after, rate)
    if set(facts.values()) != {facts["kind of result"], RIGHT_SHARE}:
        return facts
    facts["second call"] = told_apart(after, np.asarray(function(batch, rate)))
    facts["second step of a compiled training"] = second_step(function, tokens, rate)
    return facts


def what_happened(tokens, after, rate):
    """What became of the captions of one batch, in words."""
    kept, padded = after == tokens, after == 0
    if not np.all(kept | padded):
        return "1 in place of words" if np.all(after[~kept] == 1) else "other numbers than tokens and 0"
    if not np.all(kept.all(axis=1) | padded.all(axis=1)):
        same = np.all(kept.all(axis=0) | padded.all(axis=0))
        return "the same words of every caption padded" if same else "single words padded"
    share = padded.all(axis=1).mean()
    if abs(share - rate) <= 0.03 + 6 * np.sqrt(rate * (1 - rate) / len(tokens)):  # six sigma: never by chance
        return RIGHT_SHARE
    if share in (0, 1):
        return f"{'all' if share else 'none'} of the captions padded" if rate in (0, 1) else ALIKE
    return f"{'more' if share > rate else 'fewer'} captions padded than the rate says"


def told_apart(first, second):
    """Whether two results padded different captions."""
    if not np.array_equal(first, second):
        return "other captions"
    dropped = np.all(first == 0, axis=1)
    in_order = np.array_equal(dropped, np.sort(dropped)) or np.array_equal(dropped, np.sort(dropped)[::-1])
    return "the same captions, at one end of the batch" if in_order else "the same captions"


def second_step(function, tokens, rate):
    """The same for two rounds of a loop that is compiled once, as the steps of a training are."""
    try:
        rounds = compiled(
            lambda batches: ops.map(lambda batch: function(batch, rate), batches), np.stack([tokens, tokens])
        )
    except Exception:
        return "none: it cannot be compiled"
    return told_apart(*np.asarray(rounds))


def drop_where(chances, keep=lambda chance, rate: chance >= rate, otherwise=0):
    """A drop_captions that is wrong in one place; chances(batch, length) are compared with the rate."""

    def wrong(tokens, rate):
        batch, length = ops.shape(tokens)
        return ops.where(keep(chances(batch, length), rate), tokens, otherwise)

    return wrong


def drop_in_numpy(tokens, rate):
    """A drop_captions that needs arrays with numbers in them."""
    return np.where(np.random.uniform(size=(len(tokens), 1)) >= rate, np.array(tokens), 0)


def drop_like_dropout(tokens, rate):
    """A drop_captions that keeps the mean, as Dropout does."""
    kept = random.uniform((ops.shape(tokens)[0], 1)) >= rate
    return ops.where(kept, ops.cast(tokens, "float32") / max(1 - rate, 1e-6), 0.0)


def one_per_caption(batch, length):
    """A chance for every caption."""
    return random.uniform((batch, 1))


DROP_CAPTIONS = Exercise(
    id="4.6",
    title="Some captions are dropped, whole",
    minutes=8,
    difficulty=2,
    reference=drop_captions,
    examples=(),
    draw=draw_tokens,
    sizes=(LENGTH, 1000),
    observe=facts_of_drops,
    seconds=30.0,
    mistakes={
        "single words are dropped": Mistake(
            drop_where(lambda batch, length: random.uniform((batch, length))),
            "the model must learn what no caption means: one random number for each, shape (batch, 1)",
        ),
        "every caption loses the same words": Mistake(
            drop_where(lambda batch, length: random.uniform((1, length))),
            "one random number per caption, not per place of a word: shape (batch, 1)",
        ),
        "the random numbers lie along the words": Mistake(
            drop_where(lambda batch, length: random.uniform((batch,))),
            "(batch,) beside (batch, length) is laid along the last axis: shape (batch, 1)",
        ),
        "the whole batch is dropped, or nothing of it": Mistake(
            drop_where(lambda batch, length: random.uniform((1, 1))),
            "each caption has a chance of its own: shape (batch, 1)",
        ),
        "the rate is inverted": Mistake(
            drop_where(one_per_caption, keep=lambda chance, rate: chance < rate),
            "the rate is the share that is dropped: at rate 0 everything stays",
        ),
        "the chances are drawn from a normal distribution": Mistake(
            drop_where(lambda batch, length: random.normal((batch, 1))),
            "only a uniform number in [0, 1) is below the rate as often as the rate says",
        ),
        "the unknown word stands in": Mistake(
            drop_where(one_per_caption, otherwise=1),
            "1 says that something was said; no caption is all padding, 0",
        ),
        "what is kept grows, as in Dropout": Mistake(
            drop_like_dropout, "tokens are names, not amounts: a kept one stays as it is, a whole number"
        ),
        "always the first captions are dropped": Mistake(
            drop_where(lambda batch, length: ops.arange(batch)[:, None] / batch),
            "where a caption stands in the batch must not matter: draw at random",
        ),
        "a fixed seed drops the same captions each time": Mistake(
            drop_where(lambda batch, length: random.uniform((batch, 1), seed=7)),
            "the others would never be without a caption: leave the seed out",
        ),
        "NumPy draws once, when the training is compiled": Mistake(
            drop_where(lambda batch, length: np.random.uniform(size=(batch, 1))),
            "from then on each step drops the same captions: draw with tf.random or keras.random",
        ),
        "right, but it cannot be compiled": Mistake(
            drop_in_numpy,
            "training runs it compiled, where tokens are no numbers yet: tf.shape, tf.random, tf.where",
        ),
    },
    hints=(
        "One random number per caption decides about all of its words: which shape broadcasts that way?",
        "tf.random.uniform((tf.shape(tokens)[0], 1)) >= rate is True for captions that stay.",
        "tf.where(kept, tokens, 0) keeps or pads whole rows.",
    ),
    why='so "" is a caption like others, and a picture can be asked for with and without words',
)
