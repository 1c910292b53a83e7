"""Candidates for the title into the story's own, without the outlet's name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from . import plain

MAX_CHARS: Final = 400

_TAIL_SEPARATOR: Final = re.compile(
    r"\s*(?:[|｜»]|\s[–—\-•·:/]+)\s+(?=[^|｜–—•·»]{2,60}$)|\s*[|｜]\s*(?=[^|｜]{2,60}$)"
)
_HEAD_SEPARATOR: Final = re.compile(r"^([^|｜–—•·»]{2,40}?)\s*(?:[|｜»]|\s[–—\-•·]+\s)\s*")


def choose(candidates: Sequence[tuple[str, str]], outlets: Iterable[str]) -> str | None:
    """The title.

    Outlet names are taken off each candidate, whether they are known ones or a last part that the
    other candidates lack. Then the candidate that most others repeat wins, the first of equals.

    Args:
        candidates: Source and value, the most trusted first.
        outlets: Names and hosts of the outlet.
    """
    values = [plain.line(value, MAX_CHARS) for _, value in candidates]
    known = {_folded(outlet) for outlet in outlets if outlet} - {""}
    cleaned = [_without_outlet(value, known, values) for value in values if value]
    cleaned = [value for value in cleaned if value and _folded(value) not in known]
    return cleaned[0] if cleaned else None


def same(one: str, other: str) -> bool:
    """Whether two titles are one but for case, punctuation and accents."""
    return _folded(one) == _folded(other)


def _without_outlet(value: str, known: set[str], others: Sequence[str]) -> str:
    while match := _last(_TAIL_SEPARATOR, value):
        head, tail = value[: match.start()], value[match.end() :]
        if not head or not (_is_outlet(tail, known) or _alone(head, others, value)):
            break
        value = head.strip()
    match = _HEAD_SEPARATOR.match(value)
    if match and (_is_outlet(match[1], known) or _alone(value[match.end() :], others, value)):
        value = value[match.end() :].strip()
    return value


def _last(pattern: re.Pattern[str], value: str) -> re.Match[str] | None:
    match = None
    for match in pattern.finditer(value):  # noqa: B007  # the last one is what is wanted
        pass
    return match


def _is_outlet(part: str, known: set[str]) -> bool:
    folded = _folded(part)
    return bool(folded) and any(
        folded == name
        or (
            len(folded) > 3
            and (name.startswith(folded) or folded.startswith(name))
            and len(name) > 3
        )
        for name in known
    )


def _alone(head: str, others: Sequence[str], own: str) -> bool:
    """Whether another candidate is exactly this title without its other part."""
    return any(other != own and same(head, other) for other in others)


def _folded(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return "".join(character for character in decomposed if character.isalnum())
