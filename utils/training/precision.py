"""Half the bits where that is safe: convolutions and products in bfloat16, all else in float32."""

import keras
import tensorflow as tf
from keras import layers

HALF = "mixed_bfloat16"  # computes with two bytes, keeps its weights with four
CONVOLUTIONS = (layers.Conv2D, layers.Conv2DTranspose)


def gpus_like_bfloat16():
    """Tell whether there are GPUs and each has tensor cores for bfloat16: compute capability 8 and above."""
    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return bool(gpus) and all(one.get("compute_capability", (0, 0))[0] >= 8 for one in details)


def compute_in_bfloat16(model):
    """Let the products of a model's networks compute in bfloat16, the last ones not; return how many do.

    What leaves a network stays float32: pictures, logits, means and log-variances. So do norms,
    activations, losses, penalties and the KL, which read float32 whatever came before.

    Source: which operations need float32: Micikevicius et al. 2018, arXiv:1710.03740, section 3
    """
    last = heads(model)
    changed = [layer for layer in products(model) if layer not in last]
    for layer in changed:
        layer.dtype_policy = keras.DTypePolicy(HALF)
    return len(changed)


def products(model):
    """Return the layers that multiply matrices in networks of pictures; small networks gain nothing.

    The averages, which only draw, are left as they are.
    """
    averages = [id(part) for name, part in vars(model).items() if name.startswith("ema_")]
    found = {}
    for network in networks_of(model):
        sees = any(isinstance(layer, CONVOLUTIONS) for layer in network.layers)
        if sees and id(network) not in averages:
            found |= {id(layer): layer for layer in network.layers}
    return [layer for layer in found.values() if isinstance(layer, (layers.Dense, *CONVOLUTIONS))]


def networks_of(model):
    """Return the networks of a model whose layers Keras knows as a graph."""
    parts = [model, *model._flatten_layers(include_self=False)]
    return [part for part in parts if isinstance(part, keras.Model) and getattr(part, "outputs", None)]


def heads(model):
    """Return the layers whose numbers leave a network, through whatever has no weights after them."""
    found = []
    for network in networks_of(model):
        waiting = [tensor._keras_history for tensor in network.outputs]
        while waiting:
            made_by, node, _ = waiting.pop()
            if getattr(made_by, "weights", None):
                found.append(made_by)
            else:
                inputs = made_by._inbound_nodes[node].input_tensors
                waiting += [tensor._keras_history for tensor in inputs]
    return found
