"""What a trained, frozen network sees in a picture, layer by layer, so that a loss can ask it."""

import pathlib

import keras
import numpy as np
from keras import layers, ops

VGG_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
VGG_MEANS = (103.939, 116.779, 123.68)  # blue, green, red of ImageNet
VGG_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


def build_feature_maps(convolutions, strides, channels=3):
    """Build the network that shows what the convolutions of a trained network see; nothing moves its weights.

    Shapes: convolutions: (kernel, bias) per layer; images (batch, height, width, channels) of any size
            -> a list of maps, one per layer
    Range:  images in [-1, 1] -> 0 and above; with channels=1 a colour network sees grey pictures as they are
    Source: a fixed loss network, Johnson et al. 2016, arXiv:1603.08155, here one of our own
    """
    (first, shift), *others = convolutions
    if channels == 1:  # grey is three equal colours, so their kernels can be added beforehand
        first = first.sum(axis=2, keepdims=True)
    images = x = keras.Input((None, None, channels), name="images")
    maps, weights, convolutions = [], [], [(first, shift), *others]
    for number, ((kernel, bias), stride) in enumerate(zip(convolutions, strides, strict=True)):
        layer = layers.Conv2D(
            *(kernel.shape[3], kernel.shape[:2], stride, "same"), activation="relu", name=f"maps_{number}"
        )
        x = layer(x)
        maps.append(x)
        weights += [kernel, bias]
    network = keras.Model(images, maps, name="feature_maps")
    network.set_weights(weights)
    network.trainable = False
    return network


def load_vgg_features(path, names=VGG_LAYERS):
    """Read VGG16, trained on ImageNet, from a file of weights without its top; nothing moves it.

    Shapes: images (batch, height, width, 1 or 3), sides of at least 32 -> a list of maps, one per name
    Range:  images in [-1, 1] -> 0 and above, of the order of 100: weights of about 1e-4 are usual
    Source: Simonyan and Zisserman 2014, arXiv:1409.1556; Keras names the file as VGG_FILE does
    Errors: OSError where the file is missing, damaged or of another network
    """
    vgg = keras.applications.VGG16(include_top=False, weights=None)
    path = pathlib.Path(path)
    try:
        if not path.is_file():
            raise OSError("no such file")
        vgg.load_weights(path)
        if not all(np.isfinite(weight).all() for weight in vgg.get_weights()):
            raise OSError("it holds NaN or infinity")
    except (OSError, ValueError, KeyError) as error:
        raise OSError(
            f"VGG16's weights without its top must be a complete file at {path}. Received: {error}. "
            f"Most likely fix: download {VGG_FILE} from Keras applications, or take our own network: "
            "build_feature_maps(load_features(28, 1).layers[:3], STRIDES)."
        ) from error
    seen = keras.Model(vgg.input, [vgg.get_layer(name).output for name in names])
    images = keras.Input((None, None, None), name="images")
    network = keras.Model(images, seen(PixelsForVGG()(images)), name="vgg_features")
    network.trainable = False
    return network


@keras.saving.register_keras_serializable("course")
class PixelsForVGG(layers.Layer):
    """Images in [-1, 1], grey or in colour, as VGG16 was trained on them: blue first, minus the means."""

    def call(self, images):
        images = ops.broadcast_to(images, (*ops.shape(images)[:-1], 3))
        return 127.5 * (images[..., ::-1] + 1.0) - ops.convert_to_tensor(VGG_MEANS, images.dtype)

    def compute_output_shape(self, shape):
        return (*shape[:-1], 3)
