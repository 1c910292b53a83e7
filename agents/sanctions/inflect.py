"""Inflected forms of the lexicon's verbs: known whatever the tagger made of them."""

from functools import cache

from .lexicon import lexicon

_VOWELS = "aeiou"


@cache
def verb_forms() -> dict[str, tuple[str, str]]:
    """Form to (lemma, Penn tag): VB, VBZ, VBD or VBG; irregular pasts are VBD."""
    forms: dict[str, tuple[str, str]] = {}
    for lemma in sorted(_lemmas()):
        forms.setdefault(lemma, (lemma, "VB"))
        forms.setdefault(_third(lemma), (lemma, "VBZ"))
        forms.setdefault(_stem(lemma) + "ing", (lemma, "VBG"))
        irregular = lexicon().irregular.get(lemma)
        if irregular:
            for form in irregular:
                forms.setdefault(form, (lemma, "VBD"))
        else:
            forms.setdefault(_stem(lemma) + "ed", (lemma, "VBD"))
    return forms


def _lemmas() -> frozenset[str]:
    lex = lexicon()
    found = set(lex.actions)
    for frame in lex.verbs:
        found |= frame.lemmas
    found |= lex.evasion["verbs"] | lex.holding["verbs"] | lex.legal["bans"]
    found |= lex.dealing["verbs"] | lex.dealing["moves"] | lex.dealing["covert"]
    found |= lex.judgement["adjudicated"] | lex.judgement["accused"] | lex.listing["add"]
    found |= lex.listing["remove"] | lex.speech["say"] | lex.speech["deny"]
    return frozenset(found)


def _third(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + "s"


def _stem(lemma: str) -> str:
    """What `-ed` and `-ing` are put to; `-ying` forms of `-y` verbs are left to the tagger."""
    if lemma.endswith("e") and not lemma.endswith("ee"):
        return lemma[:-1]
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        return lemma[:-1] + "i"
    short = len(lemma) <= 5 and lemma[-1] not in _VOWELS + "wxy"
    if short and lemma[-2] in _VOWELS and lemma[-3] not in _VOWELS:
        return lemma + lemma[-1]
    return lemma
