"""A formula that half precision survives: no number on its way leaves the range of float16."""

from keras import ops


def stable_softplus(x):
    """log(1 + e^x), in the type that x has.

    float16 ends at 65504, so that e^x is infinite from x = 11.1 on, and 1 + e^x is 1 below x = -7.6.

    Shapes:  x (...), of any float type -> the same shape and type
    Units:   nats, for a raw score x
    Healthy: log 2 = 0.693 at 0; far above 0 it is x, far below e^x; its slope is the sigmoid (1 at 0)
    Source:  as in tf.nn.sigmoid_cross_entropy_with_logits; the range: Micikevicius et al. 2017,
             arXiv:1710.03740
    """
    return ops.maximum(x, 0) + ops.log1p(ops.exp(-ops.abs(x)))  # e^-|x| is at most 1
