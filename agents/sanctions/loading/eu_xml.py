"""The European Union's consolidated financial sanctions list (FSF XML 1.1) into entries.

Each `sanctionEntity` names its regulation and programme; a `nameAlias` that is not strong, or whose
name is one short word, is weak. Numbers of identification papers are not read.
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
from .xml_stream import children, elements

LIST = "eu-fsf"
_KINDS: dict[str, Kind] = {"person": "person", "enterprise": "organization"}
_IMO = re.compile(r"\bIMO(?: number)?:?\s*(\d{7})\b", re.IGNORECASE)


def read(path: Path) -> Iterator[ListEntry]:
    """The sanctioned entities of the file.

    Raises:
        Refused: See `xml_stream.elements`.
    """
    for element in elements(path, ("sanctionEntity",)):
        yield _entry(element)


def date(path: Path) -> str | None:
    """`generationDate` of the file's head."""
    with path.open("rb") as stream:
        head = stream.read(2048).decode("utf-8", "replace")
    found = re.search(r'generationDate="(\d{4}-\d{2}-\d{2})', head)
    return found.group(1) if found else None


def _entry(element: etree._Element) -> ListEntry:
    subject = next(iter(children(element, "subjectType")), None)
    code = (subject.get("code") or "").lower() if subject is not None else ""
    kind = _KINDS.get(code, "organization")
    regulations = children(element, "regulation")
    named = (each.get("programme") for each in regulations)
    programmes = tuple(dict.fromkeys(name for name in named if name))
    about = [found for each in programmes if (found := programme_country(each))]
    said = country_codes(
        each.get("countryIso2Code") or each.get("countryDescription")
        for each in children(element, "citizenship")
    )
    seats = country_codes(
        each.get("countryIso2Code") or each.get("countryDescription")
        for each in children(element, "address")
    )
    reference = element.get("euReferenceNumber") or element.get("logicalId") or ""
    return ListEntry(
        id=f"eu:{reference}",
        list=LIST,
        kind=kind,
        names=listed_names(_names(element, person=kind == "person")),
        countries=tuple(dict.fromkeys([*said, *about, *seats])),
        birth_years=tuple(dict.fromkeys(_births(element))),
        identifiers=() if kind == "person" else tuple(_ships(element)),
        programmes=programmes,
        legal_acts=tuple(dict.fromkeys(each.get("numberTitle") or "" for each in regulations)),
        title=next(
            (
                each.get("function")
                for each in children(element, "nameAlias")
                if each.get("function")
            ),
            None,
        ),
        listed_since=element.get("designationDate") or None,
    )


def _names(element: etree._Element, *, person: bool) -> Iterator[tuple[str, AliasClass]]:
    first = True
    for alias in children(element, "nameAlias"):
        name = _name(alias, person=person)
        if not name:
            continue
        strong = alias.get("strong") != "false"
        quality: AliasClass = "weak" if not strong else ("primary" if first else "strong")
        first = first and not strong
        yield name, quality


def _name(alias: etree._Element, *, person: bool) -> str:
    last = alias.get("lastName") or ""
    given = " ".join(part for part in (alias.get("firstName"), alias.get("middleName")) if part)
    if person and last and given:
        return f"{last}, {given}"
    return alias.get("wholeName") or " ".join(part for part in (given, last) if part)


def _births(element: etree._Element) -> Iterator[int]:
    for birth in children(element, "birthdate"):
        yield from years(birth.get("birthdate") or birth.get("year"))


def _ships(element: etree._Element) -> Iterator[tuple[str, str]]:
    for remark in children(element, "remark"):
        for number in _IMO.findall(remark.text or ""):
            yield "imo", number
