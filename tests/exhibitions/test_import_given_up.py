"""Imports that nobody goes on with are given up where all of them are listed."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import gettext

from core.models import User
from exhibitions.importing.folder import folder_of, remove_folder
from exhibitions.models import Import
from tests.exhibitions.desk import Desk
from tests.exhibitions.lists import address, begin, carry_out, workbook
from tests.exhibitions.test_admin_approval import browser, text_of
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db

HEADINGS = ("Ký hiệu trưng bày", "Tên tài liệu")


def begun(desk: Desk, by: User, name: str) -> Import:
    return begin(desk.fresh(), by, workbook([["LS-9", "Thư"]], HEADINGS), name)


def imports_of(desk: Desk) -> str:
    """Where the imports are listed, and each is given up."""
    return reverse("exhibitions_admin:imports", args=[desk.exhibition.pk])


def rows_of(desk: Desk, by: User) -> dict[str, Tag]:
    """The rows of the list of imports by the names of their lists."""
    answer = browser(by).get(imports_of(desk))
    page = BeautifulSoup(answer.content, "html.parser")
    return {row.a.get_text(strip=True): row for row in page.select(".import-list tbody tr")}


def words_of(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def test_an_import_whose_list_has_gone_is_given_up_where_all_are_listed(desk):
    job = begun(desk, desk.editor, "danh sach thu.xlsx")
    remove_folder(job)
    client = browser(desk.editor)
    imports = imports_of(desk)
    for step in ("columns", "check"):
        assert client.get(address(step, job)).url == imports
    row = rows_of(desk, desk.editor)["danh sach thu.xlsx"]
    (button,) = row.select("button[value=drop]")
    folded = button.find_parent("details")
    assert not folded.has_attr("open")
    # Of several folded ones, a screen reader says which is which.
    for tag in (folded.summary, button):
        assert gettext("Give this import up") in words_of(tag)
        assert "danh sach thu.xlsx" in words_of(tag)
    form = button.find_parent("form")
    assert form.get("action") is None  # it is sent to where it stands
    sent = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    sent[button["name"]] = button["value"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(imports, sent).url == imports
    assert not Import.objects.filter(pk=job.pk).exists()
    assert rows_of(desk, desk.editor) == {}


def test_one_of_several_is_given_up_with_its_list_and_files(desk):
    one, other = (begun(desk, desk.editor, f"{name}.xlsx") for name in ("mot", "hai"))
    folder, kept = folder_of(one), folder_of(other)
    form = rows_of(desk, desk.editor)["mot.xlsx"].form
    sent = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    with TestCase.captureOnCommitCallbacks(execute=True):
        browser(desk.editor).post(imports_of(desk), {**sent, "action": "drop"})
    assert list(Import.objects.all()) == [other] and kept.exists() and not folder.exists()


def test_what_has_begun_is_not_offered_to_be_given_up(desk):
    carry_out(begun(desk, desk.editor, "xong.xlsx"), desk.editor)
    begun(desk, desk.editor, "moi.xlsx")
    rows = rows_of(desk, desk.editor)
    assert rows["xong.xlsx"].form is None and rows["moi.xlsx"].form is not None


def test_somebody_who_works_on_a_part_gives_up_their_own_imports_only(desk):
    helper = staff("cong-tac-vien", desk.parts[0], on_pages=("add_page", "change_page"))
    begun(desk, desk.editor, "cua nguoi khac.xlsx")
    begun(desk, helper, "cua minh.xlsx")
    rows = rows_of(desk, helper)
    assert list(rows) == ["cua minh.xlsx"] and rows["cua minh.xlsx"].form is not None


def test_an_import_is_given_up_also_while_the_exhibition_is_under_approval(desk):
    begun(desk, desk.editor, "danh sach.xlsx")
    desk.submit()
    form = rows_of(desk, desk.editor)["danh sach.xlsx"].form
    sent = {each["name"]: each["value"] for each in form.select("input[type=hidden]")}
    answer = browser(desk.editor).post(imports_of(desk), {**sent, "action": "drop"}, follow=True)
    assert not Import.objects.exists() and "Đã bỏ lần nhập “danh sach.xlsx”." in text_of(answer)


@pytest.mark.parametrize("step", ["columns", "files", "check", "report"])
def test_a_window_still_open_on_an_import_given_up_leads_back_to_the_list(desk, step):
    job = begun(desk, desk.editor, "danh sach.xlsx")
    url = address(step, job)
    job.delete()
    client = browser(desk.editor)
    for answer in (client.get(url, follow=True), client.post(url, {"action": "x"}, follow=True)):
        assert answer.redirect_chain == [(imports_of(desk), 302)]
        assert "Không có lần nhập này; có thể lần nhập đã được bỏ." in text_of(answer)
