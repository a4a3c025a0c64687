"""Exercise 8.2: one step towards the strengths behind votes on pairs."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.preference import bradley_terry_step


def to_shares(strengths):
    """Strengths that add up to 1."""
    return strengths / strengths.sum()


def pairs_of(strengths):
    """The sum of both strengths, for each pair."""
    return strengths[:, None] + strengths


def step_with(update):
    """A step that is wrong in its update(strengths, wins, votes), before the strengths are made shares."""
    return lambda strengths, wins: to_shares(update(strengths, wins, wins + wins.T))


def one_after_the_other(strengths, wins):
    """Each strength updated with those that are new already."""
    strengths, votes = strengths.astype(float), wins + wins.T
    for place in range(len(strengths)):
        strengths[place] = wins[place].sum() / (votes[place] / (strengths[place] + strengths)).sum()
    return to_shares(strengths)


def not_to_shares(strengths, wins):
    """The right update, left as it is."""
    return wins.sum(axis=1) / ((wins + wins.T) / pairs_of(strengths)).sum(axis=1)


def draw_votes(generator, size):
    """Strengths, and votes in which every method won and lost against every other."""
    wins = generator.integers(1, 20, (size, size)) * (1.0 - np.eye(size))
    return generator.dirichlet(np.full(size, 3.0)), wins


BRADLEY_TERRY_STEP = Exercise(
    id="8.2",
    title="From votes to strengths, one step",
    minutes=12,
    difficulty=3,
    reference=bradley_terry_step,
    examples=(
        (np.array([0.5, 0.5]), np.array([[0.0, 3.0], [1.0, 0.0]])),
        (np.array([0.5, 0.3, 0.2]), np.array([[0.0, 4.0, 9.0], [2.0, 0.0, 3.0], [1.0, 5.0, 0.0]])),
    ),
    draw=draw_votes,
    mistakes={
        "losses are taken for wins": Mistake(
            lambda strengths, wins: bradley_terry_step(strengths, wins.T),
            "place (i, j) holds how often i beat j: the wins of i are the sum of its row, axis=1",
        ),
        "the strengths do not add up to 1": Mistake(
            not_to_shares, "only ratios count, so divide all by their sum, or they drift from step to step"
        ),
        "the largest strength is made 1": Mistake(
            lambda strengths, wins: (
                bradley_terry_step(strengths, wins) / bradley_terry_step(strengths, wins).max()
            ),
            "divide by the sum: the strengths are shares",
        ),
        "this is the share of all wins": Mistake(
            step_with(lambda strengths, wins, votes: wins.sum(axis=1)),
            "who met weak opponents often would lead: divide by the sum of votes / (s_i + s_j)",
        ),
        "this is the rate of wins": Mistake(
            step_with(lambda strengths, wins, votes: wins.sum(axis=1) / votes.sum(axis=1)),
            "it does not matter there whom one met: each vote counts 1 / (s_i + s_j) below the line",
        ),
        "these are wins per loss": Mistake(
            step_with(lambda strengths, wins, votes: wins.sum(axis=1) / wins.sum(axis=0)),
            "3 wins to 1 would give 0.9, not 0.75, and it matters whom one met: votes / (s_i + s_j)",
        ),
        "the votes that were lost are missing": Mistake(
            step_with(
                lambda strengths, wins, votes: wins.sum(axis=1) / (wins / pairs_of(strengths)).sum(axis=1)
            ),
            "below the line stand all votes on a pair, won or lost: wins + wins.T",
        ),
        "the votes that were won are missing": Mistake(
            step_with(
                lambda strengths, wins, votes: wins.sum(axis=1) / (wins.T / pairs_of(strengths)).sum(axis=1)
            ),
            "below the line stand all votes on a pair, won or lost: wins + wins.T",
        ),
        "how often a pair was voted on does not count": Mistake(
            step_with(
                lambda strengths, wins, votes: (
                    wins.sum(axis=1) / ((1 - np.eye(len(wins))) / pairs_of(strengths)).sum(axis=1)
                )
            ),
            "a pair with ten votes counts ten times: (wins + wins.T) / (s_i + s_j)",
        ),
        "the opponent's strength is left out": Mistake(
            step_with(
                lambda strengths, wins, votes: wins.sum(axis=1) / (votes / strengths[:, None]).sum(axis=1)
            ),
            "s_i + s_j: strengths[:, None] + strengths[None, :]",
        ),
        "the own strength is left out": Mistake(
            step_with(lambda strengths, wins, votes: wins.sum(axis=1) / (votes / strengths).sum(axis=1)),
            "s_i + s_j: strengths[:, None] + strengths[None, :]",
        ),
        "multiplied where it should be divided": Mistake(
            step_with(
                lambda strengths, wins, votes: wins.sum(axis=1) / (votes * pairs_of(strengths)).sum(axis=1)
            ),
            "a vote against a strong opponent weighs less below the line, so that winning it gains more",
        ),
        "new strengths are used before the step is over": Mistake(
            one_after_the_other, "take all s_i and s_j from before the step; it settles at the same place"
        ),
        "these are logarithms": Mistake(
            lambda strengths, wins: np.log(bradley_terry_step(strengths, wins)),
            "return the strengths themselves: P(i beats j) = s_i / (s_i + s_j)",
        ),
    },
    hints=(
        "For each method: its wins, divided by a sum over all that it was compared with.",
        "That sum is votes / (s_i + s_j), with votes = wins + wins.T; the diagonal adds nothing.",
        "strengths[:, None] + strengths is s_i + s_j for all pairs; at the end divide by the sum of all.",
    ),
    why="a win counts for more against a strong opponent, and no step makes the votes less likely",
)
