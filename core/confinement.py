"""People who work on a part of the tree see no titles beyond it.

Wagtail's explorer, editor and libraries show what one has rights on. Some of its screens show
more: the page chooser, an explorer asked for by its address, the actions on many things at
once, the answer to a move, the admin's own API, and a report.
For whoever has no right at the home page these are held to the pages Wagtail's own rule
calls explorable: those one has rights on, with the pages between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from core.media.documents import WORKING_WITH
from core.models import CustomDocument, CustomImage
from core.row_numbers import row_number

HOME_DEPTH = 2
EXPLORABLE = "_explorable_instances_cache"
"""Where the pages a user may explore are kept with the user."""

Person = AbstractBaseUser | AnonymousUser

_reader: ContextVar[Person | None] = ContextVar("reader", default=None)
"""Who is answered now, for what Wagtail words without being told for whom."""


class OwnPagesPolicy(PagePermissionPolicy):
    """Wagtail's rights on pages, with nothing explorable above one's own highest page.

    Wagtail shows the parent of the only page one has rights on as well, and so its title.
    """

    def explorable_root_instance(self, user: Person) -> Page | None:
        """The page at which the explorer begins: mostly the one that all rights are below."""
        if not getattr(user, "is_superuser", False):
            held = self.instances_with_direct_explore_permission(user)
            top: Page | None = min(held, key=lambda page: page.depth, default=None)
            if top and all(page.path.startswith(top.path) for page in held):
                return top
        root: Page | None = super().explorable_root_instance(user)
        return root

    def explorable_instances(self, user: Person) -> QuerySet[Page]:
        """The pages shown to ``user`` in the explorer, its search and its choosers.

        Told from what Wagtail keeps with a user for the time of a request, and kept beside it.
        """
        known: QuerySet[Page] | None = getattr(user, EXPLORABLE, None)
        if known is None:
            known = super().explorable_instances(user)
            if root := self.explorable_root_instance(user):
                known = known.filter(path__startswith=root.path)
            setattr(user, EXPLORABLE, known)
        return known.all()


def is_confined(user: Person) -> bool:
    """Whether ``user`` has rights on parts of the tree only, or on no page at all."""
    policy = policy_registry.get_by_type(Page)
    held = policy.instances_with_direct_explore_permission(user)
    return not any(page.depth <= HOME_DEPTH for page in held)


def pages_seen_by(user: Person) -> QuerySet[Page]:
    """The pages whose titles ``user`` may see in the admin."""
    seen: QuerySet[Page] = policy_registry.get_by_type(Page).explorable_instances(user)
    return seen


def choosable_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Of ``pages`` those the page chooser shows to whoever asks."""
    if not is_confined(request.user):
        return pages
    return pages.filter(pk__in=pages_seen_by(request.user).values_list("pk", flat=True))


Rule = Callable[[HttpRequest, Mapping[str, Any]], HttpResponse | None]


def _begin_with_own_pages(request: HttpRequest, kwargs: Mapping[str, Any]) -> HttpResponse | None:
    """Open the page chooser at one's own pages, where it would open at foreign ones."""
    parent = kwargs.get("parent_page_id")
    if parent is not None and pages_seen_by(request.user).filter(pk=parent).exists():
        return None
    root = policy_registry.get_by_type(Page).explorable_root_instance(request.user)
    if root is None:
        raise Http404
    address = reverse("wagtailadmin_choose_page_child", args=[root.pk])
    return redirect(f"{address}?{request.GET.urlencode()}")


def _own_pages_only(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """Answer for pages one sees; 404 for any other in the address or the form."""
    wanted = {row_number(each) for each in request.GET.getlist("id") if each != "all"}
    wanted |= {value for name, value in kwargs.items() if name in PAGE_ARGUMENTS}
    wanted |= {row_number(request.POST[name]) for name in PAGE_FIELDS if request.POST.get(name)}
    if pages_seen_by(request.user).filter(pk__in=wanted).count() < len(wanted):
        raise Http404


PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
PAGE_FIELDS = ("new_parent_page", "chooser", "parent_page")
"""Where forms that copy, move and make pages, one or many, say where to."""

LIBRARIES = {"customimage": CustomImage, "customdocument": CustomDocument}


def _own_things_only(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """An action on many things names those it refuses: refuse all when one is not seen.

    "All" of the pages below one is understood where one works on that page itself.
    """
    ticked = request.GET.getlist("id")
    if kwargs["model_name"] == "page":
        if "all" in ticked and not _works_on(request.user, request.GET.get("childOf", "")):
            raise Http404
        _own_pages_only(request, kwargs)
    elif kwargs["model_name"] in LIBRARIES:
        seen = files_seen_by(request.user, LIBRARIES[kwargs["model_name"]])
        wanted = {row_number(each) for each in ticked if each != "all"}
        if seen.filter(pk__in=wanted).count() < len(wanted):
            raise Http404


def _works_on(user: Person, number: str) -> bool:
    """Whether ``user`` has a right on the page ``number``, and so on all below it."""
    page = Page.objects.filter(pk=row_number(number)).first()
    held = policy_registry.get_by_type(Page).instances_with_direct_explore_permission(user)
    return page is not None and any(page.path.startswith(each.path) for each in held)


def _nobody(request: HttpRequest, kwargs: Mapping[str, Any]) -> None:
    """A report on the whole tree."""
    raise Http404


RULES: dict[str, Rule] = {
    "wagtailadmin_explore": _own_pages_only,
    "wagtailadmin_explore_results": _own_pages_only,
    "wagtailadmin_choose_page": _begin_with_own_pages,
    "wagtailadmin_choose_page_child": _begin_with_own_pages,
    "wagtailadmin_choose_page_chosen_multiple": _own_pages_only,
    "wagtailadmin_pages:copy": _own_pages_only,
    "wagtailadmin_pages:move": _own_pages_only,
    "wagtailadmin_pages:move_confirm": _own_pages_only,
    "wagtailadmin_pages:workflow_preview": _own_pages_only,
    "wagtail_bulk_action": _own_things_only,
    "wagtailadmin_reports:page_types_usage": _nobody,
    "wagtailadmin_reports:page_types_usage_results": _nobody,
}
"""What holds for the confined at an address of Wagtail's, by its name."""

RULES_OF_LISTS: dict[str, Rule] = {"choose_parent": _own_pages_only}
"""The same for addresses that every list of pages has, by what they are called in it."""


class ConfinementMiddleware:
    """Applies :data:`RULES` to whoever is signed in and confined."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Remember who reads; the rules follow once the address is resolved."""
        token = _reader.set(request.user)
        try:
            return self.get_response(request)
        finally:
            _reader.reset(token)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The rule's own answer, or None to go on; it raises Http404 for what is not shown."""
        match = request.resolver_match
        if match is None:
            return None
        rule = RULES.get(match.view_name) or RULES_OF_LISTS.get(match.url_name or "")
        if rule is None or not request.user.is_authenticated or not is_confined(request.user):
            return None
        return rule(request, kwargs)


def files_seen_by(user: Person, model: type[Any]) -> QuerySet[Any]:
    """The images or documents ``user`` works with."""
    policy = policy_registry.get_by_type(model)
    seen: QuerySet[Any] = policy.instances_user_has_any_permission_for(user, WORKING_WITH)
    return seen


def is_seen_by(page: Page, user: Person) -> bool:
    """Whether ``user`` may see the title of ``page``, which stands above a page they see.

    Asked for on each row of a list: it needs no query.
    """
    root = policy_registry.get_by_type(Page).explorable_root_instance(user)
    return root is not None and page.path.startswith(root.path)


def reader_sees(number: int) -> bool:
    """Whether whoever is answered now may read the title of the page ``number``."""
    person = _reader.get()
    if person is None or not person.is_authenticated or not is_confined(person):
        return True
    return pages_seen_by(person).filter(pk=number).exists()


def title_as_read(number: int, title: str) -> str:
    """``title`` of the page ``number`` as whoever is answered now may read it."""
    return title if reader_sees(number) else gettext("another place in the portal")


Reference = tuple[type[Any], str]
"""The kind of a thing a page refers to, and its number."""


def references_in(values: Mapping[str, Any], model: type[Any]) -> set[Reference]:
    """What ``values`` of fields of ``model`` refer to, themselves or within their text."""
    fields = {field.name: field for field in model._meta.get_fields()}
    # As a form gives it, by the field's name, or as it is stored, by that of its column.
    fields |= {field.attname: field for field in model._meta.concrete_fields}
    found: set[Reference] = set()
    for name, value in values.items():
        field = fields.get(name)
        if not value or field is None:
            continue
        if field.many_to_one or field.one_to_one:
            found.add((_kind(field.related_model), str(getattr(value, "pk", value))))
        elif hasattr(field, "extract_references"):
            told = field.extract_references(value)
            found.update((_kind(kind), str(number)) for kind, number, *_place in told)
    return found


def _kind(model: type[Any]) -> type[Any]:
    return Page if issubclass(model, Page) else model


def unseen_references(person: Person, references: Iterable[Reference]) -> set[Reference]:
    """Of ``references`` those to pages and files that ``person`` does not see."""
    if not is_confined(person):
        return set()
    wanted = {(model, number) for model, number in references if model in SEEN}
    return {
        (model, number)
        for model, number in wanted
        if not SEEN[model](person).filter(pk=row_number(number)).exists()
    }


SEEN: dict[type[Any], Callable[[Person], QuerySet[Any]]] = {
    Page: pages_seen_by,
    CustomImage: lambda person: files_seen_by(person, CustomImage),
    CustomDocument: lambda person: files_seen_by(person, CustomDocument),
}


class OwnPagesAPI(PagesAdminAPIViewSet):
    """Pages in the admin's own API, without the titles of those above what one sees."""

    def detail_view(self, request: Any, pk: int) -> Any:
        """One page; of its ancestors those one sees."""
        answer = super().detail_view(request, pk)
        self._leave_out([answer.data])
        return answer

    def listing_view(self, request: Any) -> Any:
        """A list of pages, each with its parent where one sees it."""
        answer = super().listing_view(request)
        self._leave_out(answer.data["items"])
        return answer

    def _leave_out(self, rows: list[dict[str, Any]]) -> None:
        if not is_confined(self.request.user):
            return
        seen = set(pages_seen_by(self.request.user).values_list("pk", flat=True))
        for row in rows:
            meta = row["meta"]
            if "ancestors" in meta:
                meta["ancestors"] = [each for each in meta["ancestors"] if each["id"] in seen]
            if meta.get("parent") and meta["parent"]["id"] not in seen:
                meta["parent"] = None
            if meta.get("alias_of") and meta["alias_of"]["id"] not in seen:
                meta["alias_of"] = None


class OwnFilesMixin:
    """An endpoint of the admin's own API that lists the files one works with."""

    request: HttpRequest
    model: type[Any]

    def get_queryset(self) -> QuerySet[Any]:
        """Wagtail's, less the files of collections one has no right on."""
        files: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        return files.filter(pk__in=files_seen_by(self.request.user, self.model).values("pk"))


class OwnImagesAPI(OwnFilesMixin, ImagesAdminAPIViewSet):
    """Images in the admin's own API."""


class OwnDocumentsAPI(OwnFilesMixin, DocumentsAdminAPIViewSet):
    """Documents in the admin's own API."""
