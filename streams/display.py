"""An enriched record as text for people: head, entities, events, flags with their evidence.

What comes from an article is shown as it is: rich's markup is not read in it, and control
characters (which could move a terminal's cursor or recolour it) are replaced.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.entities import Entity, Money
from schemas.events import Event, Magnitude, Participant
from schemas.flags import Flag, ListMatch
from schemas.record import ArticleRecord

WIDTH_MAX: Final = 110
"""Longer lines are hard to read; on a wide terminal the rest stays empty."""

DAY_CHARS: Final = len("2026-11-24")
MINUTE_CHARS: Final = len("2026-11-24T08:00")

SHOWN_MAX: Final = 12
"""Most entities of a group, events and flags shown; the rest is counted."""

GROUPS: Final = {
    "people": frozenset({"PERSON"}),
    "organisations": frozenset({"ORG"}),
    "places": frozenset({"GPE", "LOC", "FAC"}),
    "groups": frozenset({"NORP"}),
    "things": frozenset({"EVENT", "LAW", "WEAPON", "VESSEL", "AIRCRAFT", "PRODUCT", "WORK_OF_ART"}),
}
"""Entities by kind, in the order shown; times and counts are no things and have no line."""

EVIDENCE_MAX: Final = 3
"""Most pieces of evidence quoted for one flag."""

QUAD_STYLES: Final = {
    "verbal-cooperation": "green",
    "material-cooperation": "green",
    "verbal-conflict": "yellow",
    "material-conflict": "red",
}


def print_record(console: Console, record: ArticleRecord, seconds: float | None = None) -> None:
    """Print a record on a console, as wide as fits.

    Args:
        console: Where to.
        record: What the last stage wrote.
        seconds: Time from the raw record's append to its result, if known.
    """
    width = min(console.width, WIDTH_MAX)
    console.print(render(record, seconds), width=width, soft_wrap=False, highlight=False)


def render(record: ArticleRecord, seconds: float | None = None) -> RenderableType:
    """The record as something that rich can print."""
    body = Table.grid(padding=(0, 2), expand=False)
    body.add_column(no_wrap=True, style="dim")
    body.add_column(overflow="fold")
    for label, line in _lines(record):
        body.add_row(label, line)
    return Group(*_head(record, seconds), body, Text())


def plain(text: str) -> str:
    """Text of an article for a terminal: one line, control and direction characters replaced."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def _head(record: ArticleRecord, seconds: float | None) -> Iterable[Text]:
    article = record.article
    yield Text(plain(article.title or "(no title)"), style="bold")
    parts = [
        article.source.name or article.agency,
        f"{article.agency} (agency)" if article.agency and article.source.name else None,
        _moment(article.published.value) if article.published else None,
        article.dateline.place if article.dateline else None,
        article.language.code if article.language else None,
        f"{article.word_count} words",
        f"revision {article.revision}" if article.revision > 1 else None,
        f"in {seconds:.2f} s" if seconds is not None else None,
    ]
    yield Text(" · ".join(plain(part) for part in parts if part), style="dim")


def _moment(value: str) -> str:
    """ISO 8601 to the minute, offset left out: when people would say it was published."""
    return value[:MINUTE_CHARS].replace("T", " ")


def _lines(record: ArticleRecord) -> Iterable[tuple[str, Text]]:
    for group, labels in GROUPS.items():
        found = [entity for entity in record.entities or [] if entity.label in labels]
        if found:
            yield group, _joined([_entity(entity) for entity in found], ", ")
    if record.money:
        yield "money", _joined([_money(sum_) for sum_ in record.money], ", ")
    yield from _labelled("events", [_event(event) for event in record.events or []])
    flags = [flag for flag in record.flags or [] if flag.review != "suppressed"]
    yield from _labelled("flags", [_flag(flag) for flag in flags])


def _labelled(label: str, lines: Sequence[Text]) -> Iterable[tuple[str, Text]]:
    if not lines:
        yield label, Text("none", style="dim")
    for number, line in enumerate(lines[:SHOWN_MAX]):
        yield (label if number == 0 else ""), line
    if len(lines) > SHOWN_MAX:
        yield "", Text(f"and {len(lines) - SHOWN_MAX} more", style="dim")


def _joined(parts: Sequence[Text], separator: str) -> Text:
    shown = Text(separator).join(parts[:SHOWN_MAX])
    if len(parts) > SHOWN_MAX:
        shown.append(f" and {len(parts) - SHOWN_MAX} more", style="dim")
    return shown


def _entity(entity: Entity) -> Text:
    is_country = any(
        link.scheme.startswith("iso3166") and link.type == "same" for link in entity.links
    )
    notes = [entity.role, None if is_country else entity.country]
    return _noted(entity.name, notes)


def _noted(name: str, notes: Iterable[str | None]) -> Text:
    text = Text(plain(name))
    if told := ", ".join(plain(note) for note in notes if note):
        text.append(f" ({told})", style="dim")
    return text


def _money(money: Money) -> Text:
    about = "about " if money.approx else ""
    until = f" to {money.until:,.0f}" if money.until is not None else ""
    return _noted(money.text, [f"{about}{money.amount:,.0f}{until} {money.currency or '?'}"])


def _event(event: Event) -> Text:
    told = [event.type + (f" {event.mode}" if event.mode else "")]
    if event.status != "asserted":
        told.append(event.status)
    text = _participants(event.actors) if event.actors else Text("(unnamed)", style="dim")
    text.append(f" —{plain(event.trigger.text)} ")
    text.append(f"({', '.join(told)})", style=QUAD_STYLES[event.quad])
    if event.recipients:
        text.append("→ ").append_text(_participants(event.recipients))
    if event.place:
        text.append(f", in {plain(event.place.name)}")
    if event.date:
        until = f" to {event.date.until}" if event.date.until else ""
        text.append(f", {event.date.value[:DAY_CHARS]}{until[: DAY_CHARS + 4]}")
    if event.magnitude and (counts := _magnitude(event.magnitude)):
        text.append(f"; {counts}")
    if event.attribution:
        speakers = ", ".join(plain(speaker.name) for speaker in event.attribution)
        text.append(f"; said by {speakers}", style="dim")
    return text


def _participants(participants: Sequence[Participant]) -> Text:
    parts = [_noted(one.name, [one.country, *one.sectors[:1]]) for one in participants]
    return Text(", ").join(parts)


def _magnitude(magnitude: Magnitude) -> str:
    counts = {
        "dead": magnitude.dead,
        "injured": magnitude.injured,
        "arrested": magnitude.arrested,
        "troops": magnitude.troops,
        "weapons": magnitude.weapons,
    }
    told = [f"{count:,.0f} {what}" for what, count in counts.items() if count is not None]
    if magnitude.amount:
        told.append(f"{magnitude.amount.amount:,.0f} {magnitude.amount.currency or ''}".strip())
    return ", ".join(told)


def _flag(flag: Flag) -> Text:
    # A match says more than the subtype does, which repeats its entry.
    parts = (flag.type, None if flag.match else flag.subtype)
    kind = " ".join(part for part in parts if part).replace("_", " ")
    text = Text().append(kind, style="bold red")
    told = dict.fromkeys(told for told in (flag.action, flag.status) if told and told != "asserted")
    if flag.review == "review":
        told["to be reviewed"] = None
    if told:
        text.append(f" ({', '.join(told)})", style="yellow")
    if facts := _facts(flag):
        text.append(f": {plain(', '.join(facts))}")
    if words := _evidence(flag):
        text.append(" " + " … ".join(f"“{plain(word)}”" for word in words), style="italic")
    if flag.attribution:
        text.append(f"; said by {plain(', '.join(flag.attribution))}", style="dim")
    return text


def _facts(flag: Flag) -> list[str]:
    """Who is concerned, and by which act or list entry."""
    facts = [
        role.name if role.role == flag.type else f"{role.role.replace('_', ' ')} {role.name}"
        for role in flag.roles
    ]
    listed = flag.match.programmes if flag.match else []
    facts += [act for act in (flag.programme, flag.legal_act) if act and act not in listed]
    if flag.match:
        facts.append(_match(flag.match))
    return facts


def _evidence(flag: Flag) -> list[str]:
    """The words the flag rests on, without those that its roles or longer ones tell already."""
    named = [role.name for role in flag.roles]
    words = list(dict.fromkeys(evidence.text for evidence in flag.evidence))
    telling = [
        word
        for word in words
        if not any(word in name for name in named)
        and not any(word in other for other in words if other != word)
    ]
    return (telling or words)[:EVIDENCE_MAX]


def _match(match: ListMatch) -> str:
    programmes = f" [{', '.join(match.programmes)}]" if match.programmes else ""
    return f"on {match.list} as {match.matched_name}, {match.entry}{programmes}, {match.score:.2f}"
