"""Organisations, occasions and columns: what pages refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.models import Occasion, Organisation, OrganisationHost
from core.vietnamese import slugify
from home.demonstration import content
from home.demonstration.loading.gallery import Images
from home.demonstration.loading.people import Staff
from home.models import NewsColumn

_ORGANISATIONS = (*content.ORGANISATIONS, *content.SAMPLE_AGENCIES)


@dataclass(frozen=True)
class Archive:
    """All that pages are made with. Records are found by the keys the content uses."""

    staff: Staff
    images: Images
    organisations: Mapping[str, Organisation]
    occasions: Mapping[str, Occasion]


def make_organisations() -> dict[str, Organisation]:
    """The organisations; parents and successors once all are there."""
    made = {
        each.key: Organisation.objects.create(
            name=each.name,
            short_name=each.short_name,
            kind=each.kind,
            province=each.province,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
        )
        for each in _ORGANISATIONS
    }
    for each in _ORGANISATIONS:
        OrganisationHost.objects.bulk_create(
            OrganisationHost(organisation=made[each.key], host=host) for host in each.hosts
        )
        if each.parent or each.successor:
            organisation = made[each.key]
            organisation.parent = made.get(each.parent)
            organisation.successor = made.get(each.successor)
            organisation.save()
    return made


def make_occasions() -> dict[str, Occasion]:
    """The anniversaries."""
    return {
        each.key: Occasion.objects.create(
            label=each.label, base_date=each.base_date, years=each.years
        )
        for each in content.OCCASIONS
    }


def make_column(name: str) -> NewsColumn:
    """The column of news called ``name``, made when it is first asked for."""
    column, _created = NewsColumn.objects.get_or_create(slug=slugify(name), defaults={"name": name})
    return column
