"""Can an encoder tell "a striped bag with a dotted strap" from the same words in another order?"""

from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

import keras  # isort: skip
import numpy as np  # isort: skip
from keras import layers  # isort: skip

from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.data.word_order import LOOKS, draw_two_part_captions
from utils.models.text_encoders import build_text_encoder


def word_order_accuracy(kind, epochs=4, width=32, batch_size=64, learning_rate=5e-3, held_out=1000, seed=0):
    """Train an encoder to name the look of the body and of the part; return what it gets right.

    Of captions it has not seen: "which two" the share where it knows both looks, in any order, "each
    place" the share of places with the right look, "both places" the share of captions without an error.
    """
    captions, answers = draw_two_part_captions(4000 + held_out, seed)
    vectorizer = learn_vocabulary(captions[held_out:], length=10)
    tokens = tokens_of(vectorizer, captions)
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            build_text_encoder(kind, vectorizer.vocabulary_size(), tokens.shape[1], width),
            layers.Dense(2 * len(LOOKS)),
            layers.Reshape((2, len(LOOKS))),  # logits of the body, logits of the part
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.fit(tokens[held_out:], answers[held_out:], batch_size=batch_size, epochs=epochs, verbose=0)
    chances = np.asarray(keras.ops.softmax(model(tokens[:held_out])))  # (held_out, 2, looks)
    right = np.argmax(chances, axis=-1) == answers[:held_out]
    likely = np.argsort(chances.sum(axis=1), axis=-1)[:, -2:]  # two heads that toss a coin know the two too
    which_two = np.sort(likely) == np.sort(answers[:held_out])
    return {
        "which two": float(which_two.all(axis=1).mean()),
        "each place": float(right.mean()),
        "both places": float(right.all(axis=1).mean()),
    }
