"""All that the demonstration says, as plain records: the loader's only source.

Facts, names, titles, captions and figures are those of the client's documents;
running text is the project's own. What the documents do not have is MẪU.
"""

from __future__ import annotations

from home.demonstration.content import forthcoming, lang_son, seven_provinces
from home.demonstration.content.campaigns import (
    ALIAS_HOSTS,
    CAMPAIGNS,
    EARLIER_FIGURES,
    SAMPLE_AGENCIES,
    SAMPLE_PLACEMENTS,
)
from home.demonstration.content.news import NEWS
from home.demonstration.content.organisations import OCCASIONS, ORGANISATIONS
from home.demonstration.content.pages import (
    CAMPAIGN_INDEX,
    EXHIBITION_INDEX,
    NEWS_INDEX,
    PORTAL,
    SEARCH,
    STANDARD_PAGES,
)
from home.demonstration.content.programme import PROGRAMME
from home.demonstration.content.records import Exhibition

LANG_SON = lang_son.EXHIBITION
SEVEN_PROVINCES = seven_provinces.EXHIBITION
FORTHCOMING = forthcoming.EXHIBITION

EXHIBITIONS: tuple[Exhibition, ...] = (LANG_SON, SEVEN_PROVINCES, FORTHCOMING)

__all__ = [
    "ALIAS_HOSTS",
    "CAMPAIGNS",
    "CAMPAIGN_INDEX",
    "EARLIER_FIGURES",
    "EXHIBITIONS",
    "EXHIBITION_INDEX",
    "FORTHCOMING",
    "LANG_SON",
    "NEWS",
    "NEWS_INDEX",
    "OCCASIONS",
    "ORGANISATIONS",
    "PORTAL",
    "PROGRAMME",
    "SAMPLE_AGENCIES",
    "SAMPLE_PLACEMENTS",
    "SEARCH",
    "SEVEN_PROVINCES",
    "STANDARD_PAGES",
]
