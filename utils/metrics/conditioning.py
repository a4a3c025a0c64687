"""Does the picture show what the caption says: attribute accuracy, retrieval, diversity within a caption."""

import numpy as np

from utils.data.captions import read_caption
from utils.data.images import check_images

POOL = 4  # pixels: white grain loses three quarters in the mean of 4 x 4, the shape of a product stays


def said_attributes(captions):
    """Return what catalogue captions say, {name: str (n,)}, with "" where a caption leaves it open."""
    found = [read_caption(caption) for caption in captions]
    names = ("kind", "colour", "pattern", "detail", "background")
    return {name: np.array([words.get(name, "") for words in found]) for name in names}


def attribute_accuracy(read, wanted):
    """Share of pictures that show what their caption says, per attribute and all at once.

    "all" counts a picture when everything that was asked of it is right; it is neither the mean of the
    others nor their product. What a caption leaves open ("", or a name that `wanted` lacks) is not judged.

    Shapes:  read, wanted {name: str (n,)}, wanted with fewer names or all -> {name: float, ..., "all": float}
    Units:   share of the pictures whose caption says it, 0 to 1
    Healthy: real pictures 0.99 and above; chance, as with shuffled captions: kind 1/16, colour 1/10,
             pattern 1/5, all three 1/800
    Source:  common practice with synthetic attributes; conditions are judged jointly as in GenEval,
             Ghosh et al. 2023, arXiv:2310.11513
    """
    check_words(read, wanted)
    scores, all_right, any_asked = {}, True, False
    for name, words in wanted.items():
        asked = np.asarray(words) != ""
        right = np.asarray(read[name]) == np.asarray(words)
        if asked.any():
            scores[name] = float(right[asked].mean())
        all_right, any_asked = all_right & (right | ~asked), any_asked | asked
    return scores | {"all": float(all_right[any_asked].mean())}


def confusion(read, wanted, values):
    """Count how often each wanted value was read as each value: the diagonal is right.

    Shapes:  read, wanted str (n,); values: k words -> int (k, k), rows what was wanted, columns what was read
    Units:   pictures; each row adds up to how often its value was wanted
    Healthy: all on the diagonal; one full column means the generator always draws that value
    Source:  confusion matrix, as scikit-learn's confusion_matrix(wanted, read, labels=values)
    """
    check_words({"value": read}, {"value": wanted})
    counts = np.zeros((len(values), len(values)), "int64")
    np.add.at(counts, (number_words(wanted, values), number_words(read, values)), 1)
    return counts


def number_words(words, values):
    """Return the place of each word among the values: int (n,)."""
    places = {value: place for place, value in enumerate(values)}
    unknown = sorted({str(word) for word in words} - set(places))
    if unknown:
        raise ValueError(
            f"Words must be among {', '.join(map(repr, places))}. Received: "
            f"{', '.join(map(repr, unknown))}. Most likely fix: pass judge.values[name] of that attribute."
        )
    return np.array([places[word] for word in words])


def caption_scores(log_probabilities, wanted, values):
    """Score each caption against each picture: how much likelier its words are there than by chance.

    Sum over what the caption says of log p(word | picture) - log (1 / number of words); without the second
    term a caption that says less would win.

    Shapes:  log_probabilities {name: (pictures, k)}, wanted {name: str (captions,)}, values {name: k words}
             -> float64 (captions, pictures)
    Units:   nats
    Healthy: on the diagonal log 800 = 6.7 for kind, colour and pattern of a real picture; below 0 elsewhere
    Source:  pointwise mutual information with equally likely words
    """
    scores = 0.0
    for name, words in wanted.items():
        table = np.asarray(log_probabilities[name], "float64") + np.log(len(values[name]))  # (pictures, k)
        table = np.pad(table, ((0, 0), (0, 1)))  # a last column of 0 for what a caption leaves open
        scores = scores + table.T[number_words(words, (*values[name], ""))]  # (captions, pictures)
    return scores


def retrieval_recall(similarity):
    """Recall at 1: is the best picture of a caption its own, and the best caption of a picture its own?

    A tie of m best counts 1/m, as guessing among them would: constant scores give 1/n, not 1. Take captions
    that differ; two that say the same always tie, and even real pictures then stay below 1.

    Shapes:  similarity (n, n), rows captions, columns pictures, matches on the diagonal
             -> {"picture of caption": float, "caption of picture": float}
    Units:   share, 0 to 1; compare only at equal n
    Healthy: 1.0 for real pictures and 200 captions of kind, colour, pattern, detail, background; chance 1/n
    Source:  R-precision with captions, Xu et al. 2018, arXiv:1711.10485; in both directions as in
             Radford et al. 2021, arXiv:2103.00020
    """
    similarity = np.asarray(similarity, "float64")
    if similarity.ndim != 2 or similarity.shape[0] != similarity.shape[1] or not similarity.size:
        raise ValueError(
            "The similarity must be (n, n): one picture for each caption. "
            f"Received: shape {similarity.shape}. Most likely fix: score the first picture of each caption."
        )
    if not np.isfinite(similarity).all():
        raise ValueError(
            f"The similarity must be finite. Received: NaN or infinity in {(~np.isfinite(similarity)).sum()} "
            "places. Most likely fix: the generator has diverged; look at its pictures first."
        )
    recall = {}
    for axis, direction in ((1, "picture of caption"), (0, "caption of picture")):
        best = similarity == similarity.max(axis=axis, keepdims=True)
        recall[direction] = float((np.diagonal(best) / best.sum(axis=axis)).mean())
    return recall


def diversity(images_by_caption):
    """Mean distance between two pictures of the same caption.

    Pictures are averaged over 4 x 4 pixels first: grain is not diversity. White noise keeps a quarter of its
    strength, what differs between real products of one caption about half.

    Shapes:  images_by_caption (captions, 2 pictures or more, height, width, channels) in [-1, 1] -> float
    Units:   levels of 0..255, root mean square over pixels and channels, then the mean over pairs
    Healthy: real catalogue 23 (38 where the background is left open); 0 when the latents are ignored;
             57 between any two products, so much more than real means that the caption is ignored
    Source:  pairs of one condition as in Zhu et al. 2017, arXiv:1711.11586 (there in LPIPS)
    """
    images = np.asarray(images_by_caption)
    if images.ndim != 5 or images.shape[1] < 2:
        raise ValueError(
            "Images must be (captions, pictures, height, width, channels) with 2 pictures or more. "
            f"Received: shape {images.shape}. Most likely fix: draw several latents for each caption."
        )
    captions, pictures, height, width, channels = images.shape
    if height % POOL or width % POOL:
        raise ValueError(
            f"Height and width must be multiples of {POOL}. Received: {height} x {width}. "
            "Most likely fix: load and generate pictures of 32 x 32."
        )
    flat = check_images(images.reshape(-1, height, width, channels)).astype("float64")
    blocks = flat.reshape(captions, pictures, height // POOL, POOL, width // POOL, POOL, channels)
    pooled = blocks.mean(axis=(3, 5)).reshape(captions, pictures, -1)
    first, second = np.triu_indices(pictures, k=1)  # each pair once, no picture with itself
    gaps = [np.sqrt(np.square(own[first] - own[second]).mean(axis=1)) for own in pooled]
    return float(127.5 * np.mean(gaps))


def check_words(read, wanted):
    """Refuse answers and questions that do not belong together."""
    missing = [name for name in wanted if name not in read]
    if missing or not any(np.any(np.asarray(words) != "") for words in wanted.values()):
        raise ValueError(
            f"What is wanted must be among {', '.join(read)}. Received: {', '.join(missing) or 'nothing'}. "
            "Most likely fix: pass the attributes of the catalogue, or said_attributes(captions)."
        )
    for name, words in wanted.items():
        shapes = np.shape(read[name]), np.shape(words)
        if shapes[0] != shapes[1] or len(shapes[1]) != 1 or shapes[1] == (0,):
            raise ValueError(
                f"Read and wanted must hold one {name} for each picture. Received: shapes {shapes[0]} and "
                f"{shapes[1]}. Most likely fix: repeat what a caption says for each of its pictures."
            )
