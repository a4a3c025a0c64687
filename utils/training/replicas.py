"""Replicas of one model: what a trainer that was written for one device needs, to be right on many."""

import keras
import tensorflow as tf
from keras.src.backend.common.global_state import set_global_attribute
from keras.src.random.seed_generator import GLOBAL_SEED_GENERATOR, global_seed_generator

from utils.training.out_of_memory import batch_size_of
from utils.training.state import optimizers_of
from utils.training.strategy import replica_count, training_strategy, workers


def learn_together(model):
    """Make a model ready to learn as several replicas, each with its part of every batch.

    The optimizers add up what the replicas find, so each pays in one share: the step is that of the whole
    batch. Batch norm takes the statistics of the whole batch, and each replica draws noise of its own.
    The code of the trainer stays as it is.
    """
    if getattr(model, "learns_together", False):
        return
    model.learns_together = model.built = True
    for optimizer in optimizers_in(model):
        if type(model).train_step is not keras.Model.train_step:  # that one scales its losses itself
            optimizer.apply = one_share(optimizer.apply)
        if optimizer.clipnorm or optimizer.global_clipnorm or optimizer.clipvalue:
            optimizer._clip_gradients = clip_the_sum(optimizer._clip_gradients)
    if len(workers()) > 1:
        model.train_step = losses_as_rows(model.train_step)
        model._maybe_symbolic_build = lambda *_, **__: None  # Keras 3.15 averages no tuples
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True
        for seeds in layer._seed_generators:
            seeds.next = own_seed(seeds.next)


def optimizers_in(model):
    """Return every optimizer of a model, whatever its name, each with its slots built."""
    optimizers_of(model)  # builds them
    found = [one for one in vars(model).values() if isinstance(one, keras.optimizers.Optimizer)]
    return list({id(one): one for one in found}.values())


def one_share(apply):
    """Return an optimizer's `apply` for means over parts of a batch: the shares add up to the whole."""

    def apply_share(gradients, variables):
        share = 1 / replica_count()
        slopes = [one if one is None else tf.math.scalar_mul(share, one) for one in gradients]
        return apply(slopes, variables)  # scalar_mul: the slopes of an embedding are given for few rows only

    return apply_share


def clip_the_sum(clip):
    """Return an optimizer's `clip` that cuts the slope of the whole batch: Keras 3.15 cuts each part."""

    def clip_whole(slopes):
        whole = tf.distribute.get_replica_context().all_reduce("SUM", slopes)
        return [tf.math.scalar_mul(1 / replica_count(), slope) for slope in clip(whole)]  # summed up again

    return clip_whole


def own_seed(next_seed):
    """Return a seed generator's `next` that differs on each replica: their states are the same."""

    def next_on_replica(**settings):
        replica = tf.distribute.get_replica_context()
        number = replica.replica_id_in_sync_group if replica else 0
        seed = tf.convert_to_tensor(next_seed(**settings))
        return seed + tf.cast(tf.stack([number, 0]), seed.dtype)

    return next_on_replica


def seeds_of_this_thread(train_step):
    """Return a train_step for replicas, each of which runs in a thread of its own.

    What is drawn without a seed comes from one generator per thread in Keras 3.15, and none may be made
    in a step: all replicas take that of this thread, and draw noise of their own from it.
    """
    seeds = global_seed_generator()
    if not hasattr(seeds, "next_of_one"):
        seeds.next_of_one, seeds.next = seeds.next, own_seed(seeds.next)

    def in_a_thread(batch):
        set_global_attribute(GLOBAL_SEED_GENERATOR, seeds)
        return train_step(batch)

    return in_a_thread


def losses_as_rows(train_step):
    """Return a train_step whose losses are rows: Keras 3.15 takes no mean of single numbers over workers.

    Source: issue 72388 of tensorflow/tensorflow
    """

    def with_rows(batch):
        return {name: tf.reshape(loss, (1,)) for name, loss in train_step(batch).items()}

    return with_rows


def check_shares(dataset):
    """Refuse a batch that replicas cannot share evenly: the mean of uneven parts is not the batch's mean."""
    rows = batch_size_of(dataset)
    count = training_strategy().num_replicas_in_sync
    if rows and rows % count:
        raise ValueError(
            f"A batch must be shared evenly by {count} devices. Received: {rows} rows. "
            f"Most likely fix: batch_size={rows - rows % count or count}."
        )
