"""Large files, and many of them: what is taken, what is told early, and what the server bears."""

from __future__ import annotations

import io
import json
import random
import shutil
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.media.vetting import MAX_BYTES
from core.models import CustomImage, User
from exhibitions.importing import arriving
from exhibitions.importing.arriving import (
    BYTES_OF_A_PAGE,
    PIECE,
    SPARE,
    Announced,
    announce,
    receive,
    remove,
    resume_opening,
)
from exhibitions.importing.folder import file_path
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    Import,
    ImportFile,
    ImportFileState,
    ImportState,
    ItemPage,
)
from tests import images
from tests.core.test_media_conversion import pages_by_hand, pdf_of
from tests.exhibitions.lists import (
    address,
    begin,
    carry_out,
    send_named,
    unnamed_files,
    workbook,
)
from tests.exhibitions.test_admin_approval import browser
from tests.exhibitions.test_admin_clearance import staff
from tests.images import jpeg

SHORT = ("Ký hiệu trưng bày", "Tên tài liệu")
MEGABYTE = 1024**2
READY, REFUSED = ImportFileState.READY, ImportFileState.REFUSED


@pytest.fixture
def editor(exhibition_index: ExhibitionIndexPage) -> User:
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page"))


@pytest.fixture
def job(exhibition: ExhibitionPage, editor: User, settings: Any, tmp_path: Path) -> Import:
    """An import of one row, in a folder of its own."""
    settings.IMPORTS_ROOT = tmp_path / "imports"
    return begin(exhibition, editor, workbook([["LS-1", "Bản đồ"]], SHORT))


def names(job: Import, state: ImportFileState) -> list[str]:
    return list(job.files.filter(state=state).order_by("pk").values_list("name", flat=True))


class Stream:
    """A file as it comes by the line: never as a whole in memory."""

    def __init__(self, head: bytes, size: int, filling: bytes) -> None:
        self._head, self._size, self._filling = head, size, filling
        self.place = 0

    def read(self, size: int) -> bytes:
        size = min(size, self._size - self.place)
        beginning = self._head[self.place : self.place + size]
        self.place += size
        return beginning + self._filling[: size - len(beginning)]


def large_tiff(width: int = 8_200, height: int = 8_200) -> tuple[bytes, int]:
    """The head of an uncompressed RGB TIFF of 200 MB, and its size; all pixels are black."""
    tags = (
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 3, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 1024),
        (277, 3, 1, 3),
        (278, 4, 1, height),
        (279, 4, 1, 3 * width * height),
    )
    head = b"II*\0" + struct.pack("<I", 14) + struct.pack("<3H", 8, 8, 8)
    head += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return head.ljust(1024, b"\0"), 1024 + 3 * width * height


def send_in_pieces(job: Import, name: str, stream: Stream, size: int) -> tuple[ImportFile, int]:
    """Send a file piece by piece as a browser does; and the most memory that took, in bytes."""
    (file,) = announce(job, [Announced(name, size)])
    tracemalloc.start()
    try:
        while stream.place < size:
            receive(file, stream.place, SimpleNamespace(read=_piece_of(stream)))
        return file, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _piece_of(stream: Stream) -> Any:
    end = stream.place + PIECE
    return lambda size: stream.read(min(size, end - stream.place))


# One large file


def test_a_scan_of_200_megabytes_is_taken_piece_by_piece_in_little_memory_and_imported(job, editor):
    head, size = large_tiff()
    assert size > 200_000_000
    file, memory = send_in_pieces(job, "LS-1.tif", Stream(head, size, bytes(PIECE)), size)
    assert (file.state, file.reason) == (READY, "")
    assert memory < 16 * MEGABYTE
    assert carry_out(job, editor).state == ImportState.FINISHED
    image = ItemPage.objects.get(reference="LS-1").media.get().image
    assert (image.width, image.height, image.file_size) == (8_200, 8_200, size)
    # One content on the disk, however many names it has.
    assert Path(image.file.path).samefile(file_path(file))


def test_200_megabytes_that_are_no_picture_are_refused_with_the_reason_and_not_kept(job):
    size = 200 * MEGABYTE
    noise = random.Random(1).randbytes(PIECE)
    file, memory = send_in_pieces(job, "LS-1.jpg", Stream(b"", size, noise), size)
    assert file.state == REFUSED and file.reason
    assert memory < 16 * MEGABYTE
    assert not unnamed_files(job)


@pytest.mark.parametrize("name", ["LS-1.jpg", "LS-2.TIF", "LS-3.pdf", "bang.mp4", "anh.HEIC"])
def test_a_file_larger_than_any_of_its_kind_is_told_before_it_is_sent_and_the_others_come(
    job, editor, name
):
    client = browser(editor)
    told = [{"name": name, "size": 2 * 1024**3}, {"name": "LS-9.jpg", "size": 100}]
    for _time in range(2):
        answer = client.post(
            address("files", job), json.dumps(told), content_type="application/json"
        )
        assert answer.status_code == 200
        large, small = answer.json()["files"]
        assert large["state"] == "refused"
        assert "2048" in large["reason"] and str(MAX_BYTES // MEGABYTE) in large["reason"]
        assert small["state"] == "arriving"
    # A smaller one of the same name may come.
    content = images.jpeg(40, 30)
    if name.endswith("jpg"):
        (file,) = send_named(job, {name: content})
        assert file.state == READY


@pytest.mark.parametrize("name", ["scan.zip", "scan", "scan.zip.part", "Đợt 1.2023"])
def test_an_archive_of_many_gigabytes_may_be_called_anything_else(job, monkeypatch, name):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**12))
    (file,) = announce(job, [Announced(name, 15 * 1024**3)])
    assert file.state == ImportFileState.ARRIVING


def test_an_archive_under_the_name_of_a_scan_is_opened_all_the_same(job):
    send_named(job, {"LS-1.jpg": images.archive({"a.jpg": jpeg(40, 30)})})
    assert names(job, READY) == ["a.jpg"]


# Many files


@pytest.mark.long
def test_an_archive_of_five_thousand_scans_is_unpacked_whole(job):
    scans = {f"{number:04}.jpg": jpeg(8, 6, comment=b"%d" % number) for number in range(5_000)}
    (file,) = send_named(job, {"scan.zip": images.archive(scans)})
    file.refresh_from_db()
    assert (file.state, file.reason) == (ImportFileState.UNPACKED, "")
    assert names(job, READY) == [*scans]
    hashes = job.files.filter(state=READY).values_list("content_hash", flat=True)
    assert len(set(hashes)) == 5_000 and not unnamed_files(job)


# The pages of a PDF


def test_a_pdf_brings_no_more_pages_than_an_import_takes_files(job, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_FILES", 4)
    send_named(job, {"LS-1.jpg": jpeg(40, 30)})
    pages = [images.quarters(60, 80)] * 4
    (file,) = send_named(job, {"thu.pdf": pdf_of(*pages)})
    file.refresh_from_db()
    assert file.state == REFUSED and "4" in file.reason
    assert names(job, READY) == ["LS-1.jpg"] and not unnamed_files(job)
    remove(file)
    send_named(job, {"ngan.pdf": pdf_of(*pages[:3])})
    assert len(names(job, READY)) == 4 and not unnamed_files(job)


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many bytes are free on the disk at each look; the last figure stays."""
    figures = [10**12]

    def usage(_path: Any) -> SimpleNamespace:
        return SimpleNamespace(free=figures.pop(0) if len(figures) > 1 else figures[0])

    with monkeypatch.context() as disk:
        disk.setattr(shutil, "disk_usage", usage)
        yield figures


def test_a_pdf_for_whose_pages_there_is_no_room_waits_and_is_taken_apart_later(job, free):
    pdf = pages_by_hand(b"/MediaBox [0 0 9 9]", count=50)
    (file,) = announce(job, [Announced("thu.pdf", len(pdf))])
    free[:] = [SPARE + 50 * BYTES_OF_A_PAGE - 1]
    receive(file, 0, io.BytesIO(pdf))
    file.refresh_from_db()
    assert file.state == ImportFileState.ARRIVED and file.reason
    assert job.files.count() == 1 and not unnamed_files(job)
    free[:] = [SPARE + 50 * BYTES_OF_A_PAGE]
    resume_opening()
    assert len(names(job, READY)) == 50 and not unnamed_files(job)


def test_a_disk_that_fills_while_a_pdf_is_taken_apart_is_not_filled_to_the_last_byte(job, free):
    pdf = pages_by_hand(b"/MediaBox [0 0 9 9]", count=50)
    (file,) = announce(job, [Announced("thu.pdf", len(pdf))])
    # At the first look there is room for all, at the next others have taken it.
    free[:] = [10**12, SPARE]
    receive(file, 0, io.BytesIO(pdf))
    file.refresh_from_db()
    assert file.state == ImportFileState.ARRIVED and file.reason
    assert job.files.count() == 1 and not unnamed_files(job)
    assert not CustomImage.objects.exists()
