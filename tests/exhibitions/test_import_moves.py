"""Which items a new order moves: as few as can be, so that the check tells no more."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from exhibitions.importing.ordering import moved_among


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
