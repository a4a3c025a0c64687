"""The rendered catalogue: painted templates, posed, coloured, patterned and lit per product."""

from utils.data.catalogue.render import IMAGE_SIZES, draw_catalogue

__all__ = ["IMAGE_SIZES", "draw_catalogue"]
