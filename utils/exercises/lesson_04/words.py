"""Exercise 4.1: a caption becomes tokens and a mask."""

from utils.exercises.lesson_04.answers import vectorise
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article, show_value

VOCABULARY = {"a": 2, "mug": 7, "red": 3, "blue": 4, "striped": 5, "t-shirt": 9}  # the order is no help
OTHER_WORDS = ("Turquoise", "sofa", "A", "RED", "Mug", "paisley", "T-shirt")


def tokens_and_mask(function, inputs):
    """The tokens and the mask, each by itself."""
    result = function(*inputs)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"kind of result": article(type(result).__name__)}
    return {"kind of result": "a pair", "tokens": result[0], "mask": result[1]}


def draw_caption(generator, size):
    """A caption of known and unknown words in mixed case, cut off or padded."""
    words = generator.choice([*VOCABULARY, *OTHER_WORDS], size)
    return " ".join(words), VOCABULARY, int(generator.integers(2, 12))


def quote(reference, inputs):
    """The caption and the length; the vocabulary would be too long."""
    return f"caption = {show_value(inputs[0])}, length = {inputs[2]}"


def vectorise_with(words_of=lambda text: text.lower().split(), token_of=lambda found: found, unknown=1):
    """A vectorise that is wrong in how it finds words or tokens."""

    def wrong(caption, vocabulary, length):
        found = (vocabulary.get(word, unknown) for word in words_of(caption))
        tokens = [token_of(token) for token in found if token is not None][:length]
        padding = length - len(tokens)
        return tokens + [0] * padding, [True] * len(tokens) + [False] * padding

    return wrong


def after(change):
    """A vectorise whose right tokens and mask are changed: change(tokens, mask, word_count, length)."""

    def wrong(caption, vocabulary, length):
        tokens, mask = vectorise(caption, vocabulary, length)
        return change(tokens, mask, sum(mask), length)

    return wrong


def keep_all_words(caption, vocabulary, length):
    """A vectorise that pads and never cuts off."""
    return vectorise(caption, vocabulary, max(length, len(caption.split())))


def keep_the_last_words(caption, vocabulary, length):
    """A vectorise that cuts off the beginning."""
    return vectorise(" ".join(caption.split()[-length:]), vocabulary, length)


def count_the_words(caption, vocabulary, length):
    """A vectorise that takes the place of a word in the dictionary for its token."""
    return vectorise(caption, {word: place + 2 for place, word in enumerate(vocabulary)}, length)


VECTORISE = Exercise(
    id="4.1",
    title="A caption becomes tokens and a mask",
    minutes=10,
    difficulty=2,
    reference=vectorise,
    examples=(
        ("A red Mug", VOCABULARY, 5),
        ("a turquoise mug", VOCABULARY, 4),
        ("a striped red t-shirt", VOCABULARY, 3),
        ("", VOCABULARY, 2),
        ("blue  mug", VOCABULARY, 2),
    ),
    draw=draw_caption,
    observe=tokens_and_mask,
    quote=quote,
    mistakes={
        "unknown words become padding": Mistake(
            vectorise_with(unknown=0),
            "0 says that nothing stands there; a word that the vocabulary lacks is 1",
        ),
        "unknown words are left out": Mistake(
            vectorise_with(unknown=None),
            'without a trace of them, "a turquoise mug" is "a mug", and nobody is told: put a 1 there',
        ),
        "the case is kept": Mistake(
            vectorise_with(str.split),
            '"Mug" and "mug" are one word: lower the case before you look it up',
        ),
        "an empty text counts as a word": Mistake(
            vectorise_with(lambda text: text.lower().split(" ")),
            'split(" ") finds one in "" and between two spaces; split() without an argument does not',
        ),
        "the padding stands on the left": Mistake(
            after(
                lambda tokens, mask, count, length: (
                    tokens[count:] + tokens[:count],
                    mask[count:] + mask[:count],
                )
            ),
            "words first, then zeros: it is how the library's tokens are padded",
        ),
        "long captions are not cut off": Mistake(
            keep_all_words, "a batch needs rows of one length: at most `length` tokens"
        ),
        "short captions are not padded": Mistake(
            after(lambda tokens, mask, count, length: (tokens[:count], mask[:count])),
            "a batch needs rows of one length: zeros up to `length`",
        ),
        "long captions lose their beginning": Mistake(
            keep_the_last_words, "keep the first `length` words: words[:length]"
        ),
        "the tokens are shifted by two": Mistake(
            vectorise_with(token_of=lambda token: token + 2 * (token > 1)),
            "those in the vocabulary begin at 2 already: take them as they are",
        ),
        "the place in the dictionary is taken for the token": Mistake(
            count_the_words,
            "the token is the value, vocabulary[word]; the order of a dictionary says nothing",
        ),
        "the mask is inverted": Mistake(
            after(lambda tokens, mask, count, length: (tokens, [not word for word in mask])),
            "True is for words, False for padding, as in Keras",
        ),
        "the mask is True everywhere": Mistake(
            after(lambda tokens, mask, count, length: (tokens, [True] * length)),
            "then an encoder reads the padding, too: True for words only",
        ),
        "unknown words are masked out": Mistake(
            after(lambda tokens, mask, count, length: (tokens, [token > 1 for token in tokens])),
            "an unknown word is a word: only 0 is padding",
        ),
        "mask and tokens have changed places": Mistake(
            after(lambda tokens, mask, count, length: (mask, tokens)),
            "return the tokens first, then the mask",
        ),
    },
    hints=(
        "Four steps: words, tokens, cut off, pad. What does vocabulary.get(word, 1) give for a new word?",
        "words = caption.lower().split()[:length], and length - len(words) places are padding.",
        "The mask needs no tokens: [True] * len(words) + [False] * (length - len(words)).",
    ),
    why="an unknown word stays visible as 1, and padding can be told from words, whatever the encoder",
)
