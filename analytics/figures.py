"""Writing what was counted: added to the figures of hours and days, with what they are of.

Everything here runs within the transaction of the folding that calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Model

from analytics import journal, trackable
from analytics.models import (
    NO_CODE,
    WHOLE_PORTAL,
    CountedCode,
    CountedPage,
    DayFigure,
    DroppedFigure,
    HourFigure,
    Sighting,
)
from analytics.rules import Tally
from analytics.trackable import CountableCode, CountablePage
from analytics.vocabulary import Metric
from core.models import OrganisationHost

Values = tuple[object, ...]
DIMENSIONS = ("metric", "page_id", "exhibition", "code_id", "source", "unmerged")


def write(tally: Tally, described: Mapping[int, CountablePage]) -> None:
    """Add ``tally`` to the figures; ``described`` are the pages that can be named now."""
    pages = {WHOLE_PORTAL}
    codes = set()
    for _hour, _metric, page, exhibition, code, *_rest in tally.figures:
        pages |= {page, exhibition}
        codes.add(_text(code))
    codes |= {_text(code) for code, _host in tally.sightings}
    _name_pages(pages, described)
    _name_codes(codes)
    hours: dict[Values, int] = {}
    days: dict[Values, int] = {}
    for (hour, metric, page, exhibition, code, source, unmerged), count in tally.figures.items():
        of = (metric, page, exhibition, _text(code), source, unmerged)
        _add(hours, (_moment_of(hour), *of), count)
        _add(days, (journal.local_day(hour), *of), count)
    dropped: dict[Values, int] = {}
    for (hour, kind, reason), count in tally.dropped.items():
        _add(dropped, (journal.local_day(hour), kind, reason), count)
    add_up(HourFigure, ("hour", *DIMENSIONS), hours)
    add_up(DayFigure, ("day", *DIMENSIONS), days)
    add_up(DroppedFigure, ("day", "kind", "reason"), dropped)
    _add_views(tally)
    _write_sightings(tally)


def _add(sums: dict[Values, int], key: Values, count: int) -> None:
    sums[key] = sums.get(key, 0) + count


def _text(code: bytes) -> str:
    return code.rstrip(b"\0").decode("ascii", "replace")


def _moment_of(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _name_pages(numbers: set[int], described: Mapping[int, CountablePage]) -> None:
    """Have a row for every page and exhibition a figure is of, called as it is called now.

    A page that can no longer be described keeps the name it was last counted under.
    """
    # An exhibition has figures before its own page is ever viewed.
    now = {
        page.exhibition: CountedPage(
            number=page.exhibition, title=page.exhibition_title, exhibition=page.exhibition
        )
        for page in described.values()
        if page.exhibition is not None
    }
    for number, page in described.items():
        if number == page.number:  # an alias is called after its source
            now[number] = CountedPage(number=number, title=page.title, exhibition=page.exhibition)
    CountedPage.objects.bulk_create(
        [now[number] for number in sorted(numbers & now.keys())],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["title", "exhibition"],
    )
    CountedPage.objects.bulk_create(
        [CountedPage(number=number) for number in sorted(numbers - now.keys())],
        ignore_conflicts=True,
    )


def _name_codes(codes: set[str]) -> None:
    """Have a row for every invitation a figure is of, as it is now."""
    known: Mapping[str, CountableCode] = trackable.codes.ask(codes - {NO_CODE})
    CountedCode.objects.bulk_create(
        [
            CountedCode(
                code=each.code,
                organisation_id=each.organisation,
                organisation_name=each.organisation_name,
                campaign=each.campaign,
                campaign_title=each.campaign_title,
                channel=each.channel,
            )
            for _code, each in sorted(known.items())
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "organisation",
            "organisation_name",
            "campaign",
            "campaign_title",
            "channel",
        ],
    )
    CountedCode.objects.bulk_create(
        [CountedCode(code=code) for code in sorted((codes | {NO_CODE}) - known.keys())],
        ignore_conflicts=True,
    )


def _add_views(tally: Tally) -> None:
    """Keep the sum of each page's views beside its title."""
    views: dict[int, int] = {}
    for (_hour, metric, page, *_rest, unmerged), count in tally.figures.items():
        if metric == Metric.VIEWS and not unmerged:
            views[page] = views.get(page, 0) + count
    if not views:
        return
    table = connection.ops.quote_name(CountedPage._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET views = views + %s WHERE number = %s",
            [(count, number) for number, count in sorted(views.items())],
        )


def add_up(model: type[Model], names: tuple[str, ...], sums: Mapping[Values, int]) -> None:
    """Add each of ``sums`` to the row of ``model`` that its key names, made if absent.

    ``names`` are the columns of the keys; together they are unique. The database adds
    within the statement, so nobody else's count is lost.
    """
    if not sums:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(name) for name in names)
    places = ", ".join(["%s"] * (len(names) + 1))
    statement = (
        f"INSERT INTO {table} ({columns}, count) VALUES ({places}) "
        f"ON CONFLICT ({columns}) DO UPDATE SET count = {table}.count + excluded.count"
    )
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rows = [
        [
            *(
                fields[name].get_db_prep_value(value, connection)
                for name, value in zip(names, key, strict=True)
            ),
            count,
        ]
        for key, count in sums.items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _write_sightings(tally: Tally) -> None:
    """Remember when each code was first and last seen on which registered host."""
    names = OrganisationHost.objects.in_bulk({host for _code, host in tally.sightings})
    for (code, host), (first, last) in sorted(tally.sightings.items()):
        if host not in names:
            continue
        sighting, is_new = Sighting.objects.get_or_create(
            code_id=_text(code),
            host=names[host].host,
            defaults={"first_at": _moment_of(first), "last_at": _moment_of(last)},
        )
        if not is_new and sighting.last_at < _moment_of(last):
            Sighting.objects.filter(pk=sighting.pk).update(last_at=_moment_of(last))
