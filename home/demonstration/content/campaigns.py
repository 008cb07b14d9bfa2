"""The campaigns, their letters, and the sample agencies that take part.

The letter of Hà Giang has the facts of the client's document, its number and day blank as
there; its running text is the project's own. What is released is a sample.
"""

from __future__ import annotations

from datetime import date

from home.demonstration.content import lang_son, seven_provinces
from home.demonstration.content.organisations import LANG_SON_COMMITTEE
from home.demonstration.content.records import (
    AliasHost,
    Campaign,
    EarlierFigure,
    Letter,
    Organisation,
    SamplePlacement,
)

LANG_SON_SLUG = lang_son.EXHIBITION.slug
SEVEN_PROVINCES_SLUG = seven_provinces.EXHIBITION.slug
COOPERATION_NEWS_SLUG = "phoi-hop-phat-huy-gia-tri-tai-lieu-luu-tru-quoc-gia"

CONTACT = "(mẫu) Phòng Quản lý Văn thư - Lưu trữ, điện thoại 0000 000 000"
FORMS = ("ngang", "vuong")

_KIT_TEXT = (
    "Chọn cơ quan, đơn vị của mình để nhận banner hai kích thước cùng đường dẫn riêng. Nhờ "
    "đường dẫn ấy, Sở biết triển lãm được giới thiệu ở đâu và có bao nhiêu người đã đến xem.",
)

HA_GIANG_LETTER = Letter(
    title="Công văn tuyên truyền triển lãm Cụm 7 tỉnh miền núi biên giới phía Bắc",
    slug="cong-van-tuyen-truyen",
    parent_body="UBND TỈNH HÀ GIANG",
    agency="SỞ NỘI VỤ",
    symbol="SNV-TĐKT",
    place="Hà Giang",
    subject=(
        "tuyên truyền Chương trình triển lãm tài liệu lưu trữ “Phong trào thi đua yêu nước Cụm 7 "
        "tỉnh miền núi biên giới phía Bắc” trên không gian mạng"
    ),
    recipients=(
        "Các Sở, ban, ngành, hội, đoàn thể tỉnh",
        "Các doanh nghiệp thuộc các khối thi đua của tỉnh",
        "UBND các huyện, thành phố",
    ),
    legal_texts=(lang_son.DIRECTIVE_05_2007,),
    body=(
        "Thực hiện Chỉ thị số 05/2007/CT-TTg ngày 02/3/2007 của Thủ tướng Chính phủ, Ủy ban nhân "
        "dân và thường trực Hội đồng Thi đua - Khen thưởng bảy tỉnh Hà Giang, Cao Bằng, Lạng Sơn, "
        "Lào Cai, Lai Châu, Điện Biên, Sơn La đã cùng dựng triển lãm tài liệu lưu trữ “Phong trào "
        "thi đua yêu nước Cụm 7 tỉnh miền núi biên giới phía Bắc” trên không gian mạng. Triển lãm "
        "được công bố ngày 05 tháng 3 năm 2024 tại Hội nghị tổng kết công tác thi đua, khen "
        "thưởng của Cụm, tổ chức ở tỉnh Lạng Sơn.",
        "Người xem gặp ở đây tài liệu và hình ảnh về chặng đường của phong trào trong Cụm, những "
        "phong trào tiêu biểu của từng tỉnh và các gương điển hình tiên tiến, từ kho lưu trữ của "
        "các tỉnh đến thẳng màn hình điện thoại của công chức, viên chức, người lao động và nhân "
        "dân các dân tộc.",
        "Để triển lãm đến được với đông đảo người xem, Sở Nội vụ đề nghị các cơ quan, đơn vị, địa "
        "phương quan tâm thực hiện các việc sau:",
    ),
    requests=(
        "Giới thiệu triển lãm và vận động công chức, viên chức, người lao động, nhân dân cùng "
        "tham quan.",
        "Cơ quan, đơn vị, địa phương có trang thông tin điện tử thì gắn banner có đường liên kết "
        "đến triển lãm. Hình ảnh banner theo 02 kích thước gửi kèm văn bản này.",
    ),
    distribution=("Như trên", "Lãnh đạo Sở", "Ban TĐKT", "Lưu: VT"),
    signer_position="GIÁM ĐỐC",
    signer_name="Nguyễn Cao Cường",
)

SAMPLE_LETTER = Letter(
    title="MẪU – Công văn giới thiệu triển lãm Lạng Sơn 75 năm thi đua yêu nước",
    slug="mau-cong-van-gioi-thieu",
    parent_body="UBND TỈNH LẠNG SƠN",
    agency="SỞ NỘI VỤ",
    symbol="SNV-MẪU",
    place="Lạng Sơn",
    subject="giới thiệu triển lãm “Lạng Sơn 75 năm thi đua yêu nước” (văn bản mẫu)",
    recipients=("Các cơ quan, đơn vị nhận văn bản mẫu",),
    legal_texts=(),
    body=(
        "Đây là văn bản mẫu của bản trình diễn, không phải văn bản của cơ quan nào và không có "
        "giá trị pháp lý. Văn bản cho thấy một công văn đã phát hành trông ra sao trên cổng.",
        "Triển lãm “Lạng Sơn 75 năm thi đua yêu nước” đang mở cửa trên không gian mạng. Đề nghị "
        "các cơ quan, đơn vị:",
    ),
    requests=(
        "Giới thiệu triển lãm với công chức, viên chức, người lao động và nhân dân.",
        "Gắn banner của triển lãm trên trang thông tin điện tử của mình.",
    ),
    distribution=("Như trên", "Lưu: VT"),
    signer_position="GIÁM ĐỐC",
    signer_name="(mẫu) Họ và tên",
    number="01",
    issued_on=date(2026, 1, 5),
    release_note="Văn bản mẫu của bản trình diễn.",
)

HA_GIANG = Campaign(
    title="Tuyên truyền triển lãm Cụm 7 tỉnh miền núi biên giới phía Bắc",
    slug="tuyen-truyen-trien-lam-cum-7-tinh",
    exhibition=SEVEN_PROVINCES_SLUG,
    introduction=(
        "Sở Nội vụ tỉnh Hà Giang mời các cơ quan, đơn vị, địa phương cùng giới thiệu triển lãm "
        "chung của bảy tỉnh.",
    ),
    kit_text=_KIT_TEXT,
    contact=CONTACT,
    banners=FORMS,
    letters=(HA_GIANG_LETTER,),
)

LANG_SON = Campaign(
    title="Giới thiệu triển lãm Lạng Sơn 75 năm thi đua yêu nước",
    slug="gioi-thieu-trien-lam-lang-son-75-nam",
    exhibition=LANG_SON_SLUG,
    introduction=(
        "Bộ banner và đường dẫn để các cơ quan, đơn vị cùng giới thiệu triển lãm của tỉnh.",
    ),
    kit_text=_KIT_TEXT,
    contact=CONTACT,
    banners=FORMS,
    letters=(SAMPLE_LETTER,),
)

CAMPAIGNS = (HA_GIANG, LANG_SON)

THAT_KHE = "mau-ubnd-xa-that-khe"
KY_LUA = "mau-ubnd-phuong-ky-lua"
DONG_DANG = "mau-ubnd-xa-dong-dang"
LIBRARY = "mau-thu-vien-tinh"


def _sample(key: str, name: str, kind: str, short_name: str = "") -> Organisation:
    """A sample agency, whose website lies in a domain that can belong to nobody (RFC 2606)."""
    return Organisation(
        key=key,
        name=f"{name} (mẫu)",
        short_name=short_name or name,
        kind=kind,
        parent=LANG_SON_COMMITTEE,
        province="Lạng Sơn",
        hosts=(f"{key.removeprefix('mau-')}.example",),
    )


SAMPLE_AGENCIES = (
    _sample(THAT_KHE, "Ủy ban nhân dân xã Thất Khê", "peoples_committee", "UBND xã Thất Khê"),
    _sample(KY_LUA, "Ủy ban nhân dân phường Kỳ Lừa", "peoples_committee", "UBND phường Kỳ Lừa"),
    _sample(DONG_DANG, "Ủy ban nhân dân xã Đồng Đăng", "peoples_committee", "UBND xã Đồng Đăng"),
    _sample(LIBRARY, "Thư viện tỉnh Lạng Sơn", "other", "Thư viện tỉnh"),
    _sample("mau-bao-tang-tinh", "Bảo tàng tỉnh Lạng Sơn", "other", "Bảo tàng tỉnh"),
    _sample("mau-so-giao-duc", "Sở Giáo dục và Đào tạo tỉnh Lạng Sơn", "department", "Sở GDĐT"),
    _sample("mau-so-van-hoa", "Sở Văn hóa, Thể thao và Du lịch tỉnh Lạng Sơn", "department"),
    _sample("mau-tinh-doan", "Tỉnh đoàn Lạng Sơn", "association", "Tỉnh đoàn"),
    _sample("mau-truong-chinh-tri", "Trường Chính trị tỉnh Lạng Sơn", "other", "Trường Chính trị"),
    _sample("mau-doanh-nghiep", "Doanh nghiệp thuộc khối thi đua tỉnh Lạng Sơn", "enterprise"),
)

SAMPLE_PLACEMENTS = (
    SamplePlacement(agency=THAT_KHE, address="https://ubnd-xa-that-khe.example/", finding="seen"),
    SamplePlacement(agency=KY_LUA, address="https://ubnd-phuong-ky-lua.example/trang-chu"),
    SamplePlacement(
        agency=DONG_DANG, address="https://ubnd-xa-dong-dang.example/", finding="removed"
    ),
    SamplePlacement(agency=LIBRARY),
)

ALIAS_HOSTS = (
    AliasHost(
        host="trienlamtailieucum7tinhmnbgbp.langson.gov.vn",
        exhibition=SEVEN_PROVINCES_SLUG,
        note="In nhầm trong công văn tuyên truyền năm 2024 (…bp thay vì …pb)",
    ),
    AliasHost(
        host="trienlamtailieucum7tinhmnbgpb.langson.gov.vn",
        exhibition=SEVEN_PROVINCES_SLUG,
        note="Tên miền riêng trước đây của triển lãm",
    ),
    AliasHost(
        host="thiduayeunuoc.langson.gov.vn",
        exhibition=LANG_SON_SLUG,
        note="Tên miền riêng trước đây của triển lãm",
    ),
)

EARLIER_FIGURES = (
    EarlierFigure(
        page=LANG_SON_SLUG,
        count=6800,
        unit="visits",
        qualifier="nearly",
        until=date(2023, 7, 14),
        origin="Bài của Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn, tháng 7/2023",
    ),
    EarlierFigure(
        page=COOPERATION_NEWS_SLUG,
        count=415,
        unit="views",
        origin="Trang đã đăng lại bài viết này ngày 19/3/2020",
    ),
)
