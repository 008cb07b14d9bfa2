"""The agencies a banner kit is given to: those that exist today, found as people type them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import Organisation
from core.vietnamese import fold

LONGEST_QUERY = 100
MOST_HITS = 20

# How offices are called for short, beside their full names. Folded.
_ABBREVIATIONS = (
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    ("thanh pho", "tp"),
    ("trung tam", "tt"),
)


@dataclass(frozen=True)
class AgencyHit:
    """An agency that answers to what was typed; ``beside`` tells it from its namesakes."""

    number: int
    name: str
    short_name: str
    beside: str


@dataclass(frozen=True)
class AgencySearch:
    """What was found, in the order of a Vietnamese index, and whether there is still more."""

    query: str
    hits: tuple[AgencyHit, ...] = ()
    more: bool = False


def agencies_today() -> QuerySet[Organisation]:
    """The organisations that exist today: neither merged away yet nor still to come."""
    today = timezone.localdate()
    return Organisation.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
    )


def search_agencies(typed: str) -> AgencySearch:
    """The agencies of which every typed word begins a word, with or without its marks.

    At most :data:`MOST_HITS`; one query, whatever is typed.
    """
    query = " ".join(typed[:LONGEST_QUERY].split())
    words = fold(query).split()
    if not words:
        return AgencySearch(query)
    rows = agencies_today().order_by("sort_key", "pk")
    hits: list[AgencyHit] = []
    for number, name, short_name, province, parent in rows.values_list(
        "pk", "name", "short_name", "province", "parent__name"
    ):
        text = _searchable(name, short_name, province)
        if not all(f" {word}" in text for word in words):
            continue
        if len(hits) == MOST_HITS:
            return AgencySearch(query, tuple(hits), more=True)
        hits.append(AgencyHit(number, name, short_name, _beside(name, province, parent or "")))
    return AgencySearch(query, tuple(hits))


@lru_cache(maxsize=8192)
def _searchable(name: str, short_name: str, province: str) -> str:
    """The words an agency is found by, folded, each with a blank before it."""
    text = fold(f"{name} {short_name} {province}")
    short = [abbreviation for full, abbreviation in _ABBREVIATIONS if full in text]
    return f" {' '.join([text, *short])}"


def _beside(name: str, province: str, parent: str) -> str:
    """The province or the parent, unless the name says it already."""
    said = fold(name)
    return next((each for each in (province, parent) if each and fold(each) not in said), "")
