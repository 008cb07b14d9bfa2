"""Exhibition B: the emulation movement of the cluster of seven northern border provinces."""

from __future__ import annotations

from datetime import date

from core.vietnamese import slugify
from home.demonstration.content.lang_son import DIRECTIVE_05_2007
from home.demonstration.content.organisations import (
    CLUSTER_COUNCILS,
    CLUSTER_PROVINCES,
    LANG_SON_COMMITTEE,
    committee_key,
    province_key,
)
from home.demonstration.content.records import Cover, Exhibition, Item, Organiser, Part
from home.demonstration.content.samples import sample

WITHHELD_REFERENCE = "II-04"
"""The one item that has not been cleared: a visitor finds it neither by search nor by address."""

_PART_I_ITEMS = (
    sample(
        "I-01",
        "document",
        "Trang văn bản đánh máy mở đầu",
        ("Chỗ dành cho tài liệu mở đầu Phần I, khổ đứng, một trang.",),
        drawing="typed",
    ),
    sample(
        "I-02",
        "image",
        "Ảnh tư liệu mở đầu",
        ("Chỗ dành cho ảnh tư liệu treo cạnh tài liệu mở đầu.",),
        drawing="photograph",
    ),
    sample(
        "I-03",
        "quotation",
        "Câu trích của Phần I",
        ("Câu trích đi cùng tên tài liệu gốc, ngày tháng và đơn vị bảo quản.",),
        quotation="Đây là chỗ của một câu trích. Câu chữ sẽ lấy nguyên văn từ tài liệu gốc.",
    ),
    sample(
        "I-04",
        "document",
        "Bản thảo viết tay",
        ("Chỗ dành cho một bản thảo viết tay, kèm bản chép để dễ đọc trên điện thoại.",),
        drawing="handwritten",
    ),
)

_PART_II_ITEMS = (
    sample(
        "II-01",
        "text",
        "Bài thuyết minh về Cụm thi đua",
        (
            "Chỗ dành cho bài giới thiệu ngắn về Cụm: các tỉnh thành viên, cách thức phối hợp và "
            "những hoạt động chung. Nội dung do Cụm cung cấp.",
        ),
    ),
    sample(
        "II-02",
        "document",
        "Văn bản chung của Cụm",
        (
            "Chỗ dành cho một văn bản do nhiều tỉnh cùng ký. Khi nhập, xin ghi lần lượt các cơ "
            "quan ban hành, đúng thứ tự trong bản gốc.",
        ),
        drawing="typed",
    ),
    sample(
        "II-03",
        "image",
        "Ảnh hội nghị của Cụm",
        ("Chỗ dành cho ảnh một hội nghị. Chú thích nêu tên hội nghị, địa điểm và thời gian.",),
        drawing="photograph",
    ),
    sample(
        WITHHELD_REFERENCE,
        "document",
        "Tài liệu chờ cho phép công bố",
        (
            "Mục này chưa có quyết định cho phép công bố nên khách tham quan không nhìn thấy. "
            "Mục được đặt ở đây để cán bộ thử thao tác cho phép và thu hồi.",
        ),
        drawing="table",
        cleared=False,
    ),
)


def _section_items(number: int, province: str) -> tuple[Item, ...]:
    """Two or three places a province; they differ, so that no two sections look alike."""
    prefix = f"III-{number}"
    document = sample(
        f"{prefix}-01",
        "document",
        f"Tài liệu hành chính (mục {province})",
        (f"Chỗ dành cho một tài liệu do lưu trữ tỉnh {province} tuyển chọn.",),
        drawing=("typed", "handwritten")[number % 2],
    )
    image = sample(
        f"{prefix}-02",
        "image",
        f"Ảnh tư liệu (mục {province})",
        (f"Chỗ dành cho một bức ảnh do tỉnh {province} cung cấp, kèm tên tác giả.",),
        drawing="photograph",
    )
    if number % 3 == 0:
        return (document, image)
    if number % 2:
        more = sample(
            f"{prefix}-03",
            "object",
            f"Hiện vật (mục {province})",
            ("Chỗ dành cho một hiện vật, ghi chất liệu, kích thước và nơi đang lưu giữ.",),
            drawing="object",
        )
    else:
        more = sample(
            f"{prefix}-03",
            "document",
            f"Biểu tổng hợp khổ ngang (mục {province})",
            ("Chỗ dành cho một biểu tổng hợp, mở rộng hết chiều ngang màn hình.",),
            drawing="table",
        )
    return (document, image, more)


def _sections() -> tuple[Part, ...]:
    """One section a province, in the letter's order."""
    return tuple(
        Part(
            title=province,
            slug=slugify(province),
            numeral_style="arabic",
            introduction=(f"Không gian dành cho tài liệu của tỉnh {province}.",),
            contributor=province_key(province),
            items=_section_items(number, province),
        )
        for number, province in enumerate(CLUSTER_PROVINCES, start=1)
    )


EXHIBITION = Exhibition(
    title="Phong trào thi đua yêu nước Cụm 7 tỉnh miền núi biên giới phía Bắc",
    short_title="Thi đua yêu nước Cụm 7 tỉnh biên giới phía Bắc",
    slug="phong-trao-thi-dua-yeu-nuoc-cum-7-tinh-mien-nui-bien-gioi-phia-bac",
    summary=(
        "Trên 300 tài liệu, hình ảnh, câu trích của bảy tỉnh Hà Giang, Cao Bằng, Lạng Sơn, "
        "Lào Cai, Lai Châu, Điện Biên, Sơn La."
    ),
    cover=Cover(palette="pine", seed=7),
    opens_on=date(2024, 3, 5),
    foreword=(
        "Bảy tỉnh, một dải núi biên cương. Hà Giang, Cao Bằng, Lạng Sơn, Lào Cai, Lai Châu, Điện "
        "Biên, Sơn La đã cùng nhau mở kho lưu trữ, chọn ra những tài liệu nói rõ nhất về phong "
        "trào thi đua yêu nước của mình.",
        "Triển lãm được công bố ngày 05/3/2024 tại tỉnh Lạng Sơn, trong hội nghị tổng kết thi "
        "đua, khen thưởng của Cụm. Với trên 300 tài liệu, hình ảnh, câu trích, triển lãm "
        "đi từ cội nguồn của phong trào, qua tổ chức và hoạt động chung của Cụm, đến công việc "
        "thi đua, khen thưởng ở từng tỉnh.",
        "Đặt triển lãm trên không gian mạng là cách đưa tài liệu đến gần hơn với cán bộ và đồng "
        "bào các dân tộc, dù ở phường trung tâm hay bản xa. Ban Tổ chức mong Quý vị dành thời "
        "gian tham quan và giới thiệu để nhiều người cùng biết.",
    ),
    foreword_signature="BAN TỔ CHỨC",
    declared_figures="trên 300 tài liệu, hình ảnh, câu trích",
    organisers=(
        Organiser(organisation=LANG_SON_COMMITTEE, role="leading"),
        *(
            Organiser(organisation=committee_key(province), role="cooperating")
            for province in CLUSTER_PROVINCES
            if committee_key(province) != LANG_SON_COMMITTEE
        ),
        Organiser(organisation=CLUSTER_COUNCILS, role="cooperating"),
    ),
    legal_texts=(DIRECTIVE_05_2007,),
    credits=(
        "Tài liệu của triển lãm do Trung tâm Lưu trữ quốc gia III, Ban Thi đua - Khen thưởng "
        "Trung ương, lưu trữ của bảy tỉnh cùng một số cơ quan, cá nhân cung cấp. Trong bản trình "
        "diễn này, các mục đều mang chữ MẪU và chờ bản quét thật.",
    ),
    keywords=("thi đua yêu nước", "Cụm 7 tỉnh", "miền núi biên giới phía Bắc"),
    parts=(
        Part(
            title=(
                "Chủ tịch Hồ Chí Minh - Người khởi xướng và tổ chức phong trào thi đua yêu nước"
            ),
            slug="phan-i",
            introduction=(
                "Nơi bắt đầu của mọi phong trào thi đua: tài liệu về Chủ tịch Hồ Chí Minh, người "
                "nêu ra và dẫn dắt phong trào.",
            ),
            items=_PART_I_ITEMS,
        ),
        Part(
            title="Tổ chức và hoạt động của Cụm thi đua 7 tỉnh miền núi biên giới phía Bắc",
            slug="phan-ii",
            introduction=(
                "Bảy tỉnh họp thành một Cụm, cùng phối hợp và cùng tổng kết. Phần này dành cho "
                "những tài liệu chung của Cụm.",
            ),
            items=_PART_II_ITEMS,
        ),
        Part(
            title=(
                "Công tác thi đua khen thưởng của các tỉnh miền núi biên giới phía Bắc qua các "
                "thời kỳ"
            ),
            slug="phan-iii",
            introduction=(
                "Mỗi tỉnh một gian, xếp theo thứ tự trong văn bản của Cụm. Quý vị có thể đi lần "
                "lượt hoặc vào thẳng gian của tỉnh mình.",
            ),
            parts=_sections(),
        ),
    ),
)
