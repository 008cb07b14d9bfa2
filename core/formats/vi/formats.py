"""How Vietnamese offices write dates, times and numbers.

Django's own module for ``vi`` names no input formats and so falls back on American ones: it
reads 07/12/2023 as 12 July and refuses 14/7/1948. Here the day always comes first. Years have
four digits: a two-digit year would put a record of 1948 into 2048. Django adds the ISO input
formats to these lists itself.

The ``*_FORMAT`` strings use the syntax of Django's ``date`` filter, the ``*_INPUT_FORMATS``
that of ``strptime``, whose %d and %m accept a number without its leading zero.
"""

from __future__ import annotations

DATE_FORMAT = "j/n/Y"  # 14/7/1948
SHORT_DATE_FORMAT = "d/m/Y"  # 14/07/1948
TIME_FORMAT = "H:i"  # 07:13
DATETIME_FORMAT = "H:i, d/m/Y"  # 07:13, 12/07/2023
SHORT_DATETIME_FORMAT = "H:i, d/m/Y"
YEAR_MONTH_FORMAT = r"\t\há\n\g n/Y"  # tháng 7/1948
MONTH_DAY_FORMAT = "j/n"  # 14/7
FIRST_DAY_OF_WEEK = 1  # Monday

DATE_INPUT_FORMATS = [
    "%d/%m/%Y",  # 14/7/1948
    "%d-%m-%Y",  # 14-7-1948
    "%d.%m.%Y",  # 14.7.1948
]
TIME_INPUT_FORMATS = [
    "%H:%M",  # 07:13
    "%H:%M:%S",  # 07:13:05
]
DATETIME_INPUT_FORMATS = [
    "%d/%m/%Y %H:%M:%S",  # 12/07/2023 07:13:05
    "%d/%m/%Y %H:%M",  # 12/07/2023 07:13
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%H:%M, %d/%m/%Y",  # 07:13, 12/07/2023, as it is printed
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y",  # midnight
]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
