"""What a clerk records of a letter, and that a released letter stays as it went out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from campaigns.models import (
    CampaignPage,
    NoticePage,
    NoticeRecipient,
    NoticeRelease,
    NoticeRequest,
    ReleaseState,
)
from campaigns.release import (
    Effect,
    ReleasedLetterError,
    ReleaseFacts,
    current_release,
    is_released,
    letter_in_force,
    mend_record,
    next_steps,
    record,
    record_effect,
    releases_of,
    same_number_elsewhere,
    standing_now,
)
from core.models import CustomDocument, User
from core.scheduling import publish_due_pages
from home.models import HomePage
from tests import factories
from tests.exhibitions.test_admin_clearance import edit_form, staff

pytestmark = pytest.mark.django_db

ISSUED = date(2024, 3, 5)
# The block field, which the browser's script adds to the editor's form.
NO_TEXTS = nested_form_data({"texts_referred_to": streamfield([])})


def signed_pdf(name: str = "cong-van-05.pdf") -> CustomDocument:
    return CustomDocument.objects.create(
        title="Công văn đã ký số", file=ContentFile(b"%PDF-1.4 signed", name=name)
    )


@pytest.fixture
def campaign(home: HomePage) -> CampaignPage:
    index = factories.CampaignIndexPageFactory(parent=home)
    return factories.CampaignPageFactory(parent=index)


@pytest.fixture
def letter(campaign: CampaignPage) -> NoticePage:
    """A letter that is published as a draft: nobody has numbered it."""
    letter = factories.NoticePageFactory(
        parent=campaign,
        title="Công văn tuyên truyền",
        agency="Sở Nội vụ",
        subject="tuyên truyền triển lãm",
        body="<p>Lời văn được ký.</p>",
    )
    letter.recipients.add(NoticeRecipient(text="UBND các xã, phường"))
    letter.requests.add(NoticeRequest(text="Gắn banner được ký"))
    letter.save()
    return letter


@pytest.fixture
def clerk(campaign: CampaignPage) -> User:
    return staff("vanthu", campaign, "record_release", "choose_document")


@pytest.fixture
def facts(db: None) -> ReleaseFacts:
    return ReleaseFacts("5", "SNV-TĐKT", ISSUED, signed_pdf())


@pytest.fixture
def office(client: Client, clerk: User) -> Client:
    """The clerk's browser."""
    client.force_login(clerk)
    return client


def release(letter: NoticePage, by: User, facts: ReleaseFacts) -> NoticePage:
    assert record(letter, ReleaseState.RELEASED, by=by, facts=facts) == []
    return NoticePage.objects.get(pk=letter.pk)


def public(page: Page) -> str:
    answer = Client().get(page.get_url())
    assert answer.status_code == 200
    return answer.content.decode()


def screen(letter: NoticePage) -> str:
    return reverse("campaigns_admin:release", args=[letter.pk])


def press(office: Client, letter: NoticePage, state: str = "released", **data: Any) -> Any:
    """Fill in the form as for a release and press a button; ``data`` is typed over it."""
    typed: dict[str, Any] = {"number": "5", "symbol": "SNV-TĐKT", "issued_on": "5/3/2024"}
    if "signed_pdf" not in data and state == "released":
        typed["signed_pdf"] = signed_pdf().pk
    return office.post(screen(letter), {**typed, "state": state, **data})


# Recording


def test_the_steps_are_recorded_one_after_the_other_and_the_newest_counts(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    assert current_release(letter) is None
    record(letter, ReleaseState.SIGNED, by=clerk, facts=ReleaseFacts(note="KT. Giám đốc"))
    record(letter, ReleaseState.NUMBERED, by=clerk, facts=replace(facts, signed_pdf=None))
    record(letter, ReleaseState.RELEASED, by=clerk, facts=facts)
    states = [row.state for row in releases_of(letter)]
    assert states == ["released", "numbered", "signed"]
    row = current_release(letter)
    assert row is not None
    assert (row.number, row.symbol, row.issued_on, row.by, row.by_name) == (
        ("5", "SNV-TĐKT", ISSUED, clerk, str(clerk))
    )


def test_the_release_can_be_recorded_at_once(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    assert not is_released(letter)
    assert is_released(release(letter, clerk, facts))


def test_steps_are_not_recorded_backwards(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    for state in (ReleaseState.SIGNED, ReleaseState.NUMBERED):
        reasons = record(letter, state, by=clerk, facts=facts)
        assert [reason.code for reason in reasons] == ["not_next"]
    assert NoticeRelease.objects.count() == 1


def test_a_mistyped_number_can_be_put_right_until_the_release(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    for number in ("6", "6", "5"):
        record(letter, ReleaseState.NUMBERED, by=clerk, facts=replace(facts, number=number))
    assert [row.number for row in releases_of(letter)] == ["5", "6"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": " "}, "no_number"),
        ({"symbol": ""}, "no_symbol"),
        ({"issued_on": None}, "no_date"),
        ({"signed_pdf": None}, "no_pdf"),
        ({"number": "05/SNV"}, "bad_number"),
    ],
)
def test_a_release_needs_number_symbol_date_and_the_signed_pdf(
    letter: NoticePage, clerk: User, facts: ReleaseFacts, changed: dict[str, Any], code: str
) -> None:
    reasons = record(letter, ReleaseState.RELEASED, by=clerk, facts=replace(facts, **changed))
    assert [reason.code for reason in reasons] == [code]
    assert not NoticeRelease.objects.exists()


def test_a_letter_that_is_not_written_yet_is_not_released(
    campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    blank = factories.NoticePageFactory(parent=campaign, agency="", subject=" ", body="<p> </p>")
    reasons = record(blank, ReleaseState.RELEASED, by=clerk, facts=facts)
    assert [reason.code for reason in reasons] == ["incomplete"]
    for part in ("cơ quan ban hành", "trích yếu", "nội dung công văn"):
        assert part in reasons[0].text.lower()
    assert record(blank, ReleaseState.NUMBERED, by=clerk, facts=facts) == []


def test_a_correction_stands_beside_the_letter_it_corrects_not_in_its_place(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    correction = factories.NoticePageFactory(parent=campaign, title="Đính chính")
    effect = Effect(ReleaseState.CORRECTED, letter)
    release(correction, clerk, replace(facts, number="6", effect=effect))
    assert letter_in_force(campaign) == letter
    replacement = factories.NoticePageFactory(parent=campaign, title="Thay thế")
    effect = Effect(ReleaseState.REPLACED, letter)
    release(replacement, clerk, replace(facts, number="7", effect=effect))
    assert letter_in_force(campaign) == replacement


def test_a_letter_is_not_released_tomorrow_nor_with_a_word_file(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    wrong = replace(facts, issued_on=tomorrow, signed_pdf=signed_pdf("cong-van.docx"))
    reasons = record(letter, ReleaseState.RELEASED, by=clerk, facts=wrong)
    assert {reason.code for reason in reasons} == {"future_date", "not_pdf"}
    today = replace(facts, issued_on=timezone.localdate())
    assert record(letter, ReleaseState.RELEASED, by=clerk, facts=today) == []


def test_a_published_letter_with_a_newer_draft_waits_until_that_is_settled(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    letter.body = "<p>Lời văn chưa duyệt.</p>"
    draft = letter.save_revision()
    reasons = record(letter, ReleaseState.RELEASED, by=clerk, facts=facts)
    assert [reason.code for reason in reasons] == ["unpublished_changes"]
    draft.publish()
    release(letter, clerk, facts)
    assert "Lời văn chưa duyệt." in public(letter)


def test_a_letter_never_published_appears_with_its_release(
    campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    letter = factories.NoticePageFactory(parent=campaign, live=False, body="<p>Bản đầu.</p>")
    letter.body = "<p>Bản được ký.</p>"
    letter.save_revision()
    assert Client().get(letter.get_url()).status_code == 404
    release(letter, clerk, facts)
    html = public(letter)
    assert "Bản được ký" in html
    assert "Bản đầu" not in html


def test_the_same_number_in_the_same_year_is_pointed_out_and_not_forbidden(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    other = factories.NoticePageFactory(parent=campaign, agency="SỞ NỘI VỤ", title="Công văn khác")
    same = replace(facts, number="05")
    assert [row.notice for row in same_number_elsewhere(other, same)] == [letter]
    for different in (
        replace(same, number="06"),
        replace(same, symbol="SNV-VP"),
        replace(same, issued_on=date(2025, 3, 5)),
    ):
        assert same_number_elsewhere(other, different) == []
    elsewhere = factories.NoticePageFactory(parent=campaign, agency="Sở Y tế")
    assert same_number_elsewhere(elsewhere, same) == []
    assert record(other, ReleaseState.RELEASED, by=clerk, facts=same) == []


def test_who_may_not_record_records_nothing(
    letter: NoticePage, campaign: CampaignPage, facts: ReleaseFacts
) -> None:
    editor = staff("bientap", campaign)
    with pytest.raises(PermissionDenied):
        record(letter, ReleaseState.RELEASED, by=editor, facts=facts)
    assert not NoticeRelease.objects.exists()


# Frozen


def test_a_released_letter_is_printed_with_what_was_recorded(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    html = public(letter)
    assert "Số: 05/SNV-TĐKT" in html
    assert "ngày 05 tháng 3 năm 2024" in html
    assert "Lời văn được ký." in html
    assert "Gắn banner được ký" in html


def test_the_signed_original_can_be_downloaded_by_anyone_and_only_after_the_release(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    assert facts.signed_pdf is not None
    address = facts.signed_pdf.url
    assert Client().get(address).status_code == 404
    release(letter, clerk, facts)
    assert f'href="{address}"' in public(letter)
    answer = Client().get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 signed"  # type: ignore[attr-defined]


@pytest.fixture
def older(letter: NoticePage) -> Any:
    """A draft from before the release, with other words and another address."""
    fresh = NoticePage.objects.get(pk=letter.pk)
    fresh.title, fresh.slug, fresh.body = "Nháp cũ", "nhap-cu", "<p>Lời văn cũ.</p>"
    fresh.requests = [NoticeRequest(text="Yêu cầu cũ")]
    revision = fresh.save_revision()
    letter.save_revision().publish()
    return revision


def unchanged(letter: NoticePage, before: str) -> None:
    page = NoticePage.objects.get(pk=letter.pk)
    assert public(page) == before
    assert (page.title, page.slug, page.body) == (letter.title, letter.slug, letter.body)
    assert [each.text for each in page.requests.all()] == ["Gắn banner được ký"]
    assert page.live and page.number == "5"


def test_an_older_draft_published_after_the_release_changes_nothing(
    letter: NoticePage, older: Any, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    before = public(letter)
    older.publish()
    unchanged(letter, before)


def test_a_draft_scheduled_for_later_changes_nothing_at_its_hour(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    fresh = release(letter, clerk, facts)
    before = public(letter)
    fresh.body, fresh.go_live_at = "<p>Hẹn giờ.</p>", timezone.now() + timedelta(hours=1)
    revision = fresh.save_revision()
    revision.publish()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    content = dict(revision.content)
    content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.content = json.loads(json.dumps(content, default=str))
    revision.save()
    publish_due_pages()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    unchanged(letter, before)


def test_hours_set_before_the_release_neither_put_it_off_nor_end_it(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    letter.expire_at = timezone.now() + timedelta(hours=1)
    letter.save()
    fresh = release(letter, clerk, facts)
    assert fresh.expire_at is None
    Page.objects.filter(pk=letter.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    publish_due_pages()
    assert NoticePage.objects.get(pk=letter.pk).live


def test_going_back_to_an_older_version_changes_nothing(
    letter: NoticePage, older: Any, clerk: User, facts: ReleaseFacts, client: Client
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[letter.pk, older.pk])
    form = {**edit_form(client, revert), **NO_TEXTS}
    release(letter, clerk, facts)
    before = public(letter)
    older.publish(previous_revision=older)
    unchanged(letter, before)
    edit = reverse("wagtailadmin_pages:edit", args=[letter.pk])
    client.post(edit, {**form, "revision": str(older.pk), "action-publish": "1"})
    unchanged(letter, before)


def test_the_public_page_prints_the_record_even_when_the_row_of_the_page_was_changed(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    before = public(letter)
    NoticePage.objects.filter(pk=letter.pk).update(body="<p>Sửa trong cơ sở dữ liệu.</p>")
    assert public(letter) == before


def test_a_copy_of_a_released_letter_is_an_unreleased_draft(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    fresh = release(letter, clerk, facts)
    copy = fresh.copy(update_attrs={"slug": "ban-sao", "title": "Bản sao"})
    assert not is_released(copy)
    for version in (copy, copy.get_latest_revision_as_object()):
        assert (version.number, version.issued_on, version.signed_pdf) == ("", None, None)
        assert version.body == letter.body
    html = public(copy)
    assert "05/SNV-TĐKT" not in html
    assert "letterstatus--draft" in html
    copy.body = "<p>Lời văn mới.</p>"
    copy.save_revision().publish()
    assert "Lời văn mới." in public(copy)


def test_a_released_letter_is_neither_deleted_moved_nor_unpublished(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    fresh = release(letter, clerk, facts)
    other = factories.CampaignPageFactory(parent=campaign.get_parent())
    for act in (
        fresh.delete,
        fresh.unpublish,
        lambda: fresh.move(other, pos="last-child"),
        lambda: CampaignPage.objects.get(pk=campaign.pk).delete(),
        lambda: Page.objects.filter(pk=fresh.pk).delete(),
    ):
        with pytest.raises(ReleasedLetterError), transaction.atomic():
            act()
    for page in (fresh, Page.objects.get(pk=fresh.pk)):
        UnpublishPageAction(page).execute(skip_permission_checks=True)
    UnpublishPageAction(
        CampaignPage.objects.get(pk=campaign.pk), user=clerk, include_descendants=True
    ).execute(skip_permission_checks=True)
    page = NoticePage.objects.get(pk=letter.pk)
    assert page.live and page.get_parent().pk == campaign.pk
    assert "Lời văn được ký." in public(page)


def test_a_campaign_does_not_expire_with_its_released_letter(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    fresh = release(letter, clerk, facts)
    holder = CampaignPage.objects.get(pk=campaign.pk)
    holder.expire_at = timezone.now() + timedelta(hours=1)
    with pytest.raises(ValidationError, match="đã phát hành"):
        holder.full_clean()
    Page.objects.filter(pk=campaign.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    publish_due_pages()
    assert "Lời văn được ký." in public(fresh)
    holder.refresh_from_db()
    assert (holder.live, holder.expire_at) == (True, None)


def test_letters_of_a_campaign_can_change_places_and_drafts_come_and_go(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    draft = factories.NoticePageFactory(parent=campaign)
    fresh = release(letter, clerk, facts)
    fresh.move(draft, pos="right")
    assert public(letter)
    NoticePage.objects.get(pk=draft.pk).unpublish()
    NoticePage.objects.get(pk=draft.pk).delete()
    campaign = CampaignPage.objects.get(pk=campaign.pk)
    campaign.title = "Tên mới của đợt"
    campaign.save_revision().publish()
    assert CampaignPage.objects.get(pk=campaign.pk).title == "Tên mới của đợt"


# Later letters


@pytest.mark.parametrize("state", ["corrected", "amended", "replaced", "recalled"])
def test_a_later_letter_and_the_earlier_one_point_at_each_other(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts, state: str
) -> None:
    release(letter, clerk, facts)
    later = factories.NoticePageFactory(parent=campaign, agency="Sở Nội vụ")
    effect = Effect(ReleaseState(state), letter)
    new = replace(facts, number="12", issued_on=date(2024, 4, 2), effect=effect)
    release(later, clerk, new)
    row = current_release(letter)
    assert row is not None and (row.state, row.by_letter) == (state, later)
    assert later.get_url() in public(letter)
    assert letter.get_url() in public(later)
    assert "Số: 05/SNV-TĐKT" in public(letter)
    assert f"letterstatus--{state}" in public(letter)


def test_the_letter_in_force_is_the_newest_that_is_neither_replaced_nor_recalled(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    assert letter_in_force(campaign) is None
    release(letter, clerk, facts)
    assert letter_in_force(campaign) == letter
    second = factories.NoticePageFactory(parent=campaign)
    replaced = Effect(ReleaseState.REPLACED, letter)
    release(second, clerk, replace(facts, number="6", issued_on=date(2024, 3, 9), effect=replaced))
    assert letter_in_force(campaign) == second
    third = factories.NoticePageFactory(parent=campaign)
    recalled = Effect(ReleaseState.RECALLED, second)
    release(third, clerk, replace(facts, number="7", issued_on=date(2024, 3, 8), effect=recalled))
    assert letter_in_force(campaign) == third


def test_only_a_released_letter_of_the_same_campaign_is_corrected(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts
) -> None:
    draft = factories.NoticePageFactory(parent=campaign)
    elsewhere = factories.NoticePageFactory(
        parent=factories.CampaignPageFactory(parent=campaign.get_parent())
    )
    release(elsewhere, clerk, facts)
    for target in (draft, elsewhere, letter):
        wrong = replace(facts, effect=Effect(ReleaseState.REPLACED, target))
        reasons = record(letter, ReleaseState.RELEASED, by=clerk, facts=wrong)
        assert [reason.code for reason in reasons] == ["bad_effect"]
    assert not is_released(letter)


# The screen


def test_the_screen_lies_where_the_office_was_told(letter: NoticePage) -> None:
    assert screen(letter) == f"/admin/tuyen-truyen/cong-van/{letter.pk}/phat-hanh/"


def test_the_clerk_records_a_release_from_the_form(office: Client, letter: NoticePage) -> None:
    html = office.get(screen(letter)).content.decode()
    assert [value in html for value in ('value="released"', 'value="numbered"')] == [True, True]
    answer = press(office, letter, number="05", note="Theo hồ sơ công việc")
    assert answer["Location"] == screen(letter)
    row = NoticeRelease.objects.get()
    assert (row.number, row.symbol, row.issued_on, row.note) == (
        ("05", "SNV-TĐKT", ISSUED, "Theo hồ sơ công việc")
    )
    html = office.get(screen(letter)).content.decode()
    assert "Theo hồ sơ công việc" in html
    assert 'value="released"' not in html


def test_a_double_click_on_the_release_records_it_once(office: Client, letter: NoticePage) -> None:
    pdf = signed_pdf().pk
    for _click in range(2):
        assert press(office, letter, signed_pdf=pdf).status_code == 302
    assert NoticeRelease.objects.count() == 1
    assert NoticePage.objects.get(pk=letter.pk).revisions.count() == 1


def test_the_smaller_steps_are_recorded_too(office: Client, letter: NoticePage) -> None:
    assert press(office, letter, "signed", number="", issued_on="").status_code == 302
    assert press(office, letter, "numbered", signed_pdf="").status_code == 302
    assert [row.state for row in releases_of(letter)] == ["numbered", "signed"]
    assert 'value="5"' in office.get(screen(letter)).content.decode()
    assert press(office, letter, "replaced").status_code == 400


def test_what_is_missing_is_said_in_vietnamese_at_its_field(
    office: Client, letter: NoticePage
) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
    cases = {
        "number": {"number": ""},
        "symbol": {"symbol": ""},
        "issued_on": {"issued_on": tomorrow},
        "signed_pdf": {"signed_pdf": ""},
    }
    for name, typed in cases.items():
        answer = press(office, letter, **typed)
        errors = answer.context["form"].errors
        assert answer.status_code == 200
        assert list(errors) == [name]
    answer = press(office, letter, issued_on="2024/3/5")
    assert list(answer.context["form"].errors) == ["issued_on"]
    assert not NoticeRelease.objects.exists()


def test_a_number_already_taken_is_asked_about_once(
    office: Client, letter: NoticePage, campaign: CampaignPage
) -> None:
    press(office, letter)
    other = factories.NoticePageFactory(parent=campaign, agency="Sở Nội vụ")
    answer = press(office, other)
    assert answer.status_code == 200
    assert letter.title in answer.content.decode()
    assert not is_released(other)
    assert press(office, other, go_on="06/SNV-TĐKT/2024").status_code == 200
    assert press(office, other, go_on="05/SNV-TĐKT/2024").status_code == 302
    assert is_released(other)


def test_the_clerk_chooses_the_letter_that_is_replaced(
    office: Client, letter: NoticePage, campaign: CampaignPage
) -> None:
    assert 'name="effect"' not in office.get(screen(letter)).content.decode()
    press(office, letter)
    later = factories.NoticePageFactory(parent=campaign)
    assert "Công văn số 05/SNV-TĐKT ngày 05/3/2024" in office.get(screen(later)).content.decode()
    answer = press(office, later, number="9", effect="replaced")
    assert list(answer.context["form"].errors) == ["earlier"]
    press(office, later, number="9", effect="replaced", earlier=letter.pk)
    assert letter_in_force(campaign) == later
    row = current_release(letter)
    assert row is not None and row.by_letter == later


# What a letter does to an earlier one, said afterwards


def test_an_effect_that_was_forgotten_is_recorded_afterwards_and_a_wrong_one_put_right(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    earlier = release(letter, clerk, facts)
    later = factories.NoticePageFactory(parent=campaign, title="Công văn sau")
    later = release(later, clerk, replace(facts, number="6"))

    def say(state: ReleaseState, note: str = "quên ghi") -> list[str]:
        reasons = record_effect(later, Effect(state, earlier), by=clerk, note=note)
        return [reason.code for reason in reasons]

    assert say(ReleaseState.REPLACED, note=" ") == ["no_note"]
    assert say(ReleaseState.REPLACED) == []
    assert standing_now(earlier).state is ReleaseState.REPLACED
    assert say(ReleaseState.REPLACED) == ["nothing_new"]
    assert say(ReleaseState.CORRECTED, note="chọn nhầm") == []
    assert standing_now(earlier).in_force
    page = public(earlier)
    assert "Được đính chính bởi" in page
    assert "Được thay thế bởi" not in page
    assert say(ReleaseState.RELEASED, note="không liên quan") == []
    assert standing_now(earlier).state is ReleaseState.RELEASED
    assert "Được đính chính bởi" not in public(earlier)
    assert "Số: 05/SNV-TĐKT" in public(earlier)


def test_a_letter_replaced_by_one_stays_replaced_when_another_corrects_it_anew(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    earlier = release(letter, clerk, facts)
    for number, state in (("6", ReleaseState.AMENDED), ("7", ReleaseState.REPLACED)):
        later = factories.NoticePageFactory(parent=campaign, title=f"Công văn {number}")
        release(later, clerk, replace(facts, number=number, effect=Effect(state, earlier)))
    amending = NoticePage.objects.get(title="Công văn 6")
    effect = Effect(ReleaseState.CORRECTED, earlier)
    assert record_effect(amending, effect, by=clerk, note="chọn nhầm") == []
    assert standing_now(earlier).state is ReleaseState.REPLACED


def test_an_effect_is_recorded_afterwards_on_the_screen(
    campaign: CampaignPage, office: Client, clerk: User, letter: NoticePage, facts: ReleaseFacts
) -> None:
    earlier = release(letter, clerk, facts)
    later = factories.NoticePageFactory(parent=campaign, title="Công văn sau")
    later = release(later, clerk, replace(facts, number="6"))
    assert 'value="effect"' in office.get(screen(later)).content.decode()
    typed = {"state": "effect", "effect-effect": "replaced", "effect-earlier": earlier.pk}
    silent = office.post(screen(later), typed)
    assert "Hãy nêu lý do" in silent.content.decode()
    assert office.post(screen(later), {**typed, "effect-note": "quên"}).status_code == 302
    assert standing_now(earlier).state is ReleaseState.REPLACED


def test_only_released_letters_have_effects_and_only_clerks_record_them(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    earlier = release(letter, clerk, facts)
    draft = factories.NoticePageFactory(parent=campaign, title="Dự thảo")
    effect = Effect(ReleaseState.REPLACED, earlier)
    reasons = record_effect(draft, effect, by=clerk, note="?")
    assert [reason.code for reason in reasons] == ["not_next"]
    with pytest.raises(PermissionDenied):
        record_effect(earlier, effect, by=staff("bien-tap", campaign), note="?")


# The signed PDF


def test_the_signed_version_of_a_released_letter_is_not_replaced_in_the_library(
    admin_client: Client, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    pdf = facts.signed_pdf
    assert pdf is not None

    def upload() -> str:
        another = ContentFile(b"%PDF-1.4 another\n%%EOF", name="khac.pdf")
        data = {"title": pdf.title, "file": another, "collection": pdf.collection_id, "tags": ""}
        return str(admin_client.post(edit, data).content.decode())

    edit = reverse("wagtaildocs:edit", args=[pdf.pk])
    upload()
    pdf.refresh_from_db()
    assert pdf.filename == "khac.pdf"  # until the release it is a document like any other
    release(letter, clerk, facts)
    assert "đã ký số của một công văn đã phát hành" in upload()
    pdf.refresh_from_db()
    assert pdf.filename == "khac.pdf"
    renamed = {"title": "Bản ký", "collection": pdf.collection_id, "tags": ""}
    assert admin_client.post(edit, renamed).status_code == 302


# A clerk's mistake


def mistyped(letter: NoticePage, clerk: User, facts: ReleaseFacts) -> NoticePage:
    """The letter, released with 50 instead of 05."""
    return release(letter, clerk, replace(facts, number="50"))


def test_what_was_mistyped_is_recorded_once_more_and_the_letter_stays_as_it_is(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    released = mistyped(letter, clerk, facts)
    assert "Số: 50/SNV-TĐKT" in public(released)
    reasons = mend_record(released, by=clerk, facts=replace(facts, note="gõ nhầm 50"))
    assert reasons == []
    mended = NoticePage.objects.get(pk=letter.pk)
    assert (mended.number, mended.url_path) == ("5", released.url_path)
    page = public(mended)
    assert "Số: 05/SNV-TĐKT" in page
    assert "50/SNV-TĐKT" not in page
    assert "Lời văn được ký." in page
    assert [(row.number, row.note) for row in releases_of(mended)] == [
        ("5", "gõ nhầm 50"),
        ("50", ""),
    ]
    assert is_released(mended)


def test_a_mended_record_says_why_and_something_new(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    draft = mend_record(letter, by=clerk, facts=replace(facts, note="?"))
    assert [reason.code for reason in draft] == ["not_next"]
    released = release(letter, clerk, facts)
    silent = mend_record(released, by=clerk, facts=replace(facts, number="6"))
    assert [reason.code for reason in silent] == ["no_note"]
    same = mend_record(released, by=clerk, facts=replace(facts, note="không đổi gì"))
    assert [reason.code for reason in same] == ["nothing_new"]
    incomplete = mend_record(released, by=clerk, facts=ReleaseFacts("6", note="thiếu"))
    assert {reason.code for reason in incomplete} == {"no_symbol", "no_date", "no_pdf"}
    assert releases_of(released).count() == 1


def test_mending_the_record_of_a_replaced_letter_does_not_bring_it_back_into_force(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    released = mistyped(letter, clerk, facts)
    later = factories.NoticePageFactory(parent=campaign, title="Công văn thay thế")
    effect = Effect(ReleaseState.REPLACED, released)
    release(later, clerk, replace(facts, number="6", effect=effect))
    assert mend_record(released, by=clerk, facts=replace(facts, note="gõ nhầm")) == []
    assert standing_now(released).state is ReleaseState.REPLACED
    assert letter_in_force(campaign) == later
    assert next_steps(standing_now(released).state) == ()


def test_two_clerks_who_mend_the_same_record_do_not_undo_each_other(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    released = mistyped(letter, clerk, facts)
    seen = releases_of(released)[0].pk
    first = replace(facts, note="gõ nhầm số")
    assert mend_record(released, by=clerk, facts=first, seen=seen) == []
    second = replace(facts, number="50", issued_on=date(2024, 3, 6), note="gõ nhầm ngày")
    reasons = mend_record(released, by=clerk, facts=second, seen=seen)
    assert [reason.code for reason in reasons] == ["overtaken"]
    assert "Số: 05/SNV-TĐKT" in public(released)


def test_mending_the_older_of_two_letters_of_a_day_does_not_make_it_the_newest(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    older = mistyped(letter, clerk, facts)
    newer = factories.NoticePageFactory(parent=campaign, title="Công văn cùng ngày")
    release(newer, clerk, replace(facts, number="6"))
    assert letter_in_force(campaign) == newer
    assert mend_record(older, by=clerk, facts=replace(facts, note="gõ nhầm")) == []
    assert letter_in_force(campaign) == newer


def test_who_may_not_record_mends_nothing(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    released = mistyped(letter, clerk, facts)
    editor = staff("bien-tap", campaign)
    with pytest.raises(PermissionDenied):
        mend_record(released, by=editor, facts=replace(facts, note="tôi sửa"))
    assert releases_of(released).count() == 1


def test_the_clerk_mends_the_record_on_the_screen_and_twice_pressed_is_once(
    office: Client, clerk: User, letter: NoticePage, facts: ReleaseFacts
) -> None:
    released = mistyped(letter, clerk, facts)
    assert "Nếu ghi nhận bị gõ nhầm" in office.get(screen(released)).content.decode()
    typed = {"signed_pdf": released.signed_pdf_id, "seen": releases_of(released)[0].pk}
    silent = press(office, released, "mending", **typed)
    assert "Hãy nêu phần bị gõ nhầm" in silent.content.decode()
    for _click in range(2):
        answer = press(office, released, "mending", note="gõ nhầm 50", **typed)
        assert answer.status_code == 302
    assert releases_of(released).count() == 2
    shown = office.get(screen(released)).content.decode()
    assert "ghi nhận lại" in shown
    assert "gõ nhầm 50" in shown


def test_a_mended_number_that_another_letter_has_is_asked_about(
    campaign: CampaignPage, office: Client, clerk: User, letter: NoticePage, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    other = factories.NoticePageFactory(parent=campaign, title="Khác", agency="Sở Nội vụ")
    other = mistyped(other, clerk, facts)
    seen = releases_of(other)[0].pk
    typed = {"signed_pdf": other.signed_pdf_id, "note": "gõ nhầm", "seen": seen}
    assert "go_on" in press(office, other, "mending", **typed).content.decode()
    assert releases_of(other).count() == 1
    assert press(office, other, "mending", go_on="05/SNV-TĐKT/2024", **typed).status_code == 302
    assert releases_of(other).count() == 2


def test_who_may_not_record_finds_neither_button_nor_screen(
    client: Client, letter: NoticePage, campaign: CampaignPage, office: Client
) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[letter.pk])
    explore = reverse("wagtailadmin_explore", args=[campaign.pk])
    for page in (edit, explore):
        assert screen(letter) in office.get(page).content.decode()
    editor = Client()
    editor.force_login(staff("bientap", campaign))
    for page in (edit, explore):
        assert screen(letter) not in editor.get(page).content.decode()
    asked = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    assert editor.get(screen(letter), **asked).status_code == 403
    assert editor.post(screen(letter), {"state": "released"}, **asked).status_code == 403
    assert not NoticeRelease.objects.exists()


def test_recording_without_a_csrf_token_is_refused(letter: NoticePage, clerk: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)
    assert browser.post(screen(letter), {"state": "released"}).status_code == 403


def test_the_editor_locks_a_released_letter_for_everyone_and_says_what_to_do(
    letter: NoticePage, clerk: User, facts: ReleaseFacts, client: Client
) -> None:
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    edit = reverse("wagtailadmin_pages:edit", args=[letter.pk])
    open_since_morning = {**edit_form(client, edit), **NO_TEXTS}
    release(letter, clerk, facts)
    answer = client.get(edit)
    assert answer.context["locked_for_user"]
    lock = NoticePage.objects.get(pk=letter.pk).get_lock()
    assert lock is not None
    assert lock.get_message(clerk) in answer.content.decode()
    before = public(letter)
    changed = {**open_since_morning, "title": "Sửa", "action-publish": "1"}
    assert client.post(edit, changed).status_code == 200
    unchanged(letter, before)


@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_the_admin_says_why_a_campaign_with_a_released_letter_stays(
    letter: NoticePage,
    campaign: CampaignPage,
    clerk: User,
    facts: ReleaseFacts,
    client: Client,
    act: str,
) -> None:
    release(letter, clerk, facts)
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    for url in (
        reverse(f"wagtailadmin_pages:{act}", args=[campaign.pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", act]) + f"?id={campaign.pk}",
    ):
        answer = client.post(url, {"include_descendants": "on"}, follow=True)
        said = [str(message) for message in answer.context["messages"]]
        assert any(letter.title in message for message in said), url
    assert CampaignPage.objects.get(pk=campaign.pk).live
    assert NoticePage.objects.get(pk=letter.pk).live


def test_the_admin_offers_neither_deleting_nor_moving_of_a_released_letter(
    letter: NoticePage, campaign: CampaignPage, clerk: User, facts: ReleaseFacts, client: Client
) -> None:
    boss = factories.UserFactory(is_superuser=True, is_staff=True)
    client.force_login(boss)
    may = letter.permissions_for_user(boss)
    assert may.can_delete() and may.can_move() and may.can_unpublish()
    fresh = release(letter, clerk, facts)
    may = fresh.permissions_for_user(boss)
    assert not (may.can_delete() or may.can_move() or may.can_unpublish())
    assert may.can_copy()
    for act in ("delete", "unpublish"):
        client.post(reverse(f"wagtailadmin_pages:{act}", args=[letter.pk]))
    assert NoticePage.objects.get(pk=letter.pk).live


def test_nothing_but_the_release_module_writes_release_rows() -> None:
    root = Path(__file__).resolve().parents[2]
    written = [
        str(path.relative_to(root))
        for app in ("core", "analytics", "exhibitions", "campaigns", "home", "config")
        for path in (root / app).rglob("*.py")
        if "NoticeRelease.objects.create" in path.read_text()
        or "NoticeRelease(" in (path.read_text().replace("class NoticeRelease(", ""))
    ]
    assert written == ["campaigns/release.py"]


def test_what_is_printed_of_a_released_letter_costs_the_same_for_one_recipient_and_for_six(
    campaign: CampaignPage, letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    def queries_of(recipients: int) -> int:
        notice = factories.NoticePageFactory(parent=campaign, title=f"Gửi {recipients} nơi")
        for number in range(recipients):
            recipient = NoticeRecipient(text=f"Nơi nhận {number}")
            recipient.organisations = [factories.OrganisationFactory()]
            notice.recipients.add(recipient)
        notice.save()
        released = release(notice, clerk, replace(facts, number=str(10 + recipients)))
        public(released)
        with CaptureQueriesContext(connection) as queries:
            assert "Nơi nhận 0" in public(released)
        kept = released.recipients.first()
        assert kept is not None
        assert kept.organisations.count() == 1  # frozen with the letter, though not printed
        return len(queries)

    assert queries_of(1) == queries_of(6)


def test_a_record_is_written_once_whatever_number_is_given_to_it(
    letter: NoticePage, clerk: User, facts: ReleaseFacts
) -> None:
    release(letter, clerk, facts)
    row = NoticeRelease.objects.get()
    forged = NoticeRelease(pk=row.pk, notice=letter, state="released", number="99")
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert NoticeRelease.objects.get().number == "5"
