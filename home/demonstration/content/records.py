"""The shapes in which the demonstration's content is written down.

Plain frozen records without a Django model, so that the content can be read,
checked and tested by itself. Field names and the values of kinds, roles and
states are those of the models they become. Running text is plain Vietnamese,
one string a paragraph, NFC, without markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.vietnamese import slugify

SAMPLE_MARK = "MẪU – "
"""How the title of everything begins that is not in the client's documents."""

SAMPLE_SOURCE = "(mẫu)"
"""The only source a sample may credit."""

Paragraphs = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An office, archive, association or province; ``key`` names it within the demonstration."""

    key: str
    name: str
    short_name: str = ""
    kind: str = "other"
    parent: str = ""
    province: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """An anniversary: ``years`` after ``base_date``, worded as in ``label``."""

    key: str
    label: str
    base_date: date
    years: int


@dataclass(frozen=True, kw_only=True)
class LegalText:
    """An official text that is referred to; ``kind`` is its Vietnamese kind, as "Chỉ thị"."""

    kind: str
    number: str
    date: date
    body: str
    abstract: str


@dataclass(frozen=True, kw_only=True)
class Organiser:
    """The part an organisation has in an exhibition or programme."""

    organisation: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture to be drawn: ``kind`` is ``mount`` or a kind of sample, ``shape`` its format."""

    kind: str
    seed: int
    shape: str = "portrait"


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One page or side of an item."""

    drawing: Drawing
    label: str = ""
    alt_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One exhibit. ``date`` as people write it; ``date_display`` only if printed otherwise."""

    reference: str
    kind: str
    title: str
    caption: str = ""
    description: Paragraphs = ()
    quotation: str = ""
    type_name: str = ""
    document_number: str = ""
    document_symbol: str = ""
    issuing_body: str = ""
    abstract: str = ""
    date: str = ""
    date_display: str = ""
    source_organisation: str = ""
    source_person: str = ""
    source_person_title: str = ""
    rights: str = ""
    keywords: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    cleared: bool = True

    @property
    def is_sample(self) -> bool:
        """Whether the item stands for one the client has yet to supply."""
        return self.title.startswith(SAMPLE_MARK)

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return slugify(self.title)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A Part, or a section within a Part; ``contributor`` is the key of an organisation."""

    title: str
    slug: str
    numeral_style: str = "roman"
    introduction: Paragraphs = ()
    contributor: str = ""
    items: tuple[Item, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Its own items, then those of its sections, in reading order."""
        return self.items + tuple(item for part in self.parts for item in part.all_items)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """A cover to be drawn: the name of a palette and a seed."""

    palette: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Exhibition:
    """An exhibition. Either ``opens_on`` is set or ``opens_in_days`` after loading."""

    title: str
    short_title: str
    slug: str
    summary: str
    cover: Cover
    foreword: Paragraphs
    foreword_signature: str
    occasion: str = ""
    opens_on: date | None = None
    opens_in_days: int | None = None
    declared_figures: str = ""
    organisers: tuple[Organiser, ...] = ()
    legal_texts: tuple[LegalText, ...] = ()
    credits: Paragraphs = ()
    keywords: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Every item, in reading order."""
        return tuple(item for part in self.parts for item in part.all_items)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One paragraph of a body."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of the second level within a body."""

    text: str


@dataclass(frozen=True, kw_only=True)
class BulletList:
    """A list within a body, one string an entry."""

    entries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A picture within a body, numbered by its place; ``waiting`` stands in its mount."""

    caption: str
    source: str
    seed: int
    waiting: str = "Chờ ảnh"


Body = tuple[Paragraph | Heading | BulletList | Figure, ...]


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """A news page."""

    title: str
    slug: str
    sapo: str
    body: Body
    column: str
    published_at: datetime
    cover: Cover
    byline_person: str = ""
    byline_unit: str = ""
    source_name: str = ""
    source_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One activity of a programme. ``kind`` and ``state`` are values of their choices."""

    title: str
    kind: str
    state: str
    summary: str
    description: Paragraphs = ()
    venue: str = ""
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return slugify(self.title)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A series of activities for an occasion; its organisers, the leading one first."""

    title: str
    slug: str
    occasion: str
    introduction: Paragraphs
    declared_figures: str
    organisers: tuple[Organiser, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An official letter; number and date stay empty until the office has given them.

    ``release_note`` is set for a sample that is shown as released.
    """

    title: str
    slug: str
    parent_body: str
    agency: str
    symbol: str
    place: str
    subject: str
    recipients: tuple[str, ...]
    legal_texts: tuple[LegalText, ...]
    body: Paragraphs
    requests: Paragraphs
    distribution: tuple[str, ...]
    signer_position: str
    signer_name: str
    number: str = ""
    issued_on: date | None = None
    release_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign for one exhibition, by its slug, with the forms of its banner."""

    title: str
    slug: str
    exhibition: str
    introduction: Paragraphs
    kit_text: Paragraphs
    contact: str
    banners: tuple[str, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, kw_only=True)
class SamplePlacement:
    """What a sample agency says of its banner (``address``), and what was found there."""

    agency: str
    address: str = ""
    finding: str = ""


@dataclass(frozen=True, kw_only=True)
class AliasHost:
    """A host name that leads to an exhibition, by its slug."""

    host: str
    exhibition: str
    note: str


@dataclass(frozen=True, kw_only=True)
class EarlierFigure:
    """What an earlier site counted for a page, by its slug, in its own unit."""

    page: str
    count: int
    unit: str
    origin: str
    qualifier: str = ""
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class StandardPage:
    """A page of running text at the top of the tree."""

    title: str
    slug: str
    introduction: str
    body: Body = ()


@dataclass(frozen=True, kw_only=True)
class Portal:
    """What the portal says of itself on every page and on its first."""

    department: str
    parent_body: str
    tagline: str
    address: str
    phone: str
    responsible_person: str
    licence: str
    reuse_note: str
    home_introduction: str
