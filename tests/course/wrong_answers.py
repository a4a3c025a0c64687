# ruff: noqa: F811, F821
"""Wrong answers as people write them; the line above each says the exercise and the mistake to be named."""


# %% 0.1 the images end in [0, 1]
def scale_images(images):
    return images.astype("float32") / 255


# %% 1.3 a number was added against division by 0
def optimal_discriminator(p, q):
    return p / (p + q + 1e-6)


# %% 1.4 these are the slopes by D, not by the score
def generator_slopes(probability):
    return -1 / (1 - probability), -1 / probability


# %% 1.5 the average stands still
def play_round(gan, real_points):
    count = tf.shape(real_points)[0]
    d_loss = gan.teach_discriminator(real_points, gan.generator(gan.draw_latents(count), training=True))
    return d_loss, gan.teach_generator(real_points, gan.draw_latents(count))


# %% 1.6 one point is enough for a mode
def modes_covered(points, centres, sigma):
    distances = np.linalg.norm(points[:, None] - centres, axis=-1)
    return len(np.unique(distances.argmin(axis=1)[distances.min(axis=1) <= REACH * sigma]))


# %% 2.1 summed over the batch
def discriminator_loss(real_logits, fake_logits):
    return ops.sum(ops.softplus(-real_logits)) + ops.sum(ops.softplus(fake_logits))


# %% 2.3 the image ends in [0, 1]
def build_generator(latent_dim=24, width=48, image_size=28, channels=1):
    small = image_size // 4
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(small * small * width, activation="relu"),
            layers.Reshape((small, small, width)),
            layers.Conv2DTranspose(width, 4, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="sigmoid"),
        ]
    )


# %% 2.5 the discriminator moves too
def generator_step(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(latents, training=True), training=True)
        loss = generator_loss(fake_logits)
    variables = generator.trainable_variables + discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# %% 2.7 classes that were never drawn are forgotten
def collapsed_classes(class_ids, class_count, share=0.02):
    return np.flatnonzero(np.bincount(class_ids) < share * len(class_ids))


# %% 3.1 the norm runs over the batch axis
def one_centred_penalty(gradients, weight=10.0):
    norm = ops.sqrt(ops.sum(ops.square(gradients), axis=0) + 1e-12)
    return weight * ops.mean(ops.square(norm - 1.0))


# %% 3.2 the share is drawn from a normal distribution
def gradient_penalty(critic, real_images, fake_images, weight=10.0):
    share = tf.random.normal([len(real_images)] + [1] * (len(real_images.shape) - 1))
    between = share * real_images + (1 - share) * fake_images
    return one_centred_penalty(input_slopes(critic, between), weight)


# %% 3.4 the penalty goes through batch normalisation
def build_lone_critic(width=64):
    hidden = [layers.Dense(width), layers.BatchNormalization(), layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([layers.Input((2,)), *hidden, layers.Dense(1)])


# %% 3.7 the generator learns faster
def two_rates(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
    share = min(1.0, max(0.0, (steps - step) / (steps - hold * steps)))
    return share * g_learning_rate, ratio * share * g_learning_rate


# %% 3.9 a run is left out
def diagnose():
    return {"A": "generator far too fast", "B": "penalty far too strong"}


# %% 4.1 unknown words are left out
def vectorise(caption, vocabulary, length):
    tokens = [vocabulary[word] for word in caption.lower().split() if word in vocabulary][:length]
    padding = length - len(tokens)
    return tokens + [0] * padding, [True] * len(tokens) + [False] * padding


# %% 4.2 the 1 is missing
def film(maps, scale, shift):
    return scale[:, None, None, :] * maps + shift[:, None, None, :]


# %% 4.3 right shape, wrong pixels
def caption_planes(caption_vectors, height, width):
    planes = ops.repeat(caption_vectors, height * width, axis=1)
    return ops.reshape(planes, (-1, height, width, caption_vectors.shape[1]))


# %% 4.4 a sum without its axis was spread over the batch
def projection_logits(features, unconditional, caption_vectors):
    return ops.sum(features * caption_vectors, axis=-1) + unconditional


# %% 4.5 the wrong captions are left out
def matching_aware_loss(real_logits, fake_logits, mismatched_logits):
    return ops.mean(ops.softplus(fake_logits - real_logits))


# %% 4.6 single words are dropped
def drop_captions(tokens, rate):
    return tf.where(tf.random.uniform(tf.shape(tokens)) >= rate, tokens, 0)


# %% 4.8 the counts are compared as they are
def most_confused(matrix, names):
    faults = matrix - np.diag(np.diagonal(matrix))
    wanted, read = np.argwhere(faults == faults.max())[0]
    return names[wanted], names[read]


# %% 5.1 the last bin is missing
def spectrogram_size(samples, frame, hop, sample_rate):
    frames = max(0, 1 + (samples - frame) // hop)
    return frames, frame // 2, hop / sample_rate, sample_rate / frame


# %% 5.2 this is the mean of the pairs
def agreement(picture, words, sound):
    pairs = [(picture, words), (picture, sound), (words, sound)]
    return float(np.mean([np.all(one == other, axis=1).mean() for one, other in pairs]))


# %% 5.3 right shape, wrong pixels
def stage_two_input(coarse_images, caption_vectors):
    height, width = coarse_images.shape[1:3]
    planes = ops.repeat(caption_vectors, height * width, axis=1)
    planes = ops.reshape(planes, (-1, height, width, caption_vectors.shape[1]))
    return layers.Concatenate()([coarse_images, planes])


# %% 5.4 the noise is forgotten
def straight_through(logits, noise, temperature):
    soft = ops.softmax(logits / temperature)
    hard = ops.one_hot(ops.argmax(soft, axis=-1), soft.shape[-1])
    return hard + soft - ops.stop_gradient(soft)


# %% 5.5 only the first looks for the second
def matching_loss(first, second):
    scores = ops.matmul(first, ops.transpose(second)) / first.shape[-1] ** 0.5
    return ops.mean(ops.logsumexp(scores, axis=1) - ops.diagonal(scores))


# %% 6.1 a new block adds as much as passes by
def residual_block(x, width):
    way = x if x.shape[-1] == width else layers.Conv2D(width, 1, use_bias=False)(x)
    for _ in range(2):
        x = layers.LeakyReLU(negative_slope=0.2)(x)
        x = layers.Conv2D(width, 3, padding="same")(x)
    return way + x


# %% 6.2 only the last layer is asked
def perceptual_loss(feature_maps, clean, restored, weights):
    return weights[-1] * content_loss(feature_maps(clean)[-1], feature_maps(restored)[-1])


# %% 6.3 the places are not counted
def gram_matrix(maps):
    return ops.einsum("bhwi,bhwj->bij", maps, maps)


# %% 6.4 the last score is matched
def matching_price(reader, real_images, fake_images):
    _, real_logits = reader(real_images)
    _, fake_logits = reader(fake_images)
    return ops.sum(
        ops.square(ops.mean(fake_logits, axis=0) - ops.stop_gradient(ops.mean(real_logits, axis=0)))
    )


# %% 6.6 the mean of the scores is asked, not of their signs
def ada_update(p, real_logits, target=0.6, step=0.01):
    return ops.clip(p + step * ops.sign(ops.mean(real_logits) - target), 0.0, 1.0)


# %% 6.7 only convolutions are frozen
def freeze_lower(discriminator, count):
    convolutions = [layer for layer in discriminator.layers if isinstance(layer, layers.Conv2D)]
    for place, layer in enumerate(convolutions):
        layer.trainable = place >= count
    return discriminator


# %% 8.1 1.96 is written in
def mean_opinion_score(scores, confidence=0.95, scale=(1, 5)):
    reach = 1.96 * np.std(scores, ddof=1) / np.sqrt(len(scores))
    return Interval(np.mean(scores), np.mean(scores) - reach, np.mean(scores) + reach)


# %% 8.2 this is the rate of wins
def bradley_terry_step(strengths, wins):
    rate = wins.sum(axis=-1) / (wins + np.swapaxes(wins, -1, -2)).sum(axis=-1)
    return rate / rate.sum(axis=-1, keepdims=True)


# %% 8.3 the means are not subtracted
def window_similarity(x, y, average, data_range):
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    luminance = (2 * average(x) * average(y) + c1) / (average(x) ** 2 + average(y) ** 2 + c1)
    return luminance, (2 * average(x * y) + c2) / (average(x * x) + average(y * y) + c2)


# %% 8.4 the root is taken entry by entry
def frechet_distance(real_features, fake_features):
    s1, s2 = np.cov(real_features, rowvar=False), np.cov(fake_features, rowvar=False)
    gap = real_features.mean(axis=0) - fake_features.mean(axis=0)
    return float(gap @ gap + np.trace(s1 + s2 - 2 * np.sqrt(np.abs(s1 @ s2))))


# %% 8.5 pictures are compared with themselves
def kernel_distance(real_features, fake_features):
    def mean(a, b):
        return ((a @ b.T / a.shape[1] + 1) ** 3).mean()

    return float(
        mean(real_features, real_features)
        + mean(fake_features, fake_features)
        - 2 * mean(real_features, fake_features)
    )


# %% 8.7 the budget is not kept
def pgd_step(images, slope, clean, budget, step_size, norm="inf"):
    direction = np.sign(slope) if norm == "inf" else slope / lengths(slope)
    return np.clip(images + step_size * direction, LOW, HIGH)


# %% 9.1 this is the mean of the own part
def replica_loss(costs, global_batch_size):
    return ops.mean(costs)


# %% 9.2 only the variances are averaged
def global_moments(means, variances):
    return ops.mean(means, axis=0), ops.mean(variances, axis=0)


# %% 9.3 the warm-up starts at 0
def rate_at(step, rate, factor, warmup_steps, power=1.0):
    target = rate * factor**power
    return target if step >= warmup_steps else target * step / warmup_steps


# %% 9.4 e^x overflows
def stable_softplus(x):
    return ops.log(1 + ops.exp(x))


# %% 9.5 all pictures are shared out evenly
def steps_per_epoch(shard_sizes, workers, replica_batch_size):
    return sum(shard_sizes) // (workers * replica_batch_size)
