"""Replicas of one model: what a trainer that was written for one device needs, to be right on many."""

import keras
import tensorflow as tf

from utils.training.state import optimizers_of
from utils.training.strategy import replica_count, workers


def learn_together(model):
    """Make a model ready to learn as several replicas, each with its part of every batch.

    The optimizers add up what the replicas find, so each pays in one share: the step is that of the whole
    batch. Batch norm takes the statistics of the whole batch, and each replica draws noise of its own.
    The code of the trainer stays as it is.
    """
    if getattr(model, "learns_together", False):
        return
    model.learns_together = model.built = True
    if type(model).train_step is not keras.Model.train_step:  # that one scales its losses itself
        for optimizer in optimizers_of(model).values():
            optimizer.apply = one_share(optimizer.apply)
    if len(workers()) > 1:
        model.train_step = losses_as_rows(model.train_step)
        model._maybe_symbolic_build = lambda *_, **__: None  # Keras 3.15 averages no tuples
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True
        for seeds in layer._seed_generators:
            seeds.next = own_seed(seeds.next)


def one_share(apply):
    """Return an optimizer's `apply` for means over parts of a batch: the shares add up to the whole."""

    def apply_share(gradients, variables):
        count = replica_count()
        return apply([slope if slope is None else slope / count for slope in gradients], variables)

    return apply_share


def own_seed(next_seed):
    """Return a seed generator's `next` that differs on each replica: their states are the same."""

    def next_on_replica(**settings):
        replica = tf.distribute.get_replica_context()
        number = replica.replica_id_in_sync_group if replica else 0
        return next_seed(**settings) + tf.cast(tf.stack([number, 0]), "uint32")

    return next_on_replica


def losses_as_rows(train_step):
    """Return a train_step whose losses are rows: Keras 3.15 takes no mean of single numbers over workers.

    Source: issue 72388 of tensorflow/tensorflow
    """

    def with_rows(batch):
        return {name: tf.reshape(loss, (1,)) for name, loss in train_step(batch).items()}

    return with_rows


def check_shares(dataset):
    """Refuse a batch that replicas cannot share evenly: the mean of uneven parts is not the batch's mean."""
    spec = tf.nest.flatten(dataset.element_spec)[0] if hasattr(dataset, "element_spec") else None
    rows = spec.shape[0] if spec is not None and spec.shape.rank else None
    if rows and rows % replica_count():
        raise ValueError(
            f"A batch must be shared evenly by {replica_count()} devices. Received: {rows} rows. "
            f"Most likely fix: batch_size={rows - rows % replica_count() or replica_count()}."
        )
