"""kill -9 while a list is imported: no row is lost, none is done twice, no file is left over."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from config import environment
from tests.analytics.installation import Installation, new_installation

ROWS = 150
PATIENCE_SECONDS = 120
LOOKS_A_SECOND = 50

PREPARE = """
from django.core.management import call_command
from wagtail.models import Page, Site
from exhibitions.importing import jobs
from tests import factories
from tests.exhibitions.lists import send_named, workbook
from tests.images import jpeg
for page in Page.objects.get(depth=1).get_children():
    page.delete()
home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
Site.objects.update_or_create(
    is_default_site=True, defaults={{"hostname": "testserver", "port": 80, "root_page": home}}
)
index = factories.ExhibitionIndexPageFactory(parent=home)
exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
editor = factories.UserFactory(is_superuser=True)
rows = []
for number in range(1, {rows} + 1):
    if number % 50 == 1:
        rows.append(["", f"PHẦN {{number // 50 + 1}}: Nội dung", "", "", "", ""])
    rows.append([number, f"Tài liệu {{number}}", "1948", "(mẫu)", "", ""])
job = jobs.begin(exhibition, by=editor, name="danh sach.xlsx", content=workbook(rows))
send_named(job, {{f"{{number}}.jpg": jpeg(40 + number, 30) for number in range(1, {rows} + 1)}})
checked = jobs.check(job, editor)
assert jobs.start(job, by=editor, digest=checked.digest) == []
print(job.pk)
"""

REPORT = """
import json
from pathlib import Path
from django.conf import settings
from core.models import CustomImage
from exhibitions.models import Import, ImportStep, ItemPage, PartPage
job = Import.objects.get()
media = Path(settings.MEDIA_ROOT) / "original_images"
print(json.dumps({
    "state": job.state,
    "done": job.done,
    "titles": list(ItemPage.objects.order_by("path").values_list("title", flat=True)),
    "parts": list(PartPage.objects.order_by("path").values_list("title", flat=True)),
    "pictures": [item.media.count() for item in ItemPage.objects.all()],
    "images": sorted(Path(image.file.name).name for image in CustomImage.objects.all()),
    "stored": sorted(path.name for path in media.iterdir()),
    "steps": ImportStep.objects.filter(key__startswith="row:").count(),
}))
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills processes")


def progress(installation: Installation) -> tuple[int, str]:
    """How many rows are done, and the state, as any other process sees it."""
    database = installation.data / "trienlam.sqlite3"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        done, state = connection.execute("SELECT done, state FROM exhibitions_import").fetchone()
        return int(done), str(state)


def worker(installation: Installation) -> subprocess.Popen[bytes]:
    """The process that does the jobs."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "clockwork"],
        cwd=environment.BASE_DIR,
        env=installation.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until_done(installation: Installation, process: subprocess.Popen[bytes], done: int) -> str:
    """Wait until so many rows are done, or the import has ended; its state."""
    for _look in range(PATIENCE_SECONDS * LOOKS_A_SECOND):
        now, state = progress(installation)
        if now >= done or state not in ("waiting", "running"):
            return state
        try:
            process.wait(1 / LOOKS_A_SECOND)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the worker ended by itself")
    raise AssertionError(f"only {now} of {done} rows were done; {state}")


def import_and_kill(tmp_path: Path, kills: int) -> None:
    installation = new_installation(tmp_path / "data")
    installation.manage("migrate", "--verbosity", "0")
    installation.run(PREPARE.format(rows=ROWS))
    moments = sorted(random.Random().sample(range(1, ROWS), kills))
    for moment in [*moments, None]:
        process = worker(installation)
        try:
            state = wait_until_done(installation, process, ROWS + 1 if moment is None else moment)
        finally:
            process.kill()
            process.wait()
    report = installation.run(REPORT)
    images = len(report["images"])
    print(f"\n{kills} kills after {moments} rows: {report['done']} rows, {images} images")
    assert state == report["state"] == "finished"
    assert report["titles"] == [f"Tài liệu {number}" for number in range(1, ROWS + 1)]
    assert report["parts"] == ["Nội dung"] * 3
    assert report["pictures"] == [1] * ROWS
    assert report["steps"] == report["done"] == ROWS
    assert report["images"] == report["stored"] and len(report["images"]) == ROWS


def test_a_worker_that_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    import_and_kill(tmp_path, kills=2)


@pytest.mark.long
def test_twenty_kills_leave_no_double_no_gap_and_no_orphan(tmp_path: Path) -> None:
    import_and_kill(tmp_path, kills=20)
