"""Exhibition A: "Lạng Sơn 75 năm thi đua yêu nước", with its four known records."""

from __future__ import annotations

from datetime import date

from home.demonstration.content.organisations import (
    EMULATION_75_YEARS,
    LANG_SON_ARCHIVE,
    LANG_SON_DEPARTMENT,
    NATIONAL_ARCHIVES_CENTRE_III,
    STATE_ARCHIVES,
)
from home.demonstration.content.records import (
    Cover,
    Drawing,
    Exhibition,
    Item,
    LegalText,
    Medium,
    Organiser,
    Part,
)
from home.demonstration.content.samples import sample

DIRECTIVE_05_2007 = LegalText(
    kind="Chỉ thị",
    number="05/2007/CT-TTg",
    date=date(2007, 3, 2),
    body="Thủ tướng Chính phủ",
    abstract="về tăng cường bảo vệ và phát huy giá trị tài liệu lưu trữ",
)

DECISION_2194 = LegalText(
    kind="Quyết định",
    number="2194/QĐ-TTg",
    date=date(2021, 12, 24),
    body="Thủ tướng Chính phủ",
    abstract=(
        "về việc phê duyệt Chương trình “Công bố tài liệu lưu trữ quốc gia phục vụ xây dựng, "
        "phát triển kinh tế - xã hội, bảo vệ chủ quyền đất nước”"
    ),
)

WAITING_NOTE = (
    "Bản quét đang được chuẩn bị. Khung giấy ở trên giữ chỗ cho hình ảnh của tài liệu; "
    "chú thích và nguồn đã đầy đủ để Quý vị tra cứu."
)


def _mount(seed: int, caption: str, *, label: str = "", shape: str = "portrait") -> Medium:
    where = f" ({label.lower()})" if label else ""
    return Medium(
        drawing=Drawing(kind="mount", seed=seed, shape=shape),
        label=label,
        alt_text=f"Khung giấy chờ bản quét{where}: {caption}",
    )


_APPEAL = (
    "Lời kêu gọi của Chủ tịch Hồ Chí Minh gửi tới toàn thể Đồng bào yêu quý cả nước về việc "
    "tham gia phong trào “Thi đua yêu nước” năm 1948"
)
_CONGRESS = (
    "Chủ tịch Hồ Chí Minh nói chuyện thân mật với các anh hùng chiến sĩ thi đua trong Đại hội "
    "Anh hùng chiến sĩ thi đua toàn quốc lần thứ Nhất năm 1952"
)
_SLOGANS = (
    "Công văn số 39 VP ngày 14/7/1948 của Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn về việc "
    "kê khai khẩu hiệu thi đua ái quốc"
)
_FLOATING_PORT = (
    "Lạng Sơn “Cảng nổi” tiếp nhận sự chi viện của bạn bè quốc tế tới Việt Nam những năm đầu "
    "kháng chiến chống Mĩ cứu nước 1965-1973"
)

APPEAL = Item(
    reference="A1",
    kind="document",
    title="Lời kêu gọi của Chủ tịch Hồ Chí Minh về việc tham gia phong trào “Thi đua yêu nước”",
    caption=_APPEAL,
    description=(
        "Tài liệu được giới thiệu bằng hai hình, mở đầu Phần I và cũng là điểm khởi đầu của cả "
        "triển lãm.",
        WAITING_NOTE,
    ),
    type_name="Lời kêu gọi",
    issuing_body="Chủ tịch Hồ Chí Minh",
    abstract="về việc tham gia phong trào “Thi đua yêu nước”",
    date="1948",
    date_display="năm 1948",
    source_organisation=NATIONAL_ARCHIVES_CENTRE_III,
    keywords=("thi đua yêu nước", "thi đua ái quốc", "Lời kêu gọi"),
    media=(
        _mount(1948, _APPEAL, label="Trang 1"),
        _mount(1949, _APPEAL, label="Trang 2"),
    ),
)

CONGRESS = Item(
    reference="A2",
    kind="image",
    title="Chủ tịch Hồ Chí Minh nói chuyện thân mật với các anh hùng chiến sĩ thi đua",
    caption=_CONGRESS,
    description=(WAITING_NOTE,),
    date="1952",
    date_display="năm 1952",
    source_organisation=NATIONAL_ARCHIVES_CENTRE_III,
    keywords=("Đại hội Anh hùng chiến sĩ thi đua", "thi đua yêu nước"),
    media=(_mount(1952, _CONGRESS, shape="landscape"),),
)

SLOGANS = Item(
    reference="A3",
    kind="document",
    title="Công văn số 39 VP về việc kê khai khẩu hiệu thi đua ái quốc",
    caption=_SLOGANS,
    description=(
        "Tài liệu của địa phương, đề ngày chỉ hơn một tháng sau ngày 11/6/1948.",
        WAITING_NOTE,
    ),
    type_name="Công văn",
    document_number="39",
    document_symbol="VP",
    issuing_body="Ban Lãnh đạo thi đua ái quốc tỉnh Lạng Sơn",
    abstract="về việc kê khai khẩu hiệu thi đua ái quốc",
    date="14/7/1948",
    source_organisation=LANG_SON_ARCHIVE,
    keywords=("khẩu hiệu", "thi đua ái quốc", "Lạng Sơn"),
    media=(_mount(39, _SLOGANS),),
)

FLOATING_PORT = Item(
    reference="A4",
    kind="image",
    title="Lạng Sơn “Cảng nổi” tiếp nhận sự chi viện của bạn bè quốc tế tới Việt Nam",
    caption=_FLOATING_PORT,
    description=(WAITING_NOTE,),
    date="1965-1973",
    date_display="những năm đầu kháng chiến chống Mĩ cứu nước 1965-1973",
    source_person="Vũ Bách",
    source_person_title="NSNA",
    rights="Quyền tác giả thuộc người chụp; việc sử dụng lại cần được tác giả đồng ý.",
    keywords=("Cảng nổi", "Lạng Sơn"),
    media=(_mount(1965, _FLOATING_PORT, shape="landscape"),),
)

_PART_I_SAMPLES = (
    sample(
        "I-03",
        "document",
        "Trang tài liệu đánh máy khổ đứng",
        (
            "Chỗ dành cho một trang văn bản đánh máy. Khi có bản quét, xin ghi đủ tên loại, số, "
            "ký hiệu, ngày tháng, cơ quan ban hành và trích yếu để người xem tra cứu được.",
        ),
        drawing="typed",
        type_name="(mẫu)",
    ),
    sample(
        "I-04",
        "document",
        "Thư viết tay hai trang",
        (
            "Chỗ dành cho một bức thư hoặc bản thảo viết tay. Chữ viết tay khó đọc trên điện "
            "thoại, vì vậy nên nhập kèm bản chép toàn văn bên cạnh bản quét.",
        ),
        drawing="handwritten",
        pages=("Trang 1", "Trang 2"),
    ),
    sample(
        "I-05",
        "quotation",
        "Câu trích mở đầu",
        ("Mỗi câu trích cần đi cùng tên tài liệu, ngày tháng và số trang để đối chiếu.",),
        quotation="Đây là chỗ của một câu trích. Câu chữ sẽ lấy nguyên văn từ tài liệu gốc.",
    ),
    sample(
        "I-06",
        "image",
        "Ảnh đen trắng khổ ngang",
        (
            "Chỗ dành cho một bức ảnh tư liệu đen trắng. Chú thích nên cho biết sự kiện, địa điểm, "
            "thời gian chụp và tên tác giả nếu còn xác định được.",
        ),
        drawing="photograph",
    ),
    sample(
        "I-07",
        "text",
        "Bài thuyết minh của Phần I",
        (
            "Bài thuyết minh dẫn người xem qua một nhóm tài liệu: vì sao các tài liệu này đứng "
            "cạnh nhau, nên bắt đầu xem từ đâu và điều gì đáng dừng lại lâu hơn.",
            "Khoảng một trăm năm mươi chữ là vừa đủ cho một lần đọc trên điện thoại.",
        ),
    ),
    sample(
        "I-08",
        "object",
        "Hiện vật gốm",
        (
            "Chỗ dành cho một hiện vật ba chiều. Nên chụp trên nền trơn, ánh sáng dịu, và ghi "
            "chất liệu, kích thước cùng tình trạng bảo quản.",
        ),
        drawing="object",
    ),
    sample(
        "I-09",
        "document",
        "Biểu thống kê khổ ngang",
        (
            "Chỗ dành cho một bảng biểu. Người xem có thể phóng to để đọc từng ô; bản chép nên "
            "giữ nguyên thứ tự cột của bản gốc.",
        ),
        drawing="table",
        date="khoảng 1960",
    ),
    sample(
        "I-10",
        "image",
        "Ảnh đen trắng khổ đứng",
        ("Chỗ dành cho một bức ảnh khổ đứng, treo cạnh một tài liệu cùng chủ đề.",),
        drawing="photograph",
        shape="portrait",
    ),
)

_PART_II_SAMPLES = (
    sample(
        "II-03",
        "document",
        "Văn bản hành chính có nếp gấp",
        (
            "Chỗ dành cho một văn bản của địa phương. Nếp gấp, lỗ ghim và vết ố là một phần của "
            "tài liệu, khi quét nên giữ nguyên.",
        ),
        drawing="typed",
    ),
    sample(
        "II-04",
        "map",
        "Bản đồ, sơ đồ khổ lớn",
        (
            "Chỗ dành cho một bản đồ hoặc sơ đồ. Hình giữ chỗ chỉ có khung và hoa gió, không vẽ "
            "địa giới nào.",
        ),
        drawing="plan",
    ),
    sample(
        "II-05",
        "image",
        "Ảnh phong trào ở cơ sở",
        (
            "Chỗ dành cho một bức ảnh của địa phương. Với ảnh có người còn sống, cần có sự đồng ý "
            "hoặc căn cứ cho phép trước khi công bố.",
        ),
        drawing="photograph",
    ),
    sample(
        "II-06",
        "quotation",
        "Câu trích giữa chặng",
        ("Câu trích được in lớn giữa hai đường kẻ mảnh, như một khoảng nghỉ khi tham quan.",),
        quotation="Đây là chỗ của câu trích thứ hai. Câu chữ sẽ lấy nguyên văn từ tài liệu gốc.",
    ),
    sample(
        "II-07",
        "document",
        "Sổ ghi chép viết tay",
        ("Chỗ dành cho một trang sổ. Nên ghi rõ đây là trang thứ mấy và sổ thuộc hồ sơ nào.",),
        drawing="handwritten",
        date="1965-1975",
    ),
    sample(
        "II-08",
        "object",
        "Hiện vật lưu niệm",
        ("Chỗ dành cho một hiện vật do cơ quan hoặc cá nhân trao tặng, kèm tên người trao tặng.",),
        drawing="object",
    ),
    sample(
        "II-09",
        "text",
        "Bài thuyết minh của Phần II",
        (
            "Bài thuyết minh này khép lại Phần II: nhắc lại chặng đường vừa đi qua và mời người "
            "xem tìm thêm tài liệu ở phòng đọc.",
        ),
    ),
    sample(
        "II-10",
        "document",
        "Danh sách khổ ngang",
        ("Chỗ dành cho một danh sách. Trước khi công bố cần rà soát dữ liệu cá nhân.",),
        drawing="table",
        date="1990",
    ),
)

EXHIBITION = Exhibition(
    title="Lạng Sơn 75 năm thi đua yêu nước",
    short_title="Lạng Sơn 75 năm thi đua yêu nước",
    slug="lang-son-75-nam-thi-dua-yeu-nuoc",
    summary=(
        "Trên 120 tài liệu, hình ảnh, câu trích kể về Lời kêu gọi thi đua ái quốc năm 1948 "
        "và chặng đường thi đua của đồng bào các dân tộc xứ Lạng."
    ),
    cover=Cover(palette="indigo", seed=18),
    occasion=EMULATION_75_YEARS.key,
    opens_on=date(2023, 6, 11),
    foreword=(
        "Ngày 11/6/1948, Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc. Bảy mươi lăm năm "
        "sau, những trang giấy cũ trong kho lưu trữ vẫn giữ được hơi ấm của buổi đầu ấy: lời "
        "của Người gửi đồng bào cả nước, và lời hưởng ứng từ một tỉnh miền biên giới.",
        "Triển lãm này mời Quý vị đọc lại câu chuyện đó bằng chính tài liệu. Phần I nói về vai "
        "trò của Chủ tịch Hồ Chí Minh đối với sự ra đời và lớn lên của phong trào; Phần II trở "
        "về Lạng Sơn, nơi các cấp, các ngành và đồng bào các dân tộc làm theo lời Bác qua từng "
        "thời kỳ.",
        "Triển lãm có trên 120 tài liệu, hình ảnh, câu trích, dựa trên nguồn tài liệu điện tử của "
        "Lưu trữ lịch sử tỉnh và sự phối hợp của Cục Văn thư và Lưu trữ nhà nước, Trung tâm Lưu "
        "trữ quốc gia III. Lần đầu tiên, việc công bố tài liệu được thực hiện bằng một triển lãm "
        "trên không gian mạng, để ai có kết nối Internet cũng có thể bước vào.",
        "Ban Tổ chức trân trọng cảm ơn các cơ quan, tác giả đã góp tài liệu, và kính mời Quý vị "
        "vào tham quan.",
    ),
    foreword_signature="BAN TỔ CHỨC",
    declared_figures="trên 120 tài liệu, hình ảnh, câu trích",
    organisers=(
        Organiser(organisation=LANG_SON_DEPARTMENT, role="leading"),
        Organiser(organisation=NATIONAL_ARCHIVES_CENTRE_III, role="cooperating"),
        Organiser(organisation=STATE_ARCHIVES, role="cooperating"),
    ),
    legal_texts=(DIRECTIVE_05_2007, DECISION_2194),
    credits=(
        "Tài liệu thật mang nguồn của cơ quan hoặc tác giả. Mục có chữ MẪU là chỗ giữ sẵn cho "
        "tài liệu chưa có bản quét, ghi “Nguồn: (mẫu)” và không phải tài liệu lưu trữ.",
    ),
    keywords=("thi đua yêu nước", "thi đua ái quốc", "Lạng Sơn", "Chủ tịch Hồ Chí Minh"),
    parts=(
        Part(
            title=(
                "Chủ tịch Hồ Chí Minh - Người khởi xướng và tổ chức phong trào thi đua yêu nước"
            ),
            slug="phan-i",
            introduction=(
                "Từ Lời kêu gọi năm 1948 đến Đại hội Anh hùng chiến sĩ thi đua toàn quốc lần thứ "
                "Nhất năm 1952: những tài liệu cho thấy Người khơi dậy phong trào và chăm lo cho "
                "phong trào như thế nào.",
            ),
            items=(APPEAL, CONGRESS, *_PART_I_SAMPLES),
        ),
        Part(
            title="Lạng Sơn thi đua làm theo lời Bác",
            slug="phan-ii",
            introduction=(
                "Một công văn của Lạng Sơn tháng 7/1948, một bức ảnh về “Cảng nổi” trong những "
                "năm kháng chiến: dấu vết của phong trào trên mảnh đất biên giới.",
            ),
            items=(SLOGANS, FLOATING_PORT, *_PART_II_SAMPLES),
        ),
    ),
)
