"""Which items a new order moves: as few as can be, so that the check tells no more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from random import Random

import pytest
from django.utils.translation import gettext

from core.models import User
from exhibitions.admin.importing.plan_told import told_row
from exhibitions.importing import jobs
from exhibitions.importing.ordering import moved_among, moves_within
from exhibitions.importing.plan import Plan, Verdict
from exhibitions.importing.rights import Rights
from exhibitions.models import ExhibitionIndexPage, ExhibitionPage, Import, ItemPage, PartPage
from tests import factories
from tests.exhibitions.lists import begin, carry_out, workbook


@pytest.mark.parametrize(
    ("former", "moved"),
    [
        ([], 0),
        ([3], 0),
        ([0, 1, 2, 3], 0),
        ([3, 0, 1, 2], 1),
        ([1, 2, 3, 0], 1),
        ([1, 0], 1),
        ([3, 2, 1, 0], 3),
        ([10, 20, 15, 30], 1),
    ],
)
def test_what_stays_in_its_order_is_not_said_to_move(former: list[int], moved: int) -> None:
    assert len(moved_among(former)) == moved


def test_of_every_order_of_six_as_few_as_can_be_move_and_the_others_stand_as_they_did() -> None:
    for former in permutations(range(6)):
        moved = moved_among(former)
        stayed = [each for at, each in enumerate(former) if at not in moved]
        assert stayed == sorted(stayed)
        larger = combinations(former, len(stayed) + 1)
        assert not any(list(each) == sorted(each) for each in larger)


HEADINGS = ("Ký hiệu trưng bày", "Tên tài liệu")
BEGINNING = "Moves to the beginning of its Part."


@dataclass
class Wall:
    """A Part with items, and who imports into it."""

    part: PartPage
    editor: User

    def hang(self, *references: str) -> None:
        """Hang items in it, the last ones so far."""
        for reference in references:
            part = PartPage.objects.get(pk=self.part.pk)
            title = f"Thư {reference}"
            item = factories.ItemPageFactory(
                parent=part, live=False, reference=reference, title=title
            )
            item.save_revision()

    def show_again(self, title: str) -> None:
        """Show an item of another exhibition in it, the last one so far."""
        index = ExhibitionIndexPage.objects.get()
        other = factories.ExhibitionPageFactory(parent=index, live=False)
        there = factories.PartPageFactory(parent=other, live=False)
        source = factories.ItemPageFactory(parent=there, live=False, title=title)
        source.create_alias(parent=PartPage.objects.get(pk=self.part.pk), update_slug="tu-noi-khac")

    def divide(self, title: str) -> None:
        """Begin a section within it, behind what stands there so far."""
        part = PartPage.objects.get(pk=self.part.pk)
        factories.PartPageFactory(parent=part, live=False, title=title).save_revision()

    def begin(self, *references: str) -> Import:
        """Begin to import a list of these, in this order."""
        rows = [[each, f"Thư {each}"] for each in references]
        exhibition = self.part.get_parent().specific
        return begin(exhibition, self.editor, workbook(rows, HEADINGS))

    @property
    def order(self) -> list[str]:
        """What stands in it: items by their references, all else by its title."""
        children = PartPage.objects.get(pk=self.part.pk).get_children().specific()
        return [getattr(page, "reference", "") or page.title for page in children]


@pytest.fixture
def wall(exhibition: ExhibitionPage, editor: User) -> Wall:
    part = factories.PartPageFactory(parent=exhibition, live=False)
    part.save_revision()
    return Wall(part, editor)


def told(plan: Plan) -> dict[str, str]:
    """What the check says of each row whose item moves, by the item's reference."""
    rows = {row.row: told_row(row, {}, plan) for row in plan.rows}
    return {
        row.title.removeprefix("Thư "): rows[row.row]["move"]
        for row in plan.rows
        if row.row in plan.moves
    }


def behind(plan: Plan, reference: str) -> str:
    (row,) = (row.row for row in plan.rows if row.title == f"Thư {reference}")
    return gettext("Moves behind row %(row)d.") % {"row": row}


def behind_titled(title: str) -> str:
    return gettext("Moves behind “%(title)s”.") % {"title": title}


@pytest.mark.django_db
class TestWhereTheCheckSaysAnItemWillStand:
    """Behind what it really will stand: what no row names keeps its place."""

    def test_behind_an_item_the_list_does_not_name_and_not_at_the_beginning(self, wall):
        wall.hang("A", "B", "C", "D")
        job = wall.begin("C", "B")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) in ({"C": behind_titled("Thư A")}, {"B": behind(plan, "C")})
        carry_out(job, wall.editor)
        assert wall.order == ["A", "C", "B", "D"]

    def test_at_the_beginning_where_it_comes_first(self, wall):
        wall.hang("A", "B", "C", "D")
        job = wall.begin("D", "A", "B", "C")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) == {"D": gettext(BEGINNING)}
        carry_out(job, wall.editor)
        assert wall.order == ["D", "A", "B", "C"]

    def test_also_those_are_told_that_come_past_an_item_without_a_row(self, wall):
        wall.hang("A", "X", "B", "C")
        job = wall.begin("C", "A", "B")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) == {"C": gettext(BEGINNING), "A": behind_titled("Thư X")}
        carry_out(job, wall.editor)
        assert wall.order == ["C", "X", "A", "B"]

    def test_behind_what_is_shown_from_elsewhere(self, wall):
        wall.show_again("Ảnh của bảo tàng")
        wall.hang("A", "B", "C")
        job = wall.begin("C", "A", "B")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) == {"C": behind_titled("Ảnh của bảo tàng")}
        carry_out(job, wall.editor)
        assert wall.order == ["Ảnh của bảo tàng", "C", "A", "B"]

    def test_behind_a_section(self, wall):
        wall.hang("A")
        wall.divide("Thư của chiến sĩ")
        wall.hang("B", "C")
        job = wall.begin("A", "C", "B")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) in (
            {"C": behind_titled("Thư của chiến sĩ")},
            {"B": behind(plan, "C")},
        )
        carry_out(job, wall.editor)
        assert wall.order == ["A", "Thư của chiến sĩ", "C", "B"]

    def test_behind_a_row_that_is_new(self, wall):
        wall.hang("A", "B", "C")
        job = wall.begin("B", "N", "A", "C")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) in ({"B": gettext(BEGINNING)}, {"A": behind(plan, "N")})
        carry_out(job, wall.editor)
        assert wall.order == ["B", "N", "A", "C"]

    def test_a_new_row_in_front_lets_the_others_pass_what_no_row_names(self, wall):
        wall.hang("A", "X", "B")
        job = wall.begin("N", "A", "B")
        plan = jobs.check(job, wall.editor).plan
        assert told(plan) == {"A": behind_titled("Thư X")}
        carry_out(job, wall.editor)
        assert wall.order == ["N", "X", "A", "B"]

    def test_behind_an_item_whose_row_must_be_mended_first(self, wall):
        wall.hang("A", "B", "C")
        ItemPage.objects.filter(reference="A").update(locked=True, locked_by=wall.editor)
        content = workbook(
            [["C", "Thư C", ""], ["A", "Thư A", "Lời mới"], ["B", "Thư B", ""]],
            (*HEADINGS, "Chú thích"),
        )
        job = begin(wall.part.get_parent().specific, wall.editor, content)
        plan = jobs.check(job, wall.editor).plan
        assert plan.rows[1].verdict is Verdict.BLOCKED
        assert told(plan) in ({"C": behind_titled("Thư A")}, {"B": behind(plan, "C")})
        carry_out(job, wall.editor)
        assert wall.order == ["A", "C", "B"]

    def test_an_item_whose_title_may_not_be_seen_is_not_named(self, wall, monkeypatch):
        wall.hang("A", "B", "C")
        hidden, seen = ItemPage.objects.get(reference="A").pk, Rights.seen
        monkeypatch.setattr(Rights, "seen", lambda *told: seen(*told) - {hidden})
        plan = jobs.check(wall.begin("C", "B"), wall.editor).plan
        assert told(plan) in ({"C": gettext("Moves within its Part.")}, {"B": behind(plan, "C")})

    @pytest.mark.parametrize("seed", range(12))
    def test_whoever_follows_what_is_told_comes_to_the_order_that_is_imported(self, wall, seed):
        chance = Random(seed)
        names = list("ABCDEFG")
        for each in names:
            match chance.randrange(6):
                case 0:
                    wall.divide(f"Mục {each}")
                case _:
                    wall.hang(each)
        wall.show_again("Ảnh của bảo tàng")
        wall.hang("H")
        before = wall.order
        named = [each for each in (*names, "H") if each in before and chance.random() < 0.7]
        named += ["M", "N"][: chance.randrange(3)]
        chance.shuffle(named)
        assert named
        job = wall.begin(*named)
        plan = jobs.check(job, wall.editor).plan
        moves = told(plan)
        carry_out(job, wall.editor)
        after = wall.order
        stayed = [each for each in after if each in before and each not in moves]
        assert stayed == [each for each in before if each in stayed]
        for reference, said in moves.items():
            place = after.index(reference)
            former = after[place - 1] if place else None
            if former is None:
                assert said == gettext(BEGINNING)
            elif former in named:
                assert said == behind(plan, former)
            else:
                title = f"Thư {former}" if len(former) == 1 else former
                assert said == behind_titled(title)


def test_two_thousand_rows_of_one_part_are_put_in_order() -> None:
    there = [number if number % 3 else f"Thư {number}" for number in range(1, 2901)]
    coming = list(range(2901, 3001))
    rows = [each for each in (*there, *coming) if isinstance(each, int)]
    Random(7).shuffle(rows)
    moves = moves_within(there, coming, rows)
    assert len(moves) > 1000


@pytest.mark.django_db
def test_numbers_that_were_exchanged_are_said_to_be_no_order(
    exhibition: ExhibitionPage, editor: User
) -> None:
    rows = [["1", "Thư"], ["3", "Ảnh"], ["2", "Sổ"], ["4", "Báo"]]
    job = begin(exhibition, editor, workbook(rows, ("STT", "Tên tài liệu")))
    assert jobs.check(job, editor).plan.numbers_out_of_order == [6]
    in_order = [["1", "Thư"], ["9" * 5_000, "Ảnh"], ["2", "Sổ"]]
    job = begin(exhibition, editor, workbook(in_order, ("STT", "Tên tài liệu")))
    assert not jobs.check(job, editor).plan.numbers_out_of_order
