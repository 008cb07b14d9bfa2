"""A factory for every page type and record the tests make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory
import wagtail_factories
from django.core.files.base import ContentFile

from campaigns.models import (
    ActivityPage,
    CampaignIndexPage,
    CampaignPage,
    NoticePage,
    ProgrammePage,
)
from core.models import CustomImage, Occasion, Organisation, RenditionSet, User
from exhibitions.models import (
    Clearance,
    ClearanceState,
    ExhibitionIndexPage,
    ExhibitionPage,
    ItemMedium,
    ItemPage,
    Opening,
    OpeningState,
    PartPage,
)
from home.models import HomePage, NewsColumn, NewsIndexPage, NewsPage, SearchPage, StandardPage
from tests.images import jpeg

LONG_AGO = datetime(2023, 6, 11, 1, 0, tzinfo=UTC)


class OurPageFactory(wagtail_factories.PageFactory):
    """A page with an automatic Vietnamese slug."""

    slug = None

    class Meta:
        abstract = True


class HomePageFactory(OurPageFactory):
    title = "Trang chủ"

    class Meta:
        model = HomePage


class SearchPageFactory(OurPageFactory):
    title = "Tìm kiếm"

    class Meta:
        model = SearchPage


class StandardPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Giới thiệu {number}")

    class Meta:
        model = StandardPage


class NewsIndexPageFactory(OurPageFactory):
    title = "Tin tức - Sự kiện"
    slug = "tin-tuc"

    class Meta:
        model = NewsIndexPage


class NewsPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Bản tin {number}")
    published_at = LONG_AGO

    class Meta:
        model = NewsPage


class NewsColumnFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda number: f"Chuyên mục {number}")
    slug = factory.Sequence(lambda number: f"chuyen-muc-{number}")

    class Meta:
        model = NewsColumn


class ExhibitionIndexPageFactory(OurPageFactory):
    title = "Triển lãm"

    class Meta:
        model = ExhibitionIndexPage


class ExhibitionPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Triển lãm số {number}")
    opens_at = LONG_AGO

    class Meta:
        model = ExhibitionPage


class PartPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Nội dung thứ {number}")

    class Meta:
        model = PartPage


class OrganisationFactory(factory.django.DjangoModelFactory):
    name = factory.Sequence(lambda number: f"Trung tâm Lưu trữ số {number}")

    class Meta:
        model = Organisation


class OccasionFactory(factory.django.DjangoModelFactory):
    label = "75 năm Ngày Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc"
    base_date = datetime(1948, 6, 11, tzinfo=UTC).date()
    years = 75

    class Meta:
        model = Occasion


class ItemPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Tài liệu số {number}")
    source_person = "(mẫu)"

    class Meta:
        model = ItemPage


class CampaignIndexPageFactory(OurPageFactory):
    title = "Dành cho cơ quan, đơn vị"
    slug = "tuyen-truyen"

    class Meta:
        model = CampaignIndexPage


class CampaignPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Đợt tuyên truyền {number}")

    class Meta:
        model = CampaignPage


class NoticePageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Công văn {number}")
    agency = "Sở Nội vụ"
    symbol = "SNV-TĐKT"
    subject = "tuyên truyền triển lãm"
    body = "<p>Đề nghị các cơ quan, đơn vị tuyên truyền.</p>"

    class Meta:
        model = NoticePage


class ProgrammePageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Chuỗi hoạt động {number}")

    class Meta:
        model = ProgrammePage


class ActivityPageFactory(OurPageFactory):
    title = factory.Sequence(lambda number: f"Hoạt động {number}")

    class Meta:
        model = ActivityPage


class UserFactory(factory.django.DjangoModelFactory):
    username = factory.Sequence(lambda number: f"canbo{number}")
    last_name = "Nguyễn Văn"
    first_name = "Mẫu"

    class Meta:
        model = User


class CustomImageFactory(factory.django.DjangoModelFactory):
    """An image whose default renditions are not made yet; see :func:`render`."""

    title = factory.Sequence(lambda number: f"Bản quét {number}")
    file = factory.LazyFunction(lambda: ContentFile(jpeg(640, 480), name="ban-quet.jpg"))

    class Meta:
        model = CustomImage


def clear(*items: ItemPage, state: ClearanceState = ClearanceState.CLEARED) -> None:
    """Write a clearance row for each of ``items``, as an approver's decision would."""
    for item in items:
        Clearance.objects.create(
            item=item, item_title=item.title, state=state, by_name="Lãnh đạo duyệt"
        )


def open_by_hand(
    exhibition: ExhibitionPage,
    state: OpeningState = OpeningState.OPEN,
    opens_at: datetime | None = None,
) -> None:
    """Write an opening row, as the button does."""
    Opening.objects.create(
        exhibition=exhibition,
        exhibition_title=exhibition.title,
        state=state,
        opens_at=opens_at,
        by_name="Lãnh đạo duyệt",
    )


def cleared_item(part: PartPage, **fields: Any) -> ItemPage:
    """A published and cleared item in ``part``."""
    item = ItemPageFactory(parent=part, **fields)
    clear(item)
    return item


def hang(item: ItemPage, image: CustomImage | None = None, **fields: Any) -> ItemMedium:
    """Give ``item`` a picture whose widths are made."""
    image = image or CustomImageFactory()
    render(image)
    return ItemMedium.objects.create(item=item, image=image, **fields)


def render(image: CustomImage, *, ceiling: int = 1920, mark: str = "") -> RenditionSet:
    """The rendition set of ``image`` under one profile, made for real."""
    from core.tasks import make_rendition_set

    renditions, _created = RenditionSet.objects.get_or_create(
        image=image, ceiling=ceiling, mark=mark, frame=1
    )
    make_rendition_set.call(renditions.pk)
    renditions.refresh_from_db()
    return renditions
