"""A model lives on one device; for the time of a training it has a mirror image on each of the others."""

import contextlib

import tensorflow as tf
from tensorflow.python.distribute import distribute_utils  # what MirroredStrategy makes its variables with

from utils.training.replicas import learn_together, optimizers_in, seeds_of_this_thread
from utils.training.strategy import draw_own_noise, training_strategy, workers

ASKED = ("predict", "predict_on_batch", "evaluate")  # what callbacks ask of the model that is being trained
PATCHED = ("train_step", *ASKED)


@contextlib.contextmanager
def on_all_devices(model):
    """Let `fit` train a model on all devices; before, after and in callbacks it lives on the first one.

    So all that is not a training stays as simple as on one device: drawing, slopes, a step by hand. The
    model's own variables become the first of each mirror: functions compiled earlier go on with them.
    """
    strategy = training_strategy()
    if strategy.num_replicas_in_sync > 1:
        learn_together(model)
    if strategy.num_replicas_in_sync == 1 or tf.distribute.has_strategy():
        yield
        return
    before = model._distribute_strategy, model.jit_compile
    own = {name: value for name, value in vars(model).items() if name in PATCHED}
    try:
        for variable in all_variables(model):
            variable._value = mirrored(variable, strategy)
        if len(workers()) > 1:
            take_from_chief(all_variables(model), strategy)
            draw_own_noise()
        model.train_step = seeds_of_this_thread(model.train_step)
        for name in ASKED:
            setattr(model, name, on_one_device(model, getattr(model, name)))
        set_strategy(model, strategy, jit_compile=False)  # XLA would put all replicas on one device
        yield
    finally:
        set_strategy(model, *before)
        for name in PATCHED:
            vars(model).pop(name, None)
        vars(model).update(own)
        for variable in all_variables(model):
            variable._value = first_of(variable._value)


def set_strategy(model, strategy, jit_compile):
    """Tell model and optimizers how many replicas there are; `fit` is compiled anew."""
    model._distribute_strategy, model.jit_compile, model.train_function = strategy, jit_compile, None
    for optimizer in optimizers_in(model):
        optimizer._distribution_strategy = strategy or tf.distribute.get_strategy()


def all_variables(model):
    """Return every variable that a step may change, each once: weights, metrics, seeds, optimizers."""
    listed = [*model.variables, *(one for metric in model.metrics for one in metric.variables)]
    listed += [one for optimizer in optimizers_in(model) for one in optimizer.variables]
    return list({id(variable): variable for variable in listed}.values())


def mirrored(variable, strategy):
    """Return a distributed variable, of which the first part is the present one and the others are copies."""
    first = variable._value

    def parts(**_):
        copies = []
        for device in strategy.extended.worker_devices[1:]:
            with tf.device(device):
                copies.append(tf.Variable(first, trainable=first.trainable, aggregation=first.aggregation))
        return [first, *copies]

    return distribute_utils.create_mirrored_variable(
        strategy,
        parts,
        distribute_utils.VARIABLE_CLASS_MAPPING,
        distribute_utils.VARIABLE_POLICY_MAPPING,
        trainable=first.trainable,
        aggregation=first.aggregation,
        synchronization=first.synchronization,
    )


def first_of(variable):
    """Return the part of a distributed variable that lives on the first device, on its own again."""
    first = getattr(variable, "_primary", variable)
    vars(first.handle).pop("_distributed_container", None)
    return first


def take_from_chief(variables, strategy):
    """Give all workers the chief's weights: the others have drawn their own."""
    floats = [one for one in variables if one._value.dtype.is_floating]

    def chiefs():
        is_first = tf.distribute.get_replica_context().replica_id_in_sync_group == 0
        return [tf.where(is_first, one._value, tf.zeros_like(one._value)) for one in floats]

    for variable, value in zip(floats, strategy.run(chiefs), strict=True):
        variable.assign(strategy.reduce("SUM", value, axis=None))


def on_one_device(model, method):
    """Return a method of a model in training that works as if there were one device."""

    def alone(*arguments, **settings):
        strategy, model._distribute_strategy = model._distribute_strategy, None
        try:
            return method(*arguments, **settings)
        finally:
            model._distribute_strategy = strategy

    return alone
