"""Prices in the terms of a network that looks at pictures: what is there, how it looks, what is usual."""

from keras import ops


def content_loss(clean_maps, restored_maps):
    """Price of a picture in which something else is seen, or at another place, at one layer of a network.

    Shapes:  clean_maps, restored_maps (batch, height, width, channels): feature maps of one layer -> ()
    Units:   squared feature units, the mean over places and channels
    Healthy: 0 for the picture itself; falls with training, and is above 0 for a picture moved by one pixel
    Source:  Johnson et al. 2016, arXiv:1603.08155, eq. 2
    """
    return ops.mean(ops.square(restored_maps - ops.stop_gradient(clean_maps)))


def perceptual_loss(feature_maps, clean, restored, weights):
    """Price of a restored picture in which a network sees another thing than in the clean one.

    It needs the clean picture of each restored one. Where there is none, as for the samples of a GAN, see
    matching_price.

    Shapes:  feature_maps: images -> list of maps, one per layer; clean, restored (batch, height, width,
             channels) in [-1, 1], paired by row; weights: one number per layer -> ()
    Units:   squared feature units, the mean of each layer times its weight, summed
    Healthy: 0 for the clean picture; the deeper the layer, the less a moved one costs beside a blurred one
    Source:  Johnson et al. 2016, arXiv:1603.08155, section 3.2
    """
    pairs = zip(feature_maps(clean), feature_maps(restored), weights, strict=True)
    return sum(weight * content_loss(wanted, seen) for wanted, seen, weight in pairs)


def gram_matrix(maps):
    """Say how often two features are seen at the same place, wherever that is.

    Shapes:  maps (batch, height, width, channels) -> (batch, channels, channels)
    Units:   squared feature units, the mean over places
    Healthy: symmetric; the same for a map whose places were shuffled: style without content
    Source:  Gatys et al. 2015, arXiv:1508.06576, eq. 3, divided by the number of places
    """
    channels, places = maps.shape[-1], maps.shape[1] * maps.shape[2]
    rows = ops.reshape(maps, (-1, places, channels))
    return ops.matmul(ops.transpose(rows, (0, 2, 1)), rows) / places


def style_loss(style_maps, maps):
    """Price of maps whose features do not go together as those of the style picture do.

    Shapes:  style_maps, maps: lists of (batch, height, width, channels), one per layer, of any size -> ()
    Units:   squared Gram units, the mean over channel pairs, summed over layers
    Healthy: 0 for the style picture with its places shuffled; it asks for texture, never for a shape
    Source:  Gatys et al. 2015, arXiv:1508.06576, eq. 4 and 5
    """
    pairs = zip(style_maps, maps, strict=True)
    return sum(content_loss(gram_matrix(wanted), gram_matrix(seen)) for wanted, seen in pairs)


def matching_price(reader, real_images, fake_images):
    """Price of fakes in which other features are found than in real images, on average; none has a partner.

    The features are those of a layer inside the discriminator, averaged over the batch. Its score alone is
    one number, and one number is soon matched.

    Shapes:  reader: images -> features (batch, ...), logits (batch, 1); real_images, fake_images (batch,
             height, width, channels) -> ()
    Units:   squared feature units, summed over the features
    Healthy: for real against real twice the summed variance / batch, never 0; it sees means alone
    Source:  Salimans et al. 2016, arXiv:1606.03498, section 3.1
    """
    real_features, _ = reader(real_images)
    fake_features, _ = reader(fake_images)
    wanted = ops.stop_gradient(ops.mean(real_features, axis=0))  # the real images stay as they are
    return ops.sum(ops.square(ops.mean(fake_features, axis=0) - wanted))
