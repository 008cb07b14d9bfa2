"""The screens of an import, as an editor uses them: files, check, report, and the way there."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from core.models import Organisation, User
from exhibitions.admin.importing.plan_told import where_they_differ
from exhibitions.importing import jobs
from exhibitions.importing.folder import folder_of, said_of_a_full_disk
from exhibitions.importing.plan import Verdict
from exhibitions.models import (
    Arrangement,
    ExhibitionIndexPage,
    ExhibitionPage,
    Import,
    ImportAction,
    ImportState,
    ImportStep,
    ItemPage,
    PartPage,
)
from tests import factories
from tests.exhibitions.lists import (
    address,
    begin,
    carry_out,
    send_named,
    take_back,
    workbook,
)
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_admin_clearance import staff
from tests.images import jpeg

pytestmark = pytest.mark.django_db

HEADINGS = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Thời gian", "Nguồn")
SENT = "SL-1.jpg"
THERE = "Files that were there already (same name, same size) and were not sent again: %(count)s."


@pytest.fixture
def exhibition(exhibition_index: ExhibitionIndexPage) -> ExhibitionPage:
    page = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    factories.PartPageFactory(parent=page, title="Thi đua", live=False).save_revision()
    return page


@pytest.fixture
def seat(editor: User) -> Client:
    """The editor's browser."""
    return browser(editor)


@pytest.fixture
def job(exhibition: ExhibitionPage, editor: User) -> Import:
    rows = [["Thi đua", "SL-1", "Báo cáo", "1951", ""], ["Thi đua", "SL-2", "Thư", "14/7/1948", ""]]
    return begin(exhibition, editor, workbook(rows, HEADINGS))


def shown(client: Client, url: str) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return BeautifulSoup(answer.content, "html.parser")


def name_of(page: BeautifulSoup, element: Tag) -> str:
    """What a screen reader calls ``element``."""
    if labels := element.get("aria-labelledby"):
        texts = [page.find(id=each).get_text(" ") for each in str(labels).split()]
        return " ".join(" ".join(texts).split())
    if label := page.select_one(f"label[for='{element.get('id')}']"):
        return " ".join(label.get_text(" ").split())
    return str(element.get("aria-label") or " ".join(element.get_text(" ").split()))


def announced(client: Client, job: Import, name: str, size: int) -> dict[str, object]:
    """What the portal answers when a script announces a file."""
    answer = client.post(
        address("files", job),
        json.dumps([{"name": name, "size": size}]),
        content_type="application/json",
    )
    (told,) = answer.json()["files"]
    return dict(told)


def take_out(client: Client, job: Import, name: str) -> None:
    """Press the button that is named after the file."""
    page = shown(client, address("files", job))
    (button,) = [
        each for each in page.select("button[name=take_out]") if f"“{name}”" in name_of(page, each)
    ]
    answer = client.post(address("files", job), {"take_out": button["value"]})
    assert answer.url == address("files", job)


def test_a_file_is_taken_out_of_the_import_and_can_be_sent_again(seat, job):
    content = jpeg(40, 40)
    send_named(job, {SENT: content, "SL-2.jpg": content})
    assert announced(seat, job, SENT, len(content))["state"] == "ready"
    take_out(seat, job, SENT)
    assert [file.name for file in job.files.all()] == ["SL-2.jpg"]
    told = announced(seat, job, SENT, len(content))
    assert (told["state"], told["arrived"]) == ("arriving", 0)


def test_a_refused_file_is_taken_out_as_well(seat, job):
    send_named(job, {"ghi chu.jpg": b"khong phai anh"})
    assert "ghi chu.jpg" in text_of(seat.get(address("files", job)))
    take_out(seat, job, "ghi chu.jpg")
    assert not job.files.exists()


def test_an_archive_that_was_opened_is_taken_out_with_what_was_in_it(seat, job):
    (archive,) = send_named(job, {"anh.pdf": jpeg(40, 40)})
    (page,) = send_named(job, {"anh.pdf, trang 1": jpeg(30, 40)})
    job.files.filter(pk=archive.pk).update(state="unpacked")
    job.files.filter(pk=page.pk).update(archive=archive)
    take_out(seat, job, "anh.pdf")
    assert not job.files.exists()


def test_a_file_of_another_import_is_not_taken_out(seat, job, exhibition, editor):
    other = begin(exhibition, editor, workbook([["", "X-1", "Ảnh", "", ""]], HEADINGS))
    (theirs,) = send_named(other, {SENT: jpeg(40, 40)})
    seat.post(address("files", job), {"take_out": theirs.pk})
    seat.post(address("files", job), {"take_out": "x"})
    assert other.files.filter(pk=theirs.pk).exists()


def test_nothing_is_taken_out_once_the_import_has_begun(seat, job, editor):
    (file,) = send_named(job, {SENT: jpeg(40, 40)})
    carry_out(job, editor)
    seat.post(address("files", job), {"take_out": file.pk})
    assert job.files.filter(pk=file.pk).exists()


def test_the_same_file_sent_again_without_a_script_is_said_to_be_there(seat, job):
    content = jpeg(40, 40)
    send_named(job, {SENT: content})
    upload = SimpleUploadedFile(SENT, content)
    answer = seat.post(address("files", job), {"files": upload}, follow=True)
    assert gettext(THERE) % {"count": 1} in text_of(answer)
    assert job.files.count() == 1


def test_what_the_files_become_is_chosen_where_they_are_sent(seat, exhibition, editor):
    part = PartPage.objects.child_of(exhibition).get()
    job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.ITEMS)
    send_named(job, {"a.jpg": jpeg(40, 40), "b.jpg": jpeg(50, 40)})
    assert len(jobs.check(job, editor).plan.rows) == 2
    page = shown(seat, address("files", job))
    assert page.select_one("#import-arrangement option[selected]")["value"] == "items"
    sent = {"action": "arrangement", "arrangement": "pages"}
    assert seat.post(address("files", job), sent).url == address("check", job)
    job.refresh_from_db()
    (row,) = jobs.check(job, editor).plan.rows
    assert len(row.files) == 2
    for nonsense in ("", "nonsense"):
        sent = {"action": "arrangement", "arrangement": nonsense}
        assert seat.post(address("files", job), sent).status_code == 400


def test_a_list_has_no_arrangement_to_choose(seat, job):
    sent = {"action": "arrangement", "arrangement": "pages"}
    assert seat.post(address("files", job), sent).status_code == 400
    job.refresh_from_db()
    assert not job.arrangement


# The check


@pytest.fixture
def faulty(exhibition: ExhibitionPage, editor: User) -> Import:
    """A list with the same faults in several rows, two of them in one cell."""
    rows = [
        ["Thi đua", f"SL-{number} ", "Báo  cáo ", "ngày nào đó ", f"Bảo tàng {number}"]
        for number in range(3)
    ]
    return begin(exhibition, editor, workbook(rows, HEADINGS))


def test_no_two_things_to_press_on_the_check_are_called_the_same(seat, faulty, editor):
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    page = shown(seat, address("check", faulty)).select_one(".decision-screen")
    pressed = page.select(".import-problem button, .import-problem [type=text]")
    names = [name_of(page, each) for each in pressed]
    assert len(names) > 6 and [name for name, n in Counter(names).items() if n > 1] == []


def test_no_id_stands_twice_on_the_check(seat, faulty):
    page = shown(seat, address("check", faulty))
    ids = Counter(each["id"] for each in page.select("main [id]"))
    assert [each for each, count in ids.items() if count > 1] == []
    for label in page.select(".import-problem label"):
        assert page.find(id=label["for"])


def test_what_is_removed_and_added_is_said_in_words(seat, job, exhibition, editor):
    carry_out(job, editor)
    changed = workbook([["Thi đua", "SL-1", "Báo cáo mới", "1951 ", ""]], HEADINGS)
    page = shown(seat, address("check", begin(exhibition, editor, changed)))
    marked = page.select("main del, main ins")
    assert {each.name for each in page.select(".import-difference :is(del, ins)")} == {"del", "ins"}
    for each in marked:
        word = {"del": "removed:", "ins": "added:"}[each.name]
        assert each.get_text().strip().startswith(gettext(word))


def test_the_part_and_the_date_of_a_new_row_are_shown_before_it_is_imported(
    seat, exhibition, editor
):
    rows = [["Thi đua", "SL-1", "Báo cáo", "14/7/1948", ""], ["Đổi mới", "SL-2", "Thư", "1990", ""]]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    first, second = shown(seat, address("check", job)).select(".import-rows tbody tr")
    assert "Thi đua" in first.get_text() and "14/7/1948" in first.get_text()
    assert "Đổi mới" in second.get_text() and "1990" in second.get_text()


def test_it_is_said_that_an_organisation_is_added_at_once(seat, faulty, editor):
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    page = shown(seat, address("check", faulty))
    buttons = page.select("button[value^=organisation]")
    assert buttons
    for button in buttons:
        assert page.find(id=button["aria-describedby"]).get_text(strip=True)
    seat.post(address("check", faulty), {"action": "organisation Bảo tàng 1"})
    assert Organisation.objects.filter(name="Bảo tàng 1").exists()


def typed(page: BeautifulSoup, **texts: str) -> dict[str, str]:
    """What a browser sends of the check when these texts were typed in its fields."""
    form = page.select_one("form:has([name=digest])")
    sent = {}
    for field in form.select("input[name], textarea[name]"):
        shown_text = field.get_text().removeprefix("\n") if field.name == "textarea" else ""
        sent[field["name"]] = str(field.get("value", shown_text))
    return sent | texts


def test_texts_typed_for_several_cells_are_taken_at_once_and_the_others_stay(seat, faulty):
    page = shown(seat, address("check", faulty))
    first, second, _third = page.select("#kind-no_date input[type=text]")
    texts = {first["name"]: "1951", second["name"]: "14/7/1948"}
    (button,) = page.select("#kind-no_date button")
    answer = seat.post(address("check", faulty), typed(page, action=button["value"], **texts))
    assert answer.url == address("check", faulty) + "#kind-no_date"
    faulty.refresh_from_db()
    cells = {name.removeprefix("text-"): text for name, text in texts.items()}
    assert faulty.repairs == cells


@pytest.mark.parametrize("button", ["repair-all spaces", "keep-all legacy", "import", "person Ai"])
def test_what_was_typed_is_taken_whichever_button_is_pressed(seat, faulty, button):
    page = shown(seat, address("check", faulty))
    field = page.select_one("#kind-no_date input[type=text]")
    seat.post(address("check", faulty), typed(page, action=button, **{field["name"]: "1951"}))
    faulty.refresh_from_db()
    assert faulty.repairs[field["name"].removeprefix("text-")] == "1951"
    assert faulty.state == ImportState.PREPARING


def test_of_a_cell_with_several_faults_of_one_kind_one_field_is_shown(seat, exhibition, editor):
    headings = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Tên tệp")
    rows = [
        ["Thi đua", f"SL-{number}", "Thư", f"{number}a.tif\n{number}b.tif"] for number in (1, 2)
    ]
    job = begin(exhibition, editor, workbook(rows, headings))
    page = shown(seat, address("check", job))
    fields = page.select("#kind-no_file :is(textarea, input[type=text])")
    assert [each["name"] for each in fields] == ["text-4:3", "text-5:3"]
    assert "1a.tif" in page.select_one("#kind-no_file li p").get_text()
    assert "1b.tif" in page.select_one("#kind-no_file li p").get_text()


def test_a_text_that_was_corrected_in_another_window_is_not_put_back(seat, faulty):
    page = shown(seat, address("check", faulty))
    first, second, _third = page.select("#kind-no_date input[type=text]")
    cell = first["name"].removeprefix("text-")
    jobs.repair(faulty, {cell: "sai kiểu khác"})
    seat.post(address("check", faulty), typed(page, action="take", **{second["name"]: "1951"}))
    faulty.refresh_from_db()
    assert faulty.repairs == {cell: "sai kiểu khác", second["name"].removeprefix("text-"): "1951"}


def test_a_text_that_begins_with_an_empty_line_is_not_changed_by_looking_at_it(
    seat, exhibition, editor
):
    headings = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Nhãn")
    rows = [["Thi đua", "SL-1", "Thư", "\nmặt sau\nmặt trước"]]
    job = begin(exhibition, editor, workbook(rows, headings))
    page = shown(seat, address("check", job))
    assert page.select("textarea")
    seat.post(address("check", job), typed(page, action="take"))
    job.refresh_from_db()
    assert not job.repairs


def test_columns_settled_in_one_window_keep_what_is_mended_in_another(seat, job):
    before = Import.objects.get(pk=job.pk)
    jobs.repair(job, {"4:1": "SL-9"})
    assert jobs.keep_choices(before, jobs.COLUMN_CHOICES) == []
    job.refresh_from_db()
    assert job.repairs == {"4:1": "SL-9"}


def test_enter_in_a_field_takes_what_was_typed_and_mends_nothing_else(seat, faulty):
    """Browsers then press the first button of the form to which the field belongs."""
    page = shown(seat, address("check", faulty))
    form = page.select_one("form:has([name=digest])")
    assert form.select_one("#kind-no_date input[type=text]")
    assert form.select_one("button")["value"] == "take"
    assert not form.select("form") and not page.select("main [form]")


def test_one_cell_alone_is_mended_as_it_was_offered(seat, faulty):
    page = shown(seat, address("check", faulty))
    first = next(
        each for each in page.select("#kind-spaces button") if each["value"].startswith("repair ")
    )
    seat.post(address("check", faulty), typed(page, action=first["value"]))
    faulty.refresh_from_db()
    offered = first.find_parent("li").ins
    offered.span.extract()
    assert faulty.repairs == {first["value"].split(" ")[-1]: offered.get_text()}


@pytest.mark.parametrize(
    "misspelt", ["Bảo tang tỉnh Bắc Ninhh", "Bảo tàng tỉnh Bắc Nin", "Bảo tàng Bắc Ninh"]
)
def test_a_source_typed_almost_right_is_offered_and_taken_in_all_its_rows(
    seat, exhibition, editor, misspelt
):
    museum = factories.OrganisationFactory(name="Bảo tàng tỉnh Bắc Ninh")
    rows = [["Thi đua", f"SL-{number}", "Thư", "", misspelt] for number in range(2)]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    assert len(jobs.check(job, editor).plan.work) == 0
    page = shown(seat, address("check", job))
    (field,) = page.select("[name^=source-]")
    assert field["value"] == museum.name
    seat.post(address("check", job), typed(page, action=f"source {misspelt}"))
    job.refresh_from_db()
    work = jobs.check(job, editor).plan.work
    assert [row.values["source_organisation"] for row in work] == [museum.pk, museum.pk]


@pytest.mark.parametrize(
    "other",
    [
        "Trung tâm Lưu trữ quốc gia II",
        "Trung tâm Lưu trữ quốc gia III",
        "Trung tâm Lưu trữ quốc gia VII",
        "Bảo tàng tỉnh Hà Giang",
        "Bảo tàng tỉnh Bắc Cạn",
        "Ủy ban nhân dân xã Hòa Định",
        "Thư viện tỉnh",
        "Ủy Lạng Sơn",
        "Ủy ban nhân dân thành phố Lạng Sơn",
    ],
)
def test_no_other_organisation_is_offered_for_one_that_is_only_called_alike(
    seat, exhibition, editor, other
):
    for name in (
        "Trung tâm Lưu trữ quốc gia I",
        "Trung tâm Lưu trữ quốc gia VIII",
        "Bảo tàng tỉnh Bắc Giang",
        "Ủy ban nhân dân xã Hòa Bình",
        "Tỉnh ủy Lạng Sơn",
        "Ủy ban nhân dân tỉnh Lạng Sơn",
    ):
        factories.OrganisationFactory(name=name)
    job = begin(exhibition, editor, workbook([["Thi đua", "SL-1", "Thư", "", other]], HEADINGS))
    page = shown(seat, address("check", job))
    (field,) = page.select("[name^=source-]")
    assert field["value"] == ""
    seat.post(address("check", job), typed(page, action=f"source {other}"))
    job.refresh_from_db()
    assert not job.repairs


def test_an_organisation_is_added_by_the_name_that_was_typed_for_it(seat, faulty, editor):
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    page = shown(seat, address("check", faulty))
    field = page.select_one("[name^=source-]")
    button = field.find_parent("li").select_one("button[value^=organisation]")
    right = {field["name"]: "Bảo tàng thứ nhất"}
    seat.post(address("check", faulty), typed(page, action=button["value"], **right))
    assert [each.name for each in Organisation.objects.filter(name__startswith="Bảo tàng")] == [
        "Bảo tàng thứ nhất"
    ]
    faulty.refresh_from_db()
    assert list(faulty.repairs.values()) == ["Bảo tàng thứ nhất"]


def test_an_organisation_whose_name_is_too_long_is_not_added_and_it_is_said(seat, faulty, editor):
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    page = shown(seat, address("check", faulty))
    field = page.select_one("[name^=source-]")
    button = field.find_parent("li").select_one("button[value^=organisation]")
    sent = typed(page, action=button["value"], **{field["name"]: "B" * 256})
    answer = seat.post(address("check", faulty), sent, follow=True)
    assert "Tên cơ quan, đơn vị dài tối đa 255 ký tự." in text_of(answer)
    assert not Organisation.objects.filter(name__startswith="BBB").exists()


def test_where_dates_cannot_be_read_it_is_said_where_words_belong(seat, faulty):
    page = shown(seat, address("check", faulty))
    assert "“Thời gian hiển thị”" in page.select_one("#kind-no_date .import-help").get_text()


def test_of_files_without_a_list_items_are_counted_and_no_rows(seat, exhibition, editor):
    part = PartPage.objects.get()
    job = jobs.begin_with_files(exhibition, by=editor, part=part, arrangement=Arrangement.ITEMS)
    send_named(job, {"thu.jpg": jpeg(40, 30), "anh.jpg": jpeg(50, 30)})
    page = shown(seat, address("check", job))
    words = page.select_one("#main").get_text(" ")
    assert (
        "2 tài liệu hợp lệ" in words and "Nhập 2 tài liệu" in words and "dòng" not in words.lower()
    )
    numbers = [row.td.get_text() for row in page.select(".import-rows tbody tr")]
    assert numbers == ["1", "2"]
    carry_out(job, editor)
    words = shown(seat, address("report", job)).select_one("#main").get_text(" ")
    assert "dòng" not in words.lower()


@pytest.mark.parametrize("step", ["columns", "files", "check"])
def test_each_step_says_into_which_exhibition_it_is_imported(seat, job, exhibition, step):
    said = shown(seat, address(step, job)).select_one(".import-exhibition").get_text()
    assert exhibition.title in said


def test_the_report_calls_items_what_they_are_called_now(seat, job, editor):
    carry_out(job, editor)
    letter = ItemPage.objects.get(reference="SL-2").get_latest_revision_as_object()
    letter.title = "Thư gửi mẹ"
    letter.save_revision(user=editor)
    names = [
        link.get_text() for link in shown(seat, address("report", job)).select(".import-done a")
    ]
    assert names == ["Báo cáo", "Thư gửi mẹ"]


def test_an_organisation_that_is_not_there_is_not_taken_for_a_source(seat, faulty):
    page = shown(seat, address("check", faulty))
    field = page.select_one("[name^=source-]")
    button = field.find_parent("li").select_one("button[value^=source]")
    wrong = {field["name"]: "Bảo tàng không có"}
    for action in (button["value"], "take"):
        answer = seat.post(
            address("check", faulty), typed(page, action=action, **wrong), follow=True
        )
        assert "Không có cơ quan, đơn vị nào tên “Bảo tàng không có”" in text_of(answer)
    faulty.refresh_from_db()
    assert faulty.repairs == {}


def test_a_title_that_is_missing_is_typed_on_the_check(seat, exhibition, editor):
    rows = [["Thi đua", "SL-1", "", "1951", ""]]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    page = shown(seat, address("check", job))
    (field,) = page.select("#kind-no_title input[type=text]")
    seat.post(address("check", job), typed(page, action="take", **{field["name"]: "Thư"}))
    job.refresh_from_db()
    assert [row.title for row in carry_out(job, editor).steps.all()] == ["Thư"]


def test_what_moves_is_not_counted_as_unchanged_as_well(seat, exhibition, editor):
    rows = [["Thi đua", f"SL-{number}", f"Thư {number}", "1951", ""] for number in range(4)]
    carry_out(begin(exhibition, editor, workbook(rows, HEADINGS)), editor)
    job = begin(exhibition, editor, workbook([*rows[1:], rows[0]], HEADINGS))
    page = shown(seat, address("check", job))
    counts = {
        link["href"]: link.strong.get_text() for link in page.select(".import-counts a:has(strong)")
    }
    assert (counts["?xem=same"], counts["?xem=moved"]) == ("3", "1")
    assert (
        len(shown(seat, address("check", job) + "?xem=same").select(".import-rows tbody tr")) == 3
    )


def test_of_long_texts_it_is_shown_where_they_differ(seat, exhibition, editor):
    headings = ("Phần", "Ký hiệu trưng bày", "Trích yếu")
    text = "Về phong trào thi đua ái quốc ở các xã. " * 12 + "Hết."
    before, after = (f"{text}Ngày {day}/9/1945. {text}" for day in (2, 3))
    carry_out(begin(exhibition, editor, workbook([["Thi đua", "LS-1", before]], headings)), editor)
    job = begin(exhibition, editor, workbook([["Thi đua", "LS-1", after]], headings))
    (row,) = shown(seat, address("check", job)).select(".import-rows tbody tr")
    assert "Ngày 2/9/1945" in row.select_one("del").get_text()
    told = row.select_one("ins").get_text()
    assert "Ngày 3/9/1945" in told and len(told) < 200


def test_of_a_long_text_that_is_mended_what_is_mended_is_shown(seat, exhibition, editor):
    text = "Về phong trào thi đua ái quốc ở các xã. " * 12
    content = workbook([["Thi đua", "LS-1", text]], ("Phần", "Ký hiệu trưng bày", "Trích yếu"))
    page = shown(seat, address("check", begin(exhibition, editor, content)))
    (mend,) = page.select("#kind-spaces .import-mend:has(del)")
    assert len(mend.get_text(" ", strip=True)) < 250


@pytest.mark.parametrize(
    ("before", "after", "shown_before", "shown_after"),
    [
        ("", "b" * 300, "", "b" * 300),
        ("a" * 300, "a" * 299, f"…{'a' * 41}", f"…{'a' * 40}"),
        ("x" * 3000, "y" * 3000, "x" * 2000 + "…", "y" * 2000 + "…"),
    ],
)
def test_what_differs_is_cut_out_of_long_texts(before, after, shown_before, shown_after):
    assert where_they_differ(before, after) == (shown_before, shown_after)


def test_the_report_does_not_tell_what_others_call_an_item_that_one_does_not_see(exhibition):
    parts = [
        factories.PartPageFactory(parent=exhibition, title=title, live=False)
        for title in ("Của mình", "Của người khác")
    ]
    helper = staff("cong-tac-vien", parts[0], on_pages=("add_page", "change_page"))
    rows = [["Của mình", "SL-1", "Thư cũ", "1951", ""]]
    job = begin(exhibition, helper, workbook(rows, HEADINGS))
    carry_out(job, helper)
    letter = ItemPage.objects.get(reference="SL-1")
    letter.move(PartPage.objects.get(pk=parts[1].pk), pos="last-child")
    letter = ItemPage.objects.get(pk=letter.pk)
    letter.title = "Chưa ai được biết"
    letter.save_revision()
    words = shown(browser(helper), address("report", job)).get_text()
    assert "Thư cũ" in words and "Chưa ai được biết" not in words


def test_a_script_is_told_that_its_import_is_not_there_and_nothing_is_said_twice(seat, job):
    (file,) = send_named(job, {SENT: jpeg(40, 30)})
    numbers = [job.exhibition_id, job.pk, file.pk]
    progress = address("progress", job)
    job.delete()
    url = reverse("exhibitions_admin:import_file", args=numbers)
    assert seat.patch(url, b"x", HTTP_UPLOAD_OFFSET="0").status_code == 404
    assert seat.get(progress).status_code == 404
    answer = seat.get(reverse("exhibitions_admin:imports", args=[job.exhibition_id]))
    assert "Không có lần nhập này" not in text_of(answer)


def test_of_a_new_row_every_cell_is_shown_before_it_is_imported(seat, exhibition, editor):
    headings = ("Phần", "Tên tài liệu", "Hồ sơ số", "Trích yếu")
    rows = [["Thi đua", "Báo cáo", "125", "Về phong trào thi đua"]]
    job = begin(exhibition, editor, workbook(rows, headings))
    (row,) = shown(seat, address("check", job)).select(".import-rows tbody tr")
    told = row.select_one("dl").get_text(" ")
    assert "125" in told and "Về phong trào thi đua" in told


def test_rows_that_change_their_place_are_told_and_listed_alone(seat, exhibition, editor):
    names = [[f"SL-{number}", f"Thư {number}"] for number in range(5)]
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    carry_out(begin(exhibition, editor, workbook(names, headings)), editor)
    moved = [names[4], *names[:2], names[3], names[2]]
    job = begin(exhibition, editor, workbook(moved, headings))
    plan = jobs.check(job, editor).plan
    assert not plan.work and not plan.in_order
    first, last = plan.rows[0].row, plan.rows[-1].row
    assert plan.moves in ({first: None, last: last - 1}, {first: None, last - 1: last - 2})
    page = shown(seat, f"{address('check', job)}?xem=moved")
    listed = page.select(".import-rows tbody tr")
    assert [row.td.get_text(strip=True) for row in listed] == [str(row) for row in plan.moves]
    assert gettext("Moves to the beginning of its Part.") in listed[0].get_text()


def test_an_import_that_has_not_begun_is_given_up_with_its_files(seat, job):
    send_named(job, {SENT: jpeg(40, 40)})
    folder = folder_of(job)
    page = shown(seat, address("check", job))
    (form,) = (each.find_parent("form") for each in page.select("button[value=drop]"))
    sent = {"import": form.select_one("[name=import]")["value"], "action": "drop"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert seat.post(form["action"], sent).url == form["action"]
    assert not Import.objects.filter(pk=job.pk).exists() and not folder.exists()
    assert seat.post(form["action"], sent, follow=True).status_code == 200


def test_an_import_that_has_begun_is_not_given_up(seat, job, editor, exhibition):
    carry_out(job, editor)
    imports = reverse("exhibitions_admin:imports", args=[exhibition.pk])
    answer = seat.post(imports, {"action": "drop", "import": job.pk}, follow=True)
    assert gettext("This import has begun already.") in text_of(answer)
    assert Import.objects.filter(pk=job.pk).exists()


def test_an_import_of_another_exhibition_is_not_given_up_from_here(seat, job, exhibition_index):
    other = factories.ExhibitionPageFactory(parent=exhibition_index, live=False)
    seat.post(
        reverse("exhibitions_admin:imports", args=[other.pk]), {"action": "drop", "import": job.pk}
    )
    assert Import.objects.filter(pk=job.pk).exists()


def test_columns_that_are_sent_once_the_import_has_begun_change_nothing_of_it(job, editor):
    late = Import.objects.get(pk=job.pk)
    carry_out(job, editor)
    late.columns = {}
    assert [each.code for each in jobs.keep_choices(late, jobs.COLUMN_CHOICES)] == ["begun"]
    job.refresh_from_db()
    assert job.columns and job.state == ImportState.FINISHED


def test_of_many_unknown_sources_the_first_are_shown_and_the_others_counted(
    seat, exhibition, editor
):
    names = [f"Bảo tàng số {number}" for number in range(53)]
    rows = [["Thi đua", f"SL-{at}", "Thư", "", name] for at, name in enumerate(names)]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    page = shown(seat, address("check", job))
    assert len(page.select("[name^=source-]")) == 50
    assert "… và 3 chỗ khác" in " ".join(page.get_text().split())


def test_only_where_a_person_may_be_named_it_is_asked_whether_it_is_one(seat, exhibition, editor):
    headings = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Nguồn: cơ quan", "Nguồn")
    rows = [
        ["Thi đua", "SL-1", "Thư", "Bảo tàng lạ", ""],
        ["Thi đua", "SL-2", "Thư", "", "Nguyễn Văn Mẫu"],
    ]
    job = begin(exhibition, editor, workbook(rows, headings))
    (button,) = shown(seat, address("check", job)).select("button[value^=person]")
    assert "Nguyễn Văn Mẫu" in button.get_text()


def test_a_source_added_twice_is_there_once(seat, faulty, editor):
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    for _press in range(2):
        sent = {"action": "organisation Bảo tàng 1"}
        assert seat.post(address("check", faulty), sent).status_code == 302
    assert Organisation.objects.filter(name="Bảo tàng 1").count() == 1


def test_a_person_whose_name_does_not_fit_is_refused_before_anything_is_imported(
    exhibition, editor
):
    donor = "Gia đình ông" + " Nguyễn Văn Mẫu" * 12
    job = begin(exhibition, editor, workbook([["Thi đua", "SL-1", "Thư", "", donor]], HEADINGS))
    (row,) = jobs.check(job, editor).plan.rows
    assert [problem.code for problem in row.problems if problem.blocks] == ["too_long"]


def test_long_texts_can_be_mended_all_at_once(seat, exhibition, editor):
    headings = ("Phần", "Ký hiệu trưng bày", "Tên tài liệu", "Mô tả")
    long = "Phong trào thi đua  " * 1_000
    rows = [["Thi đua", f"SL-{number}", "Thư", long] for number in range(60)]
    job = begin(exhibition, editor, workbook(rows, headings))
    page = shown(seat, address("check", job))
    sent = typed(page, action="repair-all spaces")
    assert sum(len(text.encode()) for text in sent.values()) < 10_000
    seat.post(address("check", job), sent)
    assert not jobs.check(Import.objects.get(pk=job.pk), editor).plan.count(Verdict.BLOCKED)


# The report


def steps(job: Import, count: int) -> None:
    """Let the import have done that many things."""
    ImportStep.objects.bulk_create(
        ImportStep(
            of_import=job,
            key=f"row-{number}",
            row=number,
            action=ImportAction.MADE_ITEM,
            title=f"Tài liệu {number}",
            before={"caption": "x" * 100},
        )
        for number in range(1, count + 1)
    )


def queries(client: Client, url: str) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [each["sql"] for each in captured.captured_queries]


def test_a_long_report_costs_no_more_than_a_short_one(seat, job):
    Import.objects.filter(pk=job.pk).update(state=ImportState.FINISHED)
    steps(job, 2)
    few = queries(seat, address("report", job))
    job.steps.all().delete()
    steps(job, 250)
    many = queries(seat, address("report", job))
    assert len(many) == len(few)
    assert not any('"exhibitions_importstep"."before"' in sql for sql in many)
    listed = shown(seat, address("report", job)).select(".import-done li")
    last = shown(seat, f"{address('report', job)}?viec=made_item&p=3").select(".import-done li")
    assert (len(listed), len(last)) == (100, 50)


def test_the_report_lists_what_stayed_and_not_what_was_taken_back(seat, job, editor):
    carry_out(job, editor)
    kept = ItemPage.objects.get(reference="SL-2").get_latest_revision_as_object()
    kept.caption = "Viết thêm bằng tay"
    kept.save_revision(user=editor)
    take_back(job, editor)
    answer = seat.get(address("report", job))
    assert [each["title"] for each in answer.context["page_of_kept"]] == ["Thư"]
    assert job.steps.filter(stays=False).exclude(undone="").exists()
    assert "trừ những gì liệt kê dưới đây" in text_of(answer)
    assert not shown(seat, address("report", job)).select("progress")


def test_on_a_full_disk_it_is_said_that_the_list_cannot_be_taken_once_more(
    seat, job, editor, monkeypatch
):
    carry_out(job, editor)

    def full(former: Import, *, by: User) -> Import:
        raise OSError("no space left")

    monkeypatch.setattr(jobs, "begin_again", full)
    answer = seat.post(address("report", job), {"action": "again"}, follow=True)
    assert said_of_a_full_disk() in text_of(answer)


def test_steps_of_each_kind_are_a_list_of_their_own(seat, job, editor):
    carry_out(job, editor)
    report = address("report", job)
    ways = [link["href"] for link in shown(seat, report).select(".import-counts a")]
    assert "?viec=made_item" in ways
    titles = shown(seat, f"{report}?viec=made_item").select(".import-done li a")
    assert [each.get_text() for each in titles] == ["Báo cáo", "Thư"]
    assert seat.get(f"{report}?viec=nonsense&p=x").status_code == 200


def test_bars_have_names_and_figures_are_not_read_out_every_second(seat, job, editor):
    pages = [shown(seat, address("files", job))]
    carry_out(job, editor)
    pages.append(shown(seat, address("report", job)))
    for page in pages:
        bar = page.select_one("main progress")
        assert bar["aria-label"]
        live = page.select("main [role=status], main [aria-live]")
        assert live
        assert not any(each.select("[data-figures], [data-status]") for each in live)


def test_the_report_tells_which_rows_and_files_were_left_out_and_why(seat, exhibition, editor):
    rows = [["Thi đua", "SL-1", "Báo cáo", "1951", ""], ["Thi đua", "SL-2", "Thư", "31/2/1950", ""]]
    job = begin(exhibition, editor, workbook(rows, HEADINGS))
    send_named(job, {"khong ai nhan.jpg": jpeg(40, 40)})
    carry_out(job, editor)
    page = shown(seat, address("report", job))
    told = " ".join(each.get_text(" ") for each in page.select(".import-done li"))
    assert "Thư" in told and "31/2/1950" in told and "khong ai nhan.jpg" in told
    assert job.steps.filter(action=ImportAction.SKIPPED).count() == 2
    take_back(job, editor)
    assert not ItemPage.objects.filter(reference="SL-1").exists()


def test_the_report_names_an_item_as_the_list_names_it_now(seat, job, exhibition, editor):
    carry_out(job, editor)
    again = begin(exhibition, editor, workbook([["Thi đua", "SL-1", "Tên mới", "", ""]], HEADINGS))
    carry_out(again, editor)
    assert again.steps.get(action=ImportAction.CHANGED_ITEM).title == "Tên mới"


# The ways there


def test_the_queries_of_the_screens_do_not_grow_with_the_parts(seat, exhibition, job):
    urls = [reverse("exhibitions_admin:imports", args=[exhibition.pk]), address("columns", job)]
    few = [len(queries(seat, url)) for url in urls]
    for _number in range(19):
        fresh = ExhibitionPage.objects.get(pk=exhibition.pk)
        factories.PartPageFactory(parent=fresh, live=False).save_revision()
    assert [len(queries(seat, url)) for url in urls] == few


def test_only_who_may_import_is_shown_the_way_to_it(exhibition_index, exhibition, seat):
    ways = {
        reverse(f"exhibitions_admin:{name}", args=[exhibition.pk]) for name in ("imports", "grid")
    }
    reader = browser(staff("chisua", exhibition_index, on_pages=("change_page",)))
    screens = (
        reverse("wagtailadmin_explore", args=[exhibition.pk]),
        reverse("wagtailadmin_explore", args=[exhibition_index.pk]),
        reverse("wagtailadmin_pages:edit", args=[exhibition.pk]),
    )
    for url in screens:
        links = {link["href"] for link in shown(seat, url).select("a[href]")}
        assert ways <= links, url
        links = {link["href"] for link in shown(reader, url).select("a[href]")}
        assert not ways & links, url
    for way in ways:
        assert reader.get(way).status_code in (302, 403)
        assert seat.get(way).status_code == 200


def test_a_file_that_was_not_accepted_is_named_once_more_on_the_check(seat, job):
    send_named(job, {"hong.jpg": b"khong phai anh"})
    told = shown(seat, address("check", job)).select_one(".import-note ul")
    assert "hong.jpg: " in told.get_text()


def test_taking_back_pressed_twice_alarms_nobody(seat, job, editor):
    carry_out(job, editor)
    Import.objects.filter(pk=job.pk).update(state=ImportState.UNDOING)
    answer = seat.post(address("report", job), {"action": "undo"}, follow=True)
    assert not list(answer.context["messages"])


def test_the_check_opens_with_the_rows_at_which_something_happens(seat, exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    rows = [[f"SL-{number}", f"Thư {number}"] for number in range(4)]
    carry_out(begin(exhibition, editor, workbook(rows, headings)), editor)
    rows[2][1] = "Thư sửa"
    job = begin(exhibition, editor, workbook(rows, headings))
    page = shown(seat, address("check", job))
    assert [row.td.get_text(strip=True) for row in page.select(".import-rows tbody tr")] == ["6"]
    assert "Không liệt kê 3 dòng không đổi." in page.get_text()
    every = page.select_one("p a[href='?xem=all']")
    everything = shown(seat, address("check", job) + str(every["href"]))
    assert len(everything.select(".import-rows tbody tr")) == 4


def test_where_nothing_happens_at_any_row_all_of_them_are_listed(seat, exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    rows = [["SL-1", "Thư"], ["SL-2", "Ảnh"]]
    carry_out(begin(exhibition, editor, workbook(rows, headings)), editor)
    page = shown(seat, address("check", begin(exhibition, editor, workbook(rows, headings))))
    assert len(page.select(".import-rows tbody tr")) == 2
    assert "Không liệt kê" not in page.get_text()


def test_the_button_says_when_the_order_changes_as_well(seat, exhibition, editor):
    headings = ("Ký hiệu trưng bày", "Tên tài liệu")
    rows = [["SL-1", "Thư"], ["SL-2", "Ảnh"], ["SL-3", "Sổ"]]
    carry_out(begin(exhibition, editor, workbook(rows, headings)), editor)
    corrected = [["SL-2", "Ảnh"], ["SL-1", "Thư sửa"], ["SL-3", "Sổ"]]
    page = shown(seat, address("check", begin(exhibition, editor, workbook(corrected, headings))))
    button = page.select_one("button[value=import]")
    assert " ".join(button.get_text().split()) == "Nhập 1 dòng và thứ tự mới"
