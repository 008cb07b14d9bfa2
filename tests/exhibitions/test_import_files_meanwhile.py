"""Files of an import while other things happen: it is begun, they are taken out, a disk fills.

No file is lost to an import without a word, and none stays that nobody wants any more.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.utils import translation

from core.models import CustomImage, User
from exhibitions.importing import arriving, folder, jobs
from exhibitions.importing.arriving import (
    Announced,
    NotNow,
    WrongPlace,
    announce,
    receive,
    remove,
    resume_opening,
)
from exhibitions.importing.folder import (
    GRACE,
    LIST_NAME,
    PLAN_NAME,
    file_path,
    folder_of,
    keep_plan,
    kept_plan,
    remove_old_folders,
)
from exhibitions.importing.running import run_import
from exhibitions.models import (
    ExhibitionIndexPage,
    ExhibitionPage,
    Import,
    ImportAction,
    ImportFile,
    ImportFileState,
    ImportState,
    ItemPage,
)
from tests import factories, images
from tests.core.test_media_conversion import heic, pdf_of
from tests.exhibitions.lists import (
    begin,
    begin_later,
    carry_out,
    send_named,
    unnamed_files,
    workbook,
)
from tests.exhibitions.test_admin_clearance import staff
from tests.exhibitions.test_import_archives import Packed, zip_by_hand
from tests.images import jpeg, mp3

SHORT = ("Ký hiệu trưng bày", "Phần", "Tên tài liệu")
ROWS = [[f"LS-{number}", "Phần mới", f"Thư {number}"] for number in range(1, 4)]
SCANS = {f"LS-{number}.jpg": jpeg(40 + number, 30) for number in range(1, 4)}
ARRIVED, READY, REFUSED = ImportFileState.ARRIVED, ImportFileState.READY, ImportFileState.REFUSED


@pytest.fixture
def editor(exhibition_index: ExhibitionIndexPage) -> User:
    return staff("bientap", exhibition_index, on_pages=("add_page", "change_page"))


@pytest.fixture
def job(exhibition: ExhibitionPage, editor: User, settings: Any, tmp_path: Path) -> Import:
    """An import of three rows, in a folder of its own."""
    settings.IMPORTS_ROOT = tmp_path / "imports"
    return begin(exhibition, editor, workbook(ROWS, SHORT))


@pytest.fixture
def nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task that opens files stands in the queue, until the clockwork comes."""
    monkeypatch.setattr(arriving, "is_waiting", lambda *_args: True)


def begun(job: Import, editor: User) -> list[str]:
    """What stands against beginning the import that the editor has just checked."""
    with translation.override("en"):
        digest = jobs.check(job, editor).digest
        return [reason.text for reason in jobs.start(job, by=editor, digest=digest)]


def full_disk(*_args: Any, **_kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(job: Import, state: ImportFileState) -> list[str]:
    return list(job.files.filter(state=state).order_by("name").values_list("name", flat=True))


# Begun while files are on their way


def test_an_import_does_not_begin_while_files_are_still_sent_and_says_which(job, editor):
    send_named(job, {"LS-1.jpg": SCANS["LS-1.jpg"]})
    files = announce(job, [Announced(f"{number}.jpg", 100) for number in range(1, 8)])
    (reason,) = begun(job, editor)
    assert (
        reason.startswith("7 files") and "“1.jpg”, “2.jpg”" in reason and "take them out" in reason
    )
    assert "5.jpg" in reason and "6.jpg" not in reason
    assert Import.objects.get(pk=job.pk).state == ImportState.PREPARING
    for file in files[1:]:
        remove(file)
    (reason,) = begun(job, editor)
    assert reason.startswith("1 file ") and "“1.jpg”" in reason
    remove(files[0])
    assert begun(job, editor) == []


def test_an_import_does_not_begin_while_an_archive_is_being_opened(
    job, editor, monkeypatch, nothing_is_opened
):
    (archive,) = send_named(job, {"scan.zip": images.archive(SCANS)})
    (reason,) = begun(job, editor)
    assert "“scan.zip”" in reason and "opened" in reason
    monkeypatch.undo()
    resume_opening()
    archive.refresh_from_db()
    assert archive.state == ImportFileState.UNPACKED and begun(job, editor) == []
    assert ItemPage.objects.filter(media__isnull=False).count() == len(ROWS)


def test_an_archive_that_waits_is_named_and_not_what_was_unpacked_of_it_so_far(
    job, editor, monkeypatch
):
    unpack, done = arriving.unpack_member, []

    def fails_at_the_second(*args: Any, **kwargs: Any) -> None:
        done.append(args)
        if len(done) == 2:
            full_disk()
        unpack(*args, **kwargs)

    monkeypatch.setattr(arriving, "unpack_member", fails_at_the_second)
    send_named(job, {"scan.zip": images.archive(SCANS)})
    assert names(job, ImportFileState.ARRIVING)
    (reason,) = begun(job, editor)
    assert "“scan.zip”" in reason and "LS-2" not in reason


def test_a_file_announced_while_the_import_begins_is_not_lost_to_it(job, editor, monkeypatch):
    checked = jobs.check(job, editor)
    check = jobs.check

    def then_another_window_sends(*args: Any) -> Any:
        found = check(*args)
        announce(job, [Announced("late.jpg", 100)])
        return found

    monkeypatch.setattr(jobs, "check", then_another_window_sends)
    (reason,) = jobs.start(job, by=editor, digest=checked.digest)
    assert "late.jpg" in reason.text
    assert Import.objects.get(pk=job.pk).state == ImportState.PREPARING


def test_no_file_is_taken_in_by_an_import_that_has_begun(job, editor, monkeypatch):
    begin_later(monkeypatch)
    assert begun(job, editor) == []
    with pytest.raises(NotNow):
        announce(job, [Announced("late.jpg", 100)])
    assert not job.files.exists()


def test_of_two_windows_that_begin_with_different_lists_the_first_is_carried_out(
    job, editor, exhibition, monkeypatch
):
    begin_later(monkeypatch)
    other = Import.objects.get(pk=job.pk)
    assert begun(job, editor) == []
    plan = kept_plan(job)
    factories.PartPageFactory(parent=exhibition, title="Phần mới", live=False).save_revision()
    fresh = ExhibitionPage.objects.get(pk=exhibition.pk)
    other.exhibition = fresh
    digest = jobs.check(other, editor).digest
    assert [each.code for each in jobs.start(other, by=editor, digest=digest)] == ["begun"]
    assert kept_plan(job) == plan


# Sent once more


def test_a_file_that_was_refused_can_be_sent_once_more(job):
    scan = SCANS["LS-1.jpg"]
    damaged = scan[:-200] + b"\0" * 200
    (file,) = send_named(job, {"LS-1.jpg": damaged})
    assert file.state == REFUSED
    (again,) = send_named(job, {"LS-1.jpg": scan})
    assert (again.pk, again.state, again.reason) == (file.pk, READY, "")


def test_what_was_refused_in_an_archive_and_comes_alone_stays_without_the_archive(job):
    scan = SCANS["LS-1.jpg"]
    (archive,) = send_named(
        job, {"scan.zip": images.archive({"LS-1.jpg": scan[:-200] + b"\0" * 200})}
    )
    assert names(job, REFUSED) == ["LS-1.jpg"]
    send_named(job, {"LS-1.jpg": scan})
    remove(ImportFile.objects.get(pk=archive.pk))
    assert names(job, READY) == ["LS-1.jpg"] and job.files.count() == 1
    assert file_path(job.files.get()).read_bytes() == scan


# Taken out while it is opened


CONTAINERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "scan.zip": (lambda: images.archive(SCANS), "unpack_member"),
    "thu.pdf": (lambda: pdf_of(images.quarters(60, 80), images.quarters(60, 80)), "pdf_pages"),
    "anh.heic": (heic, "heic_as_jpeg"),
}


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("name", CONTAINERS)
def test_what_is_taken_out_while_it_is_opened_leaves_nothing(job, monkeypatch, name, is_before):
    make, step = CONTAINERS[name]
    work = getattr(arriving, step)

    def while_it_is_opened(*args: Any, **kwargs: Any) -> Any:
        sent = ImportFile.objects.filter(name=name).first()
        if is_before and sent:
            remove(sent)
        made = work(*args, **kwargs)
        if not is_before and sent:
            remove(sent)
        return made

    monkeypatch.setattr(arriving, step, while_it_is_opened)
    content = make()
    (file,) = announce(job, [Announced(name, len(content))])
    receive(file, 0, io.BytesIO(content))
    assert not job.files.exists() and not unnamed_files(job)
    resume_opening()
    assert not job.files.exists() and not unnamed_files(job)


@pytest.mark.parametrize("is_last", [True, False])
def test_one_scan_taken_out_while_its_archive_is_unpacked_stays_out_and_the_others_come(
    job, monkeypatch, is_last
):
    unpack = arriving.unpack_member
    unwanted = "LS-3.jpg" if is_last else "LS-1.jpg"

    def while_it_is_unpacked(*args: Any, **kwargs: Any) -> None:
        unpack(*args, **kwargs)
        if args[1].name == unwanted:
            remove(ImportFile.objects.get(name=unwanted))

    monkeypatch.setattr(arriving, "unpack_member", while_it_is_unpacked)
    send_named(job, {"scan.zip": images.archive(SCANS)})
    assert names(job, READY) == sorted({*SCANS} - {unwanted})
    assert names(job, ImportFileState.UNPACKED) == ["scan.zip"] and not unnamed_files(job)


def test_an_archive_sent_anew_while_it_is_unpacked_brings_only_what_the_new_one_has(
    job, monkeypatch
):
    unpack, done = arriving.unpack_member, []
    new = images.archive({"LS-9.jpg": jpeg(90, 30)})

    def while_it_is_unpacked(*args: Any, **kwargs: Any) -> None:
        unpack(*args, **kwargs)
        done.append(args)
        if len(done) == 2:
            announce(job, [Announced("scan.zip", len(new))])

    monkeypatch.setattr(arriving, "unpack_member", while_it_is_unpacked)
    send_named(job, {"scan.zip": images.archive(SCANS)})
    assert names(job, ImportFileState.ARRIVING) == ["scan.zip"] and job.files.count() == 1
    send_named(job, {"scan.zip": new})
    assert names(job, READY) == ["LS-9.jpg"] and job.files.count() == 2
    assert not unnamed_files(job)


def test_a_scan_taken_out_while_it_is_looked_at_leaves_nothing(job, monkeypatch):
    vet, scan = arriving.vet_image, SCANS["LS-1.jpg"]

    def meanwhile(*args: Any) -> Any:
        remove(ImportFile.objects.get(name="LS-1.jpg"))
        return vet(*args)

    monkeypatch.setattr(arriving, "vet_image", meanwhile)
    (file,) = announce(job, [Announced("LS-1.jpg", len(scan))])
    with pytest.raises(WrongPlace):
        receive(file, 0, io.BytesIO(scan))
    assert not job.files.exists() and not unnamed_files(job)


# What nobody foresaw


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_file_that_breaks_the_opening_is_refused_and_not_opened_for_ever(job, monkeypatch, name):
    make, step = CONTAINERS[name]
    asked: list[Any] = []

    def breaks(*args: Any, **_kwargs: Any) -> None:
        asked.append(args)
        raise RecursionError("unforeseen")

    monkeypatch.setattr(arriving, step, breaks)
    scan = SCANS["LS-1.jpg"]
    send_named(job, {name: make(), "LS-1.jpg": scan})
    refused = {file.reason for file in job.files.filter(state=REFUSED)}
    assert refused == {arriving.said_of_the_unforeseen()}
    times = len(asked)
    resume_opening()
    assert len(asked) == times and names(job, ARRIVED) == []
    assert "LS-1.jpg" in names(job, READY) and not unnamed_files(job)


def test_a_scan_that_breaks_the_vetting_is_refused_and_not_sent_for_ever(job, monkeypatch):
    def breaks(*_args: Any) -> None:
        raise AssertionError("unforeseen")

    monkeypatch.setattr(arriving, "vet_image", breaks)
    (file,) = send_named(job, {"LS-1.jpg": SCANS["LS-1.jpg"]})
    assert (file.state, file.reason) == (REFUSED, arriving.said_of_the_unforeseen())
    assert not unnamed_files(job)


# An opening that kills the worker


class Killed(BaseException):
    """The process ends here without a word: out of memory, or by a library's crash."""


def killed(*_args: Any, **_kwargs: Any) -> None:
    raise Killed


def work_until_killed(job: Import) -> None:
    """What a worker does that finds the files of ``job`` in its queue."""
    with contextlib.suppress(Killed):
        arriving.open_files.call(job.pk)


@pytest.fixture
def sent_later(nothing_is_opened: None, job: Import) -> Callable[[dict[str, bytes]], ImportFile]:
    """Send files that nothing opens before the test does; the first of their rows."""
    return lambda files: send_named(job, files)[0]


KILLERS = {"scan.zip": "contents_of", "thu.pdf": "pdf_pages", "anh.heic": "heic_as_jpeg"}


def dies_with(monkeypatch: pytest.MonkeyPatch, file: ImportFile) -> None:
    """Let the worker die whenever it opens ``file``, and open the others."""
    open_it = getattr(arriving, step := KILLERS[file.name])

    def opens_the_others(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path == file_path(file):
            raise Killed
        return open_it(path, *args, **kwargs)

    monkeypatch.setattr(arriving, step, opens_the_others)


@pytest.mark.parametrize("name", KILLERS)
def test_a_file_with_which_the_worker_dies_is_refused_at_last_and_says_what_to_do(
    job, editor, monkeypatch, sent_later, name
):
    make, _step = CONTAINERS[name]
    file = sent_later({name: make(), "sau.zip": images.archive({"LS-1.jpg": SCANS["LS-1.jpg"]})})
    dies_with(monkeypatch, file)
    for _attempt in range(3):
        work_until_killed(job)
        file.refresh_from_db()
        assert file.state == ARRIVED
        (reason,) = begun(job, editor)
        assert name in reason
    work_until_killed(job)
    file.refresh_from_db()
    with translation.override("vi"):
        assert (file.state, file.reason) == (REFUSED, arriving.said_of_broken_attempts())
    assert names(job, READY) == ["LS-1.jpg"] and not unnamed_files(job)
    assert begun(job, editor) == []


@pytest.mark.parametrize("name", KILLERS)
def test_a_file_that_is_opened_after_all_is_not_marked_by_the_deaths_before(
    job, monkeypatch, sent_later, name
):
    make, _step = CONTAINERS[name]
    file = sent_later({name: make()})
    with monkeypatch.context() as broken:
        dies_with(broken, file)
        work_until_killed(job)
        work_until_killed(job)
    file.refresh_from_db()
    assert (file.state, file.attempts) == (ARRIVED, 2)
    work_until_killed(job)
    file.refresh_from_db()
    assert file.state in (READY, ImportFileState.UNPACKED) and file.attempts == 0
    assert not job.files.filter(attempts__gt=0).exists() and names(job, REFUSED) == []


def dies_at(monkeypatch: pytest.MonkeyPatch, name: str, dies: Callable[..., None]) -> None:
    """Let ``dies`` happen at one scan of an archive, where the others are unpacked."""
    unpack = arriving.unpack_member

    def unpacks_the_others(archive: Path, member: Any, target: Path, *, limit: int) -> None:
        if member.name == name:
            dies()
        unpack(archive, member, target, limit=limit)

    monkeypatch.setattr(arriving, "unpack_member", unpacks_the_others)


def test_of_an_archive_only_the_scan_with_which_the_worker_dies_is_refused(
    job, monkeypatch, sent_later
):
    archive = sent_later({"scan.zip": images.archive(SCANS)})
    dies_at(monkeypatch, "LS-2.jpg", killed)
    for _attempt in range(3):
        work_until_killed(job)
        assert names(job, READY) == ["LS-1.jpg"] and names(job, ARRIVED) == ["scan.zip"]
    work_until_killed(job)
    archive.refresh_from_db()
    assert (archive.state, archive.attempts) == (ImportFileState.UNPACKED, 0)
    assert names(job, READY) == ["LS-1.jpg", "LS-3.jpg"] and names(job, REFUSED) == ["LS-2.jpg"]
    assert not unnamed_files(job)


def test_a_scan_that_kills_the_look_at_it_is_refused_although_it_can_be_unpacked(
    job, monkeypatch, sent_later
):
    sent_later({"scan.zip": images.archive({"LS-1.jpg": SCANS["LS-1.jpg"]})})
    monkeypatch.setattr(arriving, "vet_image", killed)
    for _attempt in range(4):
        work_until_killed(job)
    assert names(job, REFUSED) == ["LS-1.jpg"] and names(job, ARRIVED) == []


def test_workers_that_die_at_one_scan_after_another_do_not_spoil_the_archive(
    job, monkeypatch, sent_later
):
    sent_later({"scan.zip": images.archive(SCANS)})
    for name in SCANS:
        for _attempt in range(2):
            with monkeypatch.context() as broken:
                dies_at(broken, name, killed)
                work_until_killed(job)
    work_until_killed(job)
    assert names(job, READY) == [*SCANS] and names(job, REFUSED) == []


def test_a_file_refused_for_its_deaths_has_all_attempts_again_when_it_is_sent_once_more(
    job, monkeypatch, sent_later
):
    file = sent_later({"anh.heic": heic()})
    with monkeypatch.context() as broken:
        broken.setattr(arriving, "heic_as_jpeg", killed)
        for _attempt in range(4):
            work_until_killed(job)
        assert names(job, REFUSED) == ["anh.heic"]
        sent_later({"anh.heic": heic()})
        for _attempt in range(2):
            work_until_killed(job)
            assert names(job, ARRIVED) == ["anh.heic"]
    work_until_killed(job)
    file.refresh_from_db()
    assert (file.state, file.reason, file.attempts) == (READY, "", 0)


@pytest.mark.parametrize("name", CONTAINERS)
def test_waiting_for_room_is_no_attempt(job, monkeypatch, sent_later, name):
    make, step = CONTAINERS[name]
    file = sent_later({name: make()})
    no_room = NotNow("There is no room.")

    def finds_no_room(*_args: Any, **_kwargs: Any) -> None:
        raise no_room

    for hindrance in (full_disk, finds_no_room):
        with monkeypatch.context() as disk:
            disk.setattr(arriving, step, hindrance)
            for _attempt in range(5):
                work_until_killed(job)
                file.refresh_from_db()
                assert file.state == ARRIVED and file.reason
                assert not job.files.filter(attempts__gt=0).exists()
    work_until_killed(job)
    file.refresh_from_db()
    assert file.state in (READY, ImportFileState.UNPACKED) and names(job, REFUSED) == []


@pytest.mark.django_db(transaction=True)
class TestTheDatabaseAtADeath:
    """What another process finds there: only what was committed."""

    def test_an_opening_is_known_of_before_its_risky_work_begins(
        self, job, monkeypatch, sent_later
    ):
        file = sent_later({"anh.heic": heic()})
        seen: list[Any] = []

        def look_and_die(*_args: Any) -> None:
            assert not connection.in_atomic_block
            seen.extend(ImportFile.objects.filter(pk=file.pk).values_list("attempts", flat=True))
            raise Killed

        monkeypatch.setattr(arriving, "heic_as_jpeg", look_and_die)
        work_until_killed(job)
        work_until_killed(job)
        assert seen == [1, 2]


# Taken out before all of an archive has come


def test_a_scan_taken_out_of_an_archive_that_waits_for_room_stays_out(job, monkeypatch):
    with monkeypatch.context() as disk:
        dies_at(disk, "LS-3.jpg", full_disk)
        (archive,) = send_named(job, {"scan.zip": images.archive(SCANS)})
        resume_opening()
    assert names(job, READY) == ["LS-1.jpg", "LS-2.jpg"] and names(job, ARRIVED) == ["scan.zip"]
    remove(job.files.get(name="LS-1.jpg"))
    resume_opening()
    assert names(job, READY) == ["LS-2.jpg", "LS-3.jpg"] and not unnamed_files(job)
    archive.refresh_from_db()
    assert archive.state == ImportFileState.UNPACKED


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_taken_out_between_two_deaths_of_the_worker_stays_out(
    job, monkeypatch, sent_later, name
):
    sent_later({"scan.zip": images.archive(SCANS)})
    dies_at(monkeypatch, "LS-3.jpg", killed)
    work_until_killed(job)
    remove(job.files.get(name=name))
    work_until_killed(job)
    monkeypatch.undo()
    work_until_killed(job)
    assert names(job, READY) == sorted({*SCANS} - {name}) and not unnamed_files(job)


def test_of_two_scans_with_one_name_and_size_the_one_that_was_taken_out_stays_out(
    job, monkeypatch, sent_later
):
    first, second = jpeg(40, 30), jpeg(30, 40)
    longer = max(len(first), len(second))
    first, second = (each.ljust(longer, b"\0") for each in (first, second))
    last = SCANS["LS-3.jpg"]
    pages = (b"LS-1.jpg", first), (b"LS-1.jpg", second), (b"LS-3.jpg", last)
    sent_later({"scan.zip": zip_by_hand(*(Packed(name, scan) for name, scan in pages))})
    dies_at(monkeypatch, "LS-3.jpg", killed)
    work_until_killed(job)
    remove(job.files.get(name="LS-1.jpg"))
    monkeypatch.undo()
    work_until_killed(job)
    kept, _last = job.files.filter(state=READY).select_related("of_import").order_by("pk")
    assert names(job, READY) == ["LS-1 (2).jpg", "LS-3.jpg"]
    assert file_path(kept).read_bytes() == second


def test_what_was_refused_in_an_archive_and_put_aside_is_not_refused_once_more(
    job, monkeypatch, sent_later
):
    files = {"ngoai.rar": b"x", "LS-9.jpg": b"no picture", "LS-8.jpg": b"none either", **SCANS}
    sent_later({"scan.zip": images.archive(files)})
    with monkeypatch.context() as broken:
        dies_at(broken, "LS-3.jpg", killed)
        work_until_killed(job)
    assert names(job, REFUSED) == ["LS-8.jpg", "LS-9.jpg", "ngoai.rar"]
    remove(job.files.get(name="LS-9.jpg"))
    remove(job.files.get(name="ngoai.rar"))
    sent_later({"LS-8.jpg": jpeg(80, 30)})
    work_until_killed(job)
    assert names(job, REFUSED) == []
    assert names(job, READY) == [*SCANS, "LS-8.jpg"] and not unnamed_files(job)


def test_a_page_taken_out_of_a_pdf_that_waits_stays_out(job, monkeypatch):
    vet, looked = arriving._vet, []

    def fails_at_the_third(file: ImportFile) -> None:
        looked.append(file)
        if len(looked) == 3:
            full_disk()
        vet(file)

    pdf = pdf_of(*(images.quarters(60, 80 + number) for number in range(4)))
    with monkeypatch.context() as disk:
        disk.setattr(arriving, "_vet", fails_at_the_third)
        (container,) = send_named(job, {"thu.pdf": pdf})
    first, second = job.files.filter(state=READY).order_by("pk")
    remove(first)
    resume_opening()
    container.refresh_from_db()
    assert container.state == ImportFileState.UNPACKED
    pages = list(container.members.select_related("of_import").order_by("pk"))
    assert [page.name.rpartition(" ")[2] for page in pages] == ["2", "3", "4"]
    assert pages[0].pk == second.pk and {page.state for page in pages} == {READY}
    assert len({file_path(page).read_bytes() for page in pages}) == 3 and not unnamed_files(job)


def test_a_page_taken_out_while_its_pdf_is_taken_apart_stays_out_and_the_others_come(
    job, monkeypatch
):
    vet = arriving._vet

    def taken_out_meanwhile(file: ImportFile) -> None:
        if file.name.endswith(" 1"):
            remove(ImportFile.objects.get(pk=file.pk))
        vet(file)

    monkeypatch.setattr(arriving, "_vet", taken_out_meanwhile)
    pdf = pdf_of(*(images.quarters(60, 80 + number) for number in range(3)))
    send_named(job, {"thu.pdf": pdf})
    assert [name.rpartition(" ")[2] for name in names(job, READY)] == ["2", "3"]
    assert names(job, ImportFileState.UNPACKED) == ["thu.pdf"] and not unnamed_files(job)


def test_what_was_taken_out_comes_again_when_it_or_its_archive_is_sent_again(
    job, monkeypatch, sent_later
):
    scans = images.archive(SCANS)
    archive = sent_later({"scan.zip": scans})
    with monkeypatch.context() as broken:
        dies_at(broken, "LS-3.jpg", killed)
        work_until_killed(job)
    remove(job.files.get(name="LS-1.jpg"))
    remove(job.files.get(name="LS-2.jpg"))
    sent_later({"LS-1.jpg": SCANS["LS-1.jpg"]})
    work_until_killed(job)
    assert names(job, READY) == ["LS-1.jpg", "LS-3.jpg"]
    remove(ImportFile.objects.get(pk=archive.pk))
    remove(job.files.get(name="LS-1.jpg"))
    sent_later({"scan.zip": scans})
    work_until_killed(job)
    assert names(job, READY) == [*SCANS] and not unnamed_files(job)


def test_an_archive_that_goes_on_asks_for_the_places_and_the_room_it_still_needs(
    job, monkeypatch, sent_later
):
    sent_later({"scan.zip": images.archive(SCANS)})
    with monkeypatch.context() as broken:
        dies_at(broken, "LS-3.jpg", killed)
        work_until_killed(job)
    for name in ("LS-1.jpg", "LS-2.jpg"):
        remove(job.files.get(name=name))
    sent_later({"a.jpg": jpeg(70, 30), "b.jpg": jpeg(80, 30)})
    monkeypatch.setattr(arriving, "MOST_FILES", 3)
    asked: list[int] = []
    monkeypatch.setattr(arriving, "_require_space", asked.append)
    work_until_killed(job)
    assert asked == [len(SCANS["LS-3.jpg"])]
    assert names(job, READY) == ["LS-3.jpg", "a.jpg", "b.jpg"]


# Who may add nothing to the library


@pytest.mark.parametrize(
    ("sent", "word"), [({"LS-1.jpg": jpeg(40, 30)}, "images"), ({"LS-1.mp3": mp3()}, "documents")]
)
def test_who_may_add_no_files_to_the_library_is_told_before_the_import_begins(
    exhibition, editor, sent, word
):
    job = jobs.begin(exhibition, by=editor, name="a.xlsx", content=workbook(ROWS, SHORT))
    for name, content in sent.items():
        (file,) = announce(job, [Announced(name, len(content))])
        receive(file, 0, io.BytesIO(content))
    (reason,) = begun(job, editor)
    assert word in reason and "administrator" in reason
    remove(job.files.get())
    assert begun(job, editor) == []
    assert ItemPage.objects.count() == len(ROWS)


def test_a_right_to_files_taken_after_the_beginning_leaves_out_the_rows_and_puts_nothing_anywhere(
    job, editor, monkeypatch, settings
):
    begin_later(monkeypatch)
    send_named(job, {"LS-1.jpg": SCANS["LS-1.jpg"]})
    assert begun(job, editor) == []
    editor.groups.get().collection_permissions.all().delete()
    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    run_import.call(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.FINISHED
    step = job.steps.get(action=ImportAction.SKIPPED)
    assert step.note and not CustomImage.objects.exists()
    assert ItemPage.objects.count() == len(ROWS) - 1
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == before


# Decisions and the plan


def test_what_two_windows_decide_about_cells_at_once_is_all_kept(job):
    other = Import.objects.get(pk=job.pk)
    jobs.repair(job, {"4:1": "a"})
    jobs.repair(other, {"5:1": "b"})
    jobs.keep(job, ["6:1"])
    jobs.keep(other, ["7:1"])
    fresh = Import.objects.get(pk=job.pk)
    assert fresh.repairs == other.repairs == {"4:1": "a", "5:1": "b"}
    assert fresh.kept == other.kept == ["6:1", "7:1"]


def test_two_plans_kept_at_once_are_never_mixed(job, monkeypatch):
    dump = json.dump

    def meanwhile(plan: Any, file: Any, **options: Any) -> None:
        dump(plan, file, **options)
        if plan["rows"] == 1:
            keep_plan(job, {"rows": 2, "more": "x" * 100})

    monkeypatch.setattr(folder.json, "dump", meanwhile)
    keep_plan(job, {"rows": 1})
    assert kept_plan(job) == {"rows": 1}
    assert {each.name for each in folder_of(job).iterdir()} == {LIST_NAME, PLAN_NAME}


def test_a_disk_that_is_full_while_the_plan_is_kept_leaves_the_former_and_nothing_else(
    job, monkeypatch
):
    keep_plan(job, {"rows": 1})
    monkeypatch.setattr(folder.os, "fsync", full_disk)
    with pytest.raises(OSError):
        keep_plan(job, {"rows": 2})
    assert kept_plan(job) == {"rows": 1}
    assert {each.name for each in folder_of(job).iterdir()} == {LIST_NAME, PLAN_NAME}


# Once more


def test_an_import_done_once_more_leaves_out_what_never_came_and_says_what_has_gone(job, editor):
    files = send_named(job, {**SCANS, "scan.zip": images.archive({"them.jpg": jpeg(99, 30)})})
    carry_out(job, editor)
    ImportFile.objects.create(of_import=job, name="half.jpg", size=1000)
    file_path(files[0]).unlink()
    again = jobs.begin_again(job, by=editor)
    assert again.state == ImportState.PREPARING and again.pk != job.pk
    assert names(again, READY) == ["LS-2.jpg", "LS-3.jpg", "them.jpg"]
    gone = again.files.get(name="LS-1.jpg")
    assert gone.state == REFUSED and gone.reason
    assert not again.files.filter(name="half.jpg").exists() and not unnamed_files(again)
    send_named(again, {"LS-1.jpg": SCANS["LS-1.jpg"]})
    assert "LS-1.jpg" in names(again, READY)


def test_an_import_that_has_not_begun_is_not_done_once_more(job, editor):
    with pytest.raises(SuspiciousOperation):
        jobs.begin_again(job, by=editor)
    assert Import.objects.count() == 1


@pytest.mark.parametrize("at", [1, 3])
def test_an_import_done_once_more_on_a_full_disk_leaves_nothing(
    job, editor, monkeypatch, settings, at
):
    send_named(job, SCANS)
    carry_out(job, editor)
    link, done = jobs.link_content, []

    def fails_in_the_end(*args: Any) -> None:
        done.append(args)
        if len(done) == at:
            full_disk()
        link(*args)

    with monkeypatch.context() as disk:
        disk.setattr(jobs, "link_content", fails_in_the_end)
        with pytest.raises(OSError):
            jobs.begin_again(job, by=editor)
    assert Import.objects.count() == 1 and ImportFile.objects.count() == len(SCANS)
    assert [each.name for each in Path(settings.IMPORTS_ROOT).iterdir()] == [job.key]
    assert names(jobs.begin_again(job, by=editor), READY) == [*SCANS]


# What a kill leaves


def made_long_ago(path: Path, content: bytes | None) -> Path:
    """A file, or a folder with one, that has lain there longer than anything takes."""
    if content is None:
        path.mkdir()
        (path / "0001.jpg").write_bytes(b"x")
    else:
        path.write_bytes(content)
    past = time.time() - 2 * GRACE.total_seconds()
    os.utime(path, (past, past))
    return path


def test_what_a_kill_left_half_made_is_removed_within_the_day_and_nothing_else(job, editor):
    send_named(job, SCANS)
    keep_plan(job, {"rows": 1})
    place = folder_of(job)
    for path in place.iterdir():
        os.utime(path, (0, 0))
    kept = {path.name for path in place.iterdir()}
    left = [
        made_long_ago(place / ".making-abc", None),
        made_long_ago(place / ".opening-abc", None),
        made_long_ago(place / ".unpacking-abc", b"half"),
        made_long_ago(place / ".plan-abc", b"{"),
        made_long_ago(place / "999999", b"nobody's"),
        made_long_ago(place / "7.jpg", b"half"),
    ]
    (refused,) = send_named(job, {"LS-9.jpg": b"no picture"})
    left.append(made_long_ago(file_path(refused), b"kept by a kill"))
    fresh = place / ".unpacking-now"
    fresh.write_bytes(b"at work")
    remove_old_folders()
    assert not any(path.exists() for path in left)
    assert {path.name for path in place.iterdir()} == {*kept, fresh.name}
    assert timedelta(hours=1) < GRACE < timedelta(days=1)


def test_the_copies_of_an_import_that_is_being_made_are_left_alone(job, settings):
    unknown = Path(settings.IMPORTS_ROOT) / "being-made"
    unknown.mkdir()
    copy = made_long_ago(unknown / "5", b"linked from an older import")
    remove_old_folders()
    assert copy.exists()
