"""Images and documents that drafts name, wherever in the portal.

What is published is in Wagtail's index of references. A draft of a published page is only
in its version, and must not lose a picture either. The versions are read as they are kept,
without making pages of them: one query, however many drafts there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Q
from modelcluster.models import get_all_child_relations
from wagtail.blocks import BaseStreamBlock, BaseStructBlock, Block, ChooserBlock, ListBlock
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from core.confinement import Reference, references_in
from core.models import CustomDocument, CustomImage
from core.row_numbers import row_number


@dataclass
class Named:
    """Numbers of the images and documents that are named."""

    images: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)


def named_by_drafts() -> Named:
    """What versions of pages name that are not the published one: the newest, and the next.

    The next is one that is approved and waits for its hour.
    """
    drafts = Page.objects.exclude(live=True, latest_revision=F("live_revision"))
    newest = Q(pk__in=drafts.values("latest_revision"))
    versions = Revision.objects.filter(newest | Q(approved_go_live_at__isnull=False))
    named = Named()
    for kind, content in versions.values_list("content_type", "content").iterator():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None:
            continue
        for target, number in references_in_content(model, content):
            if issubclass(target, CustomImage):
                named.images.add(row_number(number))
            elif issubclass(target, CustomDocument):
                named.documents.add(row_number(number))
    return named


def references_in_content(model: type[Model], content: Mapping[str, Any]) -> Iterator[Reference]:
    """What ``content`` names, a version of a ``model`` as Wagtail keeps it."""
    streams = {
        each.name: each for each in model._meta.get_fields() if isinstance(each, StreamField)
    }
    others = {name: value for name, value in content.items() if name not in streams}
    yield from references_in(others, model)
    for name, stream in streams.items():
        # As it is kept: making values of blocks would ask for each page that is named.
        if raw := content.get(name):
            yield from _in_block(stream.stream_block, json.loads(raw))
    for relation in get_all_child_relations(model):
        for child in content.get(relation.get_accessor_name()) or ():
            yield from references_in_content(relation.related_model, child)


def _in_block(block: Block, raw: Any) -> Iterator[Reference]:
    """What ``raw`` names, the value of ``block`` as it is kept."""
    if raw in (None, ""):
        return
    if isinstance(block, BaseStreamBlock):
        for each in raw:
            if child := block.child_blocks.get(each["type"]):
                yield from _in_block(child, each["value"])
    elif isinstance(block, ListBlock):
        for each in raw:
            yield from _in_block(block.child_block, _of_list(each))
    elif isinstance(block, BaseStructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            yield from _in_block(child, raw.get(name))
    elif isinstance(block, ChooserBlock):
        yield block.model_class, str(raw)
    else:
        yield from _without_places(block.extract_references(block.to_python(raw)))


def _of_list(item: Any) -> Any:
    """The value of an entry of a list, with or without the number of the entry."""
    is_numbered = isinstance(item, dict) and item.get("type") == "item" and "value" in item
    return item["value"] if is_numbered else item


def _without_places(references: Iterable[tuple[Any, ...]]) -> Iterator[Reference]:
    for model, number, *_place in references:
        yield model, str(number)
