"""The arithmetic of training on many devices: shares, statistics, rates, steps and the bill."""

from keras import ops


def replica_loss(costs, global_batch_size):
    """The part that one replica adds to the mean cost of the whole batch.

    Each replica takes the gradient of its own part, and the optimizer adds the gradients of all replicas.

    Shapes:  costs (part,), one for each picture of this replica; global_batch_size () -> ()
    Units:   those of the costs
    Healthy: added over the replicas it is the mean over all pictures, also where the parts are unequal
    Source:  tf.nn.compute_average_loss; Keras' own fit takes the parts for equal
    """
    return ops.sum(costs) / global_batch_size


def global_moments(means, variances):
    """Return (mean, variance) of the whole batch from those of its equal parts: synchronised batch norm.

    Each variance is the mean squared distance from the mean of its own part.

    Shapes:  means, variances (replicas, channels) -> (channels,), (channels,)
    Units:   those of the features, and their square
    Healthy: above the mean of the variances, which with 4 pictures a replica is 3/4 of it on average
    Source:  the law of total variance; batch norm across GPUs: Peng et al. 2017, arXiv:1711.07240
    """
    return ops.mean(means, axis=0), ops.mean(variances, axis=0) + ops.var(means, axis=0)


def rate_at(step, rate, factor, warmup_steps, power=1.0):
    """The learning rate at a step, for a batch `factor` times as large as the one that `rate` is for.

    A straight line leads from `rate` at step 0 to rate times factor to the power, at step warmup_steps;
    there the rate stays. Without warm-up (0 steps) it is there from the start.

    Shapes:  five numbers -> ()
    Units:   learning rate; steps are counted from 0
    Healthy: 8 times the batch: 8 times the rate with power 1 (SGD), 2.8 times with power 0.5 (Adam)
    Source:  Goyal et al. 2017, arXiv:1706.02677 (SGD); Malladi et al. 2022, arXiv:2205.10287 (Adam)
    """
    target = rate * factor**power
    share = step / warmup_steps if step < warmup_steps else 1.0
    return rate + share * (target - rate)


def steps_per_epoch(shard_sizes, workers, replica_batch_size):
    """How many steps an epoch has for all workers; at one more, they would wait for one that has run out.

    Shards are dealt like cards: worker 0 gets shards 0, workers, 2 * workers, ..., worker 1 gets shard 1
    and so on. A worker is one replica, and makes full batches only.

    Shapes:  shard_sizes (shards,), pictures in each; workers (), replica_batch_size () -> ()
    Units:   steps, a whole number
    Healthy: all pictures over all that one step takes, when each worker holds as many; never more
    Source:  dealt as by tf.data.Dataset.shard
    """
    if len(shard_sizes) < workers:
        raise ValueError(
            f"Shards must be at least as many as workers, or some have nothing to learn from. "
            f"Received: {len(shard_sizes)} shards, {workers} workers. "
            f"Most likely fix: write the pictures into {workers} shards or more."
        )
    pictures = [sum(shard_sizes[worker::workers]) for worker in range(workers)]
    return int(min(pictures) // replica_batch_size)  # an all-reduce waits for the slowest of all


def training_cost(images, images_per_second, workers, efficiency, price_per_hour):
    """Return (hours, price) of a training that shows so many images, with all workers paid to its end.

    A worker alone makes images_per_second and costs price_per_hour; together they are workers times
    efficiency as fast.

    Shapes:  five numbers -> (), ()
    Units:   hours; the currency of price_per_hour. Efficiency is a share: 0.9, not 90
    Healthy: at an efficiency of 1 more workers only save time; at 0.8 the same training costs 1.25 times
    Source:  our own choice
    """
    hours = images / (images_per_second * workers * efficiency) / 3600
    return hours, hours * workers * price_per_hour
