"""A participant with what gates and roles need to know of it beyond the record."""

from dataclasses import dataclass, replace

from schemas.events import Participant

PLACES = frozenset({"GPE", "LOC", "FAC"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant with what gates need to know of it.

    Attributes:
        participant: As it goes into the event.
        head: Index of the head token.
        label: Label of the mention, None for a common noun.
        thing: A weapon or act that stands for its owner; nobody by itself.
        named: Whether it has a proper name or is an agent noun of the table.
        site: A place or building without a name; nobody, unless its country is known.
        plural: Several of a kind, who can do among themselves what takes two.
        rootless: Of a body without a country, which no place gives it one.
    """

    participant: Participant
    head: int
    label: str | None
    thing: bool = False
    named: bool = True
    site: bool = False
    rootless: bool = False
    plural: bool = False


def with_country(actor: Actor, country: str) -> Actor:
    """The same actor, placed in a country that the text gives elsewhere."""
    return replace(actor, participant=actor.participant.model_copy(update={"country": country}))
