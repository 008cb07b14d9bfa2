"""Files that come without a list: a list is made of their names, and imported like any other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exhibitions.importing import jobs
from exhibitions.importing.plan import PlannedRow, Verdict
from exhibitions.models import Arrangement, ExhibitionPage, Import, ItemPage, PartPage
from tests import factories
from tests.exhibitions.lists import address, carry_out, send_named
from tests.exhibitions.test_admin_approval import browser
from tests.images import jpeg


def rows_of(job: Import, editor) -> list[PlannedRow]:
    return jobs.check(job, editor).plan.rows


@pytest.fixture
def files_alone(exhibition, editor) -> Callable[..., Import]:
    """An import of files without a list, an item for each."""

    def begun(*names: str, arrangement: Arrangement = Arrangement.ITEMS) -> Import:
        part = PartPage.objects.filter(path__startswith=exhibition.path).first()
        part = part or factories.PartPageFactory(parent=exhibition, live=False)
        job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=arrangement)
        send_named(job, {name: jpeg(40 + place, 30) for place, name in enumerate(names)})
        return job

    return begun


def titles_and_files(job: Import, editor) -> list[tuple[str, list[str]]]:
    return [(row.title, row.files) for row in rows_of(job, editor)]


def test_a_title_mended_for_a_file_stays_with_it_when_others_come_and_go(files_alone, editor):
    job = files_alone("a.jpg", "b.jpg")
    jobs.repair(job, {"2:0": "Thư gửi đồng bào", "9:0": "không có dòng này"})
    job.files.get(name="a.jpg").delete()
    send_named(job, {"0.jpg": jpeg(60, 30), "00.jpg": jpeg(70, 30)})
    assert titles_and_files(job, editor) == [
        ("0", ["0.jpg"]),
        ("00", ["00.jpg"]),
        ("Thư gửi đồng bào", ["b.jpg"]),
    ]
    carry_out(job, editor)
    again = jobs.begin_again(job, by=editor)
    assert titles_and_files(again, editor)[2] == ("Thư gửi đồng bào", ["b.jpg"])


def test_what_is_kept_for_a_file_stays_with_it(files_alone, editor):
    garbled = "¶nh B¸c Hå th¨m nhµ m¸y"
    job = files_alone("a.jpg", f"{garbled}.jpg")
    (row,) = (row for row in rows_of(job, editor) if row.problems)
    assert [problem.code for problem in row.problems] == ["legacy"]
    jobs.keep(job, [f"{row.row}:0"])
    job.files.get(name="a.jpg").delete()
    (row,) = rows_of(job, editor)
    assert (row.title, row.problems) == (garbled, [])


def test_a_file_called_in_an_old_encoding_is_not_lost_by_mending_its_name(files_alone, editor):
    garbled = "¶nh B¸c Hå th¨m nhµ m¸y.jpg"
    job = files_alone(garbled)
    (row,) = rows_of(job, editor)
    (problem,) = row.problems
    jobs.repair(job, {f"{row.row}:{problem.index}": problem.repair})
    assert titles_and_files(job, editor) == [("ảnh Bác Hồ thăm nhà máy", [garbled])]


def test_whatever_a_file_is_called_it_becomes_an_item(files_alone, editor):
    job = files_alone("____.jpg", "Cộng.jpg", "Tổng số 5.jpg", "Phần II.jpg", "1.jpg")
    rows = sorted(titles_and_files(job, editor))
    assert [title for title, _files in rows] == ["1", "Cộng", "Phần II", "Tổng số 5", "____.jpg"]
    assert not jobs.check(job, editor).plan.parts


def test_files_whose_part_has_gone_are_not_put_into_another_one(files_alone, exhibition, editor):
    chosen = factories.PartPageFactory(parent=exhibition, title="Phần chọn", live=False)
    job = files_alone("a.jpg")
    Import.objects.filter(pk=job.pk).update(default_part=chosen)
    factories.PartPageFactory(parent=exhibition, title="Phần khác", live=False)
    chosen.delete()
    job.refresh_from_db()
    digest = jobs.check(job, editor).digest
    (reason,) = jobs.start(job, by=editor, digest=digest)
    assert "Phần nhận các tệp này không còn nữa" in reason.text
    assert not ItemPage.objects.filter(path__startswith=exhibition.path).exists()


# Fronts and backs


def labels(exhibition: ExhibitionPage) -> list[tuple[str, str, str]]:
    """Of each item its title, and of each of its pictures the file and what it is labelled."""
    items = ItemPage.objects.filter(path__startswith=exhibition.path).order_by("path")
    return [
        (item.title, medium.image.title, medium.label)
        for item in items
        for medium in item.media.order_by("sort_order")
    ]


@pytest.mark.parametrize(
    ("front", "back", "title"),
    [
        ("bia mat truoc", "bia mat sau", "bia"),
        ("huy hiệu mặt trước", "huy hiệu mặt sau", "huy hiệu"),
        ("thu_recto", "thu_verso", "thu"),
        ("001", "002", "001"),
    ],
)
def test_a_front_comes_before_its_back_whatever_the_alphabet_says(
    files_alone, exhibition, editor, front, back, title
):
    job = files_alone(f"{back}.jpg", f"{front}.jpg", arrangement=Arrangement.SIDES)
    carry_out(job, editor)
    told = [(file.removesuffix(".jpg"), label) for _title, file, label in labels(exhibition)]
    assert told == [(front, "Mặt trước"), (back, "Mặt sau")]
    assert rows_of(job, editor)[0].title == title


def test_a_front_without_its_back_takes_no_other_one(files_alone, exhibition, editor):
    names = ("a mat truoc", "b mat truoc", "b mat sau", "c mat sau", "d", "e")
    job = files_alone(*(f"{name}.jpg" for name in names), arrangement=Arrangement.SIDES)
    files = [row.files for row in rows_of(job, editor)]
    assert files == [
        ["a mat truoc.jpg"],
        ["b mat truoc.jpg", "b mat sau.jpg"],
        ["c mat sau.jpg"],
        ["d.jpg", "e.jpg"],
    ]
    # Fronts and backs numbered one after the other are told by their order alone.
    numbered = ("1 mat truoc", "2 mat sau", "3 mat truoc", "4 mat sau")
    job = files_alone(*(f"{name}.jpg" for name in numbered), arrangement=Arrangement.SIDES)
    assert [len(row.files) for row in rows_of(job, editor)] == [2, 2]
    strangers = ("1 truoc", "1 sau", "2 truoc", "3 sau")
    job = files_alone(*(f"{name}.jpg" for name in strangers), arrangement=Arrangement.SIDES)
    assert [len(row.files) for row in rows_of(job, editor)] == [2, 1, 1]
    job = files_alone(*(f"{name}.jpg" for name in names), arrangement=Arrangement.SIDES)
    carry_out(job, editor)
    assert [label for _title, _file, label in labels(exhibition)] == [
        "Mặt trước", "Mặt trước", "Mặt sau", "Mặt sau", "Mặt trước", "Mặt sau",
    ]  # fmt: skip


# What they become


def test_what_files_become_is_kept_before_they_are_sent(files_alone, editor):
    job = files_alone("a.jpg", "b.jpg")
    sent = {"action": "keep-arrangement", "arrangement": "pages"}
    answer = browser(editor).post(address("files", job), sent)
    assert answer.url == address("files", job)
    job.refresh_from_db()
    assert [row.files for row in rows_of(job, editor)] == [["a.jpg", "b.jpg"]]


@pytest.mark.parametrize("arrangement", [Arrangement.PAGES, Arrangement.SIDES])
def test_a_title_mended_stays_when_an_earlier_page_comes(files_alone, editor, arrangement):
    job = files_alone("thu 2 mat sau.jpg", arrangement=arrangement)
    jobs.repair(job, {"1:0": "Thư gửi đồng bào"})
    send_named(job, {"thu 2 mat truoc.jpg": jpeg(60, 30)})
    (row,) = rows_of(job, editor)
    assert (row.title, len(row.files)) == ("Thư gửi đồng bào", 2)


def test_what_was_mended_is_there_again_when_the_former_choice_is(files_alone, editor):
    job = files_alone("a.jpg", "b.jpg")
    jobs.repair(job, {"2:0": "Thư gửi đồng bào"})
    jobs.arrange(job, Arrangement.PAGES)
    assert [row.title for row in rows_of(job, editor)] == ["a"]
    jobs.arrange(job, Arrangement.ITEMS)
    assert [row.title for row in rows_of(job, editor)] == ["a", "Thư gửi đồng bào"]


def test_a_file_name_takes_no_title_away_that_somebody_wrote(files_alone, exhibition, editor):
    carry_out(files_alone("to trinh.jpg"), editor)
    item = ItemPage.objects.get(path__startswith=exhibition.path)
    item.title = "Tờ trình về việc cứu đói"
    item.save()
    item.save_revision()
    again = files_alone("to trinh.jpg")
    (row,) = rows_of(again, editor)
    assert (row.page, row.verdict, row.differences) == (item.pk, Verdict.SAME, [])
    # Unless it is written on the check.
    jobs.repair(again, {f"{row.row}:0": "Tờ trình"})
    (row,) = rows_of(again, editor)
    assert [(each.before, each.after) for each in row.differences] == [
        ("Tờ trình về việc cứu đói", "Tờ trình")
    ]
