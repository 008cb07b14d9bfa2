"""How titles are bound, introductions cut and dates written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template


def shown(source: str, **values: object) -> str:
    """Render ``source`` with the tags at hand."""
    return Template("{% load text_tags %}" + source).render(Context(values))


@pytest.mark.parametrize("dash", ["-", "–", "—"])
def test_a_dash_in_a_title_stays_with_the_word_before_it(dash: str) -> None:
    """A line may end with the dash, and never start with it."""
    assert shown("{{ title|bound }}", title=f"Thi đua {dash} Khen thưởng") == (
        f"Thi đua\u00a0{dash} Khen thưởng"
    )


def test_a_hyphen_inside_a_number_is_left_alone() -> None:
    """Symbols of documents are not typesetting."""
    assert shown("{{ title|bound }}", title="Số 05/CT-TTg, 2020-2023") == "Số 05/CT-TTg, 2020-2023"


def test_names_are_kept_on_one_line() -> None:
    """The President's and the country's names are not torn apart."""
    assert shown("{{ title|bound }}", title="Chủ tịch Hồ Chí Minh và nước Việt Nam mới") == (
        "Chủ tịch Hồ\u00a0Chí\u00a0Minh và nước Việt\u00a0Nam mới"
    )


def test_a_bound_title_is_still_escaped() -> None:
    """Binding a title does not declare it safe."""
    assert shown("{{ title|bound }}", title="<b> - x") == "&lt;b&gt;\u00a0- x"


def test_an_introduction_is_cut_to_its_first_paragraph() -> None:
    """A list shows no second paragraph run into the first."""
    markup = '<p data-block-key="a">Một</p><p>Hai</p>'
    assert shown("{{ markup|first_paragraph }}", markup=markup) == '<p data-block-key="a">Một</p>'


def test_an_introduction_without_paragraphs_is_shown_whole() -> None:
    """Nothing is lost of a list or a bare sentence."""
    assert shown("{{ markup|first_paragraph }}", markup="<ul><li>Một</li></ul>") == (
        "<ul><li>Một</li></ul>"
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 5), "05/3/2024"),
        (date(2025, 1, 14), "14/01/2025"),
        (date(2025, 12, 31), "31/12/2025"),
    ],
)
def test_dates_are_written_as_in_official_letters(day: date, expected: str) -> None:
    """Days below 10 and the months 1 and 2 have a leading zero, other months none."""
    assert shown("{{ day|official_date }}", day=day) == expected


def test_a_moment_is_told_in_vietnamese_time() -> None:
    """An hour before midnight UTC is the next day in Viet Nam."""
    moment = datetime(2026, 12, 21, 23, 0, tzinfo=UTC)
    assert shown("{{ moment|official_moment }}", moment=moment) == "06:00, 22/12/2026"


def test_no_date_shows_nothing() -> None:
    """An exhibition without an opening date does not break its card."""
    assert shown("[{{ day|official_date }}{{ day|official_moment }}]", day=None) == "[]"
