"""The colours of banners: the light tokens of ``static/css/tokens.css``, as red, green, blue."""

from __future__ import annotations

Colour = tuple[int, int, int]

PAPER: Colour = (250, 246, 238)
INK: Colour = (27, 24, 21)
MUTED: Colour = (94, 86, 77)
LACQUER: Colour = (142, 27, 31)
LINE: Colour = (221, 211, 194)


def between(first: Colour, second: Colour, share: float) -> Colour:
    """The mixture of both with ``share`` (0…1) of the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return (red, green, blue)
