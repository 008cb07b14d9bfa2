"""kill -9 while a list is imported or taken back, or an archive is unpacked.

Nothing is lost, nothing is done twice, and no file is left over.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import environment
from tests.analytics.installation import Installation, new_installation

DATABASE = "trienlam.sqlite3"
ROWS = 150
SCANS = 40
PATIENCE_SECONDS = 120
LOOKS_A_SECOND = 50

EXHIBITION = """
from wagtail.models import Page, Site
from tests import factories
for page in Page.objects.get(depth=1).get_children():
    page.delete()
home = factories.HomePageFactory(parent=Page.objects.get(depth=1))
Site.objects.update_or_create(
    is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": home}
)
index = factories.ExhibitionIndexPageFactory(parent=home)
exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
editor = factories.UserFactory(is_superuser=True)
"""

LIST = """
from exhibitions.importing import jobs
from tests.exhibitions.lists import send_named, workbook
from tests.images import archive, jpeg
rows = []
for number in range(1, {rows} + 1):
    if number % 50 == 1:
        rows.append(["", f"PHẦN {{number // 50 + 1}}: Nội dung", "", "", "", ""])
    rows.append([number, f"Tài liệu {{number}}", "1948", "(mẫu)", "", ""])
job = jobs.begin(exhibition, by=editor, name="danh sach.xlsx", content=workbook(rows))
scans = {{f"{{number}}.jpg": jpeg(40 + number, 30) for number in range(1, {rows} + 1)}}
"""

SEND_AND_START = """
send_named(job, scans)
checked = jobs.check(job, editor)
assert jobs.start(job, by=editor, digest=checked.digest) == []
print(job.pk)
"""

SEND_AN_ARCHIVE = """
send_named(job, {"scan.zip": archive(scans)})
print(job.pk)
"""

LONG_PDF = """
from exhibitions.importing import jobs
from tests.exhibitions.lists import send_named, workbook
from tests.core.test_media_conversion import pages_by_hand
job = jobs.begin(exhibition, by=editor, name="a.xlsx", content=workbook([[1, "a", "", "", "", ""]]))
send_named(job, {"thu.pdf": pages_by_hand(b"/MediaBox [0 0 842 1190]", count=400)})
print(job.pk)
"""

EVERYTHING = """
import json
from pathlib import Path
from django.conf import settings
from core.models import CustomImage, RenditionSet
from wagtail.models import Page
media = Path(settings.MEDIA_ROOT)
everything = json.dumps({
    "pages": list(Page.objects.order_by("path").values_list("pk", "path", "title", "numchild")),
    "images": CustomImage.objects.count(),
    "sets": RenditionSet.objects.count(),
    "stored": sorted(str(path) for path in media.rglob("*") if path.is_file()),
})
"""

IMPORT_AND_TAKE_BACK = """
from exhibitions.importing.running import run_import
from exhibitions.models import Import
send_named(job, scans)
assert jobs.start(job, by=editor, digest=jobs.check(job, editor).digest) == []
run_import.call(job.pk)
job = Import.objects.get()
assert job.state == "finished", job.failure
assert CustomImage.objects.count() == len(scans)
assert jobs.undo(job, by=editor) == []
print(everything)
"""

FILES = """
import json, os
from exhibitions.importing.folder import folder_of, remove_old_folders
from exhibitions.models import Import, ImportFile
job = Import.objects.get()
for path in folder_of(job).iterdir():
    os.utime(path, (0, 0))
remove_old_folders()
files = ImportFile.objects.exclude(archive=None).order_by("pk")
print(json.dumps({
    "names": list(files.values_list("name", flat=True)),
    "states": sorted(set(files.values_list("state", flat=True))),
    "contents": len(set(files.values_list("content_hash", flat=True))),
    "numbers": sorted(str(number) for number in files.values_list("pk", flat=True)),
    "stored": sorted(path.name for path in folder_of(job).iterdir()),
}))
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


@dataclass(frozen=True)
class Work:
    """What the worker does: how much of it is done, and in which states it is under way."""

    progress: str
    """A query for the number that counts it, and the state."""
    under_way: tuple[str, ...]

    def look(self, installation: Installation) -> tuple[int, str]:
        """How much is done, and the state, as any other process sees it."""
        with closing(connect(installation)) as connection:
            done, state = connection.execute(self.progress).fetchone()
            return int(done), str(state)


def connect(installation: Installation) -> Any:
    """Another connection to the database of ``installation``, for reading."""
    if address := installation.variables["DATABASE_URL"]:
        return psycopg.connect(address, autocommit=True)
    path = f"file:{installation.data / DATABASE}?mode=ro"
    return sqlite3.connect(path, uri=True, timeout=30)


IMPORTING = Work("SELECT done, state FROM exhibitions_import", ("waiting", "running"))
TAKING_BACK = Work(
    "SELECT (SELECT COUNT(*) FROM exhibitions_importstep WHERE undone <> '')"
    f" + {SCANS} - (SELECT COUNT(*) FROM core_customimage), state FROM exhibitions_import",
    ("undoing",),
)
UNPACKING = Work(
    "SELECT (SELECT COUNT(*) FROM exhibitions_importfile"
    " WHERE archive_id IS NOT NULL AND state <> 'arriving'), state"
    " FROM exhibitions_importfile WHERE archive_id IS NULL",
    ("arrived",),
)


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


def wait_until_done(
    installation: Installation, process: subprocess.Popen[bytes], work: Work, much: int | None
) -> str:
    """Wait until so much is done, or all of it; the state."""
    for _look in range(PATIENCE_SECONDS * LOOKS_A_SECOND):
        now, state = work.look(installation)
        if (much is not None and now >= much) or state not in work.under_way:
            return state
        try:
            process.wait(1 / LOOKS_A_SECOND)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("the worker ended by itself")
    raise AssertionError(f"only {now} of {much} were done; {state}")


def do_and_kill(installation: Installation, work: Work, moments: Iterable[int]) -> str:
    """Have the worker do it, killed whenever so much was done; the state in the end."""
    for moment in [*sorted(moments), None]:
        process = worker(installation)
        try:
            state = wait_until_done(installation, process, work, moment)
        finally:
            process.kill()
            process.wait()
    return state


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all its tables, made once for all of these tests."""
    installation = new_installation(tmp_path_factory.mktemp("migrated"))
    installation.manage("migrate", "--verbosity", "0")
    return installation.data / DATABASE


@pytest.fixture
def installation(tmp_path: Path, database: Path) -> Installation:
    """An installation with nothing in it."""
    made = new_installation(tmp_path / "data")
    target_path = made.data / DATABASE
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target_path)) as to:
        source.backup(to)
    return made


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services("postgresql"))]
)
def each_installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation with nothing in it, on each of the databases."""
    if request.param == "sqlite":
        made: Installation = request.getfixturevalue("installation")
        return made
    made = new_installation(tmp_path / "data", request.getfixturevalue("postgresql_database"))
    made.manage("migrate", "--verbosity", "0")
    return made


def prepare(installation: Installation, *steps: str) -> Any:
    """Let there be an exhibition, then do ``steps``; what they print."""
    return installation.run("".join((EXHIBITION, *steps)))


def import_and_kill(installation: Installation, kills: int) -> None:
    prepare(installation, LIST.format(rows=ROWS), SEND_AND_START)
    moments = random.Random().sample(range(1, ROWS), kills)
    state = do_and_kill(installation, IMPORTING, moments)
    report = installation.run(REPORT)
    images = len(report["images"])
    print(f"\n{kills} kills after {moments} rows: {report['done']} rows, {images} images")
    assert state == report["state"] == "finished"
    assert report["titles"] == [f"Tài liệu {number}" for number in range(1, ROWS + 1)]
    assert report["parts"] == ["Nội dung"] * 3
    assert report["pictures"] == [1] * ROWS
    assert report["steps"] == report["done"] == ROWS
    assert report["images"] == report["stored"] and len(report["images"]) == ROWS


def take_back_and_kill(installation: Installation, kills: int) -> None:
    before = prepare(installation, EVERYTHING, LIST.format(rows=SCANS), IMPORT_AND_TAKE_BACK)
    # First the steps, then the images.
    moments = random.Random().sample(range(1, 2 * SCANS), kills)
    state = do_and_kill(installation, TAKING_BACK, moments)
    print(f"\n{kills} kills while it was taken back, after {moments} steps and images")
    assert state == "undone"
    assert installation.run(f"{EVERYTHING}print(everything)") == before


def unpack_and_kill(installation: Installation, kills: int) -> None:
    prepare(installation, LIST.format(rows=ROWS), SEND_AN_ARCHIVE)
    moments = random.Random().sample(range(1, ROWS), kills)
    state = do_and_kill(installation, UNPACKING, moments)
    report = installation.run(FILES)
    print(f"\n{kills} kills while an archive was unpacked, after {moments} scans")
    assert state == "unpacked"
    assert report["names"] == [f"{number}.jpg" for number in range(1, ROWS + 1)]
    assert report["states"] == ["ready"] and report["contents"] == ROWS
    assert report["stored"] == sorted([*report["numbers"], "list"])


def test_a_worker_that_is_killed_goes_on_where_it_stopped(installation: Installation) -> None:
    import_and_kill(installation, kills=2)


def test_a_worker_killed_while_it_takes_back_leaves_everything_as_it_was(
    installation: Installation,
) -> None:
    take_back_and_kill(installation, kills=3)


def test_a_worker_killed_while_it_unpacks_brings_each_scan_once(installation: Installation) -> None:
    unpack_and_kill(installation, kills=2)


def test_a_worker_that_is_stopped_in_order_leaves_no_attempt_and_one_that_is_killed_does(
    installation: Installation,
) -> None:
    prepare(installation, LONG_PDF)
    deaths = Work("SELECT attempts, state FROM exhibitions_importfile", ("arrived",))
    for attempt, end, left in ((1, signal.SIGKILL, 1), (2, signal.SIGTERM, 1)):
        process = worker(installation)
        try:
            wait_until_done(installation, process, deaths, attempt)
            process.send_signal(end)
            process.wait(30)
        finally:
            process.kill()
            process.wait()
        assert deaths.look(installation) == (left, "arrived")


@pytest.mark.long
def test_twenty_kills_leave_no_double_no_gap_and_no_orphan(each_installation: Installation) -> None:
    import_and_kill(each_installation, kills=20)


@pytest.mark.long
def test_ten_kills_while_it_is_taken_back_leave_no_orphan(each_installation: Installation) -> None:
    take_back_and_kill(each_installation, kills=10)


@pytest.mark.long
def test_ten_kills_while_an_archive_is_unpacked_leave_no_double_and_no_gap(
    each_installation: Installation,
) -> None:
    unpack_and_kill(each_installation, kills=10)
