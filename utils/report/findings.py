"""What the numbers mean: each warning with its reason and its cure; a limit must be passed for certain."""

from typing import NamedTuple

FEW = 1_000  # pictures: real ones then read FID 1.1 by bias alone, a fifth of what lesson 02's generator has
CERTAIN = 100  # pictures; of fewer, neighbours and their intervals say nothing for certain but collapse
COPIES = 0.01  # share of the pictures: certain that more than one in a hundred is a copy
TWINS = 0.2  # share of pictures: with 2,000 of them, as if the generator knew only 9,000 different ones
MISSING = 0.8  # of the coverage of real pictures: a fifth of them has nothing like it
FAITHFUL = 0.8  # of their density; where pictures are so near to real ones, low coverage means missing kinds
UNLIKE = 0.5  # of their density: noise has 0.2 of it, lesson 02's generator 0.6


class Finding(NamedTuple):
    """One warning: a word for it, what was seen, why it matters, and what to do."""

    key: str
    seen: str
    why: str
    cure: str


def findings(pictures, card, reference):
    """Return all warnings, those that spoil the numbers first."""
    return [
        *what_came(pictures, card, reference),
        *what_was_measured(card.readings, card.count),
    ]


def what_came(pictures, card, reference):
    """Yield warnings about the pictures as they came: they say how far the numbers can be trusted."""
    if pictures.not_finite:
        yield Finding(
            "not a number",
            f"{pictures.not_finite:,} pictures hold NaN or infinity and were left out.",
            "The numbers below are of the others, so they are too good.",
            "The generator has diverged or is about to: lower its learning rate, look at its losses.",
        )
    low, high = pictures.values
    if pictures.outside:
        yield Finding(
            "out of range",
            f"{share(pictures.outside)} of the values lie outside [-1, 1], from {low:.3g} to {high:.3g}.",
            "They were cut off at -1 and 1, and what was measured is what is left.",
            "scale_images(images) if they are bytes from 0 to 255; else end the generator with tanh.",
        )
    elif pictures.half_range:
        yield Finding(
            "out of range",
            f"All values lie from {low:.3g} to {high:.3g}: perhaps [0, 1], where [-1, 1] is expected.",
            "Black then looks like grey, and all distances to real pictures grow.",
            "report(2 * images - 1), if so.",
        )
    if reference.instead_of:
        yield Finding(
            "another reference",
            f"{reference.instead_of} is out of reach; the {reference.name} took its place.",
            "The pictures are compared with others than they should be like.",
            "Connect to the network once, or set PRODUCT_DATA to the folder that holds it.",
        )
    if pictures.resized:
        yield Finding(
            "resized",
            f"Pictures of {pictures.resized[0]} pixels were made {pictures.resized[1]}.",
            "The feature network knows this size alone: finer detail is neither praised nor blamed.",
            "Judge fine detail by eye, and in votes.",
        )
    if pictures.skipped:
        yield Finding(
            "skipped files",
            f"{len(pictures.skipped):,} files could not be read; the first is {pictures.skipped[0]}.",
            "The numbers are of the others.",
            "Look at the list at the end of the page.",
        )
    if card.count < FEW:
        fid = card.readings["FID"].real
        yield Finding(
            "too few samples",
            f"Only {card.count:,} pictures on each side were compared.",
            f"Few pictures bias FID upwards: real ones score {fid:.3g} here. Wide intervals hide much.",
            f"{FEW:,} pictures or more, and as many real ones held out: report(generator) draws 2,000.",
        )


def what_was_measured(readings, count):
    """Yield warnings about what the pictures are; a number of a collapsed generator says nothing else."""
    copies, twins, density, coverage = (readings[name] for name in ("copies", "twins", "density", "coverage"))
    missing = coverage.found.high < MISSING * coverage.real
    if copies.found and copies.found.low > COPIES:
        yield Finding(
            "memorised",
            f"About {share(copies.found.value)} of the pictures are copies of training pictures, or nearly.",
            "So much more of them than of real held-out ones lie that near. FID and precision praise copies.",
            "Look at the pairs below. More training pictures, augmentation, an earlier checkpoint.",
        )
    if twins.found.low > TWINS:
        yield Finding(
            "collapsed",
            f"{share(twins.found.value)} of the pictures are almost the same as another one; "
            f"of real ones {share(twins.real)}.",
            "The generator gives few different pictures, whatever the latents are.",
            "Look at the pictures below. Lesson 03 has the cures: R1, pairs, two learning rates.",
        )
    elif count < CERTAIN:
        return
    elif density.found.high < UNLIKE * density.real:
        yield Finding(
            "unlike real pictures",
            f"Density is {density.found.value:.2f}, and {density.real:.2f} for real pictures.",
            "Most lie far from real ones: noise, strong blur, a wrong range, another kind of product.",
            "Look at the strangest pictures below; train longer; see that reference= is what it should draw.",
        )
    elif missing and density.found.high < FAITHFUL * density.real:
        yield Finding(
            "not quite like real pictures",
            f"Density is {density.found.value:.2f}, coverage {coverage.found.value:.2f}; "
            f"{density.real:.2f} and {coverage.real:.2f} for real pictures.",
            "Many lie beside real ones, not among them: soft or grainy ones, shapes between two products.",
            "Train longer; look at the strangest pictures below. Lesson 02's generator, too, is told this.",
        )
    elif missing:
        yield Finding(
            "kinds are missing",
            f"Coverage is {coverage.found.value:.2f}, and {coverage.real:.2f} for real pictures.",
            "Of many real pictures the generator draws nothing like them, though what it draws may be good.",
            "Count the kinds; train longer; where kinds are rare in the training pictures, balance them.",
        )


def share(value):
    """Return a share in per cent, never 0 % for what is there."""
    return f"{100 * value:.2g} %" if value < 0.0995 else f"{100 * value:.0f} %"
