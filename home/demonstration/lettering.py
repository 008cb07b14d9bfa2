"""Vietnamese words in a picture, set with the web fonts the portal already carries.

The fonts of ``static/fonts`` are cut in two, a Latin and a Vietnamese file, and
a browser takes each letter from the file that has it. Pillow takes one file at
a time, so a line is set here run by run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import ImageDraw, ImageFont

FONT_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"

VIETNAMESE_LETTERS = frozenset("ĂăĐđĨĩŨũƠơƯư₫") | {chr(code) for code in range(0x1EA0, 0x1EFA)}
"""What the Vietnamese files hold; every other letter comes from the Latin ones."""


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@dataclass(frozen=True)
class Typeface:
    """One weight of a family: the stem of its two files, as ``source-serif-4`` and ``400``."""

    family: str
    weight: int

    def font(self, subset: str, size: int) -> ImageFont.FreeTypeFont:
        """The file of ``subset`` (``latin`` or ``vietnamese``) at ``size`` pixels."""
        return _font(FONT_FOLDER / f"{self.family}-{subset}-{self.weight}-normal.woff2", size)

    def runs(self, line: str, size: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """``line`` in pieces, each with the font that has all of its letters."""
        for vietnamese, letters in groupby(line, VIETNAMESE_LETTERS.__contains__):
            yield "".join(letters), self.font("vietnamese" if vietnamese else "latin", size)

    def width(self, line: str, size: int, spacing: float = 0) -> float:
        """How many pixels ``line`` takes, with ``spacing`` after each letter but the last."""
        letters = sum(font.getlength(run) for run, font in self.runs(line, size))
        return letters + spacing * max(0, len(line) - 1)

    def write(
        self,
        pen: ImageDraw.ImageDraw,
        centre: tuple[float, float],
        line: str,
        size: int,
        fill: int | tuple[int, ...],
        spacing: float = 0,
    ) -> None:
        """Write one ``line`` with its middle at ``centre`` (x, and y of the baseline)."""
        x = centre[0] - self.width(line, size, spacing) / 2
        for run, font in self.runs(line, size):
            for piece in run if spacing else (run,):
                pen.text((x, centre[1]), piece, font=font, fill=fill, anchor="ls")
                x += font.getlength(piece) + (spacing if spacing else 0)


READING = Typeface("source-serif-4", 400)
TITLES = Typeface("source-serif-4", 600)
INTERFACE = Typeface("be-vietnam-pro", 400)


def balanced_lines(typeface: Typeface, text: str, size: int, measure: float) -> list[str]:
    """``text`` in as few lines as ``measure`` pixels allow, broken at spaces, about equal."""
    words = text.split()
    greedy = _fill(typeface, words, size, measure)
    narrowest, widest = 0.0, measure
    for _ in range(12):
        middle = (narrowest + widest) / 2
        if len(_fill(typeface, words, size, middle)) > len(greedy):
            narrowest = middle
        else:
            widest = middle
    return _fill(typeface, words, size, widest)


def _fill(typeface: Typeface, words: list[str], size: int, measure: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and typeface.width(longer, size) <= measure:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
