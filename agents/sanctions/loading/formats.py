"""Which format a file is in, and the file as a list with its version."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..entry import ListEntry, SanctionsList, Version
from . import csl, eu_xml, ftm, ofac_advanced, ofac_csv, ofac_xml, own, uk, un_xml
from .version import Refused, check_bounds, date_of_path, refuse_foreign, sha256_of

_STARTER = Path(__file__).parents[1] / "lists" / "starter.jsonl"


@dataclass(frozen=True, slots=True)
class Format:
    """A list format.

    Attributes:
        name: Its name in messages and documentation.
        list_name: Name of the list that comes in it; `own.read` overrides it by its head.
        recognises: Whether a file with this path and head (8 KiB) is in it.
        read: The entries of the file.
        date: Date of publication found in the file itself.
        files: All files that make up the version, for the digest.
        tried: Whether it was tried on a file of the publisher, not on a published schema alone.
    """

    name: str
    list_name: str
    recognises: Callable[[Path, bytes], bool]
    read: Callable[[Path], Iterable[ListEntry]]
    date: Callable[[Path], str | None] = date_of_path
    files: Callable[[Path], list[Path]] = lambda path: [path]
    tried: bool = True


def starter_path() -> Path:
    """The starter list that is shipped."""
    return _STARTER


def load_list(
    path: Path, *, date: str | None = None, former: Version | None = None
) -> SanctionsList:
    """Load a file, or a folder with OFAC's `sdn.csv` and the files beside it.

    Args:
        path: The file; its format is recognised by its content.
        date: Date of the version, when neither file nor folder tells it.
        former: The version in force, to compare the number of entries with.

    Raises:
        Refused: The file is no usable list.
    """
    file = _main_file(path)
    head = refuse_foreign(file)
    form = next((each for each in FORMATS if each.recognises(file, head)), None)
    if form is None:
        known = ", ".join(each.name for each in FORMATS)
        raise Refused("format", f"{file.name} is in no known format ({known})")
    entries = tuple(form.read(file))
    starter, list_name = False, form.list_name
    if form.name == own.FORMAT:
        first = own.head(file)
        starter, list_name = bool(first.get("starter")), str(first.get("list") or "own")
    found = date or form.date(file) or date_of_path(file)
    digest = sha256_of(form.files(file))
    version = Version(
        list=list_name,
        date=found or digest[:12],
        sha256=digest,
        source=file.name,
        entries=len(entries),
        names=sum(len(entry.names) for entry in entries),
        starter=starter,
        dated=found is not None,
    )
    check_bounds(version, former)
    return SanctionsList(version, entries)


def _main_file(path: Path) -> Path:
    if not path.is_dir():
        return path
    for name in ("sdn.csv", "cons_prim.csv"):
        for file in sorted(path.iterdir()):
            if file.name.lower() == name:
                return file
    raise Refused("format", f"folder {path.name} holds neither sdn.csv nor cons_prim.csv")


def _is_ofac_csv(_: Path, head: bytes) -> bool:
    line = head.split(b"\n", 1)[0]
    return line.split(b",", 1)[0].strip(b'"').isdigit() and b"-0-" in line


def _is_own(_: Path, head: bytes) -> bool:
    try:
        value = json.loads(head.split(b"\n", 1)[0])
    except ValueError:
        return False
    return isinstance(value, dict) and value.get("format") == own.FORMAT


FORMATS: Final[tuple[Format, ...]] = (
    Format(
        own.FORMAT,
        "own",
        _is_own,
        own.read,
        lambda path: own.head(path).get("date"),
    ),
    Format(
        "OFAC SDN.CSV",
        "ofac-sdn",
        lambda path, head: _is_ofac_csv(path, head) and not path.name.lower().startswith("cons"),
        lambda path: ofac_csv.read(path, list_name="ofac-sdn"),
        files=lambda path: [path, *ofac_csv.side_files(path)],
    ),
    Format(
        "OFAC CONS_PRIM.CSV",
        "ofac-consolidated",
        _is_ofac_csv,
        lambda path: ofac_csv.read(path, list_name="ofac-consolidated", list_kind="sectoral"),
        files=lambda path: [path, *ofac_csv.side_files(path)],
    ),
    Format(
        "UN consolidated XML",
        "un-sc",
        lambda _, head: b"<CONSOLIDATED_LIST" in head,
        un_xml.read,
        un_xml.date,
    ),
    Format(
        "OFAC SDN.XML",
        "ofac-sdn",
        lambda path, head: b"<sdnList" in head and not path.name.lower().startswith("cons"),
        lambda path: ofac_xml.read(path, list_name="ofac-sdn"),
        ofac_xml.date,
    ),
    Format(
        "OFAC CONSOLIDATED.XML",
        "ofac-consolidated",
        lambda _, head: b"<sdnList" in head,
        lambda path: ofac_xml.read(path, list_name="ofac-consolidated", list_kind="sectoral"),
        ofac_xml.date,
    ),
    Format(
        "OFAC SDN_ADVANCED.XML",
        ofac_advanced.LIST,
        lambda _, head: b"<Sanctions" in head and b"ReferenceValueSets" in head,
        ofac_advanced.read,
        ofac_advanced.date,
        tried=False,
    ),
    Format(
        "US Consolidated Screening List CSV",
        csl.LIST,
        lambda _, head: csl.recognises(head),
        csl.read,
    ),
    Format(
        "EU FSF XML 1.1",
        eu_xml.LIST,
        lambda _, head: b"/fpi/fsd/export" in head,
        eu_xml.read,
        eu_xml.date,
    ),
    Format(
        "UK Sanctions List CSV",
        uk.LIST,
        lambda _, head: uk.recognises(head),
        uk.read,
        uk.date,
        tried=False,
    ),
    Format("FollowTheMoney JSON lines", ftm.LIST, lambda _, head: ftm.recognises(head), ftm.read),
    Format(
        "OpenSanctions targets.simple.csv",
        ftm.LIST,
        lambda _, head: ftm.recognises_simple(head),
        ftm.read_simple,
        tried=False,
    ),
)
