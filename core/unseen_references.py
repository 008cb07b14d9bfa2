"""Forms of the confined, less the numbers of pages and files they do not see.

A form that is refused is shown again with what was sent, and a chooser in it with the title
of what was chosen. So the numbers are taken out before anything else reads the form.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation

from core.confinement import Person, is_confined, references_in, unseen_references

Values = Mapping[str, Any]
"""Of fields, by their names or those of their columns."""


def take_out_unseen(form: Any, person: Person) -> list[tuple[Any, str]]:
    """Empty what a page's bound ``form``, or a row in it, newly says of what is not seen.

    Gives the fields: each as its form and its name. What stood there before, in any row, stays.
    """
    if not is_confined(person):
        return []
    emptied = [(form, name) for name in _emptied(form, person, [form.initial])]
    for relation, formset in form.formsets.items():
        rows = getattr(form.instance, relation, None)  # comments have another name there
        before = [vars(row) for row in rows.all()] if rows else []
        for row in formset.forms:
            emptied += [(row, name) for name in _emptied(row, person, before)]
    return emptied


def _emptied(form: Any, person: Person, before: Iterable[Values]) -> Iterator[str]:
    model = form._meta.model
    for name in form.fields:
        stood = set[Any]().union(
            *(references_in(_of_field(values, model, name), model) for values in before)
        )
        unseen = unseen_references(person, references_in(_sent(form, name), model) - stood)
        if not unseen:
            continue
        _empty(form, name, {number for _kind, number in unseen})
        if unseen_references(person, references_in(_sent(form, name), model) - stood):
            raise SuspiciousOperation("A number is written as no chooser writes it.")
        yield name


def _of_field(values: Values, model: type[Any], name: str) -> Values:
    """Of ``values`` those of the field ``name``."""
    own = {name, f"{name}_id"}
    return {key: value for key, value in values.items() if key in own}


def _sent(form: Any, name: str) -> Values:
    """The value of a field as it was sent, unless it can refer to nothing."""
    widget, place = form.fields[name].widget, form.add_prefix(name)
    field = next((each for each in form._meta.model._meta.get_fields() if each.name == name), None)
    refers = field is not None and (field.many_to_one or hasattr(field, "extract_references"))
    if not refers or widget.value_omitted_from_data(form.data, form.files, place):
        return {}
    return {name: widget.value_from_datadict(form.data, form.files, place)}


ABOUT_A_BLOCK = ("-count", "-deleted", "-id", "-order", "-type")
"""What the number of a block, its place and so on are sent as."""


def _empty(form: Any, name: str, numbers: Collection[str]) -> None:
    place, data = form.add_prefix(name), form.data.copy()
    for key in data:
        if key == place or (key.startswith(f"{place}-") and not key.endswith(ABOUT_A_BLOCK)):
            data[key] = _without(data[key], numbers)
    form.data = data


def _without(sent: str, numbers: Collection[str]) -> str:
    """What a chooser sent, or an editor of rich text, less the things with these ``numbers``.

    The words of links stay.
    """
    if _same(sent, numbers):
        return ""
    try:
        told = json.loads(sent)
    except ValueError:
        return sent
    if not isinstance(told, dict) or not isinstance(told.get("entityMap"), dict):
        return sent
    gone = {
        place
        for place, entity in told["entityMap"].items()
        if _same(str(entity["data"].get("id")), numbers)
    }
    for block in told["blocks"]:
        block["entityRanges"] = [
            each for each in block["entityRanges"] if str(each["key"]) not in gone
        ]
    return json.dumps(told)


def _same(written: str, numbers: Collection[str]) -> bool:
    """Whether ``written`` is one of ``numbers``, which may be written in many ways."""
    return written in numbers or _read(written) in {_read(each) for each in numbers}


def _read(written: str) -> int | str:
    try:
        return int(written)
    except ValueError:
        return written
