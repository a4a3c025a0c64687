"""Two learning rates for two players, and how they end."""

import keras


def two_rates(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
    """Return (d_learning_rate, g_learning_rate) at a step: TTUR, held first, then straight down to 0.

    Shapes:  step (), steps () -> (), ()
    Units:   learning rates; hold is the share of the training without decay
    Healthy: the discriminator's is ratio times the generator's in every step; both are 0 at the last
    Source:  Heusel et al. 2017, arXiv:1706.08500; a ratio of 4: Zhang et al. 2018, arXiv:1805.08318
    """
    left = (steps - step) / max(1e-9, steps - hold * steps)  # 1 at the end of the hold, 0 at the end
    share = min(1.0, max(0.0, left))
    return ratio * share * g_learning_rate, share * g_learning_rate


def held_then_falling(learning_rate, steps, hold=0.5, end=0.01):
    """Return a rate that stays for a share `hold` of the steps, then falls to the share `end` of itself."""
    falling = max(1, round((1 - hold) * steps))
    return keras.optimizers.schedules.CosineDecay(
        learning_rate, falling, alpha=end, warmup_target=learning_rate, warmup_steps=steps - falling
    )
