"""An encoder that sees the order tells twins apart; a bag of words tosses a coin between them."""

import pytest

from utils.training.word_order import word_order_accuracy


@pytest.mark.parametrize("kind", ["lstm", "attention"])
def test_an_encoder_that_sees_the_order_has_both_places_right(kind):
    assert word_order_accuracy(kind)["both places"] > 0.95


def test_a_bag_of_words_knows_which_two_but_not_where():
    accuracy = word_order_accuracy("bag of words")
    assert accuracy["which two"] > 0.95
    assert accuracy["each place"] == pytest.approx(0.5, abs=0.02)
    assert accuracy["both places"] < 0.52  # twins get one guess for both: at most one is right
