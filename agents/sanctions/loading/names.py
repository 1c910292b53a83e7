"""Names as lists write them, made ready for `ListedName`: script, brackets, duplicates."""

import re
import unicodedata
from collections.abc import Iterable

from ..entry import AliasClass, ListedName

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&-]{1,9}")
_RANK: dict[AliasClass, int] = {"primary": 0, "strong": 1, "original_script": 2, "weak": 3}


def alias_class(text: str, quality: AliasClass) -> AliasClass:
    """`original_script` for a name without a Latin letter, else the quality given."""
    letters = [char for char in text if char.isalpha()]
    if letters and not any(_is_latin(char) for char in letters):
        return "original_script"
    return quality


def listed_names(names: Iterable[tuple[str, AliasClass]]) -> tuple[ListedName, ...]:
    """Names in order, each once, in its best class, the primary one first.

    What stands in brackets is taken off; an acronym in brackets becomes a weak name.
    """
    best: dict[str, ListedName] = {}
    for raw, quality in names:
        for text, own in _without_brackets(" ".join(raw.split()), quality):
            if not any(char.isalnum() for char in text):
                continue
            name = ListedName(text, alias_class(text, own))
            key = text.casefold()
            former = best.get(key)
            if former is None or _RANK[name.alias_class] < _RANK[former.alias_class]:
                best[key] = name
    ordered = sorted(best.values(), key=lambda name: name.alias_class != "primary")
    return tuple(ordered)


def _without_brackets(text: str, quality: AliasClass) -> Iterable[tuple[str, AliasClass]]:
    inside = _BRACKETS.findall(text)
    bare = _BRACKETS.sub("", text).strip(" ,;")
    yield (bare or text), quality
    if bare:
        for part in inside:
            if _ACRONYM.fullmatch(part.strip()):
                yield part.strip(), "weak"


def _is_latin(char: str) -> bool:
    return char.isascii() or unicodedata.name(char, "").startswith("LATIN")
