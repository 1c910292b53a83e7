"""OFAC's SDN.XML (and CONSOLIDATED.XML, the same schema) into entries.

Aliases carry their category, strong or weak; identity papers stand in `idList`, of which only
identifiers of things (IMO, registration, LEI, BIC) are kept. Format: OFAC, sdn.xsd.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ..countries import country_codes
from ..entry import AliasClass, Kind, ListEntry, ListKind
from ..programmes import programme_country
from .dates import iso_date, years
from .names import listed_names
from .xml_stream import all_texts, children, elements, text

_KINDS: dict[str, Kind] = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft"}
_THINGS = {
    "vessel registration identification": "imo",
    "mmsi": "mmsi",
    "legal entity number": "lei",
    "swift/bic": "bic",
    "registration number": "registration",
    "registration id": "registration",
    "aircraft tail number": "tail",
    "aircraft manufacturer's serial number (msn)": "msn",
}
_IMO = re.compile(r"\d{7}")


def read(path: Path, *, list_name: str, list_kind: ListKind = "blocking") -> Iterator[ListEntry]:
    """The `sdnEntry` elements of the file.

    Raises:
        Refused: See `xml_stream.elements`.
    """
    for element in elements(path, ("sdnEntry",)):
        yield _entry(element, list_name, list_kind)


def date(path: Path) -> str | None:
    """`Publish_Date` of the file's head, which puts the month first."""
    with path.open("rb") as stream:
        head = stream.read(4096).decode("utf-8", "replace")
    found = re.search(r"<Publish_Date>([^<]+)</Publish_Date>", head)
    return iso_date(found.group(1), month_first=True) if found else None


def _entry(element: etree._Element, list_name: str, list_kind: ListKind) -> ListEntry:
    kind = _KINDS.get(text(element, "sdnType").lower(), "organization")
    programmes = tuple(all_texts(element, "programList/program"))
    about = [code for each in programmes if (code := programme_country(each))]
    said = country_codes(
        [
            *all_texts(element, "nationalityList/nationality/country"),
            *all_texts(element, "citizenshipList/citizenship/country"),
            text(element, "vesselInfo/vesselFlag"),
            *about,
            *all_texts(element, "addressList/address/country"),
        ]
    )
    return ListEntry(
        id=f"ofac:{text(element, 'uid')}",
        list=list_name,
        kind=kind,
        names=listed_names(_names(element, person=kind == "person")),
        list_kind=list_kind,
        countries=said,
        birth_years=tuple(
            dict.fromkeys(
                year
                for birth in all_texts(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth")
                for year in years(birth)
            )
        ),
        identifiers=() if kind == "person" else tuple(dict.fromkeys(_identifiers(element))),
        programmes=programmes,
        title=text(element, "title") or None,
    )


def _names(element: etree._Element, *, person: bool) -> Iterator[tuple[str, AliasClass]]:
    yield _name(element, person=person), "primary"
    for alias in children(element, "akaList/aka"):
        quality: AliasClass = "weak" if text(alias, "category").lower() == "weak" else "strong"
        yield _name(alias, person=person), quality


def _name(element: etree._Element, *, person: bool) -> str:
    last, first = text(element, "lastName"), text(element, "firstName")
    if not first:
        return last
    return f"{last}, {first}" if person else f"{first} {last}"


def _identifiers(element: etree._Element) -> Iterator[tuple[str, str]]:
    for each in children(element, "idList/id"):
        scheme = _THINGS.get(text(each, "idType").lower())
        number = text(each, "idNumber")
        if scheme == "imo":
            found = _IMO.search(number)
            number = found.group() if found else ""
        if scheme and number:
            yield scheme, number
