"""Reads numbers in running text: digits, words, scales, ranges and approximations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

UNITS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES: Final = {
    "dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "trillion": 10**12, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
SHORT_SCALES: Final = {
    "k": 10**3, "K": 10**3, "m": 10**6, "mn": 10**6, "M": 10**6, "mln": 10**6, "mil": 10**6,
    "b": 10**9, "B": 10**9, "bn": 10**9, "Bn": 10**9, "BN": 10**9, "bln": 10**9,
    "tn": 10**12, "trn": 10**12, "T": 10**12, "tln": 10**12,
}  # fmt: skip
INDEFINITE: Final = {
    "dozens": 12.0, "scores": 20.0, "hundreds": 100.0, "thousands": 1e3, "millions": 1e6,
    "billions": 1e9, "trillions": 1e12, "tens of thousands": 1e4, "hundreds of thousands": 1e5,
    "tens of millions": 1e7, "hundreds of millions": 1e8, "tens of billions": 1e10,
    "hundreds of billions": 1e11, "dozens of thousands": 1.2e4,
}  # fmt: skip
"""Plural scales name no count. The value is the unit that they name (`dozens` is 12, `hundreds` is
100), the convention of conflict event data such as ACLED's, and always approximate."""

_W: Final = "|".join(sorted({*UNITS, *TENS}, key=lambda word: (-len(word), word)))
_S: Final = "|".join(SCALES)
_WORDS: Final = (
    rf"(?:half\s+a\s+(?:million|billion|trillion|dozen)|a\s+half\s+(?:million|billion|trillion)"
    rf"|(?:{_W})\s+and\s+a\s+half\s+(?:million|billion|trillion)"
    rf"|(?:(?:{_W})|an?(?=\s+(?:{_S})\b))"
    rf"(?:[\s-]+(?:{_W}|{_S})\b|(?:(?<=hundred)|(?<=thousand))\s+and\s+(?:{_W})\b)*)"
)
_DIGITS: Final = (
    r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:[\u202f\u00a0]\d{3})+|\d+(?:\.\d+)?"
)
_SHORT: Final = "|".join(sorted(SHORT_SCALES, key=lambda word: (-len(word), word)))
_PLURAL: Final = "|".join(
    word.replace(" ", r"\s+") for word in sorted(INDEFINITE, key=len, reverse=True)
)
CORE: Final = re.compile(
    rf"(?:(?<![\w.,/:])(?<![A-Za-z]-)|(?<=\bR)|(?<=\bR[MSps]))(?:"
    rf"(?P<indefinite>(?i:{_PLURAL}))\b"
    rf"|(?P<digits>{_DIGITS})(?:[\s\u00a0-]*(?P<scale>(?i:{_S}))\b|\s?(?P<short>{_SHORT})\b)?"
    rf"(?![\w]|[:/]\d|\.\d)"
    rf"|(?P<words>(?i:{_WORDS}))\b)"
)
APPROX: Final = re.compile(
    r"(?:(?:an?\s+)?(?:estimated|reported)|about|around|approximately|approx\.|roughly|some|nearly|almost|"
    r"(?:just\s+|slightly\s+|well\s+|far\s+|significantly\s+)?(?:more|less|fewer|greater)\s+than|"
    r"(?:just\s+|slightly\s+|well\s+)?(?:over|under|below|above)|at\s+least|at\s+most|up\s+to|"
    r"as\s+(?:many|much|few|little)\s+as|no\s+(?:more|less|fewer)\s+than|close\s+to|"
    r"upwards?\s+of|in\s+excess\s+of|somewhere\s+(?:around|near)|a\s+total\s+of\s+about|circa|"
    r"c\.|~|≈|north\s+of|the\s+better\s+part\s+of|maybe|perhaps|probably|an?\s+additional|another|"
    r"only|just|a\s+total\s+of)\s*$",
    re.IGNORECASE,
)
EXACT: Final = re.compile(r"(?:additional|another|only|just|total\s+of)\s*$", re.IGNORECASE)
"""Words before a number that belong to its phrase and do not make it approximate."""
AFTER: Final = re.compile(r"\s+or\s+(?:so|more|fewer|less)\b|\+|-plus\b|\s+plus\b", re.IGNORECASE)
BETWEEN: Final = re.compile(r"\b(?:between|from)\s+[$€£¥]?$", re.IGNORECASE)
JOINT: Final = re.compile(r"\s*(?:[-–—]|\s(?:to|or)\s)\s*", re.IGNORECASE)
JOINT_AND: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_LONGEST_APPROX: Final = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text.

    Attributes:
        start: Where its phrase begins, words such as "roughly" included.
        end: End of its phrase, exclusive.
        core: Where the number itself begins.
        value: The number, or the lower end of a range.
        until: Upper end of a range.
        approx: The text says that it is not exact.
        scaled: A scale such as "million" belongs to it.
        form: `digits`, `words` or `indefinite`.
        metres: Written with a bare "m", so in other places than prices it may be a length.
    """

    start: int
    end: int
    core: int
    value: float
    until: float | None = None
    approx: bool = False
    scaled: bool = False
    form: str = "digits"
    metres: bool = False


def find(text: str) -> list[Number]:
    """The numbers of a text in order; ranges as one number, with the words that qualify them."""
    cores = [_core(match) for match in CORE.finditer(text)]
    return [_qualified(text, number) for number in _ranges(text, cores)]


def words_value(phrase: str) -> float:
    """Value of a number in words: `two hundred and fifty thousand` is 250000."""
    words = re.split(r"[\s-]+", phrase.lower())
    if words[1:4] == ["and", "a", "half"]:
        return (UNITS.get(words[0], 0) + TENS.get(words[0], 0) + 0.5) * SCALES[words[4]]
    if words[0] == "half" or words[1:2] == ["half"]:
        return SCALES[words[-1]] / 2
    total, group = 0.0, 0.0
    for word in words:
        if word in ("a", "an"):
            group = 1
        elif word in UNITS or word in TENS:
            group += UNITS.get(word, 0) + TENS.get(word, 0)
        elif word in ("hundred", "dozen"):
            group = max(group, 1) * SCALES[word]
        elif word in SCALES:
            total += max(group, 1) * SCALES[word]
            group = 0
    return total + group


def qualified_start(text: str, start: int) -> tuple[int, bool]:
    """Where the phrase of a number that begins at `start` begins, and if it is approximate."""
    head = text[max(0, start - _LONGEST_APPROX) : start]
    match = APPROX.search(head)
    if match is None or (match.start() and head[match.start() - 1].isalnum()):
        return start, False
    return start - (len(head) - match.start()), EXACT.search(head) is None


def _core(match: re.Match[str]) -> Number:
    groups = match.groupdict()
    scale = 1
    if groups["indefinite"]:
        value = INDEFINITE[re.sub(r"\s+", " ", match["indefinite"].lower())]
        form = "indefinite"
    elif groups["digits"]:
        value = float(re.sub(r"[,\u202f\u00a0]", "", match["digits"]))
        form = "digits"
        if groups["scale"]:
            scale = SCALES[match["scale"].lower()]
        elif groups["short"]:
            scale = SHORT_SCALES[match["short"]]
    else:
        value = words_value(match["words"])
        form = "words"
    return Number(
        match.start(), match.end(), match.start(),
        round(value * scale, 6), None, form == "indefinite", scale > 1, form,
        groups["short"] == "m",
    )  # fmt: skip


def _ranges(text: str, cores: Sequence[Number]) -> list[Number]:
    found: list[Number] = []
    for number in cores:
        former = found[-1] if found else None
        joined = _range(text, former, number) if former else None
        if joined:
            found[-1] = joined
        else:
            found.append(number)
    return found


def _range(text: str, low: Number, high: Number) -> Number | None:
    """Two numbers as one range, or None where they are not one."""
    gap = text[low.end : high.start]
    gap = gap.rstrip("$€£¥") if len(gap) > 1 else gap
    opened = BETWEEN.search(text[max(0, low.start - 10) : low.start])
    if low.until is not None or not (JOINT.fullmatch(gap) or (opened and JOINT_AND.fullmatch(gap))):
        return None
    value = low.value
    if high.scaled and not low.scaled and value < 1000:
        value = round(value * scale_of(high), 6)
    if high.value <= value:
        return None
    start = low.start - (len(opened.group()) if opened else 0)
    return replace(
        low, start=start, end=high.end, value=value, until=high.value,
        approx=low.approx or high.approx, scaled=high.scaled,
    )  # fmt: skip


def scale_of(number: Number) -> float:
    """The scale that a scaled number was most likely written with."""
    for scale in (10**12, 10**9, 10**6, 10**3):
        if number.value >= scale:
            return scale
    return 1


def _qualified(text: str, number: Number) -> Number:
    start, approx = qualified_start(text, number.start)
    after = AFTER.match(text, number.end)
    return replace(
        number,
        start=start,
        end=after.end() if after else number.end,
        approx=number.approx or approx or after is not None,
    )
