"""Three news pages: what the client's documents report, told again in our own words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from home.demonstration.content.records import (
    BulletList,
    Cover,
    Figure,
    Heading,
    NewsItem,
    Paragraph,
)

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_GOVERNMENT_PORTAL = "Cổng Thông tin điện tử Chính phủ"

ONLINE_PUBLICATION = NewsItem(
    title=(
        "Phát huy giá trị tài liệu lưu trữ trên không gian mạng nhân dịp kỷ niệm 75 năm Ngày "
        "Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc"
    ),
    slug="phat-huy-gia-tri-tai-lieu-luu-tru-tren-khong-gian-mang",
    sapo=(
        "Hơn một tháng sau khi lên mạng, chương trình công bố tài liệu “Lạng Sơn 75 năm thi đua "
        "yêu nước” đã đón gần 6.800 lượt người truy cập."
    ),
    column="Công bố tài liệu lưu trữ",
    published_at=datetime(2023, 7, 12, 7, 13, tzinfo=VIETNAM),
    cover=Cover(palette="indigo", seed=52),
    byline_person="Ong Thị An",
    byline_unit="Trung tâm Lưu trữ lịch sử",
    body=(
        Paragraph(
            text=(
                "Tài liệu nằm yên trong kho thì chưa thể nói là đã có ích. Từ suy nghĩ ấy, khi "
                "thực hiện Chương trình được phê duyệt tại Quyết định số 2194/QĐ-TTg, Sở Nội vụ "
                "tỉnh Lạng Sơn đặt việc đưa tài liệu đến với người dùng lên hàng đầu, coi đó là "
                "đích đến của mọi công việc lưu trữ."
            )
        ),
        Paragraph(
            text=(
                "Nền tảng cho bước đi này là số hóa. Hết năm 2022, trên 95% tài liệu trong Kho "
                "lưu trữ lịch sử tỉnh đã có bản điện tử; người trong tỉnh hay ở nơi khác đến tra "
                "tìm đều thuận tiện hơn trước."
            )
        ),
        Paragraph(
            text=(
                "Sáu tháng đầu năm 2023, cùng với Trung tâm Lưu trữ quốc gia III và Cục Văn thư "
                "và Lưu trữ nhà nước, Sở đã tổ chức chương trình công bố “Lạng Sơn 75 năm thi đua "
                "yêu nước”. Người xem tìm thấy chương trình ở hai nơi: trang của Sở và trang của "
                "Hội đồng Thi đua - Khen thưởng tỉnh."
            )
        ),
        Heading(text="Hai phần, trên 120 tài liệu"),
        Paragraph(
            text=(
                "Phần thứ nhất mang tên “Chủ tịch Hồ Chí Minh - Người khởi xướng và tổ chức phong "
                "trào thi đua yêu nước”, phần thứ hai là “Lạng Sơn thi đua làm theo lời Bác”. "
                "Trong số tài liệu được giới thiệu có Lời kêu gọi năm 1948 và một công văn của Ban "
                "Lãnh đạo thi đua ái quốc tỉnh đề ngày 14/7/1948."
            )
        ),
        Figure(
            caption=(
                "Lời kêu gọi của Chủ tịch Hồ Chí Minh gửi tới toàn thể Đồng bào yêu quý cả nước "
                "về việc tham gia phong trào “Thi đua yêu nước” năm 1948"
            ),
            source="Trung tâm Lưu trữ quốc gia III",
            seed=101,
            waiting="Chờ bản quét",
        ),
        Figure(
            caption=(
                "Công văn số 39 VP ngày 14/7/1948 của Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn "
                "về việc kê khai khẩu hiệu thi đua ái quốc"
            ),
            source="Trung tâm Lưu trữ lịch sử tỉnh Lạng Sơn",
            seed=102,
            waiting="Chờ bản quét",
        ),
        Paragraph(
            text=(
                "Trước đây tài liệu thường chỉ được xem tại chỗ. Lần này, công chức, viên chức, "
                "người lao động và bà con các dân tộc chỉ cần một chiếc điện thoại có mạng là "
                "đọc được. Với Lưu trữ lịch sử tỉnh, đây là bước khởi đầu của chuyển đổi số trong "
                "công tác giới thiệu tài liệu."
            )
        ),
        Paragraph(
            text=(
                "Tính đến ngày 14/7/2023, gần 6.800 lượt người đã truy cập. Kết quả ban đầu ấy là "
                "cơ sở để Sở Nội vụ đề xuất với Ủy ban nhân dân tỉnh những chương trình công bố "
                "tiếp theo./."
            )
        ),
    ),
)

ARCHIVES_DAY = NewsItem(
    title=(
        "Các hoạt động kỷ niệm 80 năm Ngày Lưu trữ Việt Nam của Cục Văn thư và Lưu trữ nhà nước "
        "– Điểm nhấn năm 2025"
    ),
    slug="cac-hoat-dong-ky-niem-80-nam-ngay-luu-tru-viet-nam",
    sapo=(
        "Hơn 20 hoạt động được dự kiến từ ngày 03/01/2025; mở đầu là triển lãm “Nghề Lưu trữ, "
        "Người Lưu trữ, Ngày Lưu trữ” tại 12 Đào Tấn, Hà Nội."
    ),
    column="Ngày Lưu trữ Việt Nam",
    published_at=datetime(2025, 1, 14, 8, 0, tzinfo=VIETNAM),
    cover=Cover(palette="ochre", seed=21),
    byline_person="PV",
    source_name="VietnamPlus",
    body=(
        Paragraph(
            text=(
                "Bước vào năm kỷ niệm, Cục Văn thư và Lưu trữ nhà nước lên kế hoạch cho một chuỗi "
                "sự kiện kéo dài, từ triển lãm, ấn phẩm, hội thảo khoa học đến giải bóng đá và hội "
                "thi văn nghệ."
            )
        ),
        Paragraph(
            text=(
                "Triển lãm “Nghề Lưu trữ, Người Lưu trữ, Ngày Lưu trữ” được chọn để mở đầu. Khoảng "
                "200 tài liệu, hình ảnh, hiện vật đã được gom về từ lưu trữ của Đảng và Nhà nước, "
                "từ các trường có đào tạo ngành này và từ tủ riêng của những người làm nghề."
            )
        ),
        Figure(
            caption=(
                "Cục Văn thư và Lưu trữ nhà nước tổ chức các hoạt động kỷ niệm 80 năm Ngày Lưu trữ "
                "Việt Nam"
            ),
            source="",
            seed=111,
        ),
        Paragraph(
            text=(
                "Điều mới là cách làm chung. Lần đầu tiên, hai hội nghề nghiệp là Hội Doanh nghiệp "
                "Lưu trữ Việt Nam và Hội Văn thư Lưu trữ Việt Nam, cùng Cục Lưu trữ Văn phòng "
                "Trung ương Đảng và các cơ sở đào tạo bắt tay với Cục trong một chương trình, để "
                "nhiều người hiểu hơn về tám mươi năm của ngành."
            )
        ),
        Figure(
            caption=(
                "Ông Đặng Thanh Tùng – Cục trưởng Cục Văn thư và Lưu trữ Nhà nước chia sẻ với các "
                "phóng viên những nhiệm vụ trọng tâm của Cục trong năm 2025"
            ),
            source="",
            seed=112,
        ),
        Paragraph(
            text=(
                "Dịp này, Cục trưởng Đặng Thanh Tùng cũng trao đổi với báo chí về những việc ngành "
                "sẽ dồn sức trong thời gian tới:"
            )
        ),
        BulletList(
            entries=(
                "thay đổi cách nghĩ trong quản lý nhà nước về văn thư, lưu trữ;",
                "hoàn chỉnh văn bản pháp luật và đưa Luật Lưu trữ năm 2024 vào thực tế;",
                "đầu tư cơ sở vật chất, hạ tầng và chuyển đổi số trong nghiệp vụ;",
                "nâng cao nghiệp vụ của các Trung tâm Lưu trữ quốc gia;",
                "mở rộng hợp tác với các tổ chức ICA, SARBICA, AIAF và với Hàn Quốc, Indonesia, "
                "Singapore;",
                "bồi dưỡng người làm nghề, kiểm tra chất lượng dịch vụ lưu trữ.",
            )
        ),
        Figure(
            caption=(
                "Cục Văn thư và Lưu trữ nhà nước tổ chức các hoạt động kỷ niệm 80 năm Ngày Lưu trữ "
                "Việt Nam"
            ),
            source="",
            seed=113,
        ),
        Paragraph(
            text=(
                "Danh sách hoạt động được cập nhật tại trang chương trình của Cổng này, mỗi khi có "
                "thông tin chính thức về tên gọi, thời gian và địa điểm."
            )
        ),
    ),
)

COOPERATION = NewsItem(
    title="Phối hợp phát huy giá trị tài liệu lưu trữ quốc gia",
    slug="phoi-hop-phat-huy-gia-tri-tai-lieu-luu-tru-quoc-gia",
    sapo=(
        "Cổng Thông tin điện tử Chính phủ và Cục Văn thư và Lưu trữ nhà nước ký thỏa thuận hợp tác "
        "giai đoạn 2020-2023."
    ),
    column="Chương trình phối hợp",
    published_at=datetime(2020, 3, 19, 14, 32, tzinfo=VIETNAM),
    cover=Cover(palette="pine", seed=20),
    source_name=_GOVERNMENT_PORTAL,
    source_url=(
        "http://vpcp.chinhphu.vn/Home/"
        "Phoi-hop-phat-huy-gia-tri-tai-lieu-luu-tru-quoc-gia/20203/27386.vgp"
    ),
    body=(
        Paragraph(
            text=(
                "Buổi lễ ký diễn ra sáng 18/3/2020. Thay mặt hai bên đặt bút ký là ông Vi Quang "
                "Đạo, Tổng Giám đốc Cổng Thông tin điện tử Chính phủ thuộc Văn phòng Chính phủ, và "
                "ông Đặng Thanh Tùng, Cục trưởng Cục Văn thư và Lưu trữ nhà nước thuộc Bộ Nội vụ."
            )
        ),
        Figure(
            caption=(
                "Tổng Giám đốc Cổng TTĐT Chính phủ Vi Quang Đạo và Cục trưởng Cục Văn thư và Lưu "
                "trữ nhà nước Đặng Thanh Tùng ký kết Thỏa thuận hợp tác"
            ),
            source=_GOVERNMENT_PORTAL,
            seed=121,
        ),
        Paragraph(
            text=(
                "Thỏa thuận nối hai thế mạnh: một bên giữ kho tài liệu quốc gia, một bên có các "
                "kênh truyền thông của Chính phủ. Ông Đặng Thanh Tùng cho rằng tài liệu chỉ có giá "
                "trị trọn vẹn khi đến được với công chúng, và ông mong những tư liệu chính thống "
                "về Chính phủ qua các thời kỳ sẽ được giới thiệu rộng rãi."
            )
        ),
        Heading(text="Bốn nội dung phối hợp"),
        BulletList(
            entries=(
                "khai thác, cung cấp tài liệu và dùng chung tài nguyên số;",
                "mở chuyên mục và viết bài chuyên đề trên Cổng, trên Báo Điện tử Chính phủ và các "
                "trang thành phần;",
                "làm triển lãm trực tuyến từ những tài liệu, hiện vật đã được công bố, công khai "
                "chính thức;",
                "biên soạn và xuất bản ấn phẩm.",
            )
        ),
        Figure(
            caption=(
                "Sự phối hợp giữa Cổng TTĐT Chính phủ và Cục Văn thư và Lưu trữ nhà nước nhằm phát "
                "huy giá trị tài liệu lưu trữ quốc gia"
            ),
            source=_GOVERNMENT_PORTAL,
            seed=122,
        ),
        Paragraph(
            text=(
                "Năm 2020 có nhiều ngày lễ lớn nên hai bên bắt đầu ngay với hai dịp: 75 năm Ngày "
                "truyền thống Văn phòng Chính phủ và 75 năm Quốc khánh (02/9/1945-02/9/2020). Cục "
                "sẽ cung cấp tư liệu cho hoạt động truyền thông và cho triển lãm trực tuyến nhân "
                "những dịp này."
            )
        ),
        Paragraph(
            text=(
                "Sau lễ ký, các đơn vị trực thuộc được giao biến thỏa thuận khung thành việc làm "
                "cụ thể, vừa sức và đúng đặc điểm của từng bên./."
            )
        ),
    ),
)

NEWS: tuple[NewsItem, ...] = (ARCHIVES_DAY, ONLINE_PUBLICATION, COOPERATION)
"""Newest first."""
