"""What importing a list with its scans costs, beside saving the same one by one.

    python -m bench.import_of_a_list [--rows 400]

A list of so many rows and a scan of two megapixels for each goes the whole way: the files
arrive, the list is checked, the task makes drafts, and the published widths are made.
Beside it the same rows are saved as Wagtail's documentation shows: an image, a page, a
version, and a rendition for each width and format that we publish. Printed are seconds
and the ratio, the growth from a quarter of the rows, the seconds of a check of 2,000
rows, and the rise of the memory's peak.
Exit code 1 when a floor is missed.
"""

# Django has to be set up, with the settings of the benchmarks, before models are imported.
# ruff: noqa: E402

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import time
from functools import cache
from itertools import product

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.usual_wagtail.settings"

import django

django.setup()

from django.core.files.base import ContentFile
from PIL import Image

from bench.approval_of_an_exhibition import portal
from core.media.renditions import FORMATS, WIDTHS
from core.models import CustomImage, RenditionSet, User
from core.tasks import make_rendition_set
from exhibitions.importing import jobs
from exhibitions.importing.plan import Verdict
from exhibitions.importing.running import run_import
from exhibitions.models import (
    ExhibitionIndexPage,
    Import,
    ImportState,
    ItemMedium,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import send_named, workbook
from tests.images import scan_24_megapixels

PART_OF_THE_USUAL = 1 / 3
"""The largest part of the usual way's time that is allowed; 1/6 is reached for."""
CHECK_SECONDS = 5
CHECKED_ROWS = 2_000
GROWTH = 4 * 1.5
"""Four times the rows may cost a little more than four times as much: the machine is shared."""
MEMORY_GROWTH_MB = 60
"""What the peak may rise by from a quarter of the rows to all: it must not follow them."""
ROWS_A_PART = 50
SIZE = (1640, 1220)


@cache
def paper() -> Image.Image:
    """A typewritten page at two megapixels."""
    with Image.open(io.BytesIO(scan_24_megapixels())) as whole:
        return whole.convert("RGB").resize(SIZE)


def scan(number: int) -> bytes:
    """A scan of two megapixels, each another."""
    picture = paper().copy()
    picture.paste((number % 200, 90, 60), (100, 100, 300, 160))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def rows(count: int) -> list[list[str]]:
    """Rows of a list, in Parts."""
    told = []
    for number in range(1, count + 1):
        if number % ROWS_A_PART == 1:
            told.append(["", f"PHẦN {number // ROWS_A_PART + 1}: Nội dung mẫu", "", "", "", ""])
        told.append([str(number), f"Tài liệu số {number}", "14/7/1948", "(mẫu)", "12", ""])
    return told


def imported(index: ExhibitionIndexPage, editor: User, scans: list[bytes]) -> float:
    """Seconds of the whole way, with the widths that are published."""
    exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
    started = time.perf_counter()
    job = jobs.begin(
        exhibition, by=editor, name="danh sach.xlsx", content=workbook(rows(len(scans)))
    )
    send_named(job, {f"{number}.jpg": scan for number, scan in enumerate(scans, start=1)})
    checked = jobs.check(job, editor)
    assert checked.plan.count(Verdict.NEW) == len(scans), checked.plan.counts
    assert jobs.start(job, by=editor, digest=checked.digest) == []
    run_import.call(job.pk)
    for number in RenditionSet.objects.filter(made_at=None).values_list("pk", flat=True):
        make_rendition_set.call(number)
    job = Import.objects.get(pk=job.pk)
    assert job.state == ImportState.FINISHED and job.done == len(scans), job.failure
    return time.perf_counter() - started


def saved_singly(index: ExhibitionIndexPage, scans: list[bytes]) -> float:
    """Seconds of saving the same one by one, as Wagtail's documentation shows."""
    exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
    started = time.perf_counter()
    for number, content in enumerate(scans, start=1):
        if number % ROWS_A_PART == 1:
            part = PartPage(title=f"Nội dung mẫu {number}", live=False)
            exhibition.add_child(instance=part)
        image = CustomImage(title=f"{number}.jpg")
        image.file.save(f"{number}.jpg", ContentFile(content), save=False)
        image.file_size = len(content)
        # What Wagtail's own image does to learn its size.
        with image.get_willow_image() as willow:
            image.width, image.height = willow.get_size()
        image.rendered_file = image.file.name
        image.save()
        item = ItemPage(
            title=f"Tài liệu số {number}", date="1948-07-14", source_person="(mẫu)", file="12",
            live=False,
        )  # fmt: skip
        item.media = [ItemMedium(image=image)]
        part.add_child(instance=item)
        item.save_revision()
        for width, kind in product(WIDTHS, FORMATS):
            image.get_rendition(f"width-{width}|format-{kind}")
    return time.perf_counter() - started


def checked_rows(index: ExhibitionIndexPage, editor: User) -> float:
    """Seconds of checking a list of 2,000 rows."""
    exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
    content = workbook(rows(CHECKED_ROWS))
    job = jobs.begin(exhibition, by=editor, name="danh sach.xlsx", content=content)
    started = time.perf_counter()
    plan = jobs.check(job, editor).plan
    assert len(plan.rows) == CHECKED_ROWS
    return time.perf_counter() - started


def peak_mb() -> int:
    """The peak of this process's memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """Run it all; 0 when every floor is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400)
    count = parser.parse_args().rows
    index = portal()
    editor = factories.UserFactory(is_superuser=True)
    checked = checked_rows(index, editor)
    few = [scan(number) for number in range(count // 4)]
    small = imported(index, editor, few)
    peak_before = peak_mb()
    scans = few + [scan(number) for number in range(count // 4, count)]
    content_mb = sum(map(len, scans[count // 4 :])) // 1024**2
    usual = saved_singly(index, scans)
    ours = imported(index, editor, scans)
    rise = peak_mb() - peak_before - content_mb
    part = ours / usual
    print(f"check of {CHECKED_ROWS} rows      {checked:6.2f} s   (floor {CHECK_SECONDS} s)")
    print(f"import of {count} with scans  {ours:6.2f} s   {1000 * ours / count:.0f} ms a row")
    print(f"saved one by one         {usual:6.2f} s   {1000 * usual / count:.0f} ms a row")
    print(f"part of the usual way      1/{usual / ours:.1f}   (floor 1/3, reach for 1/6)")
    print(f"growth for 4 times the rows {ours / small:5.1f}   (floor {GROWTH:.0f})")
    print(
        f"rise of the peak         {rise:6d} MB  (floor {MEMORY_GROWTH_MB} MB), peak {peak_mb()} MB"
    )
    kept = (
        checked <= CHECK_SECONDS
        and part <= PART_OF_THE_USUAL
        and ours / small <= GROWTH
        and rise <= MEMORY_GROWTH_MB
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
