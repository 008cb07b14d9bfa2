"""What drawing a banner costs, against the least Pillow can do with the same cover.

    python -m bench.banner_drawing [--rounds 15]

The baseline opens the published cover, cuts it to the form with ``ImageOps.fit`` and saves
it as JPEG: a banner without a word on it. Ours opens the same file, sets the longest real
title, draws the banner and writes it. Both are done in turn in this process, every round
with another title, so that no measured width is remembered; printed are the medians of the
CPU time, the ratio, and the weight of each kind of file. Exit code 1 when a floor is missed.
"""

# Django has to be set up, with the settings of the benchmarks, before models are imported.
# ruff: noqa: E402

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.usual_wagtail.settings"

import django

django.setup()

from PIL import Image, ImageOps

from campaigns.banners.artwork import open_picture
from campaigns.banners.drawing import BannerText, draw_banner
from campaigns.banners.encoding import BYTES_MOST, JPEG_QUALITY, encode
from campaigns.models import BANNER_SIZES

TITLE = (
    "V/v tuyên truyền Chương trình triển lãm tài liệu lưu trữ “Phong trào thi đua yêu nước "
    "Cụm {number} tỉnh miền núi biên giới phía Bắc” trên không gian mạng"
)
ORGANISER = "Sở Nội vụ tỉnh Hà Giang"
STATE = "Sắp khai mạc 08:00, 25/12/2026"
COVER_SIZE = (1280, 720)
# A banner may cost so many times the baseline: it is made once and kept.
FLOOR = 8


def text(number: int) -> BannerText:
    """The words of the banner of one round."""
    return BannerText("Triển lãm trực tuyến", TITLE.format(number=number), ORGANISER, STATE)


def baseline(cover: Path, form: str) -> None:
    """The cover alone, cut to the form."""
    with Image.open(cover) as opened:
        fitted = ImageOps.fit(opened.convert("RGB"), BANNER_SIZES[form])
    fitted.save(io.BytesIO(), "JPEG", quality=JPEG_QUALITY)


def ours(cover: Path, form: str, number: int) -> None:
    """The banner as a reader who comes first gets it."""
    encode(draw_banner(form, text(number), open_picture(cover)), "jpeg")


def cpu(work: Callable[..., None], *arguments: object) -> float:
    """CPU seconds of ``work`` in this process."""
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started


def draw_cover(path: Path) -> None:
    """A cover with soft shapes and grain, as a published photograph has them."""
    soft = Image.effect_noise((80, 45), 70).resize(COVER_SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(COVER_SIZE, 12)
    Image.blend(soft, grain, 0.3).convert("RGB").save(path, "JPEG", quality=80)


def run(rounds: int) -> int:
    """Measure in interleaved rounds, print, and return the exit code."""
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        cover = Path(folder) / "1280.jpg"
        draw_cover(cover)
        print(f"{'':14}{'CPU ms':>8}{'baseline':>10}{'ratio':>8}{'JPG kB':>8}{'PNG':>6}{'WebP':>6}")
        for form, (width, height) in BANNER_SIZES.items():
            baseline(cover, form)
            ours(cover, form, 0)
            spent: dict[str, list[float]] = {"ours": [], "baseline": []}
            for number in range(1, rounds + 1):
                spent["baseline"].append(cpu(baseline, cover, form))
                spent["ours"].append(cpu(ours, cover, form, number))
            banner = draw_banner(form, text(7), open_picture(cover))
            weights = [len(encode(banner, kind)) for kind in ("jpeg", "png", "webp")]
            medians = {name: statistics.median(values) * 1000 for name, values in spent.items()}
            ratio = medians["ours"] / medians["baseline"]
            kept = ratio <= FLOOR and max(weights) <= BYTES_MOST
            missed = missed or not kept
            print(
                f"{f'{width} × {height}':14}{medians['ours']:8.1f}{medians['baseline']:10.1f}"
                f"{ratio:8.1f}{weights[0] / 1000:8.0f}{weights[1] / 1000:6.0f}"
                f"{weights[2] / 1000:6.0f}  {'kept' if kept else 'MISSED'}"
            )
    print(f"floor: ≤ {FLOOR} times the baseline, ≤ {BYTES_MOST // 1000} kB")
    return int(missed)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    return run(parser.parse_args().rounds)


if __name__ == "__main__":
    sys.exit(main())
