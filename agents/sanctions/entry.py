"""One model for every sanctions list: an entry, its names, and the version it came from."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal["person", "organization", "vessel", "aircraft"]
AliasClass = Literal["primary", "strong", "weak", "original_script"]
ListKind = Literal["blocking", "sectoral", "trade", "travel", "financial", "other"]

KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of an entry as the list writes it.

    Attributes:
        text: The name; a person's family name stands before a comma where the list tells it.
        alias_class: `weak` names never raise a hit alone; `original_script` ones are not Latin.
    """

    text: str
    alias_class: AliasClass = "primary"


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One listed party.

    Numbers of personal papers (passport, national identity, tax) are never here: loaders drop them.

    Attributes:
        id: Scheme and the list's own id: `ofac:35096`, `un:KPe.054`, `eu:EU.27.28`.
        list: Name of the list: `ofac-sdn`, `ofac-consolidated`, `un-sc`, `eu-fsf`, `uk-sl`, …
        list_kind: What being listed means; `blocking` freezes assets, `sectoral` restricts deals.
        countries: ISO 3166-1 alpha-3 codes of nationality, seat or programme, the surest first.
        birth_years: All that the list gives.
        identifiers: (scheme, value) of things, not people: `imo`, `registration`, `lei`, `bic`, …
        programmes: The list's own programme codes.
        legal_acts: Regulations, resolutions and orders named by the entry.
        title: Office or function as the list gives it.
        listed_since: ISO 8601 date of the listing, None where the list doesn't tell.
        linked_to: Names of other listed parties that the entry is linked to.
    """

    id: str
    list: str
    kind: Kind
    names: tuple[ListedName, ...]
    list_kind: ListKind = "blocking"
    countries: tuple[str, ...] = ()
    birth_years: tuple[int, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    programmes: tuple[str, ...] = ()
    legal_acts: tuple[str, ...] = ()
    title: str | None = None
    listed_since: str | None = None
    linked_to: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The primary name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class Version:
    """Which state of which list.

    Attributes:
        list: Name of the list.
        date: ISO 8601 date of publication; else the first digits of the digest.
        sha256: Digest of the bytes it was read from, hex.
        source: Name of the file it was read from, without its folders.
        entries: Number of entries.
        names: Number of names.
        starter: Whether it is the starter list shipped, which is no official list.
        dated: Whether `date` is a date.
    """

    list: str
    date: str
    sha256: str
    source: str
    entries: int
    names: int
    starter: bool = False
    dated: bool = True

    def __str__(self) -> str:
        return f"{self.list}@{self.date}:{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class SanctionsList:
    """A list as loaded: its version and its entries in the order of the source."""

    version: Version
    entries: tuple[ListEntry, ...] = field(repr=False)
