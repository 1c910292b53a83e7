"""OFAC's SDN_ADVANCED.XML into entries.

The file follows the United Nations' sponsored sanctions model: names are documented parts of typed
groups, features carry birth dates and identifiers, sanctions entries carry dates and programmes,
and every value is a number that the head's reference sets explain. Written from the published
schema (sanctions data standard, `ADVANCED_XML.xsd`); untried on a file of the publisher.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ..countries import country_code
from ..entry import AliasClass, Kind, ListEntry
from ..programmes import programme_country
from .names import listed_names
from .xml_stream import all_texts, children, elements

LIST = "ofac-sdn"
_SETS = (
    "AliasType", "Country", "FeatureType", "PartySubType", "Script", "SanctionsProgram",
    "NamePartType", "EntryEventType",
)  # fmt: skip
_KINDS: dict[str, Kind] = {"vessel": "vessel", "aircraft": "aircraft", "individual": "person"}
_THINGS = {
    "vessel registration identification": "imo",
    "swift/bic": "bic",
    "aircraft tail number": "tail",
    "aircraft manufacturer's serial number (msn)": "msn",
}


@dataclass
class Sanction:
    """What the sanctions entries say of one profile."""

    since: str | None = None
    programmes: list[str] = field(default_factory=list)


def read(path: Path) -> Iterator[ListEntry]:
    """The distinct parties of the file.

    Sanctions entries stand behind the parties: the file is read twice, so that none is kept.

    Raises:
        Refused: See `xml_stream.elements`.
    """
    reference = _reference(path)
    sanctions = _sanctions(path)
    for party in elements(path, ("DistinctParty",)):
        for profile in children(party, "Profile"):
            number = profile.get("ID") or ""
            yield _entry(profile, reference, sanctions.get(number, Sanction()))


def date(path: Path) -> str | None:
    """`DateOfIssue` of the file's head."""
    for element in elements(path, ("DateOfIssue",)):
        parts = [all_texts(element, unit) for unit in ("Year", "Month", "Day")]
        if all(part and part[0].isdigit() for part in parts):
            year, month, day = (int(part[0]) for part in parts)
            return f"{year:04d}-{month:02d}-{day:02d}"
        break
    return None


def _reference(path: Path) -> dict[tuple[str, str], str]:
    found = {}
    for value_set in elements(path, tuple(f"{name}Values" for name in _SETS)):
        for value in value_set:
            key = etree.QName(value).localname, value.get("ID") or ""
            found[key] = " ".join((value.text or "").split())
    return found


def _sanctions(path: Path) -> dict[str, Sanction]:
    found: dict[str, Sanction] = defaultdict(Sanction)
    for entry in elements(path, ("SanctionsEntry",)):
        sanction = found[entry.get("ProfileID") or ""]
        for event in children(entry, "EntryEvent"):
            day = _date(event, "Date")
            if day and (sanction.since is None or day < sanction.since):
                sanction.since = day
        sanction.programmes += [
            comment for comment in all_texts(entry, "SanctionsMeasure/Comment") if comment
        ]
    return found


def _entry(
    profile: etree._Element, reference: dict[tuple[str, str], str], sanction: Sanction
) -> ListEntry:
    kind = _KINDS.get(
        reference.get(("PartySubType", profile.get("PartySubTypeID") or ""), "").lower(),
        "organization",
    )
    groups = {
        group.get("ID") or "": reference.get(
            ("NamePartType", group.get("NamePartTypeID") or ""), ""
        ).lower()
        for group in children(profile, "Identity/NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    if any("individual" in part or part == "last name" for part in groups.values()):
        kind = "person"
    countries, births, identifiers = _features(profile, reference)
    programmes = tuple(dict.fromkeys(sanction.programmes))
    about = [code for each in programmes if (code := programme_country(each))]
    return ListEntry(
        id=f"ofac:{profile.get('ID')}",
        list=LIST,
        kind=kind,
        names=listed_names(_names(profile, groups, person=kind == "person")),
        countries=tuple(dict.fromkeys([*countries, *about])),
        birth_years=tuple(dict.fromkeys(births)),
        identifiers=() if kind == "person" else tuple(dict.fromkeys(identifiers)),
        programmes=programmes,
        listed_since=sanction.since,
    )


def _names(
    profile: etree._Element, groups: dict[str, str], *, person: bool
) -> Iterator[tuple[str, AliasClass]]:
    for alias in children(profile, "Identity/Alias"):
        quality: AliasClass = "weak" if alias.get("LowQuality") == "true" else "strong"
        if alias.get("Primary") == "true":
            quality = "primary"
        for documented in children(alias, "DocumentedName"):
            last: list[str] = []
            rest: list[str] = []
            for part in children(documented, "DocumentedNamePart/NamePartValue"):
                value = " ".join((part.text or "").split())
                group = groups.get(part.get("NamePartGroupID") or "", "")
                (last if group == "last name" else rest).append(value)
            joined = " ".join(rest)
            if person and last and rest:
                joined = f"{' '.join(last)}, {joined}"
            elif last:
                joined = " ".join([*rest, *last])
            if joined:
                yield joined, quality


def _features(
    profile: etree._Element, reference: dict[tuple[str, str], str]
) -> tuple[list[str], list[int], list[tuple[str, str]]]:
    countries: list[str] = []
    births: list[int] = []
    identifiers: list[tuple[str, str]] = []
    for feature in children(profile, "Feature"):
        name = reference.get(("FeatureType", feature.get("FeatureTypeID") or ""), "").lower()
        details = all_texts(feature, "FeatureVersion/VersionDetail")
        if "birthdate" in name.replace(" ", ""):
            births += [
                int(year)
                for year in all_texts(feature, "FeatureVersion/DatePeriod/Start/From/Year")
                if year.isdigit()
            ]
        elif "nationality" in name or "citizenship" in name:
            countries += [code for each in details if (code := country_code(each))]
        elif name in _THINGS:
            identifiers += [(_THINGS[name], each.removeprefix("IMO ")) for each in details]
    return countries, births, identifiers


def _date(element: etree._Element, path: str) -> str | None:
    parts = [all_texts(element, f"{path}/{unit}") for unit in ("Year", "Month", "Day")]
    if not all(parts) or not all(part[0].isdigit() for part in parts):
        return None
    year, month, day = (int(part[0]) for part in parts)
    return f"{year:04d}-{month:02d}-{day:02d}"
