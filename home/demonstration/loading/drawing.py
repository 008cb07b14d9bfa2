"""Drawing many pictures at once: each drawn, kept as an original, and rendered.

A picture takes up to a second of one processor, so they are shared out among
processes. Those are started afresh (``spawn``) and not forked: the process that
loads has a database open and libvips loaded, and neither survives a fork. What
goes to them is plain data, and nothing here needs Django to be set up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from PIL import Image

from core.lifeline import end_with_parent
from core.media.renditions import make_renditions
from home.demonstration.paper import Size
from home.demonstration.pictures import SHAPES, draw_cover, draw_mount, draw_sample

COVER_SIZE: Size = (1920, 1080)
"""Pixels of a cover; its widest rendition is 1920 pixels wide."""

ORIGINAL_QUALITY = 85
"""JPEG quality of originals: at 85 the grain of the paper is still there."""

MOST_PROCESSES = 2


class Sketch(Protocol):
    """What there is to draw. Equal sketches give the same picture."""

    def draw(self, scale: float) -> Image.Image:
        """The picture, its sides ``scale`` times those it has on the portal."""


def scaled(size: Size, scale: float) -> Size:
    """``size`` times ``scale``, in whole pixels."""
    return (round(size[0] * scale), round(size[1] * scale))


@dataclass(frozen=True)
class CoverSketch:
    """A cover, by palette and seed."""

    palette: str
    seed: int

    def draw(self, scale: float) -> Image.Image:
        """The cover."""
        return draw_cover(self.seed, self.palette, scaled(COVER_SIZE, scale))


@dataclass(frozen=True)
class MountSketch:
    """An empty mount with the words ``waiting`` and the name of the source."""

    source: str
    seed: int
    shape: str
    waiting: str

    def draw(self, scale: float) -> Image.Image:
        """The mount."""
        return draw_mount(self.source, scaled(SHAPES[self.shape], scale), self.seed, self.waiting)


@dataclass(frozen=True)
class SampleSketch:
    """A sample of one kind, by seed."""

    kind: str
    seed: int
    shape: str

    def draw(self, scale: float) -> Image.Image:
        """The sample."""
        return draw_sample(self.kind, self.seed, scaled(SHAPES[self.shape], scale))


@dataclass(frozen=True)
class Commission:
    """One picture to be made: its original as JPEG, its renditions in a folder."""

    sketch: Sketch
    scale: float
    original: Path
    renditions: Path
    ceiling: int


@dataclass(frozen=True)
class Drawn:
    """A finished picture: pixels of the original and of each rendition, narrowest first."""

    size: Size
    widths: tuple[Size, ...]


def carry_out(commission: Commission) -> Drawn:
    """Draw one picture and make its renditions; files of a former run are replaced."""
    picture = commission.sketch.draw(commission.scale)
    commission.original.parent.mkdir(parents=True, exist_ok=True)
    picture.save(commission.original, "JPEG", quality=ORIGINAL_QUALITY)
    made = make_renditions(commission.original, commission.renditions, ceiling=commission.ceiling)
    return Drawn(picture.size, tuple(sorted({(each.width, each.height) for each in made})))


def carry_out_all(commissions: Sequence[Commission]) -> Iterator[Drawn]:
    """Carry out all ``commissions`` side by side; results come in their order.

    The processes end with this one, however it ends. To be called from the main
    thread (see :func:`core.lifeline.end_with_parent`).
    """
    with ProcessPoolExecutor(
        max_workers=min(MOST_PROCESSES, os.cpu_count() or 1),
        mp_context=get_context("spawn"),
        initializer=end_with_parent,
        initargs=(os.getpid(),),
    ) as processes:
        yield from processes.map(carry_out, commissions)
