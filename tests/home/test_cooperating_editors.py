"""Editors of a cooperating organisation: they work on their own Part and see nothing else.

Everything foreign has MARK in its title. The crawl asks for every address of the admin, with
the numbers of foreign things in every place of the address, and follows every link it finds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urldefrag

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import Collection, GroupPagePermission, Page

from analytics.api import OpeningBalance
from core.models import (
    CustomDocument,
    CustomImage,
    Organisation,
    OrganisationEditors,
    RoleChange,
    User,
)
from core.roles import apply
from exhibitions.approval import submit
from exhibitions.cooperation import editors_of, hand_over, take_back
from exhibitions.models import ExhibitionIndexPage, ItemPage, PartPage, Submission
from home.models import HomePage
from home.roles import TABLE, Role, group_of
from tests import factories
from tests.exhibitions.desk import make_steps
from tests.images import pdf

pytestmark = pytest.mark.django_db

SECRET, FOUND_BY = "Bímậtkhác", "timthay"
MARK = f"{SECRET} {FOUND_BY}"
"""Two words: a search for the second must not bring up the first, and repeats what was typed."""


@dataclass
class Cooperation:
    """A department's exhibition of three Parts, two of them handed to an archive."""

    archive: Organisation
    part: PartPage
    second: PartPage
    item: ItemPage
    image: CustomImage
    document: CustomDocument
    editor: User
    head: User
    foreign: dict[str, list[int]] = field(default_factory=dict)
    """The numbers of what is not the archive's, by kind."""


def document(title: str, collection: Collection) -> CustomDocument:
    return CustomDocument.objects.create(
        title=title, collection=collection, file=ContentFile(pdf(), name="tai-lieu.pdf")
    )


def person(username: str, role: Role, **fields: Any) -> User:
    user = factories.UserFactory(username=username, **fields)
    user.groups.add(group_of(role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def cooperation(exhibition_index: ExhibitionIndexPage, home: HomePage) -> Cooperation:
    apply(TABLE)
    head = person("truongphong", Role.HEAD_OF_DIVISION)
    archive = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Sơn La")
    exhibition = factories.ExhibitionPageFactory(parent=exhibition_index, title="Cụm 7")
    part = factories.PartPageFactory(parent=exhibition, title="Sơn La", contributor=archive)
    second = factories.PartPageFactory(parent=exhibition, title="Mường La", contributor=archive)
    item = factories.cleared_item(part, title="Báo công ở Mộc Châu")
    person("cannbosonla", Role.COOPERATING_EDITOR, organisation=archive)
    for each in (part, second):
        assert hand_over(each, by=head) == []
    editor = User.objects.get(username="cannbosonla")
    collection = archive.editors.collection
    made = Cooperation(
        archive=archive,
        part=part,
        second=second,
        item=item,
        image=factories.CustomImageFactory(title="Ảnh của Sơn La", collection=collection),
        document=document("Hồ sơ của Sơn La", collection),
        editor=editor,
        head=head,
    )
    made.foreign = strangers(home, exhibition_index, exhibition, head)
    return made


def strangers(
    home: HomePage, index: ExhibitionIndexPage, exhibition: Page, head: User
) -> dict[str, list[int]]:
    """Make what others work on, each with MARK in its title, and give the numbers."""
    for page in (home, index):
        page.title = page.draft_title = f"{page.title} {MARK}"
        page.save()
    sibling = factories.PartPageFactory(parent=exhibition, title=f"Phần {MARK}")
    beside = factories.cleared_item(sibling, title=f"Tài liệu {MARK}")
    other = factories.ExhibitionPageFactory(
        parent=index,
        title=f"Triển lãm {MARK}",
        live=False,
        opens_at=timezone.now() + timedelta(days=3),
    )
    part = factories.PartPageFactory(parent=other, title=f"Chương {MARK}", live=False)
    item = factories.cleared_item(
        part, title=f"Hiện vật {MARK}", caption=MARK, reference="X-1", live=False
    )
    news_index = factories.NewsIndexPageFactory(parent=home, title=f"Tin {MARK}")
    news = factories.NewsPageFactory(parent=news_index, title=f"Bản tin {MARK}")
    campaigns = factories.CampaignIndexPageFactory(parent=home, title=f"Cơ quan {MARK}")
    campaign = factories.CampaignPageFactory(parent=campaigns, title=f"Đợt {MARK}")
    notice = factories.NoticePageFactory(parent=campaign, title=f"Công văn {MARK}")
    gone = factories.StandardPageFactory(parent=home, title=f"Đã xóa {MARK}")
    pages = [home, index, other, part, item, sibling, beside, news, campaign, notice]
    revisions = [page.save_revision(user=head, log_action=True) for page in [*pages, gone]]
    gone.delete(user=head)
    make_steps("Bước duyệt")
    assert submit(other.specific, by=factories.UserFactory(is_superuser=True)) == []
    Page.objects.filter(pk=news.pk).update(locked=True, locked_by=head, locked_at=timezone.now())
    theirs = Collection.get_first_root_node().add_child(name=f"Kho {MARK}")
    root = Collection.get_first_root_node()
    images = [
        factories.CustomImageFactory(title=f"Ảnh {MARK} {place.pk}", collection=place)
        for place in (root, theirs)
    ]
    documents = [document(f"Hồ sơ {MARK} {place.pk}", place) for place in (root, theirs)]
    OpeningBalance.objects.create(page_id=news.pk, count=3, origin=MARK)
    return {
        "page": [page.pk for page in pages],
        "image": [each.pk for each in images],
        "document": [each.pk for each in documents],
        "collection": [theirs.pk],
        "revision": [each.pk for each in revisions],
        "submission": list(Submission.objects.values_list("pk", flat=True)),
    }


def patterns(
    resolver: URLResolver, route: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    """Every full name of an address of the admin that can be reversed, with its arguments."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            deeper = (*names, each.namespace) if each.namespace else names
            yield from patterns(each, route + str(each.pattern), deeper)
        elif isinstance(each, URLPattern) and route.startswith("admin/") and each.name:
            arguments = list(each.pattern.regex.groupindex)
            yield ":".join((*names, each.name)), arguments


WORDS = {
    "content_type_app_name": ["exhibitions"],
    "content_type_model_name": ["exhibitionpage", "partpage", "itempage"],
    "app_label": ["exhibitions", "core", "wagtailcore"],
    "app_name": ["core"],
    "model_name": ["partpage", "itempage", "portalsettings", "page", "customimage"],
    "action": ["delete", "move", "publish", "unpublish"],
    "action_name": ["approve"],
    "step": ["khai-truong"],
    "extension": ["docx", "xlsx"],
    "filter_spec": ["original"],
    "revision_id_a": ["earliest"],
    "revision_id_b": ["latest"],
    "uidb64": ["x"],
    "token": ["x"],
    "object_id": ["1"],
    "session_id": ["1"],
    "uploaded_file_id": ["1"],
    "task_state_id": ["1"],
    "task_id": ["1"],
    "workflow_pk": ["1"],
    "workflow_state_id": ["1"],
    "import_id": ["1"],
    "file_id": ["1"],
}
KINDS = {
    "page": "page",
    "image": "image",
    "doc": "document",
    "document": "document",
    "collection": "collection",
    "submission": "submission",
    "revision": "revision",
}

QUERIES = ("", f"?q={FOUND_BY}", "?page_type=exhibitions.itempage")


def numbers(cooperation: Cooperation, name: str, argument: str) -> list[Any]:
    """What to put into one place of an address: foreign numbers, and their own pages'."""
    if argument == "instance_pk":
        return ["2026-01-01" if "saltdestruction" in name else "1"]
    if argument in WORDS:
        return WORDS[argument]
    kind = KINDS.get(argument.split("_")[0], "")
    for word, found in (("image", "image"), ("document", "document"), ("doc", "document")):
        kind = kind or (found if word in name else "")
    if kind not in ("", "page"):
        return cooperation.foreign[kind]
    own = [cooperation.part.pk, cooperation.part.get_parent().pk]
    return sorted({*cooperation.foreign["page"], *cooperation.foreign["collection"], *own})


def addresses(cooperation: Cooperation) -> Iterator[str]:
    """Every address of the admin, filled with the numbers of foreign things."""
    many = "&".join(f"id={number}" for number in cooperation.foreign["page"])
    for name, arguments in patterns(get_resolver()):
        places = [numbers(cooperation, name, argument) for argument in arguments]
        for values in itertools.product(*places):
            address = reverse(name, kwargs=dict(zip(arguments, values, strict=True)))
            yield from (f"{address}{query}" for query in (QUERIES if not places else ("",)))
        if name.endswith(("chosen_multiple", "bulk_action")):
            yield from (
                f"{reverse(name, kwargs=dict(zip(arguments, v, strict=True)))}?{many}"
                for v in itertools.product(*places)
            )


LEAVING = ("logout", "failwhale", "test404")


def text_of(answer: HttpResponseBase) -> str:
    """What can be read in an answer, with JSON's and HTML's escapes undone."""
    parts = answer.streaming_content if answer.streaming else [answer.content]
    raw = b"".join(parts).decode("utf-8", errors="replace")
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), raw)
    return unescape(plain) + str(answer.headers)


def crawl(client: Client, begin: list[str], most: int) -> Iterator[tuple[str, str]]:
    """Ask for ``begin`` and for what is linked there, up to ``most`` addresses."""
    seen: set[str] = set()
    waiting = list(begin)
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen or any(word in address for word in LEAVING):
            continue
        seen.add(address)
        answer = client.get(address)
        text = text_of(answer)
        yield address, text
        if "location" in answer.headers:
            waiting.append(urldefrag(answer["Location"])[0])
        found = re.findall(
            r'(?:href|src|data-url|action|data-[\w-]*url[\w-]*)="(/admin[^"#]*)', text_of(answer)
        )
        waiting += [unescape(each) for each in found]


@pytest.fixture
def seat(client: Client, cooperation: Cooperation) -> Client:
    """The cooperating editor's browser."""
    client.raise_request_exception = False
    client.force_login(cooperation.editor)
    return client


def test_no_address_of_the_admin_tells_them_a_foreign_title(
    seat: Client, cooperation: Cooperation
) -> None:
    # What the public sees stands around a preview; the next tests look at it.
    preview = reverse("wagtailadmin_pages:view_draft", args=[cooperation.part.pk])
    told, failed = [], []
    for address in dict.fromkeys(addresses(cooperation)):
        if any(word in address for word in LEAVING):
            continue
        answer = seat.get(address)
        if SECRET in text_of(answer) and address != preview:
            told.append(address)
        if answer.status_code >= 500:
            failed.append(address)
    assert not told, "\n".join(told)
    assert not failed, "\n".join(failed)


FIELDS = {
    "page": (
        "page",
        "parent_page",
        "new_parent_page",
        "destination",
        "move_page",
        "chooser",
        "position",
        "child_of",
        "redirect_page",
    ),
    "image": ("image", "images", "photo", "avatar", "media-0-image", "image_id"),
    "document": ("document", "documents", "media-0-document"),
    "collection": ("collection",),
}
"""Where forms of the admin say what they are about, by its kind."""


def written(cooperation: Cooperation) -> Iterator[dict[str, Any]]:
    """What a form may be filled with: foreign numbers, of each kind two."""
    others = {
        "new_title": "x",
        "new_slug": "x",
        "title": "x",
        "slug": "x",
        "media-TOTAL_FORMS": "1",
        "media-INITIAL_FORMS": "0",
        "reference": "X-1",
    }
    for place in (3, -1):
        numbers = {kind: cooperation.foreign[kind] for kind in FIELDS}
        yield others | {
            name: numbers[kind][min(place, len(numbers[kind]) - 1)]
            for kind, names in FIELDS.items()
            for name in names
        }


@pytest.mark.rules
def test_no_form_of_the_admin_tells_them_a_foreign_title(
    seat: Client, cooperation: Cooperation
) -> None:
    preview = reverse("wagtailadmin_pages:view_draft", args=[cooperation.part.pk])
    told = []
    forms = list(written(cooperation))
    for address in dict.fromkeys(addresses(cooperation)):
        if any(word in address for word in LEAVING):
            continue
        for form in forms:
            with transaction.atomic():
                answer = seat.post(address, form)
                # What was written before must not change what is answered next.
                transaction.set_rollback(True)
            if SECRET in text_of(answer) and address != preview:
                told.append(address)
    assert not told, "\n".join(told)


def test_no_link_they_find_leads_to_a_foreign_title(seat: Client, cooperation: Cooperation) -> None:
    part, item = cooperation.part.pk, cooperation.item.pk
    begin = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[part]),
        reverse("wagtailadmin_pages:edit", args=[part]),
        reverse("wagtailadmin_pages:edit", args=[item]),
        reverse("wagtailadmin_pages:usage", args=[item]),
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailimages:edit", args=[cooperation.image.pk]),
        reverse("wagtailadmin_reports:site_history"),
    ]
    answers = list(crawl(seat, begin, most=300))
    assert not [address for address, text in answers if SECRET in text]
    shown = "".join(text for _address, text in answers)
    for own in (cooperation.part.title, cooperation.item.title, cooperation.image.title):
        assert own in shown


def test_a_preview_of_their_own_shows_nothing_around_it_that_is_not_public(
    seat: Client, cooperation: Cooperation
) -> None:
    exhibition = cooperation.part.get_parent()
    before = factories.PartPageFactory(parent=exhibition, title="Phần còn kín", live=False)
    factories.cleared_item(before, title="Tài liệu còn kín", live=False)
    before.move(cooperation.part, pos="left")
    own = [
        PartPage.objects.get(pk=cooperation.part.pk),
        ItemPage.objects.get(pk=cooperation.item.pk),
    ]
    for page in own:
        address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
        text = text_of(seat.get(address))
        assert page.title in text
        assert "còn kín" not in text
        client = Client()
        client.force_login(cooperation.head)
        assert "còn kín" in text_of(client.get(address)), "the department sees it"


ABOUT_A_PAGE = (
    "wagtailadmin_explore",
    "wagtailadmin_pages:edit",
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:history",
    "wagtailadmin_pages:usage",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:delete",
    "wagtailadmin_pages:move",
    "wagtailadmin_pages:add_subpage",
    "wagtailadmin_api:pages:detail",
)


@pytest.mark.parametrize("name", ABOUT_A_PAGE)
def test_a_foreign_page_is_not_shown_and_not_worked_on(
    seat: Client, cooperation: Cooperation, name: str
) -> None:
    for number in cooperation.foreign["page"]:
        answer = seat.get(reverse(name, args=[number]))
        assert answer.status_code in (302, 403, 404)
    own = seat.get(reverse(name, args=[cooperation.part.pk]))
    assert own.status_code == 200 or name.endswith((":move", ":delete", ":add_subpage", ":copy"))


def test_our_own_screens_about_others_exhibitions_are_closed(
    seat: Client, cooperation: Cooperation
) -> None:
    numbers = cooperation.foreign["page"]
    exhibition, item = numbers[2], numbers[4]
    for name in ("opening", "approval", "display_list", "statistics", "preview_links"):
        answer = seat.get(reverse(f"exhibitions_admin:{name}", args=[exhibition]))
        assert answer.status_code in (302, 403, 404)
    assert seat.get(reverse("exhibitions_admin:clearance", args=[item])).status_code == 302
    submission = cooperation.foreign["submission"][0]
    assert seat.get(reverse("exhibitions_admin:submission", args=[submission])).status_code == 302
    assert seat.get(reverse("exhibitions_admin:cooperation", args=[numbers[3]])).status_code == 302
    assert (
        seat.get(reverse("exhibitions_admin:cooperation", args=[cooperation.part.pk])).status_code
        == 302
    )


def test_their_own_part_is_written_but_neither_published_nor_submitted(
    seat: Client, cooperation: Cooperation
) -> None:
    may = cooperation.item.permissions_for_user(cooperation.editor)
    assert may.can_edit() and not may.can_publish()
    assert cooperation.part.permissions_for_user(cooperation.editor).can_add_subpage()
    assert not cooperation.part.get_parent().permissions_for_user(cooperation.editor).can_edit()
    assert not cooperation.editor.has_perm("exhibitions.submit_exhibition")
    add = reverse("wagtailadmin_pages:add", args=["exhibitions", "itempage", cooperation.part.pk])
    assert seat.get(add).status_code == 200
    assert seat.get(reverse("wagtailimages:add")).status_code == 200


def test_the_page_chooser_opens_at_their_parts_and_finds_them(
    seat: Client, cooperation: Cooperation
) -> None:
    shared = cooperation.part.get_parent().pk
    begin = reverse("wagtailadmin_choose_page_child", args=[shared])
    own = reverse("wagtailadmin_choose_page_child", args=[cooperation.part.pk])
    for address in (
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_choose_page_child", args=[cooperation.foreign["page"][0]]),
    ):
        answer = seat.get(address, {"page_type": "wagtailcore.page"})
        assert answer["Location"].startswith(begin)
    offered = text_of(seat.get(begin))
    assert cooperation.part.title in offered and cooperation.second.title in offered
    assert cooperation.item.title in text_of(seat.get(own))
    search = reverse("wagtailadmin_choose_page_search")
    assert cooperation.item.title in text_of(seat.get(search, {"q": "bao cong"}))


def test_the_libraries_offer_the_files_of_their_collection(
    seat: Client, cooperation: Cooperation
) -> None:
    for name, title in (
        ("wagtailimages_chooser:choose", cooperation.image.title),
        ("wagtaildocs_chooser:choose", cooperation.document.title),
        ("wagtailadmin_api:images:listing", cooperation.image.title),
        ("wagtailadmin_api:documents:listing", cooperation.document.title),
    ):
        assert title in text_of(seat.get(reverse(name)))


def test_all_items_of_their_part_are_ticked_together(
    seat: Client, cooperation: Cooperation
) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    own = seat.get(address, {"id": "all", "childOf": cooperation.part.pk, "next": "/admin/"})
    assert cooperation.item.title in text_of(own)
    above = cooperation.part.get_parent().pk
    for childof in ({"childOf": above}, {"childOf": "x"}, {}):
        assert seat.get(address, {"id": "all", **childof}).status_code == 404


def test_editors_of_the_department_choose_any_page(
    client: Client, cooperation: Cooperation
) -> None:
    client.force_login(cooperation.head)
    for number in (cooperation.foreign["page"][0], cooperation.part.get_parent().pk):
        answer = client.get(reverse("wagtailadmin_choose_page_child", args=[number]))
        assert SECRET in text_of(answer)
    found = client.get(reverse("wagtailadmin_choose_page_search"), {"q": FOUND_BY})
    assert SECRET in text_of(found)
    openings = client.get(reverse("wagtailadmin_home"))
    assert SECRET in text_of(openings)


def test_who_works_on_one_part_alone_is_not_told_what_it_is_part_of(
    seat: Client, cooperation: Cooperation
) -> None:
    take_back(cooperation.second, by=cooperation.head)
    part, exhibition = cooperation.part, cooperation.part.get_parent()
    for address in (
        reverse("wagtailadmin_explore", args=[part.pk]),
        reverse("wagtailadmin_pages:search") + "?q=son la",
        reverse("wagtailadmin_choose_page_search") + "?q=son la",
        reverse("wagtailadmin_api:pages:detail", args=[part.pk]),
        reverse("wagtailadmin_api:pages:listing"),
        reverse("wagtailadmin_reports:site_history"),
        reverse("exhibitions_admin:index"),
    ):
        text = text_of(seat.get(address))
        assert exhibition.title not in text
        assert part.title in text or address == reverse("exhibitions_admin:index")
    explore = reverse("wagtailadmin_explore", args=[exhibition.pk])
    assert seat.get(explore).status_code == 404


def test_parts_of_two_exhibitions_open_neither_s_other_parts(
    seat: Client, cooperation: Cooperation
) -> None:
    index = ExhibitionIndexPage.objects.get()
    exhibition = factories.ExhibitionPageFactory(parent=index, title="Triển lãm thứ hai")
    part = factories.PartPageFactory(parent=exhibition, contributor=cooperation.archive)
    closed = factories.PartPageFactory(parent=exhibition, title=f"Phần khóa {SECRET}")
    assert hand_over(part, by=cooperation.head) == []
    explore = text_of(seat.get(reverse("wagtailadmin_explore", args=[exhibition.pk])))
    assert part.title in explore and closed.title not in explore
    for name in (*ABOUT_A_PAGE, "wagtailadmin_explore_results", "wagtailadmin_choose_page_child"):
        for number in (closed.pk, *cooperation.foreign["page"][2:]):
            assert SECRET not in text_of(seat.get(reverse(name, args=[number])))


# Handing over


def rows(part: PartPage) -> set[str]:
    return set(
        GroupPagePermission.objects.filter(page_id=part.pk).values_list(
            "group__organisation_editors__organisation__name", flat=True
        )
    )


def test_a_part_is_handed_over_on_its_screen_and_taken_back(
    client: Client, cooperation: Cooperation
) -> None:
    client.force_login(cooperation.head)
    other = factories.OrganisationFactory(name="Trung tâm Lưu trữ lịch sử tỉnh Lào Cai")
    part = factories.PartPageFactory(
        parent=cooperation.part.get_parent(), title="Lào Cai", contributor=other
    )
    listing = client.get(reverse("wagtailadmin_explore", args=[part.pk]))
    screen = reverse("exhibitions_admin:cooperation", args=[part.pk])
    assert screen in text_of(listing)
    assert "Trung tâm Lưu trữ lịch sử tỉnh Lào Cai" in text_of(client.get(screen))
    client.post(screen, {"action": "hand-over"})
    assert rows(part) == {other.name}
    assert rows(cooperation.part) == {cooperation.archive.name}
    newest = RoleChange.objects.filter(group=other.editors.group, kind="page_rights").first()
    assert newest is not None
    assert newest.by == cooperation.head and "Lào Cai" in newest.added
    client.post(screen, {"action": "take-back"})
    assert rows(part) == set()
    newest = RoleChange.objects.filter(group=other.editors.group, kind="page_rights").first()
    assert newest is not None and "Lào Cai" in newest.removed


def test_handing_over_again_doubles_nothing_and_takes_in_new_accounts(
    cooperation: Cooperation,
) -> None:
    before = (OrganisationEditors.objects.count(), Collection.objects.count())
    person("nguoimoi", Role.COOPERATING_EDITOR, organisation=cooperation.archive)
    person("nguoikhac", Role.COOPERATING_EDITOR)
    assert hand_over(cooperation.part, by=cooperation.head) == []
    assert (OrganisationEditors.objects.count(), Collection.objects.count()) == before
    names = set(cooperation.archive.editors.group.user_set.values_list("username", flat=True))
    assert names == {"cannbosonla", "nguoimoi"}
    assert GroupPagePermission.objects.filter(page_id=cooperation.part.pk).count() == 2


def test_another_contributor_gets_the_part_and_the_first_loses_it(
    cooperation: Cooperation,
) -> None:
    other = factories.OrganisationFactory(name="Sở Nội vụ tỉnh Hà Giang")
    cooperation.part.contributor = other
    cooperation.part.save_revision()
    assert hand_over(cooperation.part, by=cooperation.head) == []
    assert rows(cooperation.part) == {other.name}
    assert not cooperation.part.permissions_for_user(
        User.objects.get(pk=cooperation.editor.pk)
    ).can_edit()


def test_a_part_without_a_contributor_is_handed_to_nobody(cooperation: Cooperation) -> None:
    part = factories.PartPageFactory(parent=cooperation.part.get_parent())
    assert [each.code for each in hand_over(part, by=cooperation.head)] == ["no_contributor"]
    assert rows(part) == set()


def test_only_who_has_the_right_hands_over(cooperation: Cooperation) -> None:
    editor = person("bientapvien", Role.EDITOR)
    for who in (editor, cooperation.editor):
        for act in (hand_over, take_back):
            with pytest.raises(PermissionDenied):
                act(cooperation.part, by=who)
    administrator = person("quantrivien", Role.ADMINISTRATOR)
    assert hand_over(cooperation.part, by=administrator) == []


def test_two_organisations_whose_long_names_begin_alike_have_two_groups(
    home: HomePage,
) -> None:
    names = [f"{'Ủy ban nhân dân ' * 12}{ending}" for ending in ("một", "hai")]
    groups = {editors_of(factories.OrganisationFactory(name=name)).group.name for name in names}
    assert len(groups) == 2


def test_a_deleted_group_of_an_organisation_is_made_again_when_it_is_handed_a_part(
    cooperation: Cooperation,
) -> None:
    cooperation.archive.editors.group.delete()
    cooperation.archive.refresh_from_db()
    assert hand_over(cooperation.part, by=cooperation.head) == []
    assert rows(cooperation.part) == {cooperation.archive.name}
