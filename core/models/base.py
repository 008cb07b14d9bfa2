"""The page all our page types are built on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from core.audience import View, view_of
from core.links import Links
from core.models.drafts import ForgivingDrafts
from core.models.text import normalise_text_fields
from core.vietnamese import SLUG_FORMATTERS, fold, slugify

# Root and home page: they are live for as long as there is a portal.
HOME_DEPTH = 2
SLUG_MAX_LENGTH = 80
# "-2" and so on, for more pages of one title than stand anywhere.
SUFFIX_MAX_LENGTH = 6
# What a page is called in its address when its title has neither letter nor digit.
FALLBACK_SLUG = "trang"


class VietnameseSlugInput(SlugInput):
    """The slug field: folds Vietnamese letters while typing, and again on the server."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, formatters=SLUG_FORMATTERS)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """The typed slug, folded. What folds to nothing is kept, to be refused with a reason."""
        typed = super().value_from_datadict(data, files, name)
        return slugify(typed, SLUG_MAX_LENGTH) or typed if typed else typed


NOT_YOURS = _("This names a page or file that is not yours. Choose another.")


class BasePageForm(WagtailAdminPageForm):
    """The editing form of every page of ours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.parent_page and not self.instance.path:
            # A new page is judged in its place: rules may look at what stands around it.
            self.instance._cached_parent_obj = self.parent_page
        self._taken_out: list[tuple[Any, str]] = []
        if self.is_bound and self.for_user:
            from core.unseen_references import take_out_unseen  # it imports the models

            self._taken_out = take_out_unseen(self, self.for_user)

    def clean(self) -> dict[str, Any]:
        """Give a slug that was only derived from the title a suffix when it is taken."""
        slug = self.data.get(self.add_prefix("slug"), "")
        if slug and not slugify(slug):
            self.add_error("slug", _("The address needs letters or digits."))
        title = self.cleaned_data.get("title") or ""
        derived = slugify(title, SLUG_MAX_LENGTH)
        if self.parent_page and self.cleaned_data.get("slug") == derived and slug:
            self.cleaned_data["slug"] = available_slug(derived, self.parent_page, self.instance)
        return super().clean()

    def is_valid(self) -> bool:
        """Also refuse what was taken out because the editor does not see it."""
        is_valid = bool(super().is_valid())
        for form, name in self._taken_out:
            if not form.has_error(name, "not_yours"):
                form.add_error(name, ValidationError(NOT_YOURS, code="not_yours"))
        return is_valid and not self._taken_out


def available_slug(base: str, parent: Page, page: Page | None) -> str:
    """``base``, or ``base-2``, ``base-3`` …: the first that no other child of ``parent`` has.

    At most :data:`SLUG_MAX_LENGTH` characters, suffix included.
    """
    siblings = parent.get_children()
    if page is not None and page.pk:
        siblings = siblings.exclude(pk=page.pk)
    # Every candidate begins like this, wherever a word makes room for its suffix.
    stem = slugify(base, SLUG_MAX_LENGTH - SUFFIX_MAX_LENGTH)
    taken = set(siblings.filter(slug__startswith=stem).values_list("slug", flat=True))
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = f"{slugify(base, SLUG_MAX_LENGTH - len(suffix))}{suffix}"
    return candidate


@dataclass(frozen=True)
class Crumb:
    """One step of the way from the home page."""

    title: str
    url: str


@dataclass(frozen=True)
class Metadata:
    """What search engines and messengers are told of a page."""

    title: str
    description: str
    canonical: str
    image_url: str = ""
    kind: str = "website"


class NormalisedPageMixin(Page):
    """Texts in NFC and Vietnamese slugs, whichever way the page is written."""

    slug: str
    alias_of: Page | None

    class Meta:
        abstract = True

    def _set_core_field_defaults(self) -> None:
        normalise_text_fields(self)
        parent_is_known = bool(self.path or getattr(self, "_cached_parent_obj", None))
        if not self.slug and parent_is_known:
            base = slugify(self.slug_source(), SLUG_MAX_LENGTH) or FALLBACK_SLUG
            parent = self.get_parent()
            self.slug = available_slug(base, parent, self) if parent else base
        super()._set_core_field_defaults()

    def slug_source(self) -> str:
        """The text an automatic slug is made of."""
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the page with its texts in NFC (a pure, cheap step: autosave comes here too).

        An alias of an alias becomes one of the source, which alone is decided upon.
        """
        normalise_text_fields(self)
        while self.alias_of is not None and self.alias_of.alias_of_id:
            self.alias_of = self.alias_of.alias_of
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a slug that is longer than an address people can copy."""
        super().clean()
        if len(self.slug) > SLUG_MAX_LENGTH:
            raise ValidationError(
                {
                    "slug": _("The address has %(length)d characters; use at most %(limit)d.")
                    % {"length": len(self.slug), "limit": SLUG_MAX_LENGTH}
                }
            )


class FoldedSearchMixin(index.Indexed):
    """Found with and without Vietnamese marks, alike on SQLite and PostgreSQL."""

    search_fields = [
        index.SearchField("folded_text"),
        index.AutocompleteField("folded_text"),
    ]

    def search_texts(self) -> Iterable[str]:
        """Every text a reader may look for this page by."""
        return (self.title, self.search_description)

    def folded_text(self) -> str:
        """All of :meth:`search_texts`, folded."""
        return fold(" ".join(text for text in self.search_texts() if text))


class BasePage(ForgivingDrafts, FoldedSearchMixin, NormalisedPageMixin):
    """Abstract parent of every page type. Not a table of its own."""

    base_form_class = BasePageForm
    # What may be public is decided by exhibitions.visibility; a second, per-page lock
    # would be unknown to neighbours, search and media.
    private_page_options: list[str] = []

    content_panels = [TitleFieldPanel("title")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug", widget=VietnameseSlugInput),
                FieldPanel("seo_title"),
                FieldPanel("search_description", widget=forms.Textarea(attrs={"rows": 3})),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Address and search engines"),
        ),
    ]

    search_fields = [*Page.search_fields, *FoldedSearchMixin.search_fields]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Template context: the page with its view, breadcrumbs and metadata."""
        context = super().get_context(request, *args, **kwargs)
        view = view_of(request)
        context["view"] = view
        context.update(self.page_context(request, view))
        if "breadcrumbs" not in context:
            context["breadcrumbs"] = self.breadcrumbs(request)
        if "links" not in context:
            context["links"] = Links(bodies=self.bodies(), view=view)
        context["meta"] = self.meta(request, context)
        return context

    def bodies(self) -> list[StreamValue]:
        """Every stream of blocks this page has."""
        fields = self._meta.concrete_fields
        return [getattr(self, each.name) for each in fields if isinstance(each, StreamField)]

    def page_context(self, request: HttpRequest, view: View) -> dict[str, Any]:
        """What this page type adds to the context, for ``view``."""
        return {}

    def breadcrumbs(self, request: HttpRequest) -> list[Crumb]:
        """The way here from below the home page, without the page itself."""
        above = self.get_ancestors().filter(depth__gt=2).order_by("depth")
        return [Crumb(page.title, page.get_url(request) or "") for page in above]

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None: see :attr:`private_page_options`. Wagtail asks before it serves any page."""
        return PageViewRestriction.objects.none()

    def meta(self, request: HttpRequest, context: dict[str, Any]) -> Metadata:
        """Metadata of the page; an alias names its source as the canonical address."""
        return Metadata(
            title=self.seo_title or self.title,
            description=self.search_description or self.meta_description(),
            canonical=self.canonical_page().get_full_url(request) or "",
            image_url=self.meta_image_url(context),
        )

    def is_public(self) -> bool:
        """Whether the public may see it: it and every page above it are published."""
        above = self.get_ancestors().filter(live=False, depth__gt=HOME_DEPTH)
        return self.live and not above.exists()

    def canonical_page(self) -> Page:
        """The page whose address stands for this one: an alias's source, if that is public."""
        if self.alias_of is None:
            return self
        source = self.alias_of.specific
        return source if source.is_public() else self

    def meta_description(self) -> str:
        """A description when the editor has written none."""
        return ""

    def meta_image_url(self, context: dict[str, Any]) -> str:
        """Absolute address of the picture shown when the page is shared, or ""."""
        return ""
