"""Checks a teacher's value spans (dates, amounts, counts, nationalities) against word tables."""

from __future__ import annotations

import re

from training.tables import table, words

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$", re.IGNORECASE)
_DATE = re.compile(r"\b[12]\d{3}s?\b|\d+/\d+|\d0s\b")
_PERCENT = re.compile(r"\bper cent\b|\bpercent\b|%")
_CLOCK = re.compile(r"\d:\d\d")
_WORD = re.compile(r"[$€£¥%]|US\$|[A-Za-z.']+(?:-[A-Za-z]+)*|\d[\d.,:/]*(?:st|nd|rd|th|s|m|bn|k)?")


def _parts(text: str) -> set[str]:
    """Split into lower-case words, the parts of hyphenated ones included."""
    found = [w.lower() for w in _WORD.findall(text)]
    return {p for w in found for p in (w, w.rstrip("."), *w.split("-")) if p}


def _group(text: str) -> bool:
    """Tell whether a word names a nationality, people, faith or party's people."""
    values = table("values")
    last = text.rsplit(maxsplit=1)[-1].lower()
    known = last in values["groups"] or last.endswith(tuple(values["group_endings"]))
    return text[:1].isupper() and known and len(text) > 3


def relabelled(text: str, label: str) -> str:
    """Set right what the teacher confuses by habit: "20 per cent" is no sum of money."""
    return "PERCENT" if label == "MONEY" and _PERCENT.search(text) else label


def plausible(text: str, label: str) -> bool:
    """Tell whether a span reads like a value of its label.

    Args:
        text: The span's text.
        label: One of the value labels; others are refused.
    """
    values = table("values")
    parts = _parts(text)
    number = any(c.isdigit() for c in text) or bool(parts & words("values", "number_words"))
    money = words("values", "money_words")
    company = words("values", "number_words") | words("values", "number_company")
    fits = {
        "DATE": bool(parts & words("values", "date_words") or _DATE.search(text)),
        "TIME": bool(parts & words("values", "time_words") or _CLOCK.search(text)),
        "MONEY": number and bool(parts & money) and "per" not in parts,
        "PERCENT": number and bool(parts & set(values["percent_words"])),
        "ORDINAL": bool(parts & words("values", "ordinal_words") or _ORDINAL.search(text)),
        "CARDINAL": number and not {p for p in parts if p.isalpha()} - company,
        "NORP": _group(text),
    }
    return fits.get(label, False)
