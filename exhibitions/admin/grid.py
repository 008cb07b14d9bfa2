"""The grid: all items of an exhibition as they hang, to be arranged many at once.

Everything works as a form. The script adds dragging, and moving by keyboard with every
step announced; it sends the same form.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.confinement import pages_seen_by
from core.models import Organisation
from core.row_numbers import row_number
from exhibitions.admin.importing import imports_url, is_offered, may_add_to, parts_of
from exhibitions.admin.listings import ListedPermissions
from exhibitions.admin.screens import ExhibitionScreen
from exhibitions.admin.thumbnails import Thumbnail, thumbnails
from exhibitions.arranging import (
    hold,
    items_seen,
    move_items,
    order_of,
    reasons_against_work,
    set_values,
    show_again,
)
from exhibitions.display_list import first_frame
from exhibitions.models import AccessLevel, ExhibitionPage, ItemKind, ItemPage, PartPage
from exhibitions.models.approvable import approval_is_in_force
from exhibitions.newest import with_contents
from exhibitions.visibility import Reason

PICTURE_BOX = 150
"""Pixels of the square a picture is fitted into."""


def grid_url(exhibition: ExhibitionPage) -> str:
    """The address of the grid of ``exhibition``."""
    return reverse("exhibitions_admin:grid", args=[exhibition.pk])


class GridView(ExhibitionScreen):
    """ "Sắp xếp": the items of an exhibition, Part by Part."""

    template_name = "exhibitions/admin/grid.html"
    page_title = _("Arrange items")
    header_icon = "grip"

    def own_url(self) -> str:
        """The grid."""
        return grid_url(self.exhibition)

    @cached_property
    def parts(self) -> list[PartPage]:
        """The Parts the person sees, in order."""
        seen = pages_seen_by(self.user).values("pk")
        return list(parts_of(self.exhibition).filter(pk__in=seen))

    def may_come(self) -> bool:
        """Who may add to the exhibition, or to a Part of it."""
        return is_offered(self.user, self.exhibition)

    # What is done

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Move the ticked items, set something for all of them, or take one showing away."""
        numbers = [row_number(each) for each in request.POST.getlist("item")]
        take_away = request.POST.get("take_away", "")
        action = "take_away" if take_away else request.POST.get("action")
        try:
            match action:
                case "take_away":
                    reasons, said = self._take_away(row_number(take_away))
                case "place" | "part" | "again" | "set" if not numbers:
                    reasons, said = [Reason("none", gettext("Tick items first."))], ""
                case "after":
                    reasons, said = self._move_after(numbers)
                case "place":
                    reasons, said = self._move_to_place(numbers)
                case "part":
                    reasons, said = self._move_to_part(numbers)
                case "again":
                    reasons, said = self._show_again(numbers)
                case "set":
                    reasons, said = self._set(numbers)
                case _:
                    raise SuspiciousOperation("No such action.")
        except ValidationError as error:
            reasons, said = [Reason("invalid", " ".join(error.messages))], ""
        if request.headers.get("Accept") == "application/json":
            texts = [reason.text for reason in reasons]
            return JsonResponse({"reasons": texts, "said": said}, status=409 if texts else 200)
        for reason in reasons:
            messages.error(request, reason.text)
        if not reasons:
            messages.success(request, said)
        return redirect(self.own_url())

    def _part(self, name: str = "part") -> PartPage:
        number = row_number(self.request.POST.get(name, ""))
        part = next((part for part in self.parts if part.pk == number), None)
        if part is None:
            raise SuspiciousOperation("No such Part.")
        return part

    def _move_after(self, numbers: list[int]) -> tuple[list[Reason], str]:
        """Behind a certain item, as the script says it; first in the Part without one."""
        after = row_number(self.request.POST.get("after", "")) or None
        return self._move(numbers, self._part(), after)

    def _move_to_place(self, numbers: list[int]) -> tuple[list[Reason], str]:
        """ "Chuyển tới vị trí": the first of them comes to that place in their own Part."""
        place = row_number(self.request.POST.get("place", ""))
        ticked = items_seen(self.exhibition, self.user).filter(pk__in=numbers)
        above = {item.path[: -item.steplen] for item in ticked}
        if len(above) > 1:
            said = gettext(
                "The ticked items stand in several Parts. Tick items of one Part only, or move "
                "them to one Part first."
            )
            return [Reason("several_parts", said)], ""
        part = PartPage.objects.filter(path__in=above).first()
        if part is None or place < 1:
            return [Reason("none", gettext("Tick items, and say a place from 1 on."))], ""
        others = [number for number in order_of(part) if number not in set(numbers)]
        after = others[min(place - 1, len(others)) - 1] if place > 1 and others else None
        return self._move(numbers, part, after)

    def _move_to_part(self, numbers: list[int]) -> tuple[list[Reason], str]:
        """ "Chuyển sang Phần": to the end of another Part."""
        part = self._part("to_part")
        others = [number for number in order_of(part) if number not in set(numbers)]
        return self._move(numbers, part, others[-1] if others else None)

    def _show_again(self, numbers: list[int]) -> tuple[list[Reason], str]:
        """ "Trưng bày lại": the same items in another Part as well, as aliases."""
        part = self._part("to_part")
        reasons = show_again(self.exhibition, numbers, part, by=self.user)
        said = ngettext(
            "%(count)d item is shown in “%(part)s” as well.",
            "%(count)d items are shown in “%(part)s” as well.",
            len(numbers),
        )
        return reasons, said % {"count": len(numbers), "part": part.draft_title or part.title}

    @transaction.atomic
    def _take_away(self, number: int) -> tuple[list[Reason], str]:
        """ "Bỏ trưng bày ở đây": what is shown again is deleted, and no item itself ever."""
        if reasons := hold(self.exhibition):
            return reasons, ""
        seen = items_seen(self.exhibition, self.user)
        # Both rows: Wagtail's own screen may be making it an item of its own meanwhile.
        item = seen.select_for_update(of=("self", "page_ptr")).filter(pk=number).first()
        if item is None:
            said = gettext("One of the items is not there any more. Look again.")
            return [Reason("gone", said)], ""
        named = {"title": item.draft_title or item.title}
        if item.alias_of_id is None:
            said = gettext("“%(title)s” is not shown from elsewhere, so it stays.")
            return [Reason("no_alias", said % named)], ""
        if item.locked or not item.permissions_for_user(self.user).can_delete():
            said = gettext("You may not take “%(title)s” away from here.")
            return [Reason("no_right", said % named)], ""
        item.delete(user=self.user)
        said = gettext("“%(title)s” is no longer shown here. The item itself is unchanged.")
        return [], said % named

    def _move(
        self, numbers: list[int], part: PartPage, after: int | None
    ) -> tuple[list[Reason], str]:
        reasons = move_items(self.exhibition, numbers, part, after=after, by=self.user)
        said = ngettext(
            "Saved: %(count)d item moved in “%(part)s”.",
            "Saved: %(count)d items moved in “%(part)s”.",
            len(numbers),
        )
        return reasons, said % {"count": len(numbers), "part": part.draft_title or part.title}

    def _set(self, numbers: list[int]) -> tuple[list[Reason], str]:
        """Kind, access level and source, each only where one was chosen.

        A source is an organisation or a person, so naming one takes the other away.
        """
        data = self.request.POST
        values: dict[str, Any] = {}
        if data.get("kind") in ItemKind.values:
            values["kind"] = data["kind"]
        if data.get("access_level") in AccessLevel.values:
            values["access_level"] = data["access_level"]
        source = row_number(data.get("source_organisation", ""))
        if source and Organisation.objects.filter(pk=source).exists():
            values.update(source_organisation=source, source_person="", source_person_title="")
        if not values:
            return [Reason("none", gettext("Choose first what is to be set."))], ""
        reasons = set_values(self.exhibition, numbers, values, by=self.user)
        said = ngettext("%(count)d item changed.", "%(count)d items changed.", len(numbers))
        return reasons, said % {"count": len(numbers)}

    # What is shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every item with its picture. The number of queries does not depend on how many."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        told = with_contents(items_seen(self.exhibition, self.user).order_by("path"))
        items = list(told)
        frames = {item.pk: first_frame(content) for item, content in told.items()}
        pictures = thumbnails([frame for frame in frames.values() if frame], PICTURE_BOX)
        by_part: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for item, content in told.items():
            frame = frames[item.pk]
            siblings = by_part[item.path[: -item.steplen]]
            picture = pictures.get(frame) if frame else None
            siblings.append(self._card(item, content, picture, len(siblings) + 1))
        reasons = reasons_against_work(self.exhibition)
        open_to_files = {
            part.pk for part in self.parts if not reasons and may_add_to(part, self.user)
        }
        context.update(
            exhibition=self.exhibition,
            parts=[
                self._shown_part(part, by_part.get(part.path, []), part.pk in open_to_files)
                for part in self.parts
            ],
            count=sum(item.alias_of_id is None for item in items),
            changes_are_public=self._changes_are_public(items),
            takes_files=bool(open_to_files),
            kinds=ItemKind.choices,
            access_levels=AccessLevel.choices,
            organisations=Organisation.objects.values_list("pk", "name"),
            reasons=reasons,
            imports_url=imports_url(self.exhibition),
        )
        return context

    def _changes_are_public(self, items: list[ItemPage]) -> bool:
        """Whether the public sees a new order at once: nothing approves it, and items are live."""
        return any(item.live for item in items) and not approval_is_in_force(self.user)

    def _offers_to_take_away(self, item: ItemPage) -> bool:
        """Whether the card has the button, told without a query. The rules decide when pressed."""
        if item.alias_of_id is None or item.locked:
            return False
        may_go = not item.live or item.permissions_for_user(self.user).may_take_down
        return may_go and ListedPermissions(self.user, item).can_delete()

    def _shown_part(
        self, part: PartPage, cards: list[dict[str, Any]], takes_files: bool
    ) -> dict[str, Any]:
        depth = part.depth - self.exhibition.depth
        return {
            "number": part.pk,
            "title": part.draft_title or part.title,
            "indent": "— " * (depth - 1),
            "level": min(2 + depth, 6),
            "cards": cards,
            "takes_files": takes_files,
        }

    def _card(
        self, item: ItemPage, content: Any, picture: Thumbnail | None, place: int
    ) -> dict[str, Any]:
        media = content.get("media") or []
        return {
            "number": item.pk,
            "place": place,
            "title": content.get("title") or item.title,
            "reference": content.get("reference") or "",
            "kind": str(ItemKind(content["kind"]).label) if content.get("kind") else "",
            "picture": picture,
            "pages": len(media),
            "is_alias": item.alias_of_id is not None,
            "is_live": item.live,
            "is_held_back": self.exhibition.live and not item.live,
            "may_be_taken_away": self._offers_to_take_away(item),
            "url": reverse("wagtailadmin_pages:edit", args=[item.pk]),
        }
