"""Vietnamese words in a picture, set with the web fonts the portal already carries.

The fonts of ``static/fonts`` are cut in two, a Latin and a Vietnamese file, and
a browser takes each letter from the file that has it. Pillow takes one file at
a time, so a line is set here run by run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT_FOLDER = Path(__file__).resolve().parents[1] / "static" / "fonts"

VIETNAMESE_LETTERS = frozenset("ĂăĐđĨĩŨũƠơƯư₫") | {chr(code) for code in range(0x1EA0, 0x1EFA)}
"""What the Vietnamese files hold; every other letter comes from the Latin ones."""

FINE = 4
"""How many times larger letters are measured, and printed before they are reduced."""


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    # Pillow's other engine needs a library of the system: with this one a line is equally
    # long on every machine, so it is broken at the same places.
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


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
        """How many pixels ``line`` takes, with ``spacing`` after each letter but the last.

        Measured as :meth:`print_line` prints it: at their own size small letters would
        stand at whole pixels, and a line could come out a twentieth longer or shorter.
        """
        return _fine_width(self, line, size) / FINE + spacing * max(0, len(line) - 1)

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
        left = centre[0] - self.width(line, size, spacing) / 2
        self.write_from(pen, (left, centre[1]), line, size, fill, spacing)

    def write_from(
        self,
        pen: ImageDraw.ImageDraw,
        start: tuple[float, float],
        line: str,
        size: int,
        fill: int | tuple[int, ...],
        spacing: float = 0,
    ) -> None:
        """Write one ``line`` that begins at ``start`` (x, and y of the baseline)."""
        x = start[0]
        for run, font in self.runs(line, size):
            for piece in run if spacing else (run,):
                pen.text((x, start[1]), piece, font=font, fill=fill, anchor="ls")
                x += font.getlength(piece) + (spacing if spacing else 0)

    def print_line(
        self,
        picture: Image.Image,
        start: tuple[float, float],
        line: str,
        size: int,
        colour: tuple[int, int, int],
        spacing: float = 0,
    ) -> None:
        """Write one small ``line`` on ``picture`` as :meth:`write_from` does, but finely.

        Pillow sets letters at whole pixels, which tears words apart below some 20 pixels.
        Drawn larger and reduced, they keep their shapes and distances.
        """
        left, top = math.floor(start[0]) - 1, math.floor(start[1] - size * 1.4)
        width = math.ceil(self.width(line, size, spacing)) + 4
        letters = Image.new("L", (width * FINE, round(size * 2) * FINE), 0)
        self.write_from(
            ImageDraw.Draw(letters),
            ((start[0] - left) * FINE, (start[1] - top) * FINE),
            line,
            size * FINE,
            255,
            spacing * FINE,
        )
        picture.paste(colour, (left, top), letters.reduce(FINE))


@lru_cache(maxsize=8192)
def _fine_width(typeface: Typeface, line: str, size: int) -> float:
    return sum(font.getlength(run) for run, font in typeface.runs(line, size * FINE))


READING = Typeface("source-serif-4", 400)
TITLES = Typeface("source-serif-4", 600)
INTERFACE = Typeface("be-vietnam-pro", 400)
LABELS = Typeface("be-vietnam-pro", 500)

Reluctance = Callable[[str, str], float]
"""How unwillingly a line is broken between two words: 0 gladly, 1 only when nothing else fits."""


def lines_needed(typeface: Typeface, words: Sequence[str], size: int, measure: float) -> int:
    """How many lines of ``measure`` pixels ``words`` take; one wider than that takes its own."""
    space = typeface.width(" ", size)
    lines, end = 0, math.inf
    for word in words:
        width = typeface.width(word, size)
        if end + space + width > measure:
            lines, end = lines + 1, width
        else:
            end += space + width
    return lines


def balanced_lines(
    typeface: Typeface,
    words: Sequence[str],
    size: int,
    measure: float,
    reluctance: Reluctance = lambda before, after: 0.0,
) -> list[str]:
    """``words`` in as few lines as ``measure`` pixels allow, about equally long.

    A line is broken between words only; what must stay together is given as one word
    with its spaces. A word wider than ``measure`` gets a line of its own. Between words
    of high ``reluctance`` a line is broken only if the lines would else be very unequal.
    """
    if not words:
        return []
    space = typeface.width(" ", size)
    widths = [typeface.width(word, size) for word in words]
    # Of each count of lines: the least cost of setting the first so many words in them,
    # and where the last of these lines begins. Unequal lines cost the square of their length.
    costs: list[dict[int, float]] = [{0: 0.0}]
    begins: list[dict[int, int]] = [{}]
    for _line in range(lines_needed(typeface, words, size, measure)):
        cost: dict[int, float] = {}
        begin: dict[int, int] = {}
        for first, spent in costs[-1].items():
            length = -space
            for last in range(first, len(words)):
                length += space + widths[last]
                if length > measure and last > first:
                    break
                total = spent + (length / measure) ** 2
                if last + 1 < len(words):
                    total += reluctance(words[last], words[last + 1])
                if total < cost.get(last + 1, math.inf):
                    cost[last + 1], begin[last + 1] = total, first
        costs.append(cost)
        begins.append(begin)
    lines: list[str] = []
    end = len(words)
    for begin in reversed(begins[1:]):
        lines.insert(0, " ".join(words[begin[end] : end]))
        end = begin[end]
    return lines
