"""What tests of several games share."""

import numpy as np
import pytest


@pytest.fixture
def moved():
    """A function of (gan, action): which of the three networks an action moves."""

    def names_of_moved(gan, action):
        networks = {"D": gan.discriminator, "G": gan.generator, "average": gan.ema_generator}
        before = {name: network.get_weights() for name, network in networks.items()}
        action()
        return {
            name
            for name, network in networks.items()
            if any(np.any(old != new) for old, new in zip(before[name], network.get_weights(), strict=True))
        }

    return names_of_moved
