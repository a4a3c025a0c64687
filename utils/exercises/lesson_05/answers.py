"""What learners of lesson 05 write themselves, where the library's own version does more."""

import numpy as np


def agreement(picture, words, sound):
    """Return the share of products of which picture, words and sound tell the same in every attribute.

    Shapes:  picture, words, sound (n, attributes): what was read off each -> ()
    Units:   share of the products, 0 to 1
    Healthy: 1 when all three are equal; without a joint discriminator it is at chance, 1/102,400 here
    Source:  ours; the library's modality_agreement does it by name
    """
    same = (np.asarray(picture) == words) & (np.asarray(picture) == sound)  # (n, attributes)
    return float(np.mean(np.all(same, axis=1)))
