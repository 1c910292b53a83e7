"""Reads the gold: sentences of our own with the events that they tell."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from schemas.events import Event, Participant

FOLDER = Path(__file__).parent
PUBLISHED = "2024-10-23"
_LINE = re.compile(r"\s+(?P<type>[A-Z]+)(/(?P<mode>[\w-]+))? (?P<status>\w+) \|(?P<rest>.*)")


@dataclass(frozen=True)
class GoldEvent:
    """One event: parties as `COUNTRY/SECTOR` or a name in quotes; `more` by key."""

    type: str
    mode: str | None
    status: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoldSentence:
    """A sentence with its events; a trap has none."""

    text: str
    events: tuple[GoldEvent, ...]


SETS = {"tuned": "sentences.gold", "held": "held.gold"}
"""`tuned` sentences are looked at when rules are raised, `held` ones only counted."""


def read_gold(name: str = "tuned") -> list[GoldSentence]:
    """All sentences of a set."""
    path = FOLDER / SETS[name]
    found: list[GoldSentence] = []
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            found.append(GoldSentence(line, ()))
            continue
        last = found.pop()
        found.append(GoldSentence(last.text, (*last.events, _event(line))))
    return found


def _event(line: str) -> GoldEvent:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a gold event: {line!r}")
    parties, _, more = match["rest"].partition("|")
    actors, _, recipients = parties.partition(">")
    pairs = re.findall(r"(\w+)=(.+?)(?= \w+=|$)", more.strip())
    return GoldEvent(
        match["type"], match["mode"], match["status"], _parties(actors), _parties(recipients),
        dict(pairs),
    )  # fmt: skip


def _parties(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def code(participant: Participant) -> str:
    """A participant in the gold's notation."""
    sector = participant.sectors[0] if participant.sectors else None
    if participant.country is None and sector is None:
        return f'"{participant.name}"'
    return (participant.country or "-") + (f"/{sector}" if sector else "")


def same_parties(found: list[Participant], gold: tuple[str, ...]) -> bool:
    """Whether all parties agree in country and primary sector, or in name."""
    return sorted(code(p).removeprefix('"the ') for p in found) == sorted(gold)


def agree(event: Event, gold: GoldEvent) -> bool:
    """Whether type, actors and recipients agree."""
    return (
        event.type == gold.type
        and same_parties(event.actors, gold.actors)
        and same_parties(event.recipients, gold.recipients)
    )
