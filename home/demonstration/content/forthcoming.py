"""Exhibition C: a sample that has been announced and is not yet open."""

from __future__ import annotations

from home.demonstration.content.organisations import LANG_SON_DEPARTMENT
from home.demonstration.content.records import Cover, Exhibition, Organiser, Part
from home.demonstration.content.samples import sample

EXHIBITION = Exhibition(
    title="MẪU – Triển lãm sắp khai mạc",
    short_title="MẪU – Sắp khai mạc",
    slug="mau-trien-lam-sap-khai-mac",
    summary=(
        "Triển lãm mẫu đang chờ giờ mở cửa. Trước giờ ấy, khách tham quan chỉ thấy trang giới "
        "thiệu này."
    ),
    cover=Cover(palette="dusk", seed=45),
    opens_in_days=30,
    foreword=(
        "Triển lãm này chưa có nội dung thật. Ban biên tập dùng nó để xem một triển lãm đã thông "
        "báo sẽ hiện ra thế nào, tự mở đúng giờ đã hẹn ra sao, và khai mạc bằng tay trong buổi lễ "
        "như thế nào.",
    ),
    foreword_signature="(mẫu)",
    organisers=(Organiser(organisation=LANG_SON_DEPARTMENT, role="leading"),),
    parts=(
        Part(
            title="MẪU – Phần mở đầu",
            slug="phan-i",
            introduction=("Ba mục giữ chỗ, chỉ xem được sau khi triển lãm khai mạc.",),
            items=(
                sample(
                    "I-01",
                    "document",
                    "Tài liệu sẽ ra mắt ngày khai mạc",
                    ("Chỗ dành cho tài liệu quan trọng nhất của triển lãm.",),
                    drawing="typed",
                ),
                sample(
                    "I-02",
                    "image",
                    "Ảnh sẽ ra mắt ngày khai mạc",
                    ("Chỗ dành cho bức ảnh dùng làm hình đại diện khi chia sẻ.",),
                    drawing="photograph",
                ),
                sample(
                    "I-03",
                    "object",
                    "Hiện vật sẽ ra mắt ngày khai mạc",
                    ("Chỗ dành cho một hiện vật lần đầu giới thiệu.",),
                    drawing="object",
                ),
            ),
        ),
    ),
)
