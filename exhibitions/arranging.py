"""The items of an exhibition arranged: in another order, in another Part, many at once.

Said by neighbours and not by places, so that two people who arrange at once do not undo
each other's work: "after this one" means the same whatever came before it meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.log_actions import log
from wagtail.models import Page

from core.confinement import pages_seen_by
from core.models import User
from core.models.base import available_slug
from exhibitions.approval import standing
from exhibitions.drafts import newest_content, write_content
from exhibitions.models import ExhibitionPage, ItemPage, PartPage
from exhibitions.visibility import Reason

ASIDE = "~"
"""Put before a path while it is exchanged: no path of the tree begins so."""


def items_seen(exhibition: ExhibitionPage, person: User) -> QuerySet[ItemPage]:
    """The items of ``exhibition`` whose titles ``person`` may see: no other is told of."""
    seen = pages_seen_by(person).filter(path__startswith=exhibition.path)
    return ItemPage.objects.filter(pk__in=seen.values_list("pk", flat=True))


def order_of(part: PartPage) -> list[int]:
    """Numbers of the items in ``part``, aliases among them, in their order."""
    children = ItemPage.objects.child_of(part).order_by("path")
    return list(children.values_list("pk", flat=True))


@transaction.atomic
def put_in_order(part: PartPage, wanted: Sequence[int], *, by: User | None) -> bool:
    """Let the items of ``part`` stand in the order of ``wanted``; whether anything moved.

    Items that are not named keep their places, and so do sections. Numbers of items that
    do not stand in ``part`` are passed over. The items exchange their paths in two
    statements, however many there are: each is a leaf of the tree.
    """
    Page.objects.select_for_update(of=("self",)).filter(pk=part.pk).first()
    rows = list(ItemPage.objects.child_of(part).order_by("path").values_list("pk", "path"))
    here = {number for number, _path in rows}
    named = [number for number in dict.fromkeys(wanted) if number in here]
    places, is_named = iter(named), set(named)
    order = [next(places) if number in is_named else number for number, _path in rows]
    moved = {
        number: path for number, (before, path) in zip(order, rows, strict=True) if number != before
    }
    if not moved:
        return False
    pages = Page.objects.filter(pk__in=moved)
    # The path is unique, so nothing may take a place before it is left.
    pages.update(path=Concat(Value(ASIDE), F("path"), output_field=TextField()))
    places_of = [When(pk=number, then=Value(path)) for number, path in moved.items()]
    pages.update(path=Case(*places_of, output_field=TextField()))
    told = {"destination": {"id": part.pk, "title": part.title}}
    log(instance=part, action="wagtail.reorder", user=by, data=told)
    return True


def hold(exhibition: ExhibitionPage) -> list[Reason]:
    """Keep submissions out until the transaction ends; what stands against arranging now."""
    held = ExhibitionPage.objects.select_for_update(of=("self",)).filter(pk=exhibition.pk).first()
    if held is None:
        return [Reason("deleted", _("The exhibition has been deleted."))]
    return reasons_against_work(held)


def reasons_against_work(exhibition: ExhibitionPage) -> list[Reason]:
    """What stands against arranging ``exhibition``, or importing into it, at all."""
    if exhibition.alias_of_id:
        return [Reason("alias", _("This is shown from another place: work on it there."))]
    if standing(exhibition).is_open:
        return [
            Reason(
                "under_approval",
                _("The exhibition is under approval. Take the submission back first."),
            )
        ]
    return []


@transaction.atomic
def move_items(
    exhibition: ExhibitionPage,
    numbers: Sequence[int],
    part: PartPage,
    *,
    after: int | None,
    by: User,
) -> list[Reason]:
    """Let items stand in ``part``, one behind the other, after the item ``after``.

    First in it for None. Gives what stands against it; then nothing is moved.
    """
    reasons = hold(exhibition) or _reasons_against_moving(exhibition, numbers, part, by)
    if reasons:
        return reasons
    items = {item.pk: item for item in ItemPage.objects.filter(pk__in=numbers)}
    for number in numbers:
        if items[number].get_parent().pk != part.pk:
            move_into(items[number], part, by=by)
    coming = set(numbers)
    order = [each for each in order_of(part) if each not in coming]
    place = order.index(after) + 1 if after in order else 0
    put_in_order(part, [*order[:place], *dict.fromkeys(numbers), *order[place:]], by=by)
    return []


def _reasons_against_moving(
    exhibition: ExhibitionPage, numbers: Sequence[int], part: PartPage, by: User
) -> list[Reason]:
    items = list(items_seen(exhibition, by).filter(pk__in=numbers))
    if not numbers or len(items) != len(set(numbers)):
        return [Reason("gone", _("One of the items is not there any more. Look again."))]
    if not part.path.startswith(exhibition.path):
        return [Reason("elsewhere", _("The Part belongs to another exhibition."))]
    stay = [item for item in items if item.path[: -Page.steplen] == part.path]
    if stay and not part.permissions_for_user(by).can_reorder_children():
        return [Reason("no_right", _("You may not put this Part in another order."))]
    for item in items:
        tester = item.permissions_for_user(by)
        if item not in stay and not (tester.can_move() and tester.can_move_to(part)):
            named = _("You may not move “%(title)s” to that Part.")
            return [Reason("no_right", named % {"title": item.draft_title or item.title})]
    return []


def move_into(item: ItemPage, part: PartPage, *, by: User | None) -> ItemPage:
    """Let ``item`` stand last in ``part``; a draft whose address is taken there gets another.

    Raises ValidationError for a published one.
    """
    taken = part.get_children().filter(slug=item.slug).exclude(pk=item.pk).exists()
    if taken and item.live:
        raise ValidationError(_("That Part has a page of this address already."))
    if taken:
        slug = available_slug(item.slug, part, item)
        write_content(item, {**newest_content(item), "slug": slug}, by=by)
        item = ItemPage.objects.get(pk=item.pk)
    item.move(PartPage.objects.get(pk=part.pk), pos="last-child", user=by)
    moved: ItemPage = ItemPage.objects.get(pk=item.pk)
    return moved


@transaction.atomic
def set_values(
    exhibition: ExhibitionPage, numbers: Sequence[int], values: Mapping[str, Any], *, by: User
) -> list[Reason]:
    """Write ``values`` (fields as a version keeps them) into items. What stands against it."""
    if reasons := hold(exhibition):
        return reasons
    items = list(
        items_seen(exhibition, by)
        .filter(pk__in=numbers, alias_of=None)
        .select_related("latest_revision")
    )
    if not numbers or len(items) != len(set(numbers)):
        return [
            Reason(
                "gone",
                _("One of the items is not there any more, or is shown from elsewhere."),
            )
        ]
    for item in items:
        if item.locked or not item.permissions_for_user(by).can_edit():
            named = _("You may not change “%(title)s”.")
            return [Reason("no_right", named % {"title": item.draft_title or item.title})]
    for item in items:
        content = newest_content(item)
        if any(content.get(name) != value for name, value in values.items()):
            write_content(item, {**content, **values}, by=by)
    return []


@transaction.atomic
def show_again(
    exhibition: ExhibitionPage, numbers: Sequence[int], part: PartPage, *, by: User
) -> list[Reason]:
    """Show items in ``part`` as well, last in it, as aliases. What stands against it.

    What is shown is decided on where it comes from; an alias has no clearance of its own.
    """
    if reasons := hold(exhibition):
        return reasons
    items = {item.pk: item for item in items_seen(exhibition, by).filter(pk__in=numbers)}
    if not numbers or len(items) != len(set(numbers)):
        return [Reason("gone", _("One of the items is not there any more. Look again."))]
    sources = [(items[number].alias_of or items[number]).specific for number in numbers]
    shown = ItemPage.objects.child_of(part).filter(alias_of__in=[source.pk for source in sources])
    if twice := shown.first():
        said = _("“%(title)s” is shown again in that Part already.")
        return [Reason("shown_already", said % {"title": twice.draft_title or twice.title})]
    tester = part.permissions_for_user(by)
    any_live = any(source.live for source in sources)
    are_ones_own = all(source.permissions_for_user(by).can_edit() for source in sources)
    may_add = tester.can_add_subpage() and (tester.can_publish_subpage() or not any_live)
    if not (are_ones_own and may_add):
        said = _(
            "You may not show these items in that Part: what is published comes there by approval."
        )
        return [Reason("no_right", said)]
    for source in dict.fromkeys(sources):
        target = PartPage.objects.get(pk=part.pk)
        slug = available_slug(source.slug, target, None)
        # Wagtail asks for the right to publish there, which nobody has under approval.
        CreatePageAliasAction(source, parent=target, update_slug=slug, user=by).execute(
            skip_permission_checks=True
        )
    return []
