"""The programme for eighty years of Ngày Lưu trữ Việt Nam, with its activities."""

from __future__ import annotations

from datetime import date

from home.demonstration.content.organisations import (
    ARCHIVES_80_YEARS,
    ARCHIVES_ASSOCIATION,
    ARCHIVES_ENTERPRISES,
    PARTY_ARCHIVES,
    STATE_ARCHIVES,
)
from home.demonstration.content.records import Activity, Organiser, Programme

_SAMPLE_NOTE = (
    "Chương trình đã công bố có loại hoạt động này nhưng chưa nêu tên, thời gian và địa điểm. "
    "Mục mẫu giữ chỗ cho đến khi có thông tin chính thức.",
)


def _planned(title: str, kind: str, summary: str) -> Activity:
    """An activity of which only the kind has been announced."""
    return Activity(
        title=f"MẪU – {title}",
        kind=kind,
        state="planned",
        summary=summary,
        description=_SAMPLE_NOTE,
    )


PROGRAMME = Programme(
    title="80 năm Ngày Lưu trữ Việt Nam (03/01/1946 - 03/01/2026)",
    slug="80-nam-ngay-luu-tru-viet-nam",
    occasion=ARCHIVES_80_YEARS.key,
    introduction=(
        "Ngày 03/01/2026, Ngày Lưu trữ Việt Nam tròn tám mươi năm. Hướng tới ngày ấy, Cục Văn thư "
        "và Lưu trữ nhà nước cùng các cơ quan, hội nghề nghiệp và cơ sở đào tạo dự kiến tổ chức "
        "hơn 20 hoạt động, bắt đầu từ ngày 03/01/2025.",
        "Đây là lần đầu tiên lưu trữ của Đảng, lưu trữ của Nhà nước và hai hội nghề nghiệp cùng "
        "chung một chuỗi hoạt động để kể về nghề của mình.",
    ),
    declared_figures="hơn 20 hoạt động",
    organisers=(
        Organiser(organisation=STATE_ARCHIVES, role="leading"),
        Organiser(organisation=PARTY_ARCHIVES, role="cooperating"),
        Organiser(organisation=ARCHIVES_ASSOCIATION, role="cooperating"),
        Organiser(organisation=ARCHIVES_ENTERPRISES, role="cooperating"),
    ),
    activities=(
        Activity(
            title="Triển lãm “Nghề Lưu trữ, Người Lưu trữ, Ngày Lưu trữ”",
            kind="exhibition",
            state="ongoing",
            summary=(
                "Hoạt động mở đầu: khoảng 200 tài liệu, hình ảnh, hiện vật về nghề lưu trữ và "
                "những người làm nghề."
            ),
            description=(
                "Tài liệu, hình ảnh và hiện vật được tập hợp từ lưu trữ của Đảng, lưu trữ của Nhà "
                "nước, từ nơi đào tạo nghề và từ chính những cán bộ đã gắn bó với nghề. Người "
                "xem gặp lại ở đây các mốc son của ngành bên cạnh những kỷ niệm riêng.",
            ),
            venue="Cục Văn thư và Lưu trữ nhà nước, 12 Đào Tấn, Hà Nội",
            starts_on=date(2025, 1, 3),
        ),
        _planned("Xuất bản ấn phẩm", "publication", "Ấn phẩm của ngành Lưu trữ."),
        _planned("Hội thảo khoa học", "seminar", "Hội thảo khoa học của ngành Lưu trữ."),
        _planned("Hội thi văn nghệ", "contest", "Hội thi văn nghệ của ngành Lưu trữ."),
        _planned("Giải bóng đá", "sport", "Giải bóng đá của ngành Lưu trữ."),
        _planned("Hoạt động khác", "other", "Các hoạt động khác trong chuỗi kỷ niệm."),
        Activity(
            title="Lễ kỷ niệm 80 năm Ngày Lưu trữ Việt Nam",
            kind="ceremony",
            state="ended",
            summary="Lễ kỷ niệm được tổ chức ngày 31/12/2025, khép lại chuỗi hoạt động.",
            starts_on=date(2025, 12, 31),
            ends_on=date(2025, 12, 31),
        ),
    ),
)
