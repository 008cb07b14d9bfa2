"""Dates, times and numbers in forms and on pages, as Vietnamese offices write them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, translation


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("07/12/2023", date(2023, 12, 7)),
        ("14/7/1948", date(1948, 7, 14)),
        ("05-03-2024", date(2024, 3, 5)),
        ("1948-07-14", date(1948, 7, 14)),
    ],
)
def test_a_date_is_read_day_first(typed, day):
    assert forms.DateField(localize=True).clean(typed) == day


@pytest.mark.parametrize("typed", ["7/14/1948", "31/2/1948", "14/7/48"])
def test_an_american_an_impossible_and_a_shortened_date_are_refused(typed):
    with pytest.raises(ValidationError):
        forms.DateField(localize=True).clean(typed)


@pytest.mark.parametrize(
    "typed",
    ["12/07/2023 07:13", "12/7/2023 7:13:00", "07:13, 12/07/2023", "2023-07-12 07:13"],
)
def test_a_time_of_a_day_is_read_day_first(typed):
    moment = forms.DateTimeField(localize=True).clean(typed)
    assert moment.replace(tzinfo=None) == datetime(2023, 7, 12, 7, 13)


def test_a_form_shows_a_date_as_it_would_be_typed():
    day = date(1948, 7, 14)
    shown = forms.DateField(localize=True).widget.format_value(day)
    assert shown == "14/07/1948"
    assert forms.DateField(localize=True).clean(shown) == day


def test_dates_are_printed_as_in_official_letters():
    day, moment = date(1948, 7, 4), datetime(2023, 7, 12, 7, 13)
    assert formats.date_format(day) == "4/7/1948"
    assert formats.date_format(day, "SHORT_DATE_FORMAT") == "04/07/1948"
    assert formats.date_format(day, "YEAR_MONTH_FORMAT") == "tháng 7/1948"
    assert formats.date_format(day, "MONTH_DAY_FORMAT") == "4/7"
    assert formats.date_format(moment, "DATETIME_FORMAT") == "07:13, 12/07/2023"
    assert formats.time_format(time(14, 32)) == "14:32"


def test_thousands_are_parted_by_dots_and_decimals_by_a_comma():
    assert formats.number_format(11089914, force_grouping=True) == "11.089.914"
    assert formats.number_format("6800.5", force_grouping=True) == "6.800,5"


def test_the_week_begins_on_monday():
    assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
