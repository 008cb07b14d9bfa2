"""Offices, archives, associations and provinces, and the anniversaries they keep."""

from __future__ import annotations

from datetime import date

from core.vietnamese import slugify
from home.demonstration.content.records import Occasion, Organisation

CLUSTER_PROVINCES = (
    "Hà Giang",
    "Cao Bằng",
    "Lạng Sơn",
    "Lào Cai",
    "Lai Châu",
    "Điện Biên",
    "Sơn La",
)
"""The seven provinces in the order of the cluster's letter, which is not the alphabet's."""

LANG_SON_DEPARTMENT = "so-noi-vu-lang-son"
LANG_SON_COMMITTEE = "ubnd-lang-son"
LANG_SON_ARCHIVE = "luu-tru-lich-su-lang-son"
NATIONAL_ARCHIVES_CENTRE_III = "ttltqg-iii"
STATE_ARCHIVES = "cuc-vtltnn"
PARTY_ARCHIVES = "luu-tru-van-phong-trung-uong-dang"
ARCHIVES_ASSOCIATION = "hoi-van-thu-luu-tru"
ARCHIVES_ENTERPRISES = "hoi-doanh-nghiep-luu-tru"
CLUSTER_COUNCILS = "hoi-dong-tdkt-cac-tinh"


def province_key(province: str) -> str:
    """The key of a province's own record."""
    return f"tinh-{slugify(province)}"


def committee_key(province: str) -> str:
    """The key of a province's People's Committee."""
    return f"ubnd-{slugify(province)}"


_MERGED_ON = {"Hà Giang": date(2025, 6, 11)}
_LAST_DAY_OF_OFFICES = {"Hà Giang": date(2025, 6, 30)}
_MERGED_INTO = {"Hà Giang": "Tuyên Quang"}


def _province(name: str) -> Organisation:
    merged_into = _MERGED_INTO.get(name, "")
    return Organisation(
        key=province_key(name),
        name=f"Tỉnh {name}",
        short_name=name,
        province=name,
        valid_to=_MERGED_ON.get(name),
        successor=province_key(merged_into) if merged_into else "",
    )


def _committee(province: str) -> Organisation:
    merged_into = _MERGED_INTO.get(province, "")
    return Organisation(
        key=committee_key(province),
        name=f"Ủy ban nhân dân tỉnh {province}",
        short_name=f"UBND tỉnh {province}",
        kind="peoples_committee",
        province=province,
        valid_to=_LAST_DAY_OF_OFFICES.get(province),
        successor=province_key(merged_into) if merged_into else "",
    )


ORGANISATIONS: tuple[Organisation, ...] = (
    _province("Tuyên Quang"),
    *(_province(name) for name in CLUSTER_PROVINCES),
    *(_committee(name) for name in CLUSTER_PROVINCES),
    Organisation(
        key=LANG_SON_DEPARTMENT,
        name="Sở Nội vụ tỉnh Lạng Sơn",
        short_name="Sở Nội vụ",
        kind="department",
        parent=LANG_SON_COMMITTEE,
        province="Lạng Sơn",
    ),
    Organisation(
        key=LANG_SON_ARCHIVE,
        name="Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn",
        short_name="Trung tâm Lưu trữ lịch sử",
        kind="archive",
        parent=LANG_SON_DEPARTMENT,
        province="Lạng Sơn",
    ),
    Organisation(
        key="hoi-dong-tdkt-lang-son",
        name="Hội đồng Thi đua - Khen thưởng tỉnh Lạng Sơn",
        short_name="Hội đồng TĐKT tỉnh",
        kind="council",
        province="Lạng Sơn",
    ),
    Organisation(
        key="so-noi-vu-ha-giang",
        name="Sở Nội vụ tỉnh Hà Giang",
        kind="department",
        parent=committee_key("Hà Giang"),
        province="Hà Giang",
        valid_to=_LAST_DAY_OF_OFFICES["Hà Giang"],
        successor=province_key("Tuyên Quang"),
    ),
    Organisation(
        key=CLUSTER_COUNCILS,
        name=(
            "Thường trực Hội đồng Thi đua - Khen thưởng các tỉnh trong Cụm thi đua 7 tỉnh "
            "miền núi biên giới phía Bắc"
        ),
        short_name="Hội đồng TĐKT các tỉnh trong Cụm",
        kind="council",
    ),
    Organisation(
        key=STATE_ARCHIVES,
        name="Cục Văn thư và Lưu trữ nhà nước",
        short_name="Cục VTLTNN",
        kind="central",
        province="Hà Nội",
    ),
    Organisation(
        key=NATIONAL_ARCHIVES_CENTRE_III,
        name="Trung tâm Lưu trữ quốc gia III",
        short_name="TTLTQG III",
        kind="archive",
        parent=STATE_ARCHIVES,
    ),
    Organisation(
        key="ban-tdkt-trung-uong",
        name="Ban Thi đua - Khen thưởng Trung ương",
        short_name="Ban TĐKT Trung ương",
        kind="central",
    ),
    Organisation(
        key="cong-ttdt-chinh-phu",
        name="Cổng Thông tin điện tử Chính phủ",
        short_name="Cổng TTĐT Chính phủ",
        kind="central",
    ),
    Organisation(
        key=PARTY_ARCHIVES,
        name="Cục Lưu trữ Văn phòng Trung ương Đảng",
        kind="central",
    ),
    Organisation(
        key=ARCHIVES_ASSOCIATION,
        name="Hội Văn thư Lưu trữ Việt Nam",
        kind="association",
    ),
    Organisation(
        key=ARCHIVES_ENTERPRISES,
        name="Hội Doanh nghiệp Lưu trữ Việt Nam",
        kind="association",
    ),
)

EMULATION_75_YEARS = Occasion(
    key="75-nam-thi-dua-ai-quoc",
    label="75 năm Ngày Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc",
    base_date=date(1948, 6, 11),
    years=75,
)

ARCHIVES_80_YEARS = Occasion(
    key="80-nam-ngay-luu-tru",
    label="80 năm Ngày Lưu trữ Việt Nam",
    base_date=date(1946, 1, 3),
    years=80,
)

OCCASIONS: tuple[Occasion, ...] = (EMULATION_75_YEARS, ARCHIVES_80_YEARS)
