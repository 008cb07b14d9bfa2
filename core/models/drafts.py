"""Versions that name records which are gone.

A version of a page is kept as text. A picture, file or organisation that only a draft
names can be deleted, and such a draft must still open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from modelcluster.models import ClusterableModel, get_all_child_relations

Row = dict[str, Any]


class ForgivingDrafts(ClusterableModel):
    """Opens drafts whose protected references have been deleted since.

    modelcluster refuses a whole version for one such reference, and has no answer for
    ``on_delete=PROTECT``. Here the reference is left empty, and a row that is nothing
    without it is left out.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(
        cls, data: Row, check_fks: bool = True, strict_fks: bool = False
    ) -> Any:
        """The instance that ``data`` tells of. A query for each model that is referred to."""
        whole = without_missing(cls, data) if check_fks else data
        return super().from_serializable_data(whole, check_fks, strict_fks)


def without_missing(model: type[models.Model], data: Row) -> Row:
    """``data``, a serialised ``model``, without protected references to what is gone."""
    children = {each.get_accessor_name(): each.related_model for each in _children(model)}
    rows = [(model, data)]
    rows += [(child, row) for name, child in children.items() for row in data.get(name) or []]
    there = _existing(rows)
    told = _without_missing(model, data, there) or dict(data)
    for name, child in children.items():
        if data.get(name):
            kept = (_without_missing(child, row, there) for row in data[name])
            told[name] = [row for row in kept if row is not None]
    return told


def _children(model: type[models.Model]) -> Iterable[Any]:
    found: Iterable[Any] = get_all_child_relations(model)
    return found


def _protected(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and (
            field.remote_field.on_delete is models.PROTECT
        ):
            yield field


def _existing(rows: Iterable[tuple[type[models.Model], Row]]) -> dict[type, set[Any]]:
    """The primary keys that are there, of those that ``rows`` refer to, by model."""
    named: dict[type[models.Model], set[Any]] = defaultdict(set)
    for model, row in rows:
        for field in _protected(model):
            if row.get(field.name) is not None:
                named[field.related_model].add(row[field.name])
    return {
        related: set(related._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for related, keys in named.items()
    }


def _without_missing(
    model: type[models.Model], row: Row, there: dict[type, set[Any]]
) -> Row | None:
    """``row`` with what is gone left empty; None when it cannot be empty."""
    told = dict(row)
    for field in _protected(model):
        key = row.get(field.name)
        if key is not None and key not in there[field.related_model]:
            if not field.null:
                return None
            told[field.name] = None
    return told
