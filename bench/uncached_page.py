"""What an uncached page costs, against the usual Wagtail way beside it.

    python -m bench.uncached_page

A Part of 120 items and an exhibition of 10 Parts of 12 are rendered in this
process, in turn with the same 120 pictures as an inline gallery and as StreamField
blocks with ``{% image %}`` and a warm cache. Printed are the medians of the CPU time
of a view, the ratios, and the queries. Exit code 1 when a floor is missed.
"""

# Django has to be set up, with the settings of the benchmarks, before models are imported.
# ruff: noqa: E402

from __future__ import annotations

import os
import statistics
import sys
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.usual_wagtail.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from bench.usual_wagtail.models import GalleryRow, InlineGalleryPage, StreamGalleryPage
from core.models import CustomImage, Organisation
from exhibitions.models import Clearance, ItemMedium
from tests import factories

ITEMS = 120
PARTS = 10
ROUNDS = 15
QUERY_LIMIT = 15
# Our page may cost this share of the StreamField gallery: design, "Serving pages".
FLOOR = 1 / 5
CAPTION = (
    "Công văn của Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn về việc kê khai khẩu hiệu thi đua "
    "ái quốc, bản đánh máy một trang khổ A4, có bút tích của người soạn thảo ở lề trái (mẫu)"
)
CREDIT = "Nguồn: Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn"


def build() -> dict[str, Page]:
    """The portal with both exhibitions, and the two galleries, on the same images."""
    root = Page.objects.get(depth=1)
    for page in root.get_children():
        page.delete()
    home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home}
    )
    index = factories.ExhibitionIndexPageFactory(parent=home, show_in_menus=True)
    images = [factories.CustomImageFactory() for _number in range(ITEMS)]
    for image in images:
        factories.render(image)
        image.get_rendition("width-640")
    source = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn")
    whole = factories.ExhibitionPageFactory(parent=index, cover=images[0])
    part = factories.PartPageFactory(parent=whole)
    hang(part, images, source)
    many = factories.ExhibitionPageFactory(parent=index, cover=images[0])
    for number in range(PARTS):
        chapter = factories.PartPageFactory(parent=many)
        hang(chapter, images[number * 12 : number * 12 + 12], source)
    inline = InlineGalleryPage(title="Inline", slug="inline")
    home.add_child(instance=inline)
    GalleryRow.objects.bulk_create(
        GalleryRow(page=inline, image=image, caption=CAPTION, credit=CREDIT, sort_order=place)
        for place, image in enumerate(images)
    )
    stream = StreamGalleryPage(title="Stream", slug="stream")
    stream.body = [
        ("picture", {"image": image, "caption": CAPTION, "credit": CREDIT}) for image in images
    ]
    home.add_child(instance=stream)
    return {
        "Part of 120 items": part,
        "exhibition of 10 Parts": many,
        "inline gallery of 120": inline,
        "stream gallery of 120": stream,
    }


def hang(part: Page, images: list[CustomImage], source: Organisation) -> None:
    """One cleared item for each of ``images``."""
    for number, image in enumerate(images):
        item = factories.ItemPageFactory(
            parent=part,
            slug=f"tai-lieu-{part.pk}-{number}",
            caption=CAPTION,
            source_organisation=source,
            date="1948",
        )
        ItemMedium.objects.create(item=item, image=image)
        Clearance.objects.create(item=item, item_title=item.title, state="cleared", by_name="")


def cpu_of_a_view(client: Client, url: str) -> float:
    """CPU seconds of one view in this process."""
    started = time.process_time()
    answer = client.get(url)
    spent = time.process_time() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return spent


def main() -> int:
    """Build, warm up, measure in interleaved rounds, print."""
    call_command("migrate", verbosity=0)
    pages = build()
    client = Client()
    urls = {name: page.get_url() for name, page in pages.items()}
    for url in urls.values():
        for _warming in range(3):
            client.get(url)
    spent: dict[str, list[float]] = {name: [] for name in urls}
    for _round in range(ROUNDS):
        for name, url in urls.items():
            spent[name].append(cpu_of_a_view(client, url))
    medians = {name: statistics.median(values) for name, values in spent.items()}
    baseline = medians["stream gallery of 120"]
    missed = False
    print(f"{'':26}{'CPU ms':>8}{'of stream':>11}{'of inline':>11}{'queries':>9}{'kB':>7}")
    for name, median in medians.items():
        with CaptureQueriesContext(connection) as captured:
            size = len(client.get(urls[name]).content)
        of_stream, of_inline = baseline / median, medians["inline gallery of 120"] / median
        ours = "gallery" not in name
        too_slow = ours and median > baseline * FLOOR
        too_many = ours and len(captured) > QUERY_LIMIT
        missed = missed or too_slow or too_many
        verdict = " missed" if too_slow or too_many else (" kept" if ours else "")
        print(
            f"{name:26}{median * 1000:8.1f}{f'1/{of_stream:.1f}':>11}{f'1/{of_inline:.1f}':>11}"
            f"{len(captured):9}{size / 1000:7.0f}{verdict}"
        )
    print(f"floor: ≤ 1/{1 / FLOOR:.0f} of the stream gallery, ≤ {QUERY_LIMIT} queries")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
