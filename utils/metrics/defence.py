"""A simple defence: ask a model about noisy copies and average, so that no tiny change decides."""

import numpy as np
from keras import ops


def average_over_noise(model, sigma, copies=16, seed=0):
    """Return a function like the model that averages its answers over copies with Gaussian noise.

    The noise is the same at each call, so that the answer has a slope, and an attack can be aimed at the
    defended model itself. An attack aimed at the model alone would make any defence look good.

    Shapes:  model: images (n, height, width, channels) -> (n, ...); so does the result
    Units:   sigma in levels of [-1, 1]; the price is `copies` times the computing
    Healthy: what swings faster than sigma is flattened, sin(w x) by exp(-(w sigma)^2 / 2); it also blurs
             what a restorer should keep, so the clean price must be measured, too
    Source:  randomised smoothing, Cohen, Rosenfeld & Kolter 2019, arXiv:1902.02918
    """
    if sigma < 0 or copies < 1:
        raise ValueError(
            f"sigma must be 0 or more, with 1 copy or more. Received: sigma {sigma}, {copies} copies. "
            "Most likely fix: sigma=0.1, copies=16."
        )

    def defended(images):
        rng = np.random.default_rng(seed)
        shape = (-(-copies // 2), *images.shape[1:])
        half = sigma * rng.standard_normal(shape).astype("float32")
        noise = np.concatenate([half, -half])[:copies]  # in opposite pairs: their mean adds nothing
        return ops.mean(ops.stack([model(images + one) for one in noise]), axis=0)

    return defended
