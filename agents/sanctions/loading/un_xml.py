"""The United Nations Security Council consolidated list (XML) into entries.

Names come in up to four parts in listing order, neither given nor family; the quality of a
person's alias is Good or Low; an entity's is `a.k.a.` or `f.k.a.`; the original script stands in
its own element or among the aliases.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ..countries import country_codes
from ..entry import AliasClass, Kind, ListEntry
from ..programmes import programme_country
from .dates import years
from .names import listed_names
from .xml_stream import all_texts, children, elements, text

LIST = "un-sc"
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_SPLIT = re.compile(r"\s*;\s*")
_IMO = re.compile(r"\bIMO (?:number|no\.?|#)?:?\s*(\d{7})\b", re.IGNORECASE)
_ACT = re.compile(r"\bresolution\s+(\d{3,4}\s*\(\d{4}\))", re.IGNORECASE)


def read(path: Path) -> Iterator[ListEntry]:
    """The individuals and entities of the file.

    Raises:
        Refused: See `xml_stream.elements`.
    """
    for element in elements(path, ("INDIVIDUAL", "ENTITY")):
        yield _entry(element)


def date(path: Path) -> str | None:
    """`dateGenerated` of the file's head."""
    with path.open("rb") as stream:
        head = stream.read(1024).decode("utf-8", "replace")
    found = re.search(r'dateGenerated="(\d{4}-\d{2}-\d{2})', head)
    return found.group(1) if found else None


def _entry(element: etree._Element) -> ListEntry:
    person = etree.QName(element).localname == "INDIVIDUAL"
    prefix = "INDIVIDUAL" if person else "ENTITY"
    kind: Kind = "person" if person else "organization"
    programme = text(element, "UN_LIST_TYPE")
    comments = " ".join(all_texts(element, "COMMENTS1"))
    about = programme_country(f"UN:{programme}")
    countries = country_codes(
        [
            *all_texts(element, "NATIONALITY/VALUE"),
            about,
            *all_texts(element, f"{prefix}_ADDRESS/COUNTRY"),
        ]
    )
    imo = [] if person else [("imo", number) for number in _IMO.findall(comments)]
    return ListEntry(
        id=f"un:{text(element, 'REFERENCE_NUMBER')}",
        list=LIST,
        kind=kind,
        names=listed_names(_names(element, prefix)),
        countries=countries
        or country_codes(all_texts(element, f"{prefix}_PLACE_OF_BIRTH/COUNTRY")),
        birth_years=_birth_years(element),
        identifiers=tuple(dict.fromkeys(imo)),
        programmes=(programme,) if programme else (),
        legal_acts=tuple(dict.fromkeys(_ACT.findall(comments))),
        title="; ".join(all_texts(element, "DESIGNATION/VALUE")) or None,
        listed_since=text(element, "LISTED_ON")[:10] or None,
    )


def _names(element: etree._Element, prefix: str) -> Iterator[tuple[str, AliasClass]]:
    yield " ".join(value for part in _PARTS if (value := text(element, part))), "primary"
    for alias in children(element, f"{prefix}_ALIAS"):
        quality: AliasClass = "weak" if text(alias, "QUALITY").lower() == "low" else "strong"
        for name in _SPLIT.split(text(alias, "ALIAS_NAME")):
            if name:
                yield name, quality
    for name in _SPLIT.split(text(element, "NAME_ORIGINAL_SCRIPT")):
        if name:
            yield name, "original_script"


def _birth_years(element: etree._Element) -> tuple[int, ...]:
    found: list[int] = []
    for birth in children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        for part in ("YEAR", "DATE", "FROM_YEAR", "TO_YEAR"):
            found.extend(years(text(birth, part)))
    return tuple(dict.fromkeys(found))
