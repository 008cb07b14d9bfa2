"""Loading the demonstration: once, in one go, into an empty portal.

All rows are written in one transaction, so a run that is killed leaves a portal as
empty as before; pictures are drawn before it, because that takes most of the time
and a transaction should not. Empty is a portal in which the welcome page that
Wagtail's migrations make still stands. Nobody can make that page again, so once the
content is loaded, or the portal has been given other content, nothing is ever
loaded: edits stay, and deleted pages do not come back.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page

from home.demonstration import content
from home.demonstration.content.organisations import LANG_SON_DEPARTMENT
from home.demonstration.loading.campaigns import (
    load_alias_hosts,
    load_campaigns,
    load_earlier_figures,
)
from home.demonstration.loading.exhibitions import load_exhibitions
from home.demonstration.loading.front import feature, load_home, load_news, load_standard_pages
from home.demonstration.loading.gallery import Hung, draw_pictures, put_into_library
from home.demonstration.loading.people import give_rights, make_staff, remove_wagtail_defaults
from home.demonstration.loading.programmes import load_programmes
from home.demonstration.loading.records import Archive, make_occasions, make_organisations

Say = Callable[[str, str], None]
"""Tells people of one step, in Vietnamese and in English."""


def welcome_page() -> Page | None:
    """Wagtail's own welcome page, the sign of an empty portal."""
    return Page.objects.filter(
        depth=2, content_type=ContentType.objects.get_for_model(Page)
    ).first()


def load(say: Say, picture_scale: float = 1.0) -> bool:
    """Load the demonstration unless the portal has content; tell whether it was loaded.

    ``picture_scale`` shortens the sides of all pictures: a reader needs them as they
    are, a test only needs them to be there. To be called from the main thread.
    """
    if welcome_page() is None:
        return False
    say("Vẽ hình, khoảng nửa phút", "Drawing the pictures, about half a minute")
    pictures = draw_pictures(
        picture_scale,
        lambda done, total: say(f"Đã vẽ {done}/{total} hình", f"{done} of {total} drawn"),
    )
    return _write(pictures, say)


@transaction.atomic
def _write(pictures: list[Hung], say: Say) -> bool:
    """Write all rows; nothing when another process was faster."""
    root = Page.objects.select_for_update().get(depth=1)
    welcome = welcome_page()
    if welcome is None:
        return False
    say("Ghi cơ quan, tài khoản và kho hình", "Writing organisations, accounts and images")
    organisations = make_organisations()
    staff = make_staff(organisations[LANG_SON_DEPARTMENT])
    remove_wagtail_defaults()
    home = load_home(root, welcome, staff.administrator)
    staff = give_rights(staff)
    archive = Archive(
        staff=staff,
        images=put_into_library(pictures, staff.editor),
        organisations=organisations,
        occasions=make_occasions(),
    )
    say("Dựng các triển lãm", "Hanging the exhibitions")
    exhibitions = load_exhibitions(home, archive)
    say("Viết tin tức, chương trình và các trang", "Writing news, programme and pages")
    index = load_programmes(home, archive)
    load_campaigns(index, exhibitions, archive)
    load_alias_hosts(exhibitions)
    load_news(home, archive)
    load_standard_pages(home, archive)
    load_earlier_figures()
    feature(home, exhibitions[content.LANG_SON.slug], archive)
    return True
