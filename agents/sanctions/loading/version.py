"""What a version of a list is worth: digest, date, and the bounds outside which it is refused."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ..entry import Version

MAX_DROP: Final = 0.20
"""A version with so many entries fewer than the one in force is taken for a broken download."""

_CHUNK = 1 << 20
_ISO_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")


class Refused(ValueError):
    """A file that is no usable version of a sanctions list; the former one stays in force.

    Args:
        reason: Low-cardinality word for metrics: `empty`, `html`, `entities`, `cut`, `drop`,
            `format`.
        detail: What was wrong, with the fix where there is one.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def check_bounds(new: Version, former: Version | None = None) -> None:
    """Refuse a version that cannot be right beside the one in force.

    Raises:
        Refused: It has no entries, or `MAX_DROP` fewer than the former version of the same list.
    """
    if new.entries == 0:
        raise Refused("empty", f"{new.source} holds no entry")
    if former is None or former.list != new.list or former.starter:
        return
    if new.entries < former.entries * (1 - MAX_DROP):
        raise Refused(
            "drop",
            f"{new.source} has {new.entries} entries where {former.date} had {former.entries}; "
            "load it again, or load it by hand if so many were really removed",
        )


def sha256_of(paths: Iterable[Path]) -> str:
    """Hex digest over the bytes of the files, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def date_of_path(path: Path) -> str | None:
    """The ISO date in the file's name, else in its folder's name."""
    for name in (path.name, path.parent.name):
        found = _ISO_DATE.search(name)
        if found:
            return found.group(1)
    return None


def refuse_foreign(path: Path) -> bytes:
    """The head of a file that may be a list.

    Raises:
        Refused: It is empty, an HTML page, or XML with a document type (entities).
    """
    with path.open("rb") as stream:
        head = stream.read(8192)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise Refused("empty", f"{path.name} is empty")
    lowered = text[:2048].lower()
    if lowered.startswith((b"<!doctype html", b"<html")) or b"<html" in lowered:
        raise Refused("html", f"{path.name} is an HTML page, perhaps an error page of its server")
    if text.startswith(b"<") and (b"<!DOCTYPE" in text or b"<!ENTITY" in text):
        raise Refused("entities", f"{path.name} declares a document type; no list needs one")
    return text
