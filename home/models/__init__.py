"""Models of the home app, one family a file."""

from home.models.front import HomePage, SearchPage
from home.models.news import NewsColumn, NewsIndexPage, NewsPage
from home.models.records import DecisionLog
from home.models.standard import StandardPage

__all__ = [
    "DecisionLog",
    "HomePage",
    "NewsColumn",
    "NewsIndexPage",
    "NewsPage",
    "SearchPage",
    "StandardPage",
]
