"""Exercise 4.5: a real picture with its caption must win against two rivals."""

from keras import ops

from utils.exercises.lesson_02.losses import column, draw_scores, loss_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import discriminator_loss, matching_aware_loss, relativistic_loss

MATCHING_AWARE_LOSS = Exercise(
    id="4.5",
    title="A wrong caption makes a real picture a fake pair",
    minutes=10,
    difficulty=2,
    reference=matching_aware_loss,
    examples=(
        (column(2, 0, -1), column(-2, 1, 3), column(1, -1, 2)),
        (column(60, -100), column(-60, 100), column(-90, 40)),
    ),
    draw=lambda generator, size: tuple(draw_scores(generator, size) for _ in range(3)),
    observe=loss_and_gradient,
    mistakes={
        "the wrong captions are left out": Mistake(
            lambda real, fake, wrong: relativistic_loss(real, fake),
            "then the looks alone tell real from fake, and nobody has to read: add the second rival",
        ),
        "the generated pictures are left out": Mistake(
            lambda real, fake, wrong: relativistic_loss(real, wrong),
            "then nothing asks whether a picture looks real: add the first rival",
        ),
        "this is the generator's side": Mistake(
            lambda real, fake, wrong: relativistic_loss(fake, real) + relativistic_loss(wrong, real),
            "here the real picture with its own caption must win: it is the first argument",
        ),
        "the wrong caption is asked to win": Mistake(
            lambda real, fake, wrong: relativistic_loss(real, fake) + relativistic_loss(wrong, real),
            "a real picture with another caption is a rival like the generated one: it must lose",
        ),
        "the wrong captions meet the generated pictures": Mistake(
            lambda real, fake, wrong: relativistic_loss(real, fake) + relativistic_loss(wrong, fake),
            "both rivals are compared with the same winner, the real picture with its caption",
        ),
        "half the price": Mistake(
            lambda real, fake, wrong: 0.5 * matching_aware_loss(real, fake, wrong),
            "add the two, do not average them: undecided must cost log 4 = 1.386",
        ),
        "the two rivals are averaged into one": Mistake(
            lambda real, fake, wrong: 2 * relativistic_loss(real, 0.5 * (fake + wrong)),
            "a weak rival must not make up for a strong one: a price for each, then the sum",
        ),
        "summed over the batch": Mistake(
            lambda real, fake, wrong: ops.sum(ops.softplus(fake - real) + ops.softplus(wrong - real)),
            "take the mean, or the step grows with the batch size",
        ),
        "every score has its own price": Mistake(
            lambda real, fake, wrong: discriminator_loss(real, fake) + ops.mean(ops.softplus(wrong)),
            "that is the loss of lesson 02; here scores are compared: softplus(rival - real)",
        ),
        "means of the batch are compared, not pairs": Mistake(
            lambda real, fake, wrong: (
                ops.softplus(ops.mean(fake - real)) + ops.softplus(ops.mean(wrong - real))
            ),
            "softplus for each row first, the mean last: otherwise one good pair hides a bad one",
        ),
        "a sigmoid was applied first, but these scores are still raw": Mistake(
            lambda real, fake, wrong: matching_aware_loss(
                ops.sigmoid(real), ops.sigmoid(fake), ops.sigmoid(wrong)
            ),
            "softplus holds the sigmoid already: give it the scores as they come",
        ),
        "log of a sigmoid is infinite at large scores": Mistake(
            lambda real, fake, wrong: (
                -ops.mean(ops.log(ops.sigmoid(real - fake))) - ops.mean(ops.log(ops.sigmoid(real - wrong)))
            ),
            "sigmoid(-200) is rounded to 0; -log sigmoid(x) = softplus(-x) is safe",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda real, fake, wrong: matching_aware_loss(*map(ops.stop_gradient, (real, fake, wrong))),
            "stay in keras.ops from the scores to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "One pair must win against two others. relativistic_loss(winner, loser) is the price of one duel.",
        "The winner is the same in both: the real picture with its own caption.",
        "relativistic_loss(real_logits, fake_logits) + relativistic_loss(real_logits, mismatched_logits)",
    ),
    why="a real picture with the wrong caption looks perfect: only a discriminator that reads can refuse it",
)
