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
    for index, mention in enumerate(context.found):
        if mention.label not in ENTITY_LABELS:
            continue
        surface = surface_of(context, mention)
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
    long_forms = _long_forms({context.name(i) for i in named if context.found[i].label == "ORG"})
    for index in named:
        name = context.name(index)
        key = f"named {_bare(long_forms.get(name, name))}"
        grouped.setdefault(key, Cluster()).members.append(index)
    for cluster in grouped.values():
        cluster.members.sort()
    return sorted(grouped.values(), key=lambda cluster: cluster.members[0])


def surface_of(context: Context, mention: Found) -> Surface | None:
    """What a mention is by the knowledge base; a capital only where it means a government."""
    surfaces = mention.surfaces
    if len(surfaces) > 1 and surfaces[0].entry.kind == "state":
        surfaces = _state_or_us_state(context, surfaces)
    for surface in surfaces:
        if surface.use != "capital" or is_government(context.parsed, mention):
            return surface
    return None


def _state_or_us_state(context: Context, surfaces: tuple[Surface, ...]) -> tuple[Surface, ...]:
    """Georgia: the American one where the text is about the United States and not the Caucasus."""
    country, states = surfaces[0].entry.id, [s for s in surfaces if s.entry.kind == "us-state"]
    if not states:
        return surfaces
    shared = {surfaces[0].text}
    others = [
        one.surfaces[0].entry
        for one in context.found
        if one.surfaces and one.surfaces[0].text not in shared
    ]
    abroad = any(entry.country == country for entry in others)
    american = any(entry.kind == "us-state" for entry in others)
    home = context.setting.outlet == "USA" and any(entry.id == "USA" for entry in others)
    return (*states, *surfaces) if not abroad and (american or home) else surfaces


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
