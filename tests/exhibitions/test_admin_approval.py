"""The screens of approval, as editors and leaders use them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from core.models import User
from exhibitions.approval import (
    NOTE_LIMIT,
    approve,
    give_back,
    publish_submission,
    standing,
    submit,
    submit_correction,
    take_back,
)
from exhibitions.models import (
    ApprovalState,
    ApprovalStep,
    ItemPage,
    OpeningState,
    Opinion,
    Secrecy,
    Submission,
)
from exhibitions.visibility import Reason
from tests import factories
from tests.exhibitions.desk import Desk, make_desk, make_steps
from tests.exhibitions.test_admin_clearance import staff

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    """A browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def leader_with_admin(desk: Desk, number: int) -> User:
    """A leader who may read the exhibition in the admin, and edit nothing else."""
    leader = desk.leaders[number]
    leader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return leader


def screen(desk: Desk) -> str:
    return reverse("exhibitions_admin:approval", args=[desk.exhibition.pk])


def page_of(submission: Submission) -> str:
    return reverse("exhibitions_admin:submission", args=[submission.pk])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_editor_sees_what_is_missing_with_a_way_to_each_field_and_submits(desk: Desk) -> None:
    editor = browser(desk.editor)
    draft = ItemPage.objects.get(pk=desk.items[0].pk)
    draft.original_secrecy = Secrecy.SECRET
    draft.save_revision()
    html = text_of(editor.get(screen(desk)))
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert f"{edit}#id_declassification" in html
    assert "Nhập quyết định giải mật." in html
    assert 'value="submit"' not in html
    draft.declassification = "Quyết định 12/QĐ (mẫu)"
    draft.save_revision()
    html = text_of(editor.get(screen(desk)))
    assert 'value="submit"' in html
    sent = {"action": "submit", "note": "Kịp kỷ niệm 11/6"}
    for _click in range(2):
        editor.post(screen(desk), sent)
    assert Submission.objects.count() == 1
    html = text_of(editor.get(screen(desk)))
    assert "Đang duyệt" in html
    assert "Trưởng phòng" in html
    assert 'value="take-back"' in html


def test_the_editor_finds_every_page_locked_with_the_reason(desk: Desk) -> None:
    desk.submit()
    edit = reverse("wagtailadmin_pages:edit", args=[desk.items[0].pk])
    html = text_of(browser(desk.editor).get(edit))
    assert "đang được duyệt" in html
    assert "action-publish" not in html


def test_a_leader_reads_all_of_it_on_one_page_and_approves(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    html = text_of(leader.get(page_of(submission)))
    for item in desk.items:
        assert item.title in html
    assert "Ý kiến của quý vị" in html
    answer = leader.post(page_of(submission), {"verdict": "dong-y", "seen": 0, "note": ""})
    assert answer.status_code == 302
    assert standing(desk.fresh()).step == 1
    late = leader.post(page_of(submission), {"verdict": "dong-y", "seen": 0, "note": ""})
    assert "Đã có người cho ý kiến trước" in text_of(late)
    assert standing(desk.fresh()).step == 1


def test_returning_without_a_reason_is_asked_for_at_its_field(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    answer = leader.post(page_of(submission), {"verdict": "tra-lai", "seen": 0, "note": " "})
    assert "Hãy nêu nội dung cần chỉnh sửa" in text_of(answer)
    leader.post(page_of(submission), {"verdict": "tra-lai", "seen": 0, "note": "Sai ngày"})
    assert standing(desk.fresh()).state is ApprovalState.RETURNED
    assert "Sai ngày" in text_of(browser(desk.editor).get(screen(desk)))


def test_a_decision_on_paper_is_recorded_with_who_decided_and_who_recorded(desk: Desk) -> None:
    submission = desk.submit()
    authorised = staff("uy-quyen", desk.exhibition, "record_approval")
    office = browser(authorised)
    typed = {
        "on_paper": "1",
        "verdict": "dong-y",
        "paper-seen": 0,
        "paper-leader": "Giám đốc (mẫu)",
        "paper-number": "15/QĐ-SNV",
        "paper-decided_on": "20/11/2026",
        "paper-note": "",
    }
    silent = office.post(page_of(submission), {**typed, "paper-leader": ""})
    assert "Hãy ghi người quyết định" in text_of(silent)
    assert office.post(page_of(submission), typed).status_code == 302
    html = text_of(office.get(page_of(submission)))
    for part in ("Giám đốc (mẫu)", "15/QĐ-SNV", f"{authorised} ghi nhận"):
        assert part in html


def test_a_correction_is_submitted_from_the_list_of_changed_pages(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    editor = browser(desk.editor)
    assert "Đã sửa sau khi công bố" in text_of(editor.get(screen(desk)))
    editor.post(screen(desk), {"action": "correct", "page": item.pk, "note": ""})
    html = text_of(editor.get(screen(desk)))
    assert "Chỉnh sửa đang chờ duyệt" in html
    assert "Đã sửa sau khi công bố" not in html


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"action": "publish"},
        {"action": "correct"},
        {"action": "correct", "page": "abc"},
        {"action": "correct", "page": "1"},
    ],
)
def test_nonsense_changes_nothing(desk: Desk, form: dict[str, str]) -> None:
    assert browser(desk.editor).post(screen(desk), form).status_code in (400, 404)
    assert not Submission.objects.exists()


def test_strangers_neither_see_nor_decide(desk: Desk) -> None:
    submission = desk.submit()
    stranger = browser(staff("nguoi-ngoai", factories.HomePageFactory(slug="khac")))
    for address in (screen(desk), page_of(submission)):
        assert stranger.get(address).status_code in (302, 403)
    stranger.post(page_of(submission), {"verdict": "dong-y", "seen": 0, "note": ""})
    stranger.post(screen(desk), {"action": "take-back"})
    assert Client().get(page_of(submission)).status_code == 302
    assert standing(desk.fresh()).decisions == ()


def test_the_second_leader_waits_for_the_first(desk: Desk) -> None:
    submission = desk.submit()
    second = browser(leader_with_admin(desk, 1))
    answer = second.post(page_of(submission), {"verdict": "dong-y", "seen": 0, "note": ""})
    assert answer.status_code in (302, 403)
    assert standing(desk.fresh()).decisions == ()


def test_the_page_costs_the_same_for_four_items_and_for_twenty(desk: Desk) -> None:
    def queries(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    editor = browser(desk.editor)
    few = queries(editor, screen(desk))
    few_submitted = queries(editor, page_of(desk.submit()))
    desk.exhibition.refresh_from_db()
    take_back(desk.submission(), by=desk.editor)
    for number in range(16):
        item = factories.ItemPageFactory(
            parent=desk.parts[0], live=False, reference=f"LS-3{number:02}"
        )
        item.save_revision()
    # One more submission and decision in the history.
    assert queries(editor, screen(desk)) <= few + 3
    assert queries(editor, page_of(desk.submit())) == few_submitted


def test_the_explorer_asks_once_whether_approval_is_in_force(desk: Desk) -> None:
    editor = browser(desk.editor)
    explorer = reverse("wagtailadmin_explore", args=[desk.parts[0].pk])

    def queries() -> int:
        editor.get(explorer)
        with CaptureQueriesContext(connection) as captured:
            editor.get(explorer)
        return len(captured)

    few = queries()
    for number in range(10):
        factories.ItemPageFactory(parent=desk.parts[0], live=False, reference=f"LS-5{number}")
    assert queries() == few


def test_the_steps_are_set_up_in_the_settings(admin_client: Client) -> None:
    make_steps("Trưởng phòng")
    html = text_of(admin_client.get(reverse("approval_steps:index")))
    assert "Trưởng phòng" in html
    assert "Bước phê duyệt" in html


def test_two_steps_cannot_have_one_place_in_the_order(admin_client: Client) -> None:
    make_steps("Trưởng phòng")
    group = Group.objects.get(name="Trưởng phòng")
    step = {"position": "1", "name": "Giám đốc Trung tâm", "group": str(group.pk)}
    html = text_of(admin_client.post(reverse("approval_steps:add"), step))
    assert "Đã có bước khác ở thứ tự này" in html
    assert ApprovalStep.objects.count() == 1


# The admin's first page


def first_page(user: User) -> str:
    return text_of(browser(user).get(reverse("wagtailadmin_home")))


def test_everybody_finds_what_waits_for_them_on_the_first_page(desk: Desk) -> None:
    first, second = leader_with_admin(desk, 0), leader_with_admin(desk, 1)
    assert "Chờ quý vị xử lý" not in first_page(first)
    submission = desk.submit()
    assert page_of(submission) in first_page(first)
    assert page_of(submission) not in first_page(second)
    give_back(submission, by=desk.leaders[0], note="Tài liệu 2 sai ngày", seen=0)
    assert page_of(submission) not in first_page(first)
    html = first_page(desk.editor)
    assert "Trả lại để chỉnh sửa" in html
    assert "Tài liệu 2 sai ngày" in html
    desk.submit()
    assert "Trả lại để chỉnh sửa" not in first_page(desk.editor)


def test_the_first_page_names_what_opens_next(desk: Desk) -> None:
    soon = factories.ExhibitionPageFactory(
        parent=desk.exhibition.get_parent(),
        title="Sắp tới",
        opens_at=timezone.now() + timedelta(days=3),
        live=False,
    )
    html = first_page(desk.editor)
    assert "Sắp tới" in html
    assert "chưa công bố" in html
    factories.open_by_hand(soon)
    assert "Sắp tới</a> –" not in first_page(desk.editor)


def test_the_first_page_costs_the_same_for_one_submission_and_for_five(desk: Desk) -> None:
    leader = browser(leader_with_admin(desk, 0))

    def queries() -> int:
        leader.get(reverse("wagtailadmin_home"))
        with CaptureQueriesContext(connection) as captured:
            leader.get(reverse("wagtailadmin_home"))
        return len(captured)

    desk.submit()
    few = queries()
    for number in range(4):
        other = make_desk(desk.exhibition.get_parent().specific, name=f"bientap{number}")
        other.submit()
    assert queries() == few


# What was typed is not lost


def colleague_of(desk: Desk, number: int) -> User:
    """Another member of the group that decides at a step."""
    colleague = factories.UserFactory(username=f"dong-nghiep-{number}")
    colleague.groups.set(desk.leaders[number].groups.all())
    colleague.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    return colleague


def test_who_was_overtaken_gets_back_what_was_typed_to_copy(desk: Desk) -> None:
    submission = desk.submit()
    approve(submission, by=desk.leaders[0], seen=0)
    typed = {"verdict": "tra-lai", "seen": 0, "note": "Tài liệu 3 <sai> nguồn"}
    html = text_of(browser(colleague_of(desk, 0)).post(page_of(submission), typed))
    assert "Ý kiến quý vị đã nhập chưa được ghi nhận" in html
    assert "Tài liệu 3 &lt;sai&gt; nguồn" in html
    assert standing(desk.fresh()).step == 1


def test_who_still_decides_finds_what_was_typed_in_the_form_for_the_step_as_it_is_now(
    desk: Desk,
) -> None:
    submission = desk.submit()
    both = colleague_of(desk, 0)
    both.groups.add(*desk.leaders[1].groups.all())
    approve(submission, by=desk.leaders[0], seen=0)
    client = browser(both)
    answer = client.post(
        page_of(submission), {"verdict": "tra-lai", "seen": 0, "note": "Sai nguồn"}
    )
    html = text_of(answer)
    assert "Sai nguồn</textarea>" in html
    assert "chưa được ghi nhận" not in html
    assert standing(desk.fresh()).state is ApprovalState.IN_REVIEW
    sent = {"verdict": "tra-lai", "seen": answer.context["form"]["seen"].value()}
    client.post(page_of(submission), {**sent, "note": "Sai nguồn"})
    assert standing(desk.fresh()).reason == "Sai nguồn"


def test_a_paper_that_was_overtaken_is_still_filled_in(desk: Desk) -> None:
    submission = desk.submit()
    office = browser(staff("uy-quyen", desk.exhibition, "record_approval"))
    approve(submission, by=desk.leaders[0], seen=0)
    typed = {
        "on_paper": "1",
        "verdict": "dong-y",
        "paper-seen": 0,
        "paper-leader": "Giám đốc (mẫu)",
        "paper-number": "15/QĐ-SNV",
        "paper-decided_on": "20/11/2026",
        "paper-note": "Đồng ý, chú ý ngày tháng",
    }
    html = text_of(office.post(page_of(submission), typed))
    for text in ("Giám đốc (mẫu)", "15/QĐ-SNV", "20/11/2026", "Đồng ý, chú ý ngày tháng"):
        assert text in html
    assert 'name="paper-seen" value="1"' in html
    assert '<details class="decision-aside" open>' in html


def test_a_submission_that_is_refused_keeps_its_note(desk: Desk) -> None:
    editor = browser(desk.editor)
    draft = ItemPage.objects.get(pk=desk.items[0].pk)
    draft.original_secrecy = Secrecy.SECRET
    draft.save_revision()
    answer = editor.post(screen(desk), {"action": "submit", "note": "Kịp ngày 11/6"})
    assert answer.context["form"]["note"].value() == "Kịp ngày 11/6"
    assert not Submission.objects.exists()


def test_a_leader_who_has_decided_may_look_at_what_became_of_it(desk: Desk) -> None:
    submission = desk.submit()
    first = browser(leader_with_admin(desk, 0))
    approve(submission, by=desk.leaders[0], seen=0)
    assert first.get(page_of(submission)).status_code == 200


# What a decision brings about


def test_the_form_names_its_step_and_says_at_the_last_that_approving_publishes(
    desk: Desk,
) -> None:
    submission = desk.submit()
    html = text_of(browser(leader_with_admin(desk, 0)).get(page_of(submission)))
    assert "Ý kiến của quý vị ở bước “Trưởng phòng”" in html
    assert "chuyển đến bước “Giám đốc Trung tâm”; chưa công bố" in html
    assert "Đồng ý và công bố" not in html
    approve(submission, by=desk.leaders[0], seen=0)
    html = text_of(browser(leader_with_admin(desk, 1)).get(page_of(submission)))
    assert "Ý kiến của quý vị ở bước “Giám đốc Trung tâm”" in html
    assert "Đây là bước cuối: đồng ý thì triển lãm được công bố" in html
    assert "Đồng ý và công bố" in html


def test_a_correction_is_not_called_the_exhibition(desk: Desk) -> None:
    submission = correction_of(desk)
    approve(submission, by=desk.leaders[0], seen=0)
    html = text_of(browser(leader_with_admin(desk, 1)).get(page_of(submission)))
    assert "đồng ý thì chỉnh sửa được công bố" in html


def test_who_records_a_paper_reads_the_same(desk: Desk) -> None:
    submission = desk.submit()
    approve(submission, by=desk.leaders[0], seen=0)
    office = browser(staff("uy-quyen", desk.exhibition, "record_approval"))
    html = text_of(office.get(page_of(submission)))
    assert "Dùng cho bước “Giám đốc Trung tâm”" in html
    assert "Ghi nhận: đồng ý và công bố" in html


# How much may be typed


LONG, TOO_LONG = "a" * NOTE_LIMIT, "a" * (NOTE_LIMIT + 1)


def test_an_opinion_that_is_too_long_is_refused_at_its_field_and_kept(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    html = text_of(
        leader.post(page_of(submission), {"verdict": "tra-lai", "seen": 0, "note": TOO_LONG})
    )
    assert TOO_LONG in html
    assert f'maxlength="{NOTE_LIMIT}"' in html
    assert standing(desk.fresh()).decisions == ()
    leader.post(page_of(submission), {"verdict": "tra-lai", "seen": 0, "note": LONG})
    assert standing(desk.fresh()).reason == LONG


@pytest.mark.parametrize("action", ["submit", "take-back"])
def test_a_note_that_is_too_long_is_refused_and_kept(desk: Desk, action: str) -> None:
    if action == "take-back":
        desk.submit()
    before = standing(desk.fresh()).state
    html = text_of(browser(desk.editor).post(screen(desk), {"action": action, "note": TOO_LONG}))
    assert TOO_LONG in html
    assert standing(desk.fresh()).state is before


def test_the_gate_itself_refuses_what_is_too_long(desk: Desk) -> None:
    def codes(reasons: list[Reason]) -> list[str]:
        return [reason.code for reason in reasons]

    assert codes(submit(desk.fresh(), by=desk.editor, note=TOO_LONG)) == ["note_too_long"]
    submission = desk.submit()
    leader = desk.leaders[0]
    assert codes(take_back(submission, by=desk.editor, note=TOO_LONG)) == ["note_too_long"]
    for decide in (approve, give_back):
        assert codes(decide(submission, by=leader, note=TOO_LONG, seen=0)) == ["note_too_long"]
    assert standing(desk.fresh()).decisions == ()
    publish_submission.call(approve_at_every_step(desk).pk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert codes(submit_correction(item, by=desk.editor, note=TOO_LONG)) == ["note_too_long"]


# What is offered


def approve_at_every_step(desk: Desk) -> Submission:
    submission = desk.submission()
    for number, leader in enumerate(desk.leaders):
        assert approve(submission, by=leader, seen=number) == []
    return submission


def correction_of(desk: Desk) -> Submission:
    """The desk's exhibition published, and a correction of its first item submitted."""
    publish_submission.call(desk.approve_all().pk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    newest = Submission.objects.first()
    assert newest is not None
    return newest


def close(desk: Desk) -> None:
    """Publish it, and put its opening off: published, and not to be read yet."""
    publish_submission.call(desk.approve_all().pk)
    factories.open_by_hand(desk.exhibition, OpeningState.ANNOUNCED)


def offered(desk: Desk) -> set[str]:
    html = text_of(browser(desk.editor).get(screen(desk)))
    return {each for each in ("submit", "correct", "take-back") if f'value="{each}"' in html}


def test_what_the_public_reads_is_only_corrected_page_by_page(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    desk.edit(desk.items[0], "Đã chỉnh")
    assert offered(desk) == {"correct"}
    html = text_of(browser(desk.editor).get(screen(desk)))
    assert "Lúc này không gửi duyệt toàn bộ triển lãm" in html
    assert "Cần giải quyết trước khi gửi duyệt" not in html


def test_while_a_correction_is_under_approval_the_whole_is_not_offered(desk: Desk) -> None:
    close(desk)
    desk.edit(desk.items[0], "Đã chỉnh")
    assert offered(desk) == {"submit", "correct"}
    item = desk.edit(desk.items[1], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    assert offered(desk) == {"correct"}
    assert "Lúc này không gửi duyệt toàn bộ" in text_of(browser(desk.editor).get(screen(desk)))


def test_nothing_is_offered_where_there_are_no_steps(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    desk.edit(desk.items[0], "Đã chỉnh")
    ApprovalStep.objects.all().delete()
    assert offered(desk) == set()


def test_a_changed_page_that_is_not_ready_says_what_it_lacks_instead_of_a_button(
    desk: Desk,
) -> None:
    publish_submission.call(desk.approve_all().pk)
    draft = desk.edit(desk.items[0], "Đã chỉnh").get_latest_revision_as_object()
    draft.original_secrecy = Secrecy.SECRET
    draft.save_revision()
    assert offered(desk) == set()
    html = text_of(browser(desk.editor).get(screen(desk)))
    section = html[html.index("Đã sửa sau khi công bố") : html.index('id="board"')]
    assert "#id_declassification" in section


# What stands at the top


def headline_of(desk: Desk) -> str:
    html = text_of(browser(desk.editor).get(screen(desk)))
    found = re.search(r'class="decision-state[^>]*>([^<]*)<', html)
    assert found is not None
    return found[1]


def test_the_headline_says_what_the_public_sees(desk: Desk) -> None:
    assert headline_of(desk) == "Chưa công bố"
    desk.submit()
    assert headline_of(desk) == "Chưa công bố; đang duyệt"
    take_back(desk.submission(), by=desk.editor)
    assert headline_of(desk) == "Chưa công bố"
    submission = desk.approve_all()
    assert headline_of(desk) == "Đang công bố"
    publish_submission.call(submission.pk)
    assert headline_of(desk) == "Đã công bố – Đang trưng bày"
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    assert headline_of(desk) == "Đã công bố – Đang trưng bày; 1 chỉnh sửa đang duyệt"


def test_what_became_of_the_last_submission_stands_beneath_the_headline(desk: Desk) -> None:
    close(desk)
    desk.submit()
    take_back(desk.submission(), by=desk.editor, note="Còn thiếu một ảnh")
    assert headline_of(desk) == "Đã công bố – Sắp khai mạc"
    html = text_of(browser(desk.editor).get(screen(desk)))
    beneath = html[html.index("Lần gửi duyệt toàn bộ gần nhất") :]
    assert beneath.index("Đã rút lại") < beneath.index("Còn thiếu một ảnh") < 400


# In the lists


def row_of(desk: Desk) -> str:
    html = text_of(browser(desk.editor).get(reverse("exhibitions_admin:index")))
    found = re.search(r'<a class="approval approval--.*?</td>', html, re.S)
    assert found is not None
    return found[0]


def test_the_list_of_exhibitions_says_where_each_stands(desk: Desk) -> None:
    assert "Chưa gửi duyệt" in row_of(desk)
    desk.submit()
    row = row_of(desk)
    assert "Đang duyệt" in row and "Trưởng phòng" in row and screen(desk) in row
    publish_submission.call(approve_at_every_step(desk).pk)
    assert "Đã duyệt và công bố" in row_of(desk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    assert "1 chỉnh sửa đang duyệt" in row_of(desk)


def test_the_explorer_marks_what_is_under_approval(desk: Desk) -> None:
    editor = browser(desk.editor)
    explorer = reverse("wagtailadmin_explore", args=[desk.parts[0].pk])
    assert "đang duyệt" not in text_of(editor.get(explorer))
    desk.submit()
    assert text_of(editor.get(explorer)).count("đang duyệt") >= 2
    publish_submission.call(approve_at_every_step(desk).pk)
    item = desk.edit(desk.items[0], "Đã chỉnh")
    assert submit_correction(item, by=desk.editor) == []
    assert "đã đăng, đang duyệt" in text_of(editor.get(explorer))


def test_the_list_costs_the_same_for_one_submitted_exhibition_and_for_five(desk: Desk) -> None:
    editor = browser(desk.editor)

    def queries() -> int:
        editor.get(reverse("exhibitions_admin:index"))
        with CaptureQueriesContext(connection) as captured:
            editor.get(reverse("exhibitions_admin:index"))
        return len(captured)

    desk.submit()
    few = queries()
    for number in range(4):
        make_desk(desk.exhibition.get_parent().specific, name=f"bientap{number}").submit()
    assert queries() == few


def test_a_leader_writes_an_opinion_beside_a_page_and_the_editor_finds_it(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    item = desk.items[1]
    sent = {"opinion_on": item.pk, f"opinion-{item.pk}": "Xem lại ngày tháng"}
    for _click in range(2):
        answer = leader.post(page_of(submission), sent)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"#trang-{item.pk}")
    (opinion,) = Opinion.objects.all()
    assert (opinion.page_id, opinion.author) == (item.pk, str(desk.leaders[0]))
    assert "Xem lại ngày tháng" in text_of(leader.get(page_of(submission)))
    editor = browser(desk.editor)
    links = reverse("exhibitions_admin:preview_links", args=[desk.exhibition.pk])
    assert "Xem lại ngày tháng" in text_of(editor.get(links))
    assert standing(desk.fresh()).step == 0


def test_an_opinion_that_is_refused_stays_where_it_was_typed(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    item = desk.items[1]
    long = "x" * 2001
    html = text_of(
        leader.post(page_of(submission), {"opinion_on": item.pk, f"opinion-{item.pk}": long})
    )
    assert long in html
    assert "Tối đa 2000 ký tự" in html
    assert not Opinion.objects.exists()


def test_whatever_button_is_pressed_all_that_was_typed_is_kept(desk: Desk) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    first, second = desk.items[0], desk.items[1]
    note = "Cần xem lại lời giới thiệu"
    typed = {"seen": 0, "note": note, f"opinion-{second.pk}": "Xem lại nguồn"}
    sent = {**typed, "opinion_on": first.pk, f"opinion-{first.pk}": "Xem lại ngày tháng"}
    answer = leader.post(page_of(submission), sent)
    assert answer.status_code == 200
    assert f">\n{note}</textarea>" in answer.content.decode()
    assert set(Opinion.objects.values_list("page_id", "text")) == {
        (first.pk, "Xem lại ngày tháng"),
        (second.pk, "Xem lại nguồn"),
    }
    more = {**typed, f"opinion-{second.pk}": "Còn thiếu nguồn", "verdict": "tra-lai"}
    assert leader.post(page_of(submission), more).status_code == 302
    assert Opinion.objects.filter(page=second, text="Còn thiếu nguồn").exists()
    assert standing(desk.fresh()).reason == note


def test_with_an_opinion_that_is_too_long_nothing_is_decided_and_all_is_shown_again(
    desk: Desk,
) -> None:
    submission = desk.submit()
    leader = browser(leader_with_admin(desk, 0))
    long = "x" * 2001
    typed = {"seen": 0, "note": "Đồng ý trưng bày", f"opinion-{desk.items[0].pk}": long}
    html = text_of(leader.post(page_of(submission), {**typed, "verdict": "dong-y"}))
    assert long in html and "Đồng ý trưng bày" in html and "Tối đa 2000 ký tự" in html
    assert standing(desk.fresh()).step == 0


@pytest.mark.parametrize(
    ("days", "by_hand", "said"),
    [
        (-1, None, "đã qua: công bố xong là người xem đọc được ngay"),
        (2, None, "Triển lãm tự mở lúc"),
        (None, None, "chỉ mở khi bấm Khai trương"),
        (-1, OpeningState.ANNOUNCED, "chỉ mở khi bấm Khai trương"),
        (2, OpeningState.OPEN, "Triển lãm đã được khai trương"),
    ],
)
def test_who_approves_at_the_last_step_reads_when_it_will_open(
    desk: Desk, days: int | None, by_hand: OpeningState | None, said: str
) -> None:
    draft = desk.fresh().get_latest_revision_as_object()
    draft.opens_at = timezone.now() + timedelta(days=days) if days else None
    draft.save_revision()
    if by_hand:
        factories.open_by_hand(desk.exhibition, by_hand)
    submission = desk.submit()
    assert approve(submission, by=desk.leaders[0], seen=0) == []
    html = text_of(browser(leader_with_admin(desk, 1)).get(page_of(submission)))
    assert said in html


def test_a_correction_leads_to_what_it_changes(desk: Desk) -> None:
    publish_submission.call(desk.approve_all().pk)
    item = desk.edit(desk.items[0], "Chú thích đã sửa")
    assert submit_correction(item, by=desk.editor) == []
    submission = Submission.objects.first()
    assert submission is not None
    by_rights = leader_with_admin(desk, 0)
    assert "/compare/" not in browser(by_rights).get(page_of(submission)).content.decode()
    index = desk.exhibition.get_parent()
    right = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=by_rights.groups.first(), page=index, permission=right)
    leader = browser(by_rights)
    html = leader.get(page_of(submission)).content.decode()
    (address,) = re.findall(r'href="([^"]+/compare/[^"]+)"', html)
    compared = text_of(leader.get(address))
    assert "Chú thích đã sửa" in compared


def test_only_who_decides_or_records_writes_opinions_on_what_was_submitted(desk: Desk) -> None:
    submission = desk.submit()
    item = desk.items[1]
    sent = {"opinion_on": item.pk, f"opinion-{item.pk}": "x"}
    assert browser(desk.editor).post(page_of(submission), sent).status_code in (302, 403)
    later = browser(leader_with_admin(desk, 1))
    assert later.post(page_of(submission), sent).status_code in (302, 403)
    assert not Opinion.objects.exists()
    foreign = {"opinion_on": desk.exhibition.get_parent().pk, "opinion-1": "x"}
    assert browser(leader_with_admin(desk, 0)).post(page_of(submission), foreign).status_code == 404
