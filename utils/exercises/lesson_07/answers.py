"""Answers to exercises of lesson 07 that no other part of the library needs."""


def half_size_pair(clean):
    """Return (degraded, clean): what half the size leaves of the pictures, and the pictures as they came.

    Each block of 2 x 2 pixels becomes its mean; the degraded picture shows that mean in all four places.

    Shapes: clean (n, height, width, channels), height and width even -> two of the same shape
    Range:  that of the pictures
    Source: our own choice; the target needs no label, since the picture is its own answer
    """
    count, height, width, channels = clean.shape
    blocks = clean.reshape(count, height // 2, 2, width // 2, 2, channels)
    small = blocks.mean(axis=(2, 4))  # (n, height / 2, width / 2, channels)
    return small.repeat(2, axis=1).repeat(2, axis=2), clean
