"""Gates: which candidates may become events, and why not. Precision over noise, as data."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from schemas import ParsedText

from .actor import PLACES, Actor
from .frames import Lexicon

STATE_LABELS = frozenset({"GPE", "NORP"})
UNKNOWN_LABELS = (None, "GPE", "NORP", "ORG")
SHORT = 60
WORDS_A_CUE = 150
"""A text longer than `SHORT` tokens needs a cue of politics in so many, or names count little."""
CIVILIANS = frozenset({"CVL", "REF", "LAB", "EDU", "AGR", "MED", "REL", "OPP", "JRN"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What kind of text this is: the figurative domain that it belongs to, if any."""

    domain: str | None
    short: bool
    trusts_names: bool
    """Whether a name of which nothing is known may be somebody political."""


def read_setting(doc: ParsedText, lexicon: Lexicon) -> Setting:
    """Count the cues of each domain; a text of politics or armed conflict belongs to none."""
    counts = Counter(token.lemma.lower() for token in doc.tokens if token.pos != "PUNCT")
    words = max(1, sum(counts.values()))
    hard = sum(counts[cue] for cue in lexicon.gates["hard"]["cues"])
    best: tuple[int, str] | None = None
    for name, table in lexicon.gates["domain"].items():
        found = sum(counts[cue] for cue in table["cues"])
        if found < table["least"] or 100 * found < table["per_hundred"] * words or found <= hard:
            continue
        if best is None or (found, name) > best:
            best = (found, name)
    political = words <= SHORT or WORDS_A_CUE * hard >= words
    return Setting(best[1] if best else None, words <= SHORT, political and best is None)


def traits(actor: Actor, lexicon: Lexicon, setting: Setting) -> frozenset[str]:
    """What can be asked of a party: `state`, `armed`, `political`, `person`, `unknown`, …"""
    found: set[str] = set()
    sectors = set(actor.participant.sectors)
    country = actor.participant.country
    if sectors & set(lexicon.gates["armed"]):
        found.add("armed")
    if country and (actor.label in STATE_LABELS or sectors & {"GOV", "MIL", "LEG"}):
        found.add("state")
    if "GOV" in sectors and not country:
        found.add("state")
    if sectors & set(lexicon.gates["political"]) or "state" in found:
        found.add("political")
    if actor.label == "PERSON" or sectors & set(lexicon.gates["persons"]):
        found.add("person")
    if sectors & CIVILIANS:
        found.add("civilians")
    if "CRM" in sectors:
        found.add("criminal")
    if sectors:
        found.add("agent")
    if actor.label in PLACES:
        found.add("place")
    nameless = not sectors and actor.named and (not country or actor.label is None)
    # Alone in a short text, a bare surname may as well be a place that no list knows.
    bare = setting.short and actor.label == "PERSON" and " " not in actor.participant.name
    if nameless and setting.trusts_names and (actor.label in UNKNOWN_LABELS or bare):
        found.add("unknown")
    return frozenset(found)


def refusal(
    gate: str,
    *,
    actors: list[Actor],
    recipients: list[Actor],
    has_inner: bool,
    has_owner: bool,
    lexicon: Lexicon,
    setting: Setting,
) -> str | None:
    """Why the gate refuses these parties; None if it lets them pass."""
    table: dict[str, Any] = lexicon.gates["gate"][gate]
    acting = [traits(actor, lexicon, setting) for actor in actors]
    receiving = [traits(actor, lexicon, setting) for actor in recipients]
    parties = acting + receiving
    hard = table.get("hard") and setting.domain
    count = len(parties) + (not recipients and any(actor.plural for actor in actors))
    checks = (
        (table.get("light") and not has_owner, "event noun without a verb or an owner"),
        (
            table.get("inner") and not has_inner and not _all_of(table, parties),
            "no event in the complement",
        ),
        (table.get("both") and not (acting and receiving), "a role is empty"),
        (
            count < table.get("parties", 0) and not (table.get("or_act") and has_inner),
            "too few parties",
        ),
        (
            hard and not any("armed" in party for party in parties),
            f"figure of speech in a text about {setting.domain}",
        ),
    )
    for fails, reason in checks:
        if fails:
            return reason
    return _missing_trait(table, acting, receiving)


def _all_of(table: dict[str, Any], parties: list[frozenset[str]]) -> bool:
    wanted = set(table.get("inner_or", ()))
    return len(parties) > 1 and all(party & wanted for party in parties)


def _missing_trait(
    table: dict[str, Any], acting: list[frozenset[str]], receiving: list[frozenset[str]]
) -> str | None:
    parties = acting + receiving
    pair = set(table.get("pair", ()))
    if pair and acting and receiving and all(party & pair for party in parties):
        return None
    waived = set(table.get("waived_by_actor", ()))
    if any(party & waived for party in acting):
        receiving = [*receiving, frozenset(table["recipient"])]
    for role, found in (("actor", acting), ("recipient", receiving), ("either", parties)):
        wanted = set(table.get(role, ()))
        if wanted and not any(party & wanted for party in found):
            return f"{role} is none of {', '.join(sorted(wanted))}"
    wanted = set(table.get("each", ()))
    if wanted and not all(party & wanted for party in parties):
        return f"a party is none of {', '.join(sorted(wanted))}"
    return None
