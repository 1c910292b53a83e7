"""How alike two name tokens are: equal, spelled by another romanisation, or mistyped.

The edit budget grows with length: none up to four letters (except two swapped neighbours), one to
eight, two to twelve, three beyond; short syllables of East Asian names differ by one letter and
mean other people.
"""

from rapidfuzz.distance import OSA

from .normalise import is_original_script, sound
from .tables import country_words, variants

SOUND = 0.96
SWAPPED = 0.85
INITIAL = 0.8


def edit_budget(length: int) -> int:
    """Edits allowed between two tokens of which the shorter has `length` letters."""
    if length <= 4:
        return 0
    if length <= 8:
        return 1
    return 2 if length <= 12 else 3


def similarity(query: str, listed: str) -> tuple[float, str]:
    """Similarity from 0 to 1 and how it was found (`equal`, `variant`, `sound`, `edit`, `none`)."""
    if query == listed:
        return 1.0, "equal"
    if is_original_script(query) or is_original_script(listed):
        return 0.0, "none"
    shared = _shared_variant(query, listed)
    query_sound, listed_sound = sound(query), sound(listed)
    if query_sound == listed_sound and len(query_sound) > 1:
        return max(SOUND, shared), "sound"
    if shared:
        return shared, "variant"
    if _may_be_slip(query, listed):
        return _edited(query, listed, query_sound, listed_sound)
    return 0.0, "none"


def _may_be_slip(query: str, listed: str) -> bool:
    """Numbers and names of countries have no slips, and the first letter rarely one."""
    if not (query.isalpha() and listed.isalpha()) or not _same_start(query, listed):
        return False
    return query not in country_words() and listed not in country_words()


def _same_start(query: str, listed: str) -> bool:
    """Slips rarely hit the first letter; where it differs, it is another name, but for a swap."""
    return (
        query[0] == listed[0]
        or sound(query)[:1] == sound(listed)[:1]
        or query[:2] == listed[1::-1]
        or query[1:] == listed
        or query == listed[1:]
        or min(len(query), len(listed)) > 8
    )


def _shared_variant(query: str, listed: str) -> float:
    groups = variants()
    mine, theirs = groups.get(query), groups.get(listed)
    if not mine or not theirs:
        return 0.0
    other = dict(theirs)
    return max((value for group, value in mine if group in other), default=0.0)


def _edited(query: str, listed: str, query_sound: str, listed_sound: str) -> tuple[float, str]:
    shorter = min(len(query), len(listed))
    budget = edit_budget(shorter)
    if budget == 0:
        swapped = (
            shorter >= 3
            and len(query) == len(listed)
            and query != listed
            and sorted(query) == sorted(listed)
            and OSA.distance(query, listed, score_cutoff=1) == 1
        )
        return (SWAPPED, "edit") if swapped else (0.0, "none")
    edits = OSA.distance(query, listed, score_cutoff=budget)
    best = 1 - edits / max(len(query), len(listed)) if edits <= budget else 0.0
    sounding = min(len(query_sound), len(listed_sound))
    budget = edit_budget(sounding)
    if budget:
        edits = OSA.distance(query_sound, listed_sound, score_cutoff=budget)
        if edits <= budget:
            best = max(best, SOUND * (1 - edits / max(len(query_sound), len(listed_sound))))
    return (best, "edit") if best else (0.0, "none")
