"""An exhibition is approved as a whole: exactly what was submitted, whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction, CopyPagePermissionError
from wagtail.actions.create_alias import CreatePageAliasAction, CreatePageAliasPermissionError
from wagtail.actions.publish_page_revision import (
    PublishPagePermissionError,
    PublishPageRevisionAction,
)
from wagtail.models import Page

from core.models import User
from exhibitions import approval
from exhibitions.admin.approval import submitted_rows
from exhibitions.approval import (
    Paper,
    approve,
    corrections,
    finish_publication,
    give_back,
    progress_of,
    publish_submission,
    resume_publications,
    standing,
    submission_gate,
    submit,
    submit_correction,
    take_back,
    tell_where_it_stands,
)
from exhibitions.models import (
    AccessLevel,
    ApprovalState,
    ApprovalStep,
    ExhibitionIndexPage,
    ItemPage,
    OpeningState,
    PartPage,
    Secrecy,
    Submission,
    SubmittedPage,
)
from exhibitions.readiness import Weight, readiness_of
from exhibitions.visibility import exhibition_is_readable, public_items
from tests import factories
from tests.exhibitions.desk import FIRST_CONTENT, Desk, make_desk, make_steps
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db


def codes(reasons: list[Any]) -> list[str]:
    return [reason.code for reason in reasons]


def status(page: Page) -> int:
    return Client().get(Page.objects.get(pk=page.pk).specific.get_url()).status_code


def published(desk: Desk) -> None:
    """Approved at every step, and published."""
    publish_submission.call(desk.approve_all().pk)


# Submitting


def test_submitting_keeps_every_version_and_locks_every_page_for_everyone(desk: Desk) -> None:
    submission = desk.submit()
    assert standing(desk.fresh()).state is ApprovalState.IN_REVIEW
    assert [row.page_id for row in submission.pages.all()] == [
        page.pk for page in Page.objects.filter(path__startswith=desk.exhibition.path)
    ]
    administrator = factories.UserFactory(is_superuser=True)
    for page in (desk.exhibition, *desk.parts, *desk.items):
        fresh = Page.objects.get(pk=page.pk).specific
        for user in (desk.editor, administrator):
            may = fresh.permissions_for_user(user)
            assert may.page_locked()
            assert not (may.can_delete() or may.can_move() or may.can_unlock())
            assert not (may.can_add_subpage() or may.can_reorder_children() or may.can_publish())
        assert "đang được duyệt" in fresh.get_lock().get_message(desk.editor)


def test_what_is_not_ready_is_not_submitted_and_the_reasons_name_it(desk: Desk) -> None:
    first, second, third, fourth = desk.items
    for item, fields in (
        (first, {"source_person": ""}),
        (second, {"original_secrecy": Secrecy.SECRET}),
        (third, {"reference": ""}),
        (fourth, {"expire_at": timezone.now() + timedelta(days=1)}),
    ):
        draft = ItemPage.objects.get(pk=item.pk)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save_revision()
    reasons = submission_gate(desk.fresh())
    assert codes(reasons) == ["not_ready"]
    assert first.title in reasons[0].text
    blocking = [codes(list(each.of(Weight.BLOCKS))) for each in readiness_of(desk.fresh()).blocking]
    assert blocking == [["no_source"], ["secrecy_unsettled"], ["no_reference"], ["scheduled"]]
    assert codes(submit(desk.fresh(), by=desk.editor)) == ["not_ready"]
    assert not SubmittedPage.objects.exists()


def test_what_is_advised_or_only_hides_an_item_does_not_stop_the_exhibition(desk: Desk) -> None:
    draft = ItemPage.objects.get(pk=desk.items[0].pk)
    draft.access_level = AccessLevel.CONDITIONAL
    draft.save_revision()
    factories.ItemPageFactory(parent=desk.parts[0], live=False, reference="LS-9")
    ready = readiness_of(desk.fresh())
    assert ready.count(Weight.HIDES) == 2
    assert ready.count(Weight.ADVISED) == 5
    assert submit(desk.fresh(), by=desk.editor) == []


def test_readiness_costs_the_same_for_four_items_and_for_forty(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            readiness_of(desk.fresh())
        return len(captured)

    few = queries()
    for number in range(36):
        item = factories.ItemPageFactory(
            parent=desk.parts[0], live=False, reference=f"LS-1{number:02}"
        )
        item.save_revision()
    assert queries() == few


def test_an_exhibition_is_submitted_once_and_by_those_who_may(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        submit(desk.fresh(), by=factories.UserFactory())
    desk.submit()
    assert "under_approval" in codes(submit(desk.fresh(), by=desk.editor))


def test_without_steps_nothing_is_submitted_and_the_right_to_publish_decides(
    exhibition_index: ExhibitionIndexPage,
) -> None:
    desk = make_desk(exhibition_index)
    assert codes(submit(desk.fresh(), by=desk.editor)) == ["no_steps"]
    assert desk.fresh().permissions_for_user(desk.editor).can_publish()


def test_an_open_exhibition_is_corrected_page_by_page_not_submitted_again(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    assert codes(submit(desk.fresh(), by=desk.editor)) == ["already_open"]


# Deciding


def test_each_step_is_decided_by_its_own_group_in_order(desk: Desk) -> None:
    submission = desk.submit()
    first, second = desk.leaders
    for wrong in (second, desk.editor, factories.UserFactory(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            approve(submission, by=wrong, seen=0)
    assert approve(submission, by=first, seen=0) == []
    where = standing(desk.fresh())
    assert (where.state, where.step_name) == (ApprovalState.IN_REVIEW, "Giám đốc Trung tâm")
    with pytest.raises(PermissionDenied):
        approve(submission, by=first, seen=1)
    assert approve(submission, by=second, seen=1) == []
    assert standing(desk.fresh()).state is ApprovalState.PUBLISHING


def test_of_two_leaders_who_decide_at_once_the_second_is_told(desk: Desk) -> None:
    submission = desk.submit()
    assert approve(submission, by=desk.leaders[0], seen=0) == []
    assert codes(approve(submission, by=desk.leaders[0], seen=0)) == ["overtaken"]
    late = give_back(submission, by=desk.leaders[0], note="Thiếu nguồn", seen=0)
    assert codes(late) == ["overtaken"]
    assert standing(desk.fresh()).step == 1


def test_what_is_returned_carries_its_reason_and_can_be_changed_and_submitted_again(
    desk: Desk,
) -> None:
    submission = desk.submit()
    leader = desk.leaders[0]
    assert codes(give_back(submission, by=leader, note="  ", seen=0)) == ["no_note"]
    assert give_back(submission, by=leader, note="Tài liệu 2 sai ngày", seen=0) == []
    where = standing(desk.fresh())
    assert (where.state, where.reason) == (ApprovalState.RETURNED, "Tài liệu 2 sai ngày")
    assert not Page.objects.filter(path__startswith=desk.exhibition.path, locked=True).exists()
    desk.edit(desk.items[1], "Đã sửa ngày")
    again = desk.submit()
    assert again.pk != submission.pk
    assert standing(desk.fresh()).step == 0


def test_the_editor_takes_a_submission_back_until_it_is_approved(desk: Desk) -> None:
    submission = desk.submit()
    with pytest.raises(PermissionDenied):
        take_back(submission, by=desk.leaders[0])
    assert take_back(submission, by=desk.editor, note="Còn thiếu") == []
    assert standing(desk.fresh()).state is ApprovalState.WITHDRAWN
    approved = desk.approve_all()
    assert codes(take_back(approved, by=desk.editor)) == ["overtaken"]


def test_a_leaders_decision_on_paper_is_recorded_by_who_is_authorised(desk: Desk) -> None:
    submission = desk.submit()
    clerk = factories.UserFactory(username="nguoi-ghi")
    paper = Paper("Giám đốc Nguyễn Văn A (mẫu)", "15/QĐ-SNV", date(2026, 11, 20))
    with pytest.raises(PermissionDenied):
        approve(submission, by=clerk, paper=paper, seen=0)
    authorised = factories.UserFactory(is_superuser=True)
    incomplete = Paper(decided_on=timezone.localdate() + timedelta(days=1))
    assert codes(approve(submission, by=authorised, paper=incomplete, seen=0)) == [
        "no_leader",
        "future_date",
    ]
    assert approve(submission, by=authorised, paper=paper, seen=0) == []
    (decision,) = standing(desk.fresh()).decisions
    assert (decision.leader, decision.decision_number, decision.by) == (
        paper.leader,
        "15/QĐ-SNV",
        authorised,
    )


def test_what_is_under_approval_keeps_the_steps_it_began_with(desk: Desk) -> None:
    submission = desk.submit()
    ApprovalStep.objects.all().delete()
    make_steps("Bước mới")
    assert approve(submission, by=desk.leaders[0], seen=0) == []
    assert standing(desk.fresh()).step_name == "Giám đốc Trung tâm"


# Publishing


def test_after_the_last_step_exactly_what_was_submitted_is_published(desk: Desk) -> None:
    submission = desk.approve_all()
    # A script saves a newer draft although the page is locked: it was not reviewed.
    desk.edit(desk.items[0], "Bản chưa ai duyệt")
    publish_submission.call(submission.pk)
    assert standing(desk.fresh()).state is ApprovalState.PUBLISHED
    assert {item.caption for item in public_items()} == {FIRST_CONTENT}
    assert [item.pk for item in public_items()] == [item.pk for item in desk.items]
    assert status(desk.items[0]) == 200
    assert not Page.objects.filter(path__startswith=desk.exhibition.path, locked=True).exists()


def test_half_a_publication_shows_nothing_and_goes_on_where_it_was_killed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Published once, and announced: the hour has come while the new version is on its way.
    publish_submission.call(desk.approve_all().pk)
    factories.open_by_hand(desk.exhibition, state=OpeningState.ANNOUNCED)
    for item in desk.items:
        desk.edit(item, "Bản hai")
    submission = desk.approve_all()
    factories.open_by_hand(desk.exhibition)
    monkeypatch.setattr(approval, "AT_ONCE", 1)
    published: list[int] = []
    publish = approval._publish

    def killed_at_the_third(rows: list[SubmittedPage]) -> None:
        if len(published) == 3:
            raise KeyboardInterrupt
        publish(rows)
        published.append(rows[0].pk)

    monkeypatch.setattr(approval, "_publish", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        publish_submission.call(submission.pk)
    assert 0 < progress_of(submission).published < progress_of(submission).total
    assert not exhibition_is_readable(desk.fresh())
    assert not public_items().exists()
    assert [status(item) for item in desk.items] == [404] * 4
    monkeypatch.setattr(approval, "_publish", publish)
    resume_publications()
    assert standing(desk.fresh()).state is ApprovalState.PUBLISHED
    assert {item.caption for item in public_items()} == {"Bản hai"}
    assert [status(item) for item in desk.items] == [200] * 4
    resume_publications()
    assert len(standing(desk.fresh()).decisions) == 3


def test_a_publication_that_was_killed_does_not_even_show_the_cover(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = desk.approve_all()
    monkeypatch.setattr(approval, "AT_ONCE", 1)
    publish = approval._publish

    published: list[int] = []

    def killed_at_the_second(rows: list[SubmittedPage]) -> None:
        if published:
            raise KeyboardInterrupt
        publish(rows)
        published.append(rows[0].pk)

    monkeypatch.setattr(approval, "_publish", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        publish_submission.call(submission.pk)
    assert progress_of(submission).published == 1
    assert not desk.fresh().live
    assert status(desk.exhibition) == 404


def test_publishing_twice_or_a_returned_submission_publishes_nothing_more(desk: Desk) -> None:
    returned = desk.submit()
    give_back(returned, by=desk.leaders[0], note="Chưa được", seen=0)
    publish_submission.call(returned.pk)
    assert not desk.fresh().live
    submission = desk.approve_all()
    publish_submission.call(submission.pk)
    desk.edit(desk.items[0], "Mới")
    publish_submission.call(submission.pk)
    assert {item.caption for item in public_items()} == {FIRST_CONTENT}


# Mail


class TestMail:
    @pytest.fixture(autouse=True)
    def addresses(self, desk: Desk) -> None:
        for user, name in zip((desk.editor, *desk.leaders), ("bt", "tp", "gd"), strict=True):
            user.email = f"{name}@langson.gov.vn"
            user.save()

    def told(self, mailoutbox: list[EmailMessage]) -> list[tuple[list[str], str]]:
        return [(mail.to, mail.subject.partition(":")[0]) for mail in mailoutbox]

    def test_whom_it_waits_for_is_told_and_at_last_who_submitted_it(
        self,
        desk: Desk,
        mailoutbox: list[EmailMessage],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            submission = desk.submit()
        for number, leader in enumerate(desk.leaders):
            with django_capture_on_commit_callbacks(execute=True):
                assert approve(submission, by=leader, seen=number) == []
        assert self.told(mailoutbox) == [
            (["tp@langson.gov.vn"], "Chờ ý kiến phê duyệt"),
            (["gd@langson.gov.vn"], "Chờ ý kiến phê duyệt"),
            (["bt@langson.gov.vn"], "Đã duyệt và công bố"),
        ]
        assert "/admin/trien-lam/ho-so/" in mailoutbox[0].body
        assert "\n" not in mailoutbox[0].subject

    def test_who_submitted_it_is_told_why_it_was_returned(
        self,
        desk: Desk,
        mailoutbox: list[EmailMessage],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        submission = desk.submit()
        with django_capture_on_commit_callbacks(execute=True):
            give_back(submission, by=desk.leaders[0], note="Tài liệu 2 sai ngày", seen=0)
        assert mailoutbox[-1].to == ["bt@langson.gov.vn"]
        assert "Tài liệu 2 sai ngày" in mailoutbox[-1].body

    def test_nobody_without_an_address_and_nobody_who_left_is_written_to(
        self,
        desk: Desk,
        mailoutbox: list[EmailMessage],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        first, second = desk.leaders
        User.objects.filter(pk=first.pk).update(email="")
        second.is_active = False
        second.save()
        with django_capture_on_commit_callbacks(execute=True):
            desk.submit()
        assert mailoutbox == []

    def test_a_mail_server_that_is_down_stops_no_decision(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        settings.TASKS = {
            **settings.TASKS,
            "jobs": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
        }

        def down(*_args: Any, **_options: Any) -> None:
            raise OSError("connection refused")

        monkeypatch.setattr(approval, "send_mail", down)
        submission = desk.submit()
        assert standing(desk.fresh()).state is ApprovalState.IN_REVIEW
        with pytest.raises(OSError, match="refused"):
            tell_where_it_stands.call(submission.pk)
        assert approve(submission, by=desk.leaders[0], seen=0) == []
        assert standing(desk.fresh()).step == 1


# Ways around


@pytest.fixture
def publisher(desk: Desk) -> User:
    """Somebody with every right there is."""
    return factories.UserFactory(is_superuser=True)


def test_nobody_publishes_copies_or_aliases_a_page_past_approval(
    desk: Desk, publisher: User
) -> None:
    item = ItemPage.objects.get(pk=desk.items[0].pk)
    part = desk.parts[1]
    with pytest.raises(PublishPagePermissionError):
        PublishPageRevisionAction(item.get_latest_revision(), user=publisher).execute()
    publish_submission.call(desk.approve_all().pk)
    item.refresh_from_db()
    with pytest.raises(CopyPagePermissionError):
        CopyPageAction(
            item, to=part, keep_live=True, update_attrs={"slug": "ban-sao"}, user=publisher
        ).execute()
    with pytest.raises(CreatePageAliasPermissionError):
        CreatePageAliasAction(item, parent=part, update_slug="alias", user=publisher).execute()
    copied = item.copy(
        to=part, keep_live=False, update_attrs={"slug": "ban-nhap", "reference": "LS-99"}
    )
    assert not copied.live


def test_a_copy_of_what_is_under_approval_is_not_locked(desk: Desk) -> None:
    desk.submit()
    item = ItemPage.objects.get(pk=desk.items[0].pk)
    other = make_other(desk)
    copied = item.copy(to=other.parts[0], keep_live=False, update_attrs={"slug": "ban-sao"})
    assert copied.get_lock() is None


def make_other(desk: Desk) -> Desk:
    index = ExhibitionIndexPage.objects.get()
    exhibition = factories.ExhibitionPageFactory(parent=index, live=False)
    part = factories.PartPageFactory(parent=exhibition, live=False)
    return Desk(exhibition, [part], [], desk.editor)


def test_nothing_moves_into_or_out_of_what_is_under_approval(desk: Desk, publisher: User) -> None:
    other = make_other(desk)
    loose = factories.ItemPageFactory(parent=other.parts[0], live=False)
    assert loose.permissions_for_user(publisher).can_move_to(desk.parts[0])
    desk.submit()
    part = Page.objects.get(pk=desk.parts[0].pk)
    assert not loose.permissions_for_user(publisher).can_move_to(part)
    assert not part.specific.permissions_for_user(publisher).can_move_to(other.exhibition)


def test_what_is_public_does_not_move_to_where_nobody_approved_it(
    desk: Desk, publisher: User
) -> None:
    publish_submission.call(desk.approve_all().pk)
    item = ItemPage.objects.get(pk=desk.items[0].pk)
    other = make_other(desk)
    assert not item.permissions_for_user(publisher).can_move_to(other.parts[0])


# Corrections


def test_a_changed_page_of_an_open_exhibition_is_approved_alone(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor, note="Sửa chú thích") == []
    assert item.permissions_for_user(desk.editor).page.caption == FIRST_CONTENT
    (where,) = corrections(desk.fresh())
    assert where.submission is not None
    assert Page.objects.get(pk=item.pk).locked
    assert not Page.objects.get(pk=desk.items[1].pk).locked
    assert exhibition_is_readable(desk.fresh())
    for number, leader in enumerate(desk.leaders):
        assert approve(where.submission, by=leader, seen=number) == []
    assert exhibition_is_readable(desk.fresh()), "a correction hides nothing"
    publish_submission.call(where.submission.pk)
    assert ItemPage.objects.get(pk=item.pk).caption == "Đã chỉnh"
    assert corrections(desk.fresh()) == []


def test_a_correction_needs_a_change_and_a_ready_item(desk: Desk) -> None:
    assert "not_published" in codes(submit_correction(desk.items[0], by=desk.editor))
    publish_submission.call(desk.approve_all().pk)
    untouched = ItemPage.objects.get(pk=desk.items[0].pk)
    assert codes(submit_correction(untouched, by=desk.editor)) == ["nothing_new"]
    draft = untouched.get_latest_revision_as_object()
    draft.source_person = ""
    draft.save_revision()
    changed = ItemPage.objects.get(pk=untouched.pk)
    assert "no_source" in codes(submit_correction(changed, by=desk.editor))
    with pytest.raises(PermissionDenied):
        submit_correction(changed, by=factories.UserFactory())


def test_deleting_a_page_that_went_through_approval_keeps_the_history(desk: Desk) -> None:
    submission = desk.submit()
    give_back(submission, by=desk.leaders[0], note="Bỏ tài liệu này", seen=0)
    gone = ItemPage.objects.get(pk=desk.items[0].pk)
    title = gone.title
    gone.delete()
    rows = submission.pages.filter(title=title)
    assert [(row.page_id, row.revision_id) for row in rows] == [(None, None)]
    assert [row.title for row in submitted_rows(submission)].count(title) == 1
    desk.exhibition.delete()
    assert Submission.objects.filter(pk=submission.pk).exists()


# What would let half an exhibition appear, or what nobody approved


@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
@pytest.mark.parametrize("which", ["exhibition", "part"])
def test_pages_with_hours_of_their_own_are_not_submitted(
    desk: Desk, which: str, field: str
) -> None:
    page = desk.exhibition if which == "exhibition" else desk.parts[0]
    draft = page.get_latest_revision_as_object()
    setattr(draft, field, timezone.now() + timedelta(days=3))
    draft.save_revision()
    (reason,) = submit(desk.fresh(), by=desk.editor)
    assert reason.code == "scheduled"
    assert page.title in reason.text


def test_a_correction_with_an_hour_of_its_own_is_not_submitted(desk: Desk) -> None:
    published(desk)
    draft = PartPage.objects.get(pk=desk.parts[0].pk).get_latest_revision_as_object()
    draft.expire_at = timezone.now() + timedelta(days=3)
    draft.save_revision()
    part = PartPage.objects.get(pk=desk.parts[0].pk)
    assert [reason.code for reason in submit_correction(part, by=desk.editor)] == ["scheduled"]


def test_what_is_under_approval_is_not_published_though_the_steps_are_gone(desk: Desk) -> None:
    desk.submit()
    ApprovalStep.objects.all().delete()
    mighty = factories.UserFactory(is_superuser=True)
    for page in (desk.fresh(), *desk.parts, *desk.items):
        fresh = type(page).objects.get(pk=page.pk)
        for person in (mighty, User.objects.get(pk=desk.editor.pk)):
            assert not fresh.permissions_for_user(person).can_publish()
            assert not fresh.permissions_for_user(person).can_publish_subpage()


def test_what_was_approved_is_taken_down_by_those_who_decide_what_opens(desk: Desk) -> None:
    published(desk)
    index = desk.exhibition.get_parent().specific
    decider = staff("giamdoc", index, "open_exhibition", on_pages=("change_page", "publish_page"))
    for page in (desk.parts[0], desk.items[0]):
        fresh = type(page).objects.get(pk=page.pk)
        assert not fresh.permissions_for_user(desk.editor).can_unpublish()
        assert fresh.permissions_for_user(decider).can_unpublish()


def test_versions_that_were_submitted_are_not_purged(desk: Desk) -> None:
    submission = desk.approve_all()
    for item in desk.items:
        ItemPage.objects.get(pk=item.pk).get_latest_revision_as_object().save_revision()
    call_command("purge_revisions", verbosity=0)
    assert not submission.pages.filter(revision=None).exists()
    publish_submission.call(submission.pk)
    assert standing(desk.fresh()).state is ApprovalState.PUBLISHED


def test_half_a_publication_is_not_recorded_as_whole(desk: Desk) -> None:
    submission = desk.approve_all()
    finish_publication(submission)
    assert standing(desk.fresh()).state is ApprovalState.PUBLISHING
