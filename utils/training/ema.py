"""An average of the weights along the training path draws steadier pictures than the last weights."""

from keras import ops


def ema_decay_at(step, decay):
    """Return how much of the average to keep: little in the first steps, up to decay later.

    Shapes:  step () -> ()
    Units:   share of the old average, 0 to 1
    Healthy: 0.1 at step 0, 0.55 at step 10, then decay; a fixed 0.999 would show noise for 1,000 steps
    Source:  the warm-up that TensorFlow's ExponentialMovingAverage documents as num_updates
    """
    step = ops.cast(step, "float32")
    return ops.minimum(decay, (1 + step) / (10 + step))


def update_average(average, network, decay):
    """Move each weight of the average towards the network's; counters and statistics move alike."""
    for kept, new in zip(average.weights, network.weights, strict=True):
        if "float" in kept.dtype:
            kept.assign(decay * kept + (1 - decay) * new)
        else:
            kept.assign(new)  # the state of a seed generator is a number to copy, not to average
