# ruff: noqa: F811, F821
"""Wrong answers as people write them; the line above each says the exercise and the mistake to be named."""


# %% 0.1 the images end in [0, 1]
def scale_images(images):
    return images.astype("float32") / 255


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
