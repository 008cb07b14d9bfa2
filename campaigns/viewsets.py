"""Admin screens of the campaigns app."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.pages import PageViewSet

from campaigns.admin.editing import NoticeEditView
from campaigns.admin.release import ReleaseView
from campaigns.admin.results import ResultsView
from campaigns.models import NoticePage


class CampaignsViewSet(ViewSet):
    """The screens that are not Wagtail's own."""

    name = "campaigns_admin"
    url_prefix = "tuyen-truyen"

    def get_urlpatterns(self) -> list[URLPattern]:
        """Every screen has its address here."""
        return [
            path("cong-van/<int:notice_id>/phat-hanh/", ReleaseView.as_view(), name="release"),
            path("<int:campaign_id>/ket-qua/", ResultsView.as_view(), name="results"),
        ]


class NoticePageViewSet(PageViewSet):
    """A letter in the editor."""

    model = NoticePage
    edit_view_class = NoticeEditView
