"""Groups the mentions of a text: one cluster for one real thing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas import ParsedText

from . import persons
from .gazetteer import PLAIN
from .knowledge import Knowledge, Surface
from .lexicon import words
from .mentions import ENTITY_LABELS, Found
from .metonyms import is_government
from .setting import Setting

SPACES: Final = re.compile(r"[\s\[\]]+")
ACRONYM: Final = re.compile(r"(?:[A-Z]\.){2,}|[A-Z][A-Za-z]?[A-Z][A-Z0-9-]*")
SHIP_NUMBER: Final = re.compile(r"IMO\b")
MINOR: Final = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "la", "&"})
CORPORATE: Final = words("corporate_suffixes")


@dataclass(slots=True)
class Cluster:
    """The mentions of one thing, by index, and what the knowledge base knows it as."""

    surface: Surface | None = None
    members: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """A text with its mentions, and what they are read by."""

    parsed: ParsedText
    found: Sequence[Found]
    setting: Setting
    knowledge: Knowledge

    @property
    def text(self) -> str:
        """The article's text."""
        return self.parsed.text

    def name(self, index: int) -> str:
        """Words of a mention with single blanks, plain apostrophes, without editors' brackets."""
        mention = self.found[index]
        return SPACES.sub(" ", self.text[mention.start : mention.end].translate(PLAIN)).strip()


def clusters(context: Context) -> list[Cluster]:
    """The clusters of a text, in order of their first mentions."""
    grouped: dict[str, Cluster] = {}
    people: list[int] = []
    named: list[int] = []
    explained = _explained(context)
    for index, mention in enumerate(context.found):
        if mention.label not in ENTITY_LABELS:
            continue
        surface = None if context.name(index) in explained else surface_of(context, mention)
        if surface is not None:
            grouped.setdefault(_known_key(surface), Cluster(surface)).members.append(index)
        elif mention.label == "PERSON":
            people.append(index)
        else:
            named.append(index)
    for index, group in zip(
        people, persons.cluster_names([context.name(i) for i in people]), strict=True
    ):
        grouped.setdefault(f"person {group}", Cluster()).members.append(index)
    long_forms = {
        **_long_forms({context.name(i) for i in named if context.found[i].label == "ORG"}),
        **explained,
    }
    for index in named:
        name = context.name(index)
        long_form = long_forms.get(name, name)
        known = [
            surface
            for surface in context.knowledge.surfaces.get(long_form, ())
            if long_form != name and surface.use == "name"
        ]
        key = _known_key(known[0]) if known else f"named {_bare(long_form)}"
        if SHIP_NUMBER.match(name) and index - 1 in named and _follows(context, index):
            key = f"named {_bare(context.name(index - 1))}"
        grouped.setdefault(key, Cluster()).members.append(index)
    for cluster in grouped.values():
        cluster.members.sort()
    return sorted(grouped.values(), key=lambda cluster: cluster.members[0])


def _explained(context: Context) -> dict[str, str]:
    """Long form by acronym where the text itself tells it: `World Food Programme (WFP)`."""
    explained = {}
    for index in range(1, len(context.found)):
        before, mention = context.found[index - 1], context.found[index]
        name = context.name(index)
        between = context.text[before.end : mention.start]
        if between not in (" (", " (the ") or not ACRONYM.fullmatch(name):
            continue
        long_form = context.name(index - 1)
        known = bool(mention.surfaces)
        if (
            before.label == "ORG"
            and " " in long_form
            and (not known or _abbreviates(name, long_form))
        ):
            explained[name] = long_form
    return explained


def _abbreviates(short: str, long_form: str) -> bool:
    """Whether the letters of an acronym begin words of a name, in order, the first one first."""
    letters = [letter for letter in short.upper() if letter.isalnum()]
    initials = [part[0].upper() for part in re.split(r"[\s-]", long_form) if part]
    if not letters or letters[0] != initials[0]:
        return False
    position = 0
    for initial in initials:
        if position < len(letters) and letters[position] == initial:
            position += 1
    return position == len(letters)


def surface_of(context: Context, mention: Found) -> Surface | None:
    """What a mention is by the knowledge base; a capital only where it means a government."""
    for surface in mention.surfaces:
        if surface.use != "capital" or is_government(context.parsed, mention):
            return surface
    return None


def _follows(context: Context, index: int) -> bool:
    """Whether a ship's number stands in brackets or after a comma behind the ship's name."""
    before = context.found[index - 1]
    gap = context.text[before.end : context.found[index].start]
    return before.label == "VESSEL" and gap.strip(" ([,;”\"’'") == ""


def _known_key(surface: Surface) -> str:
    if surface.use in ("name", "demonym"):
        return f"known {surface.entry.id}"
    return f"{surface.use} {surface.entry.id} {surface.text}"


def _bare(name: str) -> str:
    """A name without the forms of companies, for comparison."""
    parts = name.casefold().replace(",", "").split(" ")
    while len(parts) > 1 and parts[-1].rstrip(".") in CORPORATE:
        parts.pop()
    return " ".join(parts)


def _long_forms(names: Iterable[str]) -> Mapping[str, str]:
    """The long form of each acronym of a text whose letters it alone begins with."""
    ordered = sorted(names)
    found: dict[str, list[str]] = {}
    for name in ordered:
        initials = "".join(
            part[0] for part in re.split(r"[\s-]", name) if part and part.lower() not in MINOR
        )
        if len(initials) > 1 and " " in name:
            found.setdefault(initials.upper(), []).append(name)
    return {
        name: found[letters][0]
        for name in ordered
        if ACRONYM.fullmatch(name)
        and len(found.get(letters := name.replace(".", "").upper(), ())) == 1
    }
