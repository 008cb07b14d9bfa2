"""Pictures of the main pages of a running demonstration, to be looked at side by side.

``python -m tests.browser.contact_sheet --base http://127.0.0.1:8000 --out pictures``
takes each page whole, at the widths of a telephone, a tablet and a desk, by light and
by dark: one PNG a picture and one contact sheet a page. Nothing is compared with
anything; the pictures are for people.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import machine

EXHIBITION = "/trien-lam/lang-son-75-nam-thi-dua-yeu-nuoc/"
PAGES = {
    "home": "/",
    "exhibition": EXHIBITION,
    "part": f"{EXHIBITION}phan-i/",
    "item": (
        f"{EXHIBITION}phan-i/"
        "loi-keu-goi-cua-chu-tich-ho-chi-minh-ve-viec-tham-gia-phong-trao-thi-dua-yeu/"
    ),
    "news": "/tin-tuc/phat-huy-gia-tri-tai-lieu-luu-tru-tren-khong-gian-mang/",
    "search": "/tim-kiem/?q=thi+dua",
}
WIDTHS = (360, 768, 1280)
HEIGHT = 800
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# Of the contact sheet, in pixels: every picture at the same scale, so that type compares.
SCALE = 0.4
MARGIN = 24
BACKGROUND = "#808080"

# Lazy pictures are fetched as a reader would, by coming near them. One that is not
# displayed at this width is never fetched, and waiting for it would be waiting for ever.
SCROLL_THROUGH = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
  await document.fonts.ready;
  const shown = Array.from(document.images).filter((each) => each.getClientRects().length);
  await Promise.all(shown.map((each) => each.decode().catch(() => null)));
}"""


def arrive(page: Page, address: str) -> None:
    """Open ``address`` and wait until every picture on it is drawn."""
    response = page.goto(address)
    if response is None or not response.ok:
        raise SystemExit(f"{address} answered {response.status if response else 'nothing'}")
    page.evaluate(SCROLL_THROUGH)
    page.wait_for_load_state("networkidle")


def take(base: str, folder: Path) -> Iterator[tuple[str, list[list[Path]]]]:
    """Yield, for each of PAGES, its name and its pictures: one row a theme, one column a width."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=machine.chromium_path(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for name, path in PAGES.items():
            rows = []
            for theme in THEMES:
                row = []
                for width in WIDTHS:
                    page = browser.new_page(
                        viewport={"width": width, "height": HEIGHT},
                        color_scheme=theme,
                        reduced_motion="reduce",
                        locale="vi-VN",
                    )
                    arrive(page, f"{base}{path}")
                    picture = folder / f"{name}-{width}-{theme}.png"
                    page.screenshot(path=picture, full_page=True)
                    page.close()
                    row.append(picture)
                rows.append(row)
            yield name, rows
        browser.close()


def contact_sheet(rows: Sequence[Sequence[Path]]) -> Image.Image:
    """Hang the pictures of one page together, a row a theme, tops aligned."""
    scaled = [[_scaled(picture) for picture in row] for row in rows]
    width = max(sum(each.width + MARGIN for each in row) for row in scaled) + MARGIN
    heights = [max(each.height for each in row) for row in scaled]
    sheet = Image.new("RGB", (width, sum(heights) + MARGIN * (len(rows) + 1)), BACKGROUND)
    top = MARGIN
    for row, height in zip(scaled, heights, strict=True):
        left = MARGIN
        for picture in row:
            sheet.paste(picture, (left, top))
            left += picture.width + MARGIN
        top += height + MARGIN
    return sheet


def _scaled(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        size = (round(picture.width * SCALE), round(picture.height * SCALE))
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Take all pictures of the portal at ``--base`` and leave them in the folder ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the portal runs")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    options = parser.parse_args(arguments)
    if not machine.chromium_path():
        raise SystemExit(machine.why_no_chromium())
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in take(options.base.rstrip("/"), options.out):
        path = options.out / f"{name}.png"
        contact_sheet(rows).save(path)
        print(path)


if __name__ == "__main__":
    main()
