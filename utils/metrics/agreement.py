"""Do picture, words and sound speak of the same product? All attributes in all modalities at once."""

import itertools

import numpy as np

NAMES = ("kind", "colour", "pattern")


def modality_agreement(readings, names=NAMES):
    """Share of products of which every modality tells the same, per attribute and all at once.

    "all" is counted product by product: every attribute equal in every modality. What could not be read ("")
    agrees with nothing, not even with another "".

    Shapes:  readings {modality: {name: str (n,)}}, two modalities or more -> {name: float, ..., "all": float}
    Units:   share of the products, 0 to 1
    Healthy: above 0.97 for real triples; without anything that ties the modalities together it is at chance,
             see agreement_by_chance
    Source:  ours; the strict form of the coherence of joint generation, Shi et al. 2019, arXiv:1911.03393
    """
    told = check_readings(readings, names)
    equal = {name: agreeing([words[name] for words in told]) for name in names}
    scores = {name: float(same.mean()) for name, same in equal.items()}
    return scores | {"all": float(np.all(list(equal.values()), axis=0).mean())}


def agreeing(columns):
    """Tell of each product whether all columns say the same, and say something: bool (n,)."""
    first, *others = columns
    return np.logical_and.reduce([column == first for column in others] + [first != ""])


def pairwise_agreement(readings, names=NAMES):
    """Return the share of products of which each two modalities tell all the same: {"picture, words": ...}.

    Their mean is not the agreement of all three: that is never above the lowest of them.
    """
    return {
        f"{one}, {other}": modality_agreement({one: readings[one], other: readings[other]}, names)["all"]
        for one, other in itertools.combinations(readings, 2)
    }


def agreement_by_chance(readings, names=NAMES):
    """Return the agreement that these modalities would have if each drew its product for itself.

    Each modality keeps its own shares: one that always tells of a red mug has more chance to agree.

    Shapes:  as modality_agreement
    Units:   share of the products, 0 to 1
    Healthy: for three modalities that tell of each product equally often: kind 1/256, colour 1/100, pattern
             1/25, all of them at once 1/640,000
    Source:  the chance term of Cohen 1960, Educational and Psychological Measurement 20(1)
    """
    told = check_readings(readings, names)
    columns = {name: [words[name] for words in told] for name in names}
    columns["all"] = [joined([words[name] for name in names]) for words in told]
    return {name: float(chance(each)) for name, each in columns.items()}


def joined(columns):
    """Return one word per product for all its attributes; "" where one of them could not be read."""
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return np.array(["/".join(row) if all(row) else "" for row in rows])


def chance(columns):
    """Return the sum over all words of the product of their shares in each column."""
    words = sorted(set(np.concatenate(columns).tolist()) - {""})
    shares = [[np.mean(column == word) for word in words] for column in columns]
    return np.prod(np.array(shares), axis=0).sum() if words else 0.0


def check_readings(readings, names):
    """Return what each modality tells as arrays, else say what does not fit together."""
    lengths = {
        modality: tuple(len(words.get(name, ())) for name in names) for modality, words in readings.items()
    }
    if len(readings) < 2 or len({length for each in lengths.values() for length in each}) != 1:
        raise ValueError(
            f"Readings must be of two modalities or more, each with {', '.join(names)} of as many products. "
            f"Received: {lengths}. Most likely fix: read all modalities of the same draws."
        )
    if not next(iter(lengths.values()))[0]:
        raise ValueError("Readings must be of one product or more. Received: none. Most likely fix: draw.")
    return [{name: np.asarray(words[name]) for name in names} for words in readings.values()]
