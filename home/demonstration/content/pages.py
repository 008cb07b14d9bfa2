"""The portal's own words: the first page, the lists and the pages about itself.

Contact details are not in the client's documents and are marked "(mẫu)".
"""

from __future__ import annotations

from home.demonstration.content.records import (
    BulletList,
    Heading,
    Paragraph,
    Portal,
    StandardPage,
)

PORTAL = Portal(
    department="Sở Nội vụ tỉnh Lạng Sơn",
    parent_body="Ủy ban nhân dân tỉnh Lạng Sơn",
    tagline="Triển lãm tài liệu lưu trữ trên không gian mạng",
    address="(mẫu) Số nhà, đường, phường, tỉnh Lạng Sơn",
    phone="(mẫu) 0000 000 000",
    responsible_person="(mẫu) Họ và tên, Giám đốc Sở Nội vụ",
    licence="(mẫu) Giấy phép số …/GP-TTĐT",
    reuse_note="Ghi rõ nguồn “Sở Nội vụ tỉnh Lạng Sơn” khi phát hành lại thông tin từ trang này.",
    home_introduction=(
        "Những trang giấy của xứ Lạng, mở ra cho mọi người cùng đọc: tài liệu lưu trữ được tuyển "
        "chọn, chú giải và trưng bày trên không gian mạng."
    ),
)

EXHIBITION_INDEX = StandardPage(
    title="Triển lãm",
    slug="trien-lam",
    introduction=(
        "Mỗi triển lãm là một lối đi qua tài liệu lưu trữ. Triển lãm đã kết thúc vẫn xem được."
    ),
)

CAMPAIGN_INDEX = StandardPage(
    title="Dành cho cơ quan, đơn vị",
    slug="tuyen-truyen",
    introduction=(
        "Nơi các cơ quan, đơn vị, địa phương nhận banner, đường dẫn và văn bản để cùng giới thiệu "
        "triển lãm trên trang thông tin điện tử của mình."
    ),
)

NEWS_INDEX = StandardPage(
    title="Tin tức - Sự kiện",
    slug="tin-tuc",
    introduction="Tin về công bố tài liệu lưu trữ, các ngày kỷ niệm và chương trình phối hợp.",
)

SEARCH = StandardPage(
    title="Tìm kiếm",
    slug="tim-kiem",
    introduction=(
        "Gõ có dấu hay không dấu đều tìm được. Số và ký hiệu văn bản cũng tìm được, như “39 VP”."
    ),
)

ABOUT = StandardPage(
    title="Giới thiệu",
    slug="gioi-thieu",
    introduction=(
        "Trang triển lãm tài liệu lưu trữ của Sở Nội vụ tỉnh Lạng Sơn đưa tài liệu từ kho lưu trữ "
        "đến với mọi người, ở bất cứ đâu."
    ),
    body=(
        Heading(text="Vì sao có trang này"),
        Paragraph(
            text=(
                "Tài liệu lưu trữ là ký ức chung của tỉnh. Giữ gìn cẩn thận mới là một nửa công "
                "việc; nửa còn lại là giúp người đang sống hôm nay đọc được, hiểu được và dùng "
                "được. Năm 2023, với “Lạng Sơn 75 năm thi đua yêu nước”, tỉnh lần đầu công bố tài "
                "liệu dưới hình thức triển lãm trên không gian mạng. Năm 2024, bảy tỉnh miền núi "
                "biên giới phía Bắc cùng góp tài liệu cho một triển lãm chung."
            )
        ),
        Heading(text="Ở đây có gì"),
        BulletList(
            entries=(
                "Triển lãm: tài liệu, hình ảnh, hiện vật, câu trích, xếp theo từng Phần, có thể "
                "phóng to và đọc kèm thông tin lưu trữ.",
                "Dành cho cơ quan, đơn vị: banner và đường dẫn để cùng giới thiệu triển lãm.",
                "Tin tức - Sự kiện: tin của ngành Lưu trữ và các chuỗi hoạt động kỷ niệm.",
            )
        ),
        Heading(text="Ai biên tập"),
        Paragraph(
            text=(
                "Nội dung do Sở Nội vụ chủ trì, Trung tâm Lưu trữ lịch sử tỉnh tuyển chọn và biên "
                "tập. Từng tài liệu chỉ xuất hiện sau khi được phép công bố, luôn đi kèm nguồn của "
                "cơ quan hoặc tác giả đã cung cấp."
            )
        ),
        Heading(text="Về các mục có chữ MẪU"),
        Paragraph(
            text=(
                "Trang đang ở bản trình diễn. Mục có chữ MẪU giữ chỗ cho tài liệu chưa có bản quét "
                "và ghi “Nguồn: (mẫu)”; không mục nào trong số đó là tài liệu lưu trữ."
            )
        ),
    ),
)

CONTACT = StandardPage(
    title="Liên hệ",
    slug="lien-he",
    introduction=(
        "Mọi góp ý, đính chính và đề nghị sử dụng bản sao tài liệu, xin gửi về Sở Nội vụ tỉnh "
        "Lạng Sơn."
    ),
    body=(
        Heading(text="Sở Nội vụ tỉnh Lạng Sơn"),
        BulletList(
            entries=(
                "Địa chỉ: (mẫu) số nhà, đường, phường, tỉnh Lạng Sơn",
                "Điện thoại: (mẫu) 0000 000 000",
                "Thư điện tử: (mẫu) ten-hop-thu@ten-mien",
            )
        ),
        Heading(text="Phòng đọc, Trung tâm Lưu trữ lịch sử tỉnh"),
        Paragraph(
            text=(
                "Bản quét trên trang được thu nhỏ vừa đủ để xem. Khi cần bản sao đầy đủ phục vụ "
                "nghiên cứu hoặc giải quyết công việc, mời Quý vị đến phòng đọc."
            )
        ),
        BulletList(
            entries=(
                "Giờ mở cửa: (mẫu) ngày làm việc, giờ hành chính",
                "Cần mang theo: (mẫu) giấy tờ tùy thân theo quy định của phòng đọc",
            )
        ),
        Heading(text="Khi phát hiện sai sót"),
        Paragraph(
            text=(
                "Xin cho biết địa chỉ trang và chi tiết chưa đúng. Nếu Quý vị còn giữ tài liệu "
                "liên quan, Trung tâm rất mong được xem và xin phép giới thiệu."
            )
        ),
    ),
)

SITE_MAP = StandardPage(
    title="Sơ đồ trang",
    slug="so-do-trang",
    introduction="Toàn bộ các trang đang mở, xếp theo từng mục, để tìm nhanh nơi cần đến.",
)

ACCESSIBILITY = StandardPage(
    title="Khả năng tiếp cận",
    slug="kha-nang-tiep-can",
    introduction=(
        "Triển lãm dành cho tất cả mọi người, kể cả người nhìn kém, người không dùng chuột và "
        "người đọc bằng phần mềm đọc màn hình."
    ),
    body=(
        Heading(text="Mức chúng tôi hướng tới"),
        Paragraph(
            text=(
                "Trang được xây dựng theo hướng dẫn WCAG 2.2, mức AA. Trang dùng được khi tắt "
                "JavaScript, khi phóng chữ đến 200% và trên màn hình điện thoại hẹp."
            )
        ),
        Heading(text="Tùy chỉnh khi đọc"),
        BulletList(
            entries=(
                "Cỡ chữ: bấm A− hoặc A+ ở đầu trang.",
                "Nền sáng, nền tối và độ tương phản cao: chọn trong phần cài đặt đọc.",
                "Bàn phím: phím Tab đi qua mọi liên kết và nút; liên kết đầu tiên của mỗi trang "
                "đưa thẳng đến nội dung chính.",
                "Chuyển động: mọi hiệu ứng dừng lại khi thiết bị yêu cầu giảm chuyển động.",
            )
        ),
        Heading(text="Điều còn hạn chế"),
        Paragraph(
            text=(
                "Bản quét là hình ảnh nên phần mềm đọc màn hình không đọc được chữ bên trong. Tài "
                "liệu nào có bản chép thì bản chép nằm ngay cạnh hình; các bản chép còn thiếu được "
                "bổ sung dần."
            )
        ),
        Heading(text="Báo trở ngại"),
        Paragraph(
            text=(
                "Gặp trang nào khó dùng, xin báo qua trang Liên hệ. Kèm theo tên thiết bị, trình "
                "duyệt, và việc Quý vị đang muốn làm để chúng tôi tìm ra lỗi nhanh hơn."
            )
        ),
    ),
)

PERSONAL_DATA = StandardPage(
    title="Dữ liệu cá nhân",
    slug="du-lieu-ca-nhan",
    introduction="Quý vị xem triển lãm mà không phải khai báo điều gì về mình.",
    body=(
        Heading(text="Khi Quý vị tham quan"),
        BulletList(
            entries=(
                "Không cần tài khoản, không cần để lại họ tên, số điện thoại hay thư điện tử.",
                "Phần công khai của trang không đặt cookie.",
                "Phông chữ, hình ảnh và mã lệnh đều lấy từ máy chủ của trang, trừ khi Quý vị "
                "đồng ý với thống kê của bên thứ ba.",
                "Lựa chọn cỡ chữ và màu nền được giữ trong trình duyệt của Quý vị.",
            )
        ),
        Heading(text="Số liệu truy cập"),
        Paragraph(
            text=(
                "Lượt xem được cộng dồn theo giờ và theo ngày để biết triển lãm nào được quan "
                "tâm và người xem đến từ banner của cơ quan nào. Để một người xem đi xem lại "
                "không bị tính nhiều lần, địa chỉ mạng và tên trình duyệt được trộn với một khóa "
                "ngẫu nhiên thành một con số rồi bỏ đi ngay; khóa của mỗi ngày bị hủy trong vòng "
                "một giờ sau khi hết ngày. Không nơi nào lưu địa chỉ mạng hay tên trình duyệt."
            )
        ),
        Paragraph(
            text=(
                "Nếu trình duyệt của Quý vị gửi yêu cầu không theo dõi (DNT hoặc GPC), con số ấy "
                "cũng không được tạo ra: lượt xem chỉ được đếm, không phân biệt với lượt khác."
            )
        ),
        Paragraph(
            text=(
                "Nếu Sở bật thống kê của bên thứ ba, trang sẽ hỏi trước; chỉ khi Quý vị đồng ý mới "
                "báo lượt truy cập tới nơi ấy, không dùng cookie. Có thể đổi ý ở chân trang."
            )
        ),
        Heading(text="Khi Quý vị liên hệ với Sở"),
        Paragraph(
            text=(
                "Thông tin trong thư chỉ dùng để trả lời chính bức thư đó. Quý vị có quyền yêu cầu "
                "cho xem, sửa hoặc xóa dữ liệu của mình theo Luật Bảo vệ dữ liệu cá nhân số "
                "91/2025/QH15 và Nghị định số 356/2025/NĐ-CP."
            )
        ),
        Heading(text="Người có trong tài liệu"),
        Paragraph(
            text=(
                "Trước khi công bố, hình ảnh và thông tin về người còn sống được rà soát. Nếu nhận "
                "ra mình hoặc người thân trong một tài liệu và có điều chưa thuận, Quý vị hãy cho "
                "Sở biết để xem xét."
            )
        ),
    ),
)

STANDARD_PAGES: tuple[StandardPage, ...] = (
    ABOUT,
    CONTACT,
    SITE_MAP,
    ACCESSIBILITY,
    PERSONAL_DATA,
)
