"""A name as written into comparable tokens: Latin script, lower case, split, and a sound key.

`KIM, Jong-un` gives `kim jong un`; `Ch’o’l` gives `chol`; `Шойгу` gives `shoygu`; names in Han,
Hangul, Arabic and other scripts that transliteration can't bring to a list's spelling stay as
they are and match only stored names of the same script.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʻʼʽ`´ʾʿ′ˈ‛ˊˋʹ\u02b9\u05f3"))
_SPLIT = re.compile(r"[^\w]+|_")
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "dj", "е": "e", "ё": "yo",
    "є": "ye", "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "ј": "j", "к": "k",
    "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "ћ": "c", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz",
    "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
"""BGN/PCGN-like romanisation, which English news and the lists use; ICU's gives `Sojgu`."""

_SOUND_RULES = (
    ("shch", "sh"), ("schtsch", "sh"), ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"),
    ("zh", "j"), ("dzh", "j"), ("dj", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("ts", "c"), ("tz", "c"), ("cz", "c"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ie", "i"), ("iy", "i"), ("ij", "i"), ("yy", "i"),
    ("yi", "i"), ("ei", "ai"), ("ey", "ai"), ("ay", "ai"), ("y", "i"), ("eff", "ev"),
    ("off", "ov"),
)  # fmt: skip
_SOFT_VOWEL = re.compile(r"(?<=[bcdfgklmnprstvz])[yj][oe]|^ye")
"""Cyrillic e and io after a consonant (`Fyodor`, `Alyona`) and at the head (`Yevgeny`)."""
_SOUND = re.compile("|".join(sorted((old for old, _ in _SOUND_RULES), key=len, reverse=True)))
_SOUND_MAP = dict(_SOUND_RULES)
_REPEATED = re.compile(r"(.)\1+")
_FINAL_H = re.compile(r"(?<=[aeiou])h$")


def latin(text: str) -> str:
    """The text in lower-case ASCII where its letters are Latin, Cyrillic or Greek.

    Letters of other scripts stay, so that they can be told apart (see module docstring).
    """
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text)
    written: list[str] = []
    for char in composed.lower():
        if char.isascii():
            written.append(char)
        elif char in _CYRILLIC:
            written.append(_CYRILLIC[char])
        elif not char.isalpha() or _romanised(char):
            written.append(anyascii(char).lower())
        else:
            written.append(char)
    return "".join(written)


def tokens(name: str) -> tuple[str, ...]:
    """The comparable tokens of a name: apostrophes deleted, everything else splits.

    Dotted abbreviations are joined (`S.A.R.L.` is `sarl`, `J.` is `j`), hyphens split.
    """
    return _tokens(name)


@lru_cache(maxsize=65536)
def _tokens(name: str) -> tuple[str, ...]:
    text = name.translate(_APOSTROPHES).replace("&", " and ")
    text = latin(text).translate(_APOSTROPHES)
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    return tuple(token for token in _SPLIT.split(text) if token)


_DOTTED = re.compile(r"(?<!\w)(?:\w\.){2,}\w?(?!\w)")


@lru_cache(maxsize=262144)
def sound(token: str) -> str:
    """A key equal for usual romanisations of one name part (`Shoygu`, `Schoigu`; `Lavrov`).

    Rules of ours over digraphs and vowels; deliberately coarse, since one key alone proves nothing.
    """
    key = _SOFT_VOWEL.sub("e", token)
    key = _SOUND.sub(lambda match: _SOUND_MAP[match.group()], key)
    key = _REPEATED.sub(r"\1", key)
    if len(key) > 3:
        key = _FINAL_H.sub("", key)
    return key


def is_original_script(token: str) -> bool:
    """Whether the token holds letters that were not brought to ASCII."""
    return not token.isascii()


def _romanised(char: str) -> bool:
    name = unicodedata.name(char, "")
    return name.startswith(("LATIN", "CYRILLIC", "GREEK", "MODIFIER"))
