"""Files as they are sent: broken off, misnamed, malicious, too many. The good ones arrive."""

from __future__ import annotations

import errno
import io
import json
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from core.models import CustomImage, RenditionSet, User
from exhibitions.importing import arriving
from exhibitions.importing.arriving import (
    Announced,
    NotNow,
    WrongPlace,
    announce,
    clean_name,
    receive,
    remove,
    resume_opening,
)
from exhibitions.importing.folder import file_path, said_of_a_full_disk
from exhibitions.models import (
    ExhibitionPage,
    Import,
    ImportFile,
    ImportFileState,
    ImportState,
    ItemPage,
)
from tests import images
from tests.core.test_media_conversion import heic, locked_pdf, pdf_of
from tests.exhibitions.lists import (
    address,
    begin,
    carry_out,
    send_named,
    unnamed_files,
    workbook,
)
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_import_archives import Packed, in_cp1258, zip_by_hand
from tests.images import jpeg

SHORT = ("Ký hiệu trưng bày", "Tên tài liệu")
ROWS = [[f"LS-{number}", f"Thư {number}"] for number in range(1, 4)]
READY, REFUSED = ImportFileState.READY, ImportFileState.REFUSED


@pytest.fixture
def job(exhibition: ExhibitionPage, editor: User, settings: Any, tmp_path: Path) -> Import:
    """An import of three rows, in a folder of its own."""
    settings.IMPORTS_ROOT = tmp_path / "imports"
    return begin(exhibition, editor, workbook(ROWS, SHORT))


@pytest.fixture
def desk_browser(editor: User) -> Client:
    """The editor's browser."""
    return browser(editor)


def names(job: Import, state: ImportFileState) -> list[str]:
    return list(job.files.filter(state=state).order_by("name").values_list("name", flat=True))


def announced(client: Client, job: Import, *files: tuple[str, int]) -> list[dict[str, Any]]:
    """What the portal answers a script that announces files."""
    told = json.dumps([{"name": name, "size": size} for name, size in files])
    answer = client.post(address("files", job), told, content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


def piece(client: Client, url: str, offset: int | str, data: bytes) -> Any:
    return client.patch(
        url,
        data,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


# In pieces


def test_a_transfer_that_breaks_off_goes_on_where_it_broke_off(desk_browser, job):
    scan = jpeg(300, 200)
    (told,) = announced(desk_browser, job, ("LS-1.jpg", len(scan)))
    assert (told["arrived"], told["state"]) == (0, "arriving")
    first = piece(desk_browser, told["url"], 0, scan[:1000]).json()
    assert (first["arrived"], first["state"]) == (1000, "arriving")
    (again,) = announced(desk_browser, job, ("LS-1.jpg", len(scan)))
    assert (again["url"], again["arrived"]) == (told["url"], 1000)
    wrong = piece(desk_browser, told["url"], 0, scan[:1000])
    assert (wrong.status_code, wrong.json()) == (409, {"arrived": 1000})
    assert piece(desk_browser, told["url"], 5000, scan[5000:]).json() == {"arrived": 1000}
    last = piece(desk_browser, told["url"], 1000, scan[1000:]).json()
    assert (last["arrived"], last["state"]) == (len(scan), "ready")
    assert file_path(job.files.get()).read_bytes() == scan
    assert desk_browser.get(told["url"]).json()["state"] == "ready"
    late = piece(desk_browser, told["url"], 0, b"x" * 10)
    assert late.json()["state"] == "ready"
    assert file_path(job.files.get()).read_bytes() == scan


def test_a_line_that_breaks_within_a_piece_loses_nothing_of_it(job):
    scan = jpeg(300, 200)
    (file,) = announce(job, [Announced("LS-1.jpg", len(scan))])

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(700)

    with pytest.raises(OSError):
        receive(file, 0, Broken(scan))
    with pytest.raises(WrongPlace) as wrong:
        receive(file, 0, io.BytesIO(scan))
    assert wrong.value.arrived == 700
    assert receive(file, 700, io.BytesIO(scan[700:])) == len(scan)
    assert names(job, READY) == ["LS-1.jpg"]


def test_two_windows_that_send_one_file_write_it_once(job):
    scan = jpeg(300, 200)
    (file,) = announce(job, [Announced("LS-1.jpg", len(scan))])
    (other,) = announce(job, [Announced("LS-1.jpg", len(scan))])
    receive(file, 0, io.BytesIO(scan[:900]))
    with pytest.raises(WrongPlace) as wrong:
        receive(other, 0, io.BytesIO(scan[:900]))
    receive(other, wrong.value.arrived, io.BytesIO(scan[900:]))
    assert receive(file, 900, io.BytesIO(scan[900:])) == len(scan)
    assert file.state == READY and file_path(file).read_bytes() == scan


@pytest.mark.parametrize("sent", [images.archive({"LS-1.jpg": jpeg(40, 30)}), b"no picture"])
def test_a_window_that_comes_after_the_end_leaves_no_empty_file(job, sent):
    (file,) = announce(job, [Announced("LS-1.zip", len(sent))])
    (late,) = announce(job, [Announced("LS-1.zip", len(sent))])
    receive(file, 0, io.BytesIO(sent))
    assert receive(late, 0, io.BytesIO(sent)) == len(sent)
    assert not unnamed_files(job)


def test_a_file_taken_out_while_it_is_sent_stays_out(job):
    scan = jpeg(300, 200)
    (file,) = announce(job, [Announced("LS-1.jpg", len(scan))])
    receive(file, 0, io.BytesIO(scan[:900]))
    remove(ImportFile.objects.get(pk=file.pk))
    with pytest.raises(WrongPlace):
        receive(file, 900, io.BytesIO(scan[900:]))
    assert not job.files.exists() and not unnamed_files(job)


def test_of_a_piece_longer_than_announced_no_more_than_that_is_kept(desk_browser, job):
    scan = jpeg(60, 40)
    (told,) = announced(desk_browser, job, ("LS-1.jpg", len(scan)))
    answer = piece(desk_browser, told["url"], 0, scan + b"x" * 5000).json()
    assert (answer["arrived"], answer["state"]) == (len(scan), "ready")
    assert file_path(job.files.get()).read_bytes() == scan


def test_a_large_file_is_announced_without_being_there(desk_browser, job):
    size = 200 * 1024**2
    (told,) = announced(desk_browser, job, ("LS-1.tif", size))
    for offset in range(0, 5000, 1000):
        piece(desk_browser, told["url"], offset, b"II*\0" + b"\0" * 996)
    (again,) = announced(desk_browser, job, ("LS-1.tif", size))
    assert (again["arrived"], again["state"]) == (5000, "arriving")
    assert desk_browser.delete(told["url"]).status_code == 204
    assert not job.files.exists() and not unnamed_files(job)


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "²", "9" * 40, "0x10", "\u0661"])
def test_an_offset_that_is_none_is_refused(desk_browser, job, offset):
    (told,) = announced(desk_browser, job, ("LS-1.jpg", 10))
    answer = desk_browser.generic(
        "PATCH", told["url"], b"x", HTTP_UPLOAD_OFFSET=offset.encode().decode("latin-1")
    )
    assert answer.status_code == 400
    assert desk_browser.get(told["url"]).json()["arrived"] == 0


def test_a_file_of_the_same_name_and_another_size_begins_anew_with_nothing_left(job):
    archive = images.archive({"a.jpg": jpeg(40, 30), "b.pdf": pdf_of(images.quarters(60, 80))})
    send_named(job, {"scan.zip": archive})
    assert len(names(job, READY)) == 2
    (file,) = announce(job, [Announced("scan.zip", 10)])
    assert (file.state, file.size) == (ImportFileState.ARRIVING, 10)
    assert job.files.count() == 1 and not unnamed_files(job)


def test_an_archive_that_is_taken_out_takes_all_that_was_in_it_along(job):
    pages = pdf_of(images.quarters(60, 80), images.quarters(60, 80))
    archive = images.archive({"a.jpg": jpeg(40, 30), "b.pdf": pages})
    (file,) = send_named(job, {"scan.zip": archive})
    assert len(names(job, READY)) == 3
    remove(file)
    assert not job.files.exists() and not unnamed_files(job)


# Announcements


@pytest.mark.parametrize(
    "body",
    [
        "x",
        "null",
        "5",
        "{}",
        '{"name": "a", "size": 1}',
        "[1]",
        "[{}]",
        '[{"name": "a"}]',
        '[{"name": "a", "size": -1}]',
        '[{"name": "a", "size": 1e999}]',
        '[{"name": "a", "size": NaN}]',
        '[{"name": "a", "size": null}]',
        '[{"name": "a", "size": "1"}]',
        '[{"name": "a", "size": true}]',
        '[{"name": ["a"], "size": 1}]',
        '[{"name": "a", "size": ' + "9" * 5000 + "}]",
        "[" * 100_000,
        "\udcff",
    ],
)
def test_an_announcement_that_is_none_is_refused(desk_browser, job, body):
    data = body.encode("utf-8", "surrogateescape")
    answer = desk_browser.post(address("files", job), data, content_type="application/json")
    assert answer.status_code == 400
    assert not job.files.exists()


@pytest.mark.parametrize("size", [10**13, 10**30])
def test_a_file_larger_than_any_is_refused_whenever_it_is_announced(desk_browser, job, size):
    for _time in range(2):
        told = json.dumps([{"name": "a.zip", "size": size}])
        answer = desk_browser.post(address("files", job), told, content_type="application/json")
        assert answer.status_code == 409 and answer.json()["reason"]
        announced(desk_browser, job, ("a.zip", 5))
    assert job.files.get().size == 5


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/LS-1.jpg", "etc/LS-1.jpg"),
        ("/etc/passwd", "etc/passwd"),
        ("\\\\may chu\\scan\\LS-1.jpg", "may chu/scan/LS-1.jpg"),
        ("C:\\scan\\..\\LS-1.jpg", "C:/scan/LS-1.jpg"),
        ("a\x00b\u202e.jpg", "ab.jpg"),
        ("\ud800LS-1.jpg", "LS-1.jpg"),
        ("A\u0309nh.jpg", "Ảnh.jpg"),
        ("", "tep"),
        ("../..", "tep"),
        ("\x00", "tep"),
    ],
)
def test_a_name_leads_nowhere_and_can_be_kept(desk_browser, job, sent, kept):
    (told,) = announced(desk_browser, job, (sent, 5))
    assert told["name"] == kept == clean_name(kept)
    assert job.files.get().name == kept
    assert file_path(job.files.get()).parent.parent == Path(arriving.settings.IMPORTS_ROOT)


def test_names_of_ten_thousand_characters_are_cut_and_told_apart(desk_browser, job):
    long = "x" * 10_000
    told = announced(desk_browser, job, (f"{long}.jpg", 1), (f"{long}.jpg", 2), (f"y{long}.jpg", 3))
    assert len({each["name"] for each in told}) == len({each["url"] for each in told}) == 3
    assert all(len(each["name"]) <= 400 for each in told)


def test_two_files_of_one_name_are_two_files(desk_browser, job):
    scans = [jpeg(40, 30), jpeg(50, 30)]
    told = announced(desk_browser, job, ("LS-1.jpg", len(scans[0])), ("./LS-1.jpg", len(scans[1])))
    for each, scan in zip(told, scans, strict=True):
        assert piece(desk_browser, each["url"], 0, scan).json()["state"] == "ready"
    assert names(job, READY) == ["LS-1 (2).jpg", "LS-1.jpg"]
    plain = [SimpleUploadedFile("LS-2.jpg", scan) for scan in scans]
    desk_browser.post(address("files", job), {"files": plain})
    assert len(names(job, READY)) == 4


def test_more_files_than_an_import_takes_are_told_before_any_is_sent(desk_browser, job):
    told = json.dumps([{"name": f"{number}.jpg", "size": 1} for number in range(5001)])
    answer = desk_browser.post(address("files", job), told, content_type="application/json")
    assert answer.status_code == 409 and "5000" in answer.json()["reason"].replace(".", "")
    told = json.dumps([{"name": f"{number}", "size": 1} for number in range(60_000)])
    assert desk_browser.post(
        address("files", job), told, content_type="application/json"
    ).status_code in (400, 409)
    assert not job.files.exists()


# Archives


def symlink(name: str) -> Packed:
    attributes = (stat.S_IFLNK | 0o777) << 16
    return Packed(name.encode(), b"/etc/passwd", attributes=attributes)


def test_of_a_malicious_archive_the_good_files_arrive_and_the_bad_are_told(desk_browser, job):
    inner = images.archive({"x.jpg": jpeg(40, 30)})
    archive = zip_by_hand(
        Packed(b"scan/LS-1.jpg", jpeg(40, 30)),
        Packed(b"../../../tmp/LS-2.jpg", jpeg(41, 30)),
        Packed(b"/etc/LS-2.jpg", jpeg(42, 30)),
        Packed(b"C:/Windows/LS-2.jpg", jpeg(43, 30)),
        symlink("LS-3.jpg"),
        Packed(b"nested.zip", inner),
        Packed(b"LS-hidden.jpg", inner),
        Packed(b"bomb.tif", b"\0" * (51 * 1024**2), method=8),
        Packed(b"empty.jpg", b""),
        Packed(b"page.html", images.html()),
        Packed(b"program.exe", images.executable()),
        Packed(b"Thumbs.db", b"x"),
        Packed(b"LS-2.jpg", jpeg(44, 30)),
    )
    before = set(Path("/tmp").iterdir()), set(Path("/etc").iterdir())
    (told,) = announced(desk_browser, job, ("scan.zip", len(archive)))
    piece(desk_browser, told["url"], 0, archive)
    assert names(job, READY) == ["LS-2.jpg", "scan/LS-1.jpg"]
    refused = job.files.filter(state=REFUSED)
    assert refused.count() == 10
    assert all(each.reason for each in refused)
    assert not unnamed_files(job)
    assert set(Path("/etc").iterdir()) == before[1]
    assert not {each.name for each in set(Path("/tmp").iterdir()) - before[0]} & {"LS-2.jpg"}
    screen = text_of(desk_browser.get(address("files", job)))
    for each in refused:
        assert each.name in screen


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("café LS-1.jpg".encode("cp437"), "café LS-1.jpg"),
        (in_cp1258("Ảnh Bác Hồ ở Lạng Sơn.jpg"), "Ảnh Bác Hồ ở Lạng Sơn.jpg"),
    ],
)
def test_names_in_old_code_pages_arrive_as_they_were(job, raw, name):
    send_named(job, {"scan.zip": zip_by_hand(Packed(raw, jpeg(40, 30)))})
    assert names(job, READY) == [name]


def test_an_archive_of_five_thousand_and_one_files_is_refused_whole(job):
    archive = images.archive({f"{number:04}.jpg": b"x" for number in range(5001)})
    (file,) = send_named(job, {"scan.zip": archive})
    file.refresh_from_db()
    assert file.state == REFUSED and file.reason
    assert job.files.count() == 1 and not unnamed_files(job)


def test_several_archives_bring_no_more_files_than_an_import_takes(job, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_FILES", 4)
    for number in range(3):
        scans = {f"{number}{place}.jpg": jpeg(40 + place, 30) for place in range(2)}
        send_named(job, {f"{number}.zip": images.archive(scans)}) if number < 2 else None
    assert len(names(job, READY)) == 4
    with pytest.raises(NotNow):
        send_named(job, {"2.zip": images.archive({"a.jpg": jpeg(40, 30)})})
    monkeypatch.setattr(arriving, "MOST_FILES", 7)
    big = images.archive({f"{place}.jpg": jpeg(60 + place, 30) for place in range(4)})
    (file,) = send_named(job, {"3.zip": big})
    file.refresh_from_db()
    assert file.state == REFUSED and "7" in file.reason
    assert len(names(job, READY)) == 4 and not unnamed_files(job)


def test_files_of_one_name_and_size_in_an_archive_all_arrive(job):
    one, other = images.tiff(20, 20), images.encoded(Image.new("RGB", (20, 20)), "TIFF")
    assert len(one) == len(other)
    archive = zip_by_hand(Packed(b"a/LS-1.tif", one), Packed(b"a/LS-1.tif", other))
    send_named(job, {"scan.zip": archive})
    assert names(job, READY) == ["a/LS-1 (2).tif", "a/LS-1.tif"]
    hashes = job.files.filter(state=READY).values_list("content_hash", flat=True)
    assert len(set(hashes)) == 2


def test_what_is_no_whole_archive_is_told_and_not_kept(job):
    whole = images.archive({"LS-1.jpg": jpeg(300, 200)})
    sent = {"a.zip": whole[:-30], "b.zip": whole[:100], "c.zip": b"PK\x03\x04" + b"\0" * 80}
    send_named(job, sent)
    assert names(job, REFUSED) == ["a.zip", "b.zip", "c.zip"]
    assert all(each.reason for each in job.files.all()) and not unnamed_files(job)


# Pictures


def test_a_picture_is_judged_by_its_content_and_not_by_its_name(job):
    send_named(
        job,
        {
            "png.jpg": images.png(60, 40),
            "cut.tif": images.truncated(images.tiff(60, 40)),
            "none.jpg": b"",
            "text.png": b"Ghi chu",
            "drawing.svg": images.svg_with_script(),
            "page.jpg": images.html(),
            "word.docx": images.docx(),
            "list.xlsx": images.xlsx(),
            "float.tif": images.float_tiff(),
            "words.tif": images.tiff_with_words_for_numbers(),
            "cut.png": images.truncated(images.png(60, 40)),
            "sound.mp3": b"no sound",
            "bomb.png": images.bomb_png(),
            "cmyk.jpg": images.cmyk_jpeg(),
            "grey16.tif": images.grey_16_bit_tiff(),
            "rgb16.tif": images.rgb_16_bit_tiff(),
            "side.jpg": images.oriented_jpeg(6, 80, 60),
            "pages.tif": images.multi_frame_tiff(),
            "voice.mp3": images.mp3(),
        },
    )
    assert names(job, READY) == [
        "cmyk.jpg", "grey16.tif", "pages.tif", "png.jpg", "rgb16.tif", "side.jpg", "voice.mp3",
    ]  # fmt: skip
    assert job.files.get(name="png.jpg").extension == "png"
    assert len(names(job, REFUSED)) == 12
    assert all(each.reason for each in job.files.filter(state=REFUSED))
    assert not unnamed_files(job)


def test_an_empty_file_is_told_as_soon_as_its_piece_comes(desk_browser, job):
    (told,) = announced(desk_browser, job, ("LS-1.jpg", 0))
    answer = piece(desk_browser, told["url"], 0, b"").json()
    assert answer["state"] == "refused" and answer["reason"]
    assert not unnamed_files(job)


@pytest.mark.parametrize(
    ("name", "scan", "size"),
    [
        ("LS-1.jpg", images.png(80, 60), (80, 60)),
        ("LS-1.jpg", images.cmyk_jpeg(), (800, 600)),
        ("LS-1.tif", images.grey_16_bit_tiff(), (800, 600)),
        ("LS-1.jpg", images.oriented_jpeg(6, 80, 60), (80, 60)),
        ("LS-1.heic", heic(images.quarters(120, 80)), (120, 80)),
    ],
)
def test_a_picture_of_any_make_becomes_an_item_that_can_be_shown(
    job, editor, name, scan, size, django_capture_on_commit_callbacks
):
    send_named(job, {name: scan})
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(job, editor)
    assert job.state == ImportState.FINISHED, job.failure
    (medium,) = ItemPage.objects.get(reference="LS-1").media.all()
    widths = RenditionSet.objects.get(image=medium.image).widths
    assert max(widths)[0] * size[1] == max(widths)[1] * size[0]


def test_a_photo_of_a_telephone_and_a_pdf_of_two_pages_become_scans(job, editor):
    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60))
    send_named(job, {"LS-1.heic": heic(), "LS-2.pdf": pdf, "LS-3.pdf": locked_pdf()})
    assert len(names(job, READY)) == 3
    assert job.files.get(name="LS-3.pdf").reason
    assert not unnamed_files(job)
    carry_out(job, editor)
    told = {
        item.reference: [medium.label for medium in item.media.order_by("sort_order")]
        for item in ItemPage.objects.all()
    }
    assert told == {"LS-1": [""], "LS-2": ["Trang 1", "Trang 2"], "LS-3": []}
    assert CustomImage.objects.count() == 3


def test_what_breaks_the_converter_is_refused_like_any_file_that_cannot_be_read(job):
    photo = heic()
    middle = len(photo) // 2
    send_named(
        job,
        {
            "a.heic": images.truncated(photo),
            "b.heic": photo[:middle] + b"\xff" * 200 + photo[middle + 200 :],
            "c.pdf": images.truncated(images.pdf()),
            "d.pdf": b"%PDF-1.4\n%%EOF\n",
        },
    )
    assert set(job.files.values_list("state", flat=True)) <= {READY, REFUSED}
    assert {"a.heic", "c.pdf", "d.pdf"} <= set(names(job, REFUSED))
    assert not unnamed_files(job)


# A full disk


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """No byte is free on the disk, until the test undoes it."""
    with monkeypatch.context() as disk:
        disk.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
        yield disk


def test_nothing_is_announced_for_which_there_is_no_room(desk_browser, job, full_disk):
    told = json.dumps([{"name": "LS-1.jpg", "size": 1000}])
    answer = desk_browser.post(address("files", job), told, content_type="application/json")
    assert answer.status_code == 409 and answer.json()["reason"]
    form = {"files": SimpleUploadedFile("LS-1.jpg", jpeg(40, 30))}
    assert desk_browser.post(address("files", job), form).status_code == 302
    assert not job.files.exists()


def test_a_disk_that_is_full_within_a_piece_is_told_and_the_transfer_goes_on_later(
    desk_browser, job
):
    scan = jpeg(300, 200)
    (told,) = announced(desk_browser, job, ("LS-1.jpg", len(scan)))
    file_path(job.files.get()).symlink_to("/dev/full")
    full = piece(desk_browser, told["url"], 0, scan)
    assert (full.status_code, full.json()) == (507, {"reason": said_of_a_full_disk()})
    form = {"files": SimpleUploadedFile("LS-1.jpg", scan)}
    answer = desk_browser.post(address("files", job), form, follow=True)
    assert said_of_a_full_disk() in text_of(answer)
    file_path(job.files.get()).unlink()
    assert piece(desk_browser, told["url"], 0, scan).json()["state"] == "ready"


def test_a_list_for_which_there_is_no_room_is_told_and_leaves_nothing(
    desk_browser, exhibition, monkeypatch, settings, tmp_path
):
    settings.IMPORTS_ROOT = tmp_path / "imports"

    def write_bytes(path: Path, _data: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    url = address("columns", Import(exhibition=exhibition, pk=1)).rpartition("1/")[0]
    upload = SimpleUploadedFile("a.xlsx", workbook(ROWS, SHORT))
    answer = desk_browser.post(url, {"list": upload}, follow=True)
    assert said_of_a_full_disk() in text_of(answer)
    assert not Import.objects.exists() and not list(settings.IMPORTS_ROOT.iterdir())


def test_an_archive_for_which_there_is_no_room_waits_and_is_unpacked_later(
    desk_browser, job, monkeypatch
):
    archive = images.archive({"LS-1.jpg": jpeg(40, 30), "LS-2.jpg": jpeg(50, 30)})
    (file,) = announce(job, [Announced("scan.zip", len(archive))])
    with monkeypatch.context() as disk:
        disk.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
        receive(file, 0, io.BytesIO(archive))
        resume_opening()
    file.refresh_from_db()
    assert file.state == ImportFileState.ARRIVED and file.reason
    assert file.reason in text_of(desk_browser.get(address("files", job)))
    resume_opening()
    assert names(job, READY) == ["LS-1.jpg", "LS-2.jpg"]
    file.refresh_from_db()
    assert (file.state, file.reason) == (ImportFileState.UNPACKED, "")
    assert not unnamed_files(job)


def test_a_disk_that_is_full_while_it_is_unpacked_doubles_and_loses_nothing(job, monkeypatch):
    scans = [Packed(b"LS-1.jpg", jpeg(40 + number, 30)) for number in range(4)]
    archive = zip_by_hand(*scans, Packed(b"../x.jpg", b"x"), Packed(b"x.jpg", b"x"))
    (file,) = announce(job, [Announced("scan.zip", len(archive))])
    written: list[str] = []
    unpack = arriving.unpack_member

    def fails_at_the_third(*args: Any, **kwargs: Any) -> None:
        written.append("")
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        unpack(*args, **kwargs)

    monkeypatch.setattr(arriving, "unpack_member", fails_at_the_third)
    receive(file, 0, io.BytesIO(archive))
    file.refresh_from_db()
    assert (file.state, file.reason) == (ImportFileState.ARRIVED, said_of_a_full_disk())
    assert len(names(job, READY)) == 2
    resume_opening()
    assert names(job, READY) == ["LS-1 (2).jpg", "LS-1 (3).jpg", "LS-1 (4).jpg", "LS-1.jpg"]
    assert len(names(job, REFUSED)) == 2 and job.files.count() == 7
    assert not unnamed_files(job)


@pytest.mark.parametrize("name", ["LS-1.pdf", "LS-1.heic"])
def test_a_disk_that_is_full_while_a_file_is_converted_lets_it_wait(job, monkeypatch, name):
    sent = heic() if name.endswith("heic") else pdf_of(images.quarters(60, 80))

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        for each in ("heic_as_jpeg", "pdf_pages"):
            disk.setattr(arriving, each, fails)
        send_named(job, {name: sent})
    assert job.files.get().state == ImportFileState.ARRIVED
    assert not unnamed_files(job)
    resume_opening()
    assert len(names(job, READY)) == 1 and not unnamed_files(job)


def test_a_file_that_vanished_before_it_was_opened_is_told_and_not_tried_for_ever(job, monkeypatch):
    with monkeypatch.context() as queue:
        queue.setattr(arriving, "is_waiting", lambda *_args: True)
        sent = {"a.zip": images.archive({"x.jpg": jpeg(40, 30)}), "b.heic": heic()}
        for file in send_named(job, sent):
            file_path(file).unlink()
    resume_opening()
    assert names(job, REFUSED) == ["a.zip", "b.heic"]


def test_pages_of_a_pdf_that_is_not_wholly_taken_apart_are_no_files_of_their_own(
    job, editor, monkeypatch
):
    from exhibitions.importing import jobs

    pdf = pdf_of(images.quarters(60, 80), images.quarters(80, 60))
    vet, looked = arriving._vet, []

    def fails_at_the_second(file: ImportFile) -> None:
        looked.append(file)
        if len(looked) == 2:
            raise OSError(errno.EIO, "Input/output error")
        vet(file)

    with monkeypatch.context() as disk:
        disk.setattr(arriving, "_vet", fails_at_the_second)
        send_named(job, {"LS-1.pdf": pdf})
    assert jobs.arrived_files(job) == []
    resume_opening()
    (arrived,) = jobs.arrived_files(job)
    assert len(arrived.pages) == 2 and not unnamed_files(job)
    assert job.files.count() == 3
