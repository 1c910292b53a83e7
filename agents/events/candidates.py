"""What a trigger makes: its frame with the roles filled; a miss, where it makes nothing."""

from dataclasses import dataclass, field

from schemas.events import EventType

from .actor import Actor
from .frames import Frame


@dataclass
class Candidate:
    """A trigger with its frame and the roles that were found for it.

    Attributes:
        trigger: Index of the trigger token.
        words: Indices of all tokens that make the trigger, in order.
        anchor: The verb whose clause the event stands in; the trigger itself for a verb.
        pattern: How it was found: `verb`, `passive`, `noun`; or, by what lends a noun its
            subject, `light`, `aside`, `reversed`, `cancel`, `lift`.
        speaker: Whether the actor is whoever says so.
        inner: What an operator's complement is made of.
        operator: What changed its type, if anything did.
        others: Of the actors of a mutual act those whom the grammar makes its other side.
    """

    trigger: int
    words: tuple[int, ...]
    anchor: int
    frame: Frame
    type: EventType
    mode: str | None
    pattern: str
    actors: list[Actor] = field(default_factory=list)
    recipients: list[Actor] = field(default_factory=list)
    speaker: bool = False
    inner: list["Candidate"] = field(default_factory=list)
    operator: str | None = None
    others: list[Actor] = field(default_factory=list)

    @property
    def rule(self) -> str:
        """Name of the rule: frame and pattern, and the operator that changed it."""
        suffix = f"+{self.operator}" if self.operator else ""
        return f"{self.frame.id}/{self.pattern}{suffix}"


@dataclass(frozen=True, slots=True)
class Miss:
    """A trigger that made no event, and why."""

    trigger: int
    frame: str
    reason: str


def _side(actor: Actor) -> tuple[str, ...]:
    """Who does not act upon itself: "Ukrainians defend their country"."""
    p = actor.participant
    return (p.country, *p.sectors[:1]) if p.country else (p.entity or "", p.name.lower())


def settle(candidate: Candidate) -> Candidate:
    """Drop doubles, keep roles apart, and make all parties of a mutual act actors."""
    seen: set[tuple[str | None, str, str | None]] = set()

    def fresh(actors: list[Actor]) -> list[Actor]:
        kept = []
        for actor in actors:
            p = actor.participant
            key = (p.entity, p.name.lower(), p.country)
            if key not in seen:
                seen.add(key)
                kept.append(actor)
        return kept

    candidate.actors = fresh(candidate.actors)
    acting = {_side(actor) for actor in candidate.actors}
    candidate.recipients = [
        actor for actor in fresh(candidate.recipients) if _side(actor) not in acting
    ]
    if candidate.frame.mutual:
        candidate.others = candidate.recipients
        candidate.actors = candidate.actors + candidate.recipients
        candidate.recipients = []
    return candidate


def one_sided(candidate: Candidate) -> None:
    """Undo a mutual act: who promises or refuses to meet somebody acts alone."""
    if candidate.others:
        candidate.actors = [a for a in candidate.actors if a not in candidate.others]
        candidate.recipients, candidate.others = candidate.others, []
