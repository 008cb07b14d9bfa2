"""Models of the campaigns app, one family a file."""

from campaigns.models.campaigns import (
    Banner,
    CampaignExhibition,
    CampaignIndexPage,
    CampaignPage,
    Invitation,
)
from campaigns.models.notices import (
    NoticeDistribution,
    NoticePage,
    NoticeRecipient,
    NoticeRequest,
)
from campaigns.models.programmes import ActivityPage, ProgrammePage
from campaigns.models.records import NoticeRelease, Placement
from campaigns.models.vocabulary import (
    BANNER_SIZES,
    ActivityKind,
    ActivityState,
    BannerForm,
    Channel,
    PlacementState,
    ReleaseState,
    SignerPrefix,
)

__all__ = [
    "BANNER_SIZES",
    "ActivityKind",
    "ActivityPage",
    "ActivityState",
    "Banner",
    "BannerForm",
    "CampaignExhibition",
    "CampaignIndexPage",
    "CampaignPage",
    "Channel",
    "Invitation",
    "NoticeDistribution",
    "NoticePage",
    "NoticeRecipient",
    "NoticeRelease",
    "NoticeRequest",
    "Placement",
    "PlacementState",
    "ProgrammePage",
    "ReleaseState",
    "SignerPrefix",
]
