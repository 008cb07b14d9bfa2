"""Four JPEG widths of one 24-megapixel scan, against Willow as Wagtail uses it.

    python -m bench.widths_of_a_scan [--rounds 5]

The baseline does what Wagtail's ``Filter.run`` does for each of four
``width-…|format-jpeg`` renditions: open, turn, crop to the whole, resize, save.
Ours makes the same four widths in one call, once with each engine. Every run is
a process of its own; the runs are interleaved, so that noise hits all alike; the
figure is the median of user and system time of the work alone, without start and
imports. Peak memory is that of the whole process. The full published set (WebP
and JPEG) is shown for information.

Ends with 1 when a ratio or the memory misses its floor.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from core.media.renditions import (
    FORMATS,
    WIDTHS,
    Engine,
    RenditionFormat,
    available_engines,
    make_renditions,
)
from tests.images import jpeg, scan_24_megapixels

#: Wagtail's default quality, for the baseline.
WAGTAIL_JPEG_QUALITY: Final = 76
MEMORY_FLOOR_MB: Final = 400


@dataclass(frozen=True)
class Floor:
    """The largest part of the baseline's time that is allowed, and the one to reach for."""

    part: float
    words: str


FLOORS: Final[dict[str, Floor]] = {
    "libvips": Floor(1 / 6, "≤ 1/6, reach for 1/9"),
    "pillow": Floor(1 / 2.5, "≤ 1/2.5"),
}


def four_widths_with_willow(scan: Path, folder: Path) -> None:
    """Four separate renditions, each from its own decode; ``folder`` is not used."""
    # Willow reads Django's settings on import, so they are configured first.
    from willow.image import Image

    del folder
    for width in WIDTHS:
        with scan.open("rb") as file:
            picture = Image.open(file).auto_orient()
            full_width, full_height = picture.get_size()
            picture = picture.crop((0, 0, full_width, full_height))
            picture = picture.resize((width, round(full_height * width / full_width)))
            picture.save_as_jpeg(
                io.BytesIO(), quality=WAGTAIL_JPEG_QUALITY, progressive=True, optimize=True
            )


def _with(engine: Engine, *formats: RenditionFormat) -> Callable[[Path, Path], None]:
    def work(scan: Path, folder: Path) -> None:
        make_renditions(scan, folder / "set", formats=formats, engine=engine)

    return work


WORK: Final[dict[str, Callable[[Path, Path], None]]] = {
    "willow": four_widths_with_willow,
    "libvips": _with("libvips", "jpeg"),
    "pillow": _with("pillow", "jpeg"),
    "libvips, whole set": _with("libvips", *FORMATS),
    "pillow, whole set": _with("pillow", *FORMATS),
}


def measure_here(name: str, scan: Path) -> dict[str, float]:
    """CPU seconds of one run in this process, and the process's peak memory in MB."""
    settings.configure()
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        small.write_bytes(jpeg())
        WORK[name](small, Path(folder) / "warm")  # imports and tables
        before = resource.getrusage(resource.RUSAGE_SELF)
        WORK[name](scan, Path(folder) / "measured")
        after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "megabytes": after.ru_maxrss / 1024}


def measure_in_a_process(name: str, scan: Path) -> dict[str, float]:
    """The same in a process of its own."""
    return dict(json.loads(_run_in_a_process("--one", name, "--scan", str(scan))))


def _run_in_a_process(*options: str) -> str:
    """Run this module again and return what it prints.

    The scan is drawn that way too: a child's peak memory starts at its parent's.
    """
    command = [sys.executable, "-m", "bench.widths_of_a_scan", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def run(rounds: int) -> int:
    """Measure, print the table, and return the exit code."""
    engines = available_engines()
    names = [name for name in WORK if name == "willow" or name.split(",")[0] in engines]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    peak: dict[str, float] = dict.fromkeys(names, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.jpg"
        _run_in_a_process("--draw", "--scan", str(scan))
        print(
            f"Four widths {WIDTHS} of 6000 × 4000 pixels, "
            f"{scan.stat().st_size / 1e6:.1f} MB; {rounds} interleaved rounds, median CPU time"
        )
        for _round in range(rounds):
            for name in names:
                figures = measure_in_a_process(name, scan)
                seconds[name].append(figures["seconds"])
                peak[name] = max(peak[name], figures["megabytes"])
    baseline = statistics.median(seconds["willow"])
    missed = False
    print(f"{'':22}{'CPU s':>8}{'of Willow':>12}{'peak MB':>9}  floor")
    for name in names:
        median = statistics.median(seconds[name])
        line = f"{name:22}{median:8.3f}{f'1/{baseline / median:.1f}':>12}{peak[name]:9.0f}"
        floor = FLOORS.get(name)
        if floor is not None:
            kept = median <= baseline * floor.part and peak[name] <= MEMORY_FLOOR_MB
            missed = missed or not kept
            line += f"  {floor.words}; ≤ {MEMORY_FLOOR_MB} MB: {'kept' if kept else 'MISSED'}"
        print(line)
    for engine in FLOORS:
        if engine not in engines:
            print(f"{engine}: cannot be loaded on this machine, not measured")
    return int(missed)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--draw", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scan", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.draw:
        options.scan.write_bytes(scan_24_megapixels())
        return 0
    if options.one:
        print(json.dumps(measure_here(options.one, options.scan)))
        return 0
    return run(options.rounds)


if __name__ == "__main__":
    sys.exit(main())
