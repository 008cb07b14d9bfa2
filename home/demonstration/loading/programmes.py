"""The page for agencies, and the programme with its activities."""

from __future__ import annotations

from campaigns.models import ActivityPage, CampaignIndexPage, ProgrammePage
from core.blocks import official_date
from home.demonstration import content
from home.demonstration.content.records import Activity, BulletList, Heading, Paragraph
from home.demonstration.loading.publishing import publish_below
from home.demonstration.loading.records import Archive
from home.demonstration.loading.texts import body_blocks, rich_text
from home.models import HomePage

ORGANISERS_HEADING = "Đơn vị chủ trì và phối hợp"


def load_programmes(home: HomePage, archive: Archive) -> CampaignIndexPage:
    """The page for agencies, and the programme below it."""
    words = content.CAMPAIGN_INDEX
    index = publish_below(
        home,
        CampaignIndexPage(
            title=words.title,
            slug=words.slug,
            introduction=rich_text((words.introduction,)),
            show_in_menus=True,
        ),
        archive.staff.editor,
    )
    _load_programme(index, archive)
    return index


def _load_programme(index: CampaignIndexPage, archive: Archive) -> None:
    words = content.PROGRAMME
    organisers = [archive.organisations[each.organisation] for each in words.organisers]
    names = BulletList(entries=tuple(each.name for each in organisers))
    programme = publish_below(
        index,
        ProgrammePage(
            title=words.title,
            slug=words.slug,
            occasion=archive.occasions[words.occasion],
            organiser=organisers[0],
            declared_figures=words.declared_figures,
            introduction=rich_text(words.introduction),
            body=body_blocks((Heading(text=ORGANISERS_HEADING), names), archive.images),
        ),
        archive.staff.editor,
    )
    for activity in words.activities:
        publish_below(programme, _activity(activity, archive), archive.staff.editor)


def _activity(words: Activity, archive: Archive) -> ActivityPage:
    only_its_beginning = words.starts_on if not words.ends_on else None
    body = tuple(Paragraph(text=each) for each in words.description)
    return ActivityPage(
        title=words.title,
        slug=words.slug,
        kind=words.kind,
        state=words.state,
        starts_on=words.starts_on,
        ends_on=words.ends_on,
        dates_display=f"từ {official_date(only_its_beginning)}" if only_its_beginning else "",
        venue=words.venue,
        summary=words.summary,
        body=body_blocks(body, archive.images),
    )
