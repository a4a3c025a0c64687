"""Walk between two random latents by hand: `explore_latents`."""

import base64
from html import escape

import numpy as np

from utils.show import style
from utils.show.grids import checked_pixels, plot_images

STEPS = 20  # positions of the slider from one latent to the other
SIDE = 224  # pixels of the shown image


def between(first, second, share):
    """Return the latent at this share of the way, on the arc, so that its length stays usual."""
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - share) * first + share * second
    return (np.sin((1 - share) * angle) * first + np.sin(share * angle) * second) / np.sin(angle)


def latent_path(seed, latent_dim, steps):
    """Return `steps` latents (steps, latent_dim) from one random latent to another."""
    first, second = np.random.default_rng(seed).standard_normal((2, latent_dim))
    return np.stack([between(first, second, share) for share in np.linspace(0, 1, steps)]).astype("float32")


def plot_path(draw, latent_dim, seed=0, alt=None):
    """Return the walk as one row of ten images."""
    alt = alt or "10 images on the way from one random latent to another, left to right"
    return plot_images(np.asarray(draw(latent_path(seed, latent_dim, 10))), columns=10, alt=alt)


def explore_latents(draw, latent_dim, seed=0):
    """Return sliders that walk between two latents (a figure outside notebooks); draw: latents -> images."""
    if not style.in_notebook():
        return plot_path(draw, latent_dim, seed)
    import ipywidgets as widgets

    pair = widgets.BoundedIntText(seed, min=0, max=9999, description="Pair", tooltip="number of the pair")
    place = widgets.IntSlider(
        0, min=0, max=STEPS, description="Position", tooltip="0 first, 20 second latent"
    )
    play = widgets.Play(0, min=0, max=STEPS, interval=150, tooltip="walk from the first to the second latent")
    other = widgets.Button(description="New pair", tooltip="draw two other latents")
    # The size is fixed: a picture that is exchanged must not make the page jump.
    view = widgets.HTML(layout=widgets.Layout(width=f"{SIDE}px", height=f"{SIDE + 8}px"))
    frames = {}

    def load(_=None):
        frames["pixels"] = checked_pixels(np.asarray(draw(latent_path(pair.value, latent_dim, STEPS + 1))))
        turn()

    def turn(_=None):
        image = frames["pixels"][place.value]
        source = base64.b64encode(style.encoded(image)).decode()
        alt = f"image at position {place.value} of {STEPS} between the two latents of pair {pair.value}"
        look = f"width:{SIDE}px;image-rendering:pixelated"
        view.value = f'<img alt="{escape(alt)}" style="{look}" src="data:image/png;base64,{source}">'

    def renew(_):
        pair.value = (pair.value + 1) % 10_000

    pair.observe(load, "value")
    place.observe(turn, "value")
    other.on_click(renew)
    widgets.jslink((play, "value"), (place, "value"))
    load()
    return widgets.VBox([view, widgets.HBox([place, play]), widgets.HBox([pair, other])])
