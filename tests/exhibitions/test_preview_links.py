"""A preview link shows a leader the whole exhibition before the public sees any of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import CustomDocument, CustomImage
from exhibitions.models import (
    AccessLevel,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    Opinion,
    PartPage,
    PreviewLink,
    Secrecy,
)
from exhibitions.opinions import OPINION_LENGTH, OPINIONS_A_LINK
from exhibitions.preview_links import hash_of, make_link, revoke
from tests import factories
from tests.exhibitions.desk import Desk, make_desk
from tests.exhibitions.test_admin_approval import browser, text_of

pytestmark = pytest.mark.django_db

LEADER = "Phó Giám đốc (mẫu)"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def make(desk: Desk, days: int = 7) -> tuple[PreviewLink, str]:
    """A link and the address it lies at."""
    link, secret = make_link(desk.fresh(), by=desk.editor, for_whom=LEADER, days=days)
    return link, f"/xem-truoc/{secret}/"


def read(address: str, page: Any = None) -> Any:
    """What a telephone without any account gets at the link, or at a page below it."""
    path = page.get_url().lstrip("/") if page else ""
    return Client().get(f"{address}{path}", follow=not page)


def said(desk: Desk, item: ItemPage, **fields: Any) -> ItemPage:
    """Save a draft of ``item`` and leave what is stored as it was."""
    fresh = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.save_revision(user=desk.editor)
    return ItemPage.objects.get(pk=item.pk)


def hang(item: ItemPage, image: CustomImage | None = None, **fields: Any) -> None:
    """Put a picture or file into the item and save, as the editor does."""
    draft = ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object()
    draft.media.add(ItemMedium(image=image, sort_order=0, **fields))
    draft.save_revision()


def test_the_unpublished_exhibition_is_read_through_the_link_and_nowhere_else(desk: Desk) -> None:
    _link, address = make(desk)
    answer = read(address)
    html = text_of(answer)
    assert answer.status_code == 200
    assert desk.exhibition.title in html
    assert LEADER in html
    for page in (*desk.parts, *desk.items):
        assert text_of(read(address, page)).count(page.title) > 0
        assert Client().get(page.get_url()).status_code == 404


def test_every_address_on_a_previewed_page_stays_below_the_link(desk: Desk) -> None:
    image = factories.CustomImageFactory()
    hang(desk.items[0], image)
    factories.render(image)
    _link, address = make(desk)
    for page in (desk.exhibition, desk.parts[0], desk.items[0]):
        html = text_of(read(address, page))
        found = re.findall(r'(?:href|src|srcset|action)="([^"]+)"', html)
        inner = [each for each in found if not each.startswith(("/static/", "#"))]
        assert inner
        assert [each for each in inner if not each.startswith(address)] == []


def test_lists_and_pages_show_the_newest_version(desk: Desk) -> None:
    _link, address = make(desk)
    item = said(desk, desk.items[0], title="Tên mới sửa", caption="Chú thích mới sửa")
    assert "Tên mới sửa" in text_of(read(address, desk.parts[0]))
    html = text_of(read(address, item))
    assert "Tên mới sửa" in html
    assert "Chú thích mới sửa" in html
    part = PartPage.objects.get(pk=desk.parts[0].pk)
    part.title = "Phần mới đặt tên"
    part.save_revision()
    hall = ExhibitionPage.objects.get(pk=desk.exhibition.pk)
    hall.summary = "Lời tóm tắt mới"
    hall.save_revision()
    html = text_of(read(address))
    assert "Phần mới đặt tên" in html
    assert "Lời tóm tắt mới" in html


def test_a_draft_with_another_slug_is_still_found_where_its_links_lead(desk: Desk) -> None:
    _link, address = make(desk)
    item = said(desk, desk.items[0], slug="ten-khac-han")
    assert read(address, item).status_code == 200
    hall = desk.fresh()
    hall.slug = "dia-chi-khac"
    hall.save_revision()
    html = text_of(read(address))
    (first, *_others) = re.findall(rf'href="({re.escape(address)}[^"]+)"', html)
    assert Client().get(first).status_code == 200


def test_pictures_and_files_are_had_through_the_link_only(desk: Desk) -> None:
    image = factories.CustomImageFactory()
    file = SimpleUploadedFile("ban-ghi.pdf", b"%PDF-1.4")
    document = CustomDocument.objects.create(title="Bản ghi", file=file)
    foreign_document = CustomDocument.objects.create(title="Khác", file=file)
    hang(desk.items[0], document=document)
    hang(desk.items[0], image)
    renditions = factories.render(image)
    foreign = factories.render(factories.CustomImageFactory())
    _link, address = make(desk)
    html = text_of(read(address, desk.items[0]))
    (picture, *_others) = re.findall(rf'src="({re.escape(address)}[^"]+\.jpg)"', html)
    assert renditions.key in picture
    got = Client().get(picture)
    assert got.status_code == 200
    assert got["Cache-Control"] == "no-store"
    assert Client().get(picture.replace(address, "/")).status_code == 404
    assert Client().get(picture.replace(renditions.key, foreign.key)).status_code == 404
    (file_at,) = set(re.findall(rf'"({re.escape(address)}admin/tep/tai-lieu/[^"]+)"', html))
    got = Client().get(file_at)
    assert (got.status_code, got["Cache-Control"]) == (200, "no-store")
    assert b"".join(got.streaming_content) == b"%PDF-1.4"
    other = file_at.replace(f"/{document.pk}/", f"/{foreign_document.pk}/")
    assert Client().get(other).status_code == 404
    assert Client().get(f"/h/{renditions.key}/{picture.rpartition('/')[2]}").status_code == 404


def test_a_picture_only_the_draft_has_is_shown(desk: Desk) -> None:
    image = factories.CustomImageFactory()
    renditions = factories.render(image)
    _link, address = make(desk)
    hang(desk.items[0], image)
    for page in (desk.parts[0], desk.items[0]):
        html = text_of(read(address, page))
        assert renditions.key in html
    (picture, *_others) = re.findall(rf'src="({re.escape(address)}[^"]+\.jpg)"', html)
    assert Client().get(picture).status_code == 200


@pytest.mark.parametrize(
    "restriction",
    [{"access_level": AccessLevel.CONDITIONAL}, {"original_secrecy": Secrecy.SECRET}],
    ids=["conditional", "secret"],
)
@pytest.mark.parametrize("only_in_draft", [True, False])
def test_what_is_secret_or_of_conditional_access_is_left_out_with_its_files(
    desk: Desk, restriction: dict[str, Any], only_in_draft: bool
) -> None:
    item = desk.items[1]
    image = factories.CustomImageFactory()
    hang(item, image)
    renditions = factories.render(image)
    document = CustomDocument.objects.create(title="Tệp", file="documents/tep.pdf")
    hang(item, None, document=document)
    if only_in_draft:
        said(desk, item, **restriction)
    else:
        ItemPage.objects.filter(pk=item.pk).update(**restriction)
    _link, address = make(desk)
    for page in (desk.exhibition, desk.parts[0], desk.items[0]):
        html = text_of(read(address, page))
        assert item.title not in html
        assert "1 mục hạn chế tiếp cận" in html
    assert read(address, item).status_code == 404
    for path in (f"admin-tep/h/{renditions.key}/640.jpg", f"admin/tep/tai-lieu/{document.pk}/"):
        assert Client().get(f"{address}{path}").status_code == 404


def test_answers_are_neither_stored_nor_indexed_and_tell_nobody_the_address(desk: Desk) -> None:
    _link, address = make(desk)
    answers = [
        read(address),
        Client().get(address),
        read(address, desk.items[0]),
        Client().get(f"{address}khong-co/"),
        Client().get("/xem-truoc/khong-co-lien-ket-nao-ca/"),
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies


def test_what_is_malformed_is_refused_under_the_same_headers(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    _link, address = make(desk)
    item = f"{address}{desk.items[0].get_url().lstrip('/')}"
    telephone = Client()
    broken = "multipart/form-data; boundary="
    answers = [
        (405, telephone.put(item)),
        (405, telephone.options(item)),
        (400, telephone.post(item, b"--x", content_type=broken)),
        (404, telephone.get(f"{item}%0A")),
        (404, telephone.get(f"{address}{'x' * 2100}")),
    ]
    for status, answer in answers:
        assert answer.status_code == status
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert address.split("/")[2] not in caplog.text


def test_what_goes_wrong_is_written_down_without_the_secret(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link, address = make(desk)

    def fail(*_args: object) -> None:
        raise RuntimeError("Không đọc được")

    monkeypatch.setattr("exhibitions.shared_preview.find_link", fail)
    assert Client(raise_request_exception=False).get(address).status_code == 500
    assert "/xem-truoc/…" in caplog.text
    assert address.split("/")[2] not in caplog.text


def test_an_item_shown_again_is_withheld_with_the_item_it_shows(desk: Desk) -> None:
    other = make_desk(desk.exhibition.get_parent().specific, name="nguoi-khac")
    for source in (desk.items[0], other.items[0]):
        cache.clear()
        medium = factories.hang(source)
        again = source.create_alias(parent=desk.parts[1], update_slug=f"lai-{source.pk}")
        _link, address = make(desk)
        again = ItemPage.objects.get(pk=again.pk)
        assert read(address, again).status_code == 200
        picture = f"{address}admin-tep/h/{factories.render(medium.image).key}/640.jpg"
        assert Client().get(picture).status_code == 200
        said(desk, source, original_secrecy=Secrecy.TOP_SECRET)
        cache.clear()
        assert read(address, again).status_code == 404
        assert source.title not in text_of(read(address, desk.parts[1]))
        assert Client().get(picture).status_code == 404


def test_a_scan_that_hangs_in_a_secret_item_elsewhere_is_not_shown(desk: Desk) -> None:
    other = make_desk(desk.exhibition.get_parent().specific, name="nguoi-khac")
    image = factories.hang(other.items[0]).image
    hang(desk.items[0], image)
    _link, address = make(desk)
    picture = f"{address}admin-tep/h/{factories.render(image).key}/640.jpg"
    assert Client().get(picture).status_code == 200
    said(other, other.items[0], access_level=AccessLevel.CONDITIONAL)
    cache.clear()
    assert Client().get(picture).status_code == 404


def test_only_a_hash_of_the_secret_is_kept(desk: Desk) -> None:
    link, address = make(desk)
    secret = address.split("/")[2]
    assert len(secret) >= 32
    assert link.secret_hash == hash_of(secret)
    for row in PreviewLink.objects.values_list():
        assert secret not in str(row)


def test_a_link_that_was_passed_on_after_its_end_shows_nothing(desk: Desk) -> None:
    image = factories.CustomImageFactory()
    hang(desk.items[0], image)
    key = factories.render(image).key
    _link, address = make(desk)
    assert read(address, desk.items[0]).status_code == 200
    PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    item_path = desk.items[0].get_url().lstrip("/")
    for path in ("", item_path, f"admin-tep/h/{key}/640.jpg"):
        answer = Client().get(f"{address}{path}")
        assert answer.status_code == 410
        assert desk.exhibition.title not in text_of(answer)
        assert "hết hạn" in text_of(answer)
    sent = Client().post(f"{address}{item_path}", {"y-kien": "Muộn"})
    assert sent.status_code == 410
    assert not Opinion.objects.exists()


def test_a_link_taken_back_ends_at_once_for_everything(desk: Desk) -> None:
    link, address = make(desk)
    revoke(link, by=desk.editor)
    assert Client().get(address).status_code == 410
    assert read(address, desk.items[0]).status_code == 410


def test_a_link_opens_one_exhibition_only(desk: Desk) -> None:
    other = make_desk(desk.exhibition.get_parent().specific, name="nguoi-khac")
    _link, address = make(desk)
    for page in (other.exhibition, other.items[0], desk.exhibition.get_parent().specific):
        assert read(address, page).status_code == 404
    for path in ("admin/", "admin/login/", "moi/abc/", "h/" + "0" * 32 + "/640.jpg", "tim-kiem/"):
        assert Client().get(f"{address}{path}").status_code == 404


def test_an_opinion_is_kept_with_the_page_and_shown_again(desk: Desk) -> None:
    _link, address = make(desk)
    item = desk.items[1]
    place = f"{address}{item.get_url().lstrip('/')}"
    for _tap in range(2):
        answer = Client().post(place, {"y-kien": " Xem lại ngày tháng. ", "ten": ""})
        assert answer.status_code == 303
        assert answer["Location"] == f"{place}#y-kien"
    (opinion,) = Opinion.objects.all()
    assert (opinion.text, opinion.author) == ("Xem lại ngày tháng.", LEADER)
    assert opinion.page_id == item.pk
    assert "Xem lại ngày tháng." in text_of(Client().get(place))
    assert "Xem lại ngày tháng." not in text_of(read(address, desk.items[0]))


def test_what_is_refused_stays_in_the_box_with_the_reason(desk: Desk) -> None:
    link, address = make(desk)
    place = f"{address}{desk.items[1].get_url().lstrip('/')}"
    answer = Client().post(place, {"y-kien": "x" * (OPINION_LENGTH + 1), "ten": "Ông A"})
    assert answer.status_code == 422
    html = text_of(answer)
    assert "x" * (OPINION_LENGTH + 1) in html
    assert 'value="Ông A"' in html
    assert "2001" in html
    assert "Hãy viết ý kiến" in text_of(Client().post(place, {"y-kien": "  "}))
    Opinion.objects.bulk_create(
        Opinion(exhibition=desk.exhibition, link=link, page_title="x", author="x", text=str(number))
        for number in range(OPINIONS_A_LINK)
    )
    assert Client().post(place, {"y-kien": "Thêm nữa"}).status_code == 422
    assert Opinion.objects.count() == OPINIONS_A_LINK


def test_markup_in_an_opinion_is_only_text(desk: Desk) -> None:
    _link, address = make(desk)
    place = f"{address}{desk.items[1].get_url().lstrip('/')}"
    Client().post(place, {"y-kien": "<script>alert(1)</script>", "ten": '"><b>'})
    screen = reverse("exhibitions_admin:preview_links", args=[desk.exhibition.pk])
    for html in (text_of(Client().get(place)), text_of(browser(desk.editor).get(screen))):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html


def test_a_preview_of_many_items_takes_no_more_queries(desk: Desk) -> None:
    _link, address = make(desk)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert read(address, desk.parts[0]).status_code == 200
        return len(caught)

    queries()
    before = queries()
    for _number in range(10):
        item = factories.cleared_item(desk.parts[0], live=False)
        item.save_revision()
    assert queries() <= before


# The editor's screen


def screen(desk: Desk) -> str:
    return reverse("exhibitions_admin:preview_links", args=[desk.exhibition.pk])


def test_the_editor_makes_a_link_sees_it_once_and_takes_it_back(desk: Desk) -> None:
    editor = browser(desk.editor)
    answer = editor.post(screen(desk), {"action": "make", "for_whom": LEADER, "days": "3"})
    assert answer.status_code == 302
    answer = editor.get(answer["Location"])
    (address,) = re.findall(r'value="http[^"]*(/xem-truoc/[^"]+)"', text_of(answer))
    assert "no-store" in answer["Cache-Control"]
    assert Client().get(address, follow=True).status_code == 200
    html = text_of(editor.get(screen(desk)))
    assert address not in html
    assert LEADER in html
    link = PreviewLink.objects.get()
    left = link.expires_at - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    editor.post(screen(desk), {"action": "revoke", "number": link.pk})
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("days", ["0", "365", "x", ""])
def test_no_link_works_without_a_near_end(desk: Desk, days: str) -> None:
    sent = {"action": "make", "for_whom": LEADER, "days": days}
    assert browser(desk.editor).post(screen(desk), sent).status_code == 200
    assert not PreviewLink.objects.exists()


def test_the_editor_sees_opinions_with_the_way_to_the_page_and_marks_them(desk: Desk) -> None:
    _link, address = make(desk)
    Client().post(f"{address}{desk.items[1].get_url().lstrip('/')}", {"y-kien": "Sai ngày"})
    editor = browser(desk.editor)
    html = text_of(editor.get(screen(desk)))
    assert "Sai ngày" in html
    assert reverse("wagtailadmin_pages:edit", args=[desk.items[1].pk]) in html
    opinion = Opinion.objects.get()
    editor.post(screen(desk), {"action": "settle", "number": opinion.pk})
    opinion.refresh_from_db()
    assert opinion.settled_at is not None
    assert opinion.settled_by_name == str(desk.editor)


def test_strangers_to_the_exhibition_make_and_see_no_links(desk: Desk) -> None:
    link, _address = make(desk)
    stranger = factories.UserFactory(username="nguoi-la")
    office = browser(stranger)
    assert office.get(screen(desk)).status_code in (302, 403)
    for sent in (
        {"action": "make", "for_whom": "x", "days": "3"},
        {"action": "revoke", "number": link.pk},
    ):
        office.post(screen(desk), sent)
    link.refresh_from_db()
    assert link.revoked_at is None
    assert PreviewLink.objects.count() == 1


def test_the_first_page_says_how_many_opinions_wait_to_those_who_can_deal_with_them(
    desk: Desk,
) -> None:
    _link, address = make(desk)
    first_page = reverse("wagtailadmin_home")
    assert "ý kiến" not in text_of(browser(desk.editor).get(first_page)).lower()
    for number in (0, 1):
        item = desk.items[number]
        Client().post(f"{address}{item.get_url().lstrip('/')}", {"y-kien": "Sai ngày"})
    html = text_of(browser(desk.editor).get(first_page))
    assert "2 ý kiến" in html
    assert screen(desk) in html
    Opinion.objects.update(settled_at=timezone.now())
    assert "2 ý kiến" not in text_of(browser(desk.editor).get(first_page))


def test_the_first_page_says_what_is_not_ready_of_what_opens_next(desk: Desk) -> None:
    ExhibitionPage.objects.update(opens_at=timezone.now() + timedelta(days=1))
    said(desk, desk.items[0], original_secrecy=Secrecy.SECRET)
    html = text_of(browser(desk.editor).get(reverse("wagtailadmin_home")))
    assert "1 tài liệu chưa đủ điều kiện" in html


def test_a_draft_that_names_a_deleted_picture_file_or_source_still_opens(desk: Desk) -> None:
    image = factories.CustomImageFactory()
    source = factories.OrganisationFactory()
    said(desk, desk.items[0], source_organisation=source, caption="Còn nguyên")
    hang(desk.items[0], image)
    _link, address = make(desk)
    image.delete()
    source.delete()
    edit = reverse("wagtailadmin_pages:edit", args=[desk.items[0].pk])
    for html in (
        text_of(browser(desk.editor).get(edit)),
        text_of(read(address, desk.items[0])),
        text_of(read(address, desk.parts[0])),
    ):
        assert "Còn nguyên" in html
