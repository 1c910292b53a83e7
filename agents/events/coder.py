"""From an article with its parse to coded events, and to the candidates that were dropped.

Find triggers with their roles, compose operators with what they govern, read status, speakers and
circumstances, pass the gates, merge tellings. `explain` gives the whole trace; the stage keeps
the events.
"""

from dataclasses import dataclass
from pathlib import Path

from schemas import ArticleRecord, ParsedText
from schemas.base import Span
from schemas.events import Event, EventPlace, EventStatus, Participant
from schemas.events import Trigger as TriggerWords
from schemas.parse import unpack

from . import slots, syntax
from .actor import Actor, with_country
from .attribution import as_attribution, read_speakers
from .candidates import Candidate, Miss, one_sided
from .codebook import intensity
from .compose import as_announced, compose
from .dates import is_historical, read_date
from .facts import Facts
from .frames import LEXICON, Lexicon, read_lexicon
from .gates import Setting, read_setting, refusal
from .magnitude import read_magnitude
from .merge import identified, merge
from .participants import Cast, dateline_end
from .places import domestic_country, read_place
from .repair import repair
from .scope import scope_of
from .status import is_unwilling, read_status
from .triggers import Finder

SPEECH_ACTS = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN", "AGREE", "SUPPORT", "CONCEDE"})


@dataclass(frozen=True, slots=True)
class Dropped:
    """A trigger of the lexicon that made no event of its own.

    Attributes:
        start: Offset of the trigger in the text.
        end: Its end.
        text: The trigger.
        frame: Frame (or rule) that was tried.
        reason: Why it was dropped.
    """

    start: int
    end: int
    text: str
    frame: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that the coder decided about an article."""

    events: list[Event]
    dropped: list[Dropped]
    domain: str | None
    repairs: list[str]


class Coder:
    """Codes articles with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def explain(self, record: ArticleRecord) -> Explanation:
        """Code an article and keep the trace of what was dropped."""
        if record.parse is None:
            return Explanation([], [], None, [])
        doc, repairs = repair(
            unpack(record.parse, record.article.text), self.lexicon, dateline_end(record)
        )
        article = _Article(record, doc, self)
        return article.explain(repairs)


def load_coder(folder: Path = LEXICON) -> Coder:
    """A coder with the lexicon of a folder."""
    return Coder(read_lexicon(folder))


class _Article:
    """One article on its way through the coder."""

    def __init__(self, record: ArticleRecord, doc: ParsedText, coder: Coder) -> None:
        self.record = record
        self.doc = doc
        self.lexicon = coder.lexicon
        self.cast = Cast(record, doc, coder.lexicon)
        self.facts = Facts(record, doc, coder.lexicon)
        self.setting: Setting = read_setting(doc, coder.lexicon)

    def explain(self, repairs: list[str]) -> Explanation:
        finder = Finder(self.doc, self.cast, self.lexicon)
        found = finder.find()
        left, eaten = compose(self.doc, found, self.lexicon)
        misses = [*finder.misses, *eaten]
        events: list[Event] = []
        for candidate in left:
            result = self._event(candidate)
            if isinstance(result, Event):
                events.append(result)
            else:
                misses.append(Miss(candidate.trigger, candidate.rule, result))
        events = identified(self.record.article.id, merge(events, self._countries()))
        dropped = [self._dropped(miss) for miss in sorted(misses, key=lambda m: m.trigger)]
        return Explanation(events, dropped, self.setting.domain, repairs)

    def _countries(self) -> frozenset[str]:
        return frozenset(
            entity.id
            for entity in self.record.entities or []
            if any(link.scheme.startswith("iso3166") for link in entity.links)
        )

    def _dropped(self, miss: Miss) -> Dropped:
        token = self.doc.tokens[miss.trigger]
        return Dropped(token.start, token.end, token.text, miss.frame, miss.reason)

    def _event(self, candidate: Candidate) -> Event | str:
        """The event of a candidate, or the reason why it is none."""
        doc, lexicon = self.doc, self.lexicon
        speakers = read_speakers(doc, candidate, self.cast, lexicon)
        if candidate.speaker:
            if not speakers:
                return "nobody is named who says so"
            candidate.actors = [speakers[-1][0]]
            speakers = speakers[:-1]
        if reason := self._refused(candidate):
            return reason
        status = read_status(doc, candidate, lexicon)
        if status == "asserted" and candidate.frame.planned:
            status = "planned"
        if candidate.speaker:
            status = "asserted"
        if status == "hypothetical" and not candidate.actors and self._is_bare(candidate):
            return "a bare condition"
        if status == "planned":
            speaker = speakers[-1][0] if speakers else None
            kind, mode, changed = as_announced(candidate, speaker, lexicon)
            if changed:
                candidate.type, candidate.mode = kind, mode
                candidate.operator = "future"
                one_sided(candidate)
        unwilling = lexicon.operators["unwilling"].get(candidate.type)
        if status == "negated" and unwilling and is_unwilling(doc, candidate, lexicon):
            candidate.type = unwilling.becomes or candidate.type
            candidate.mode, candidate.operator, status = unwilling.mode, "unwilling", "asserted"
            one_sided(candidate)
        entry = lexicon.codebook[candidate.type]
        if entry.needs_recipient and not candidate.recipients and len(candidate.actors) < 2:
            return f"{candidate.type} needs a recipient"
        event = self._built(candidate, status, speakers)
        return event if event.actors or event.recipients else "nobody takes part"

    def _refused(self, candidate: Candidate) -> str | None:
        has_owner = candidate.pattern != "noun" or bool(candidate.actors and candidate.recipients)
        if not candidate.actors and not candidate.recipients:
            return "nobody takes part"
        if self._is_fiction(candidate):
            return "told of in a work of fiction"
        if not self._has_doer(candidate):
            return "the subject is nobody"
        lenient = candidate.frame.operator in ("refuse", "request", "threaten")
        for inner in candidate.inner[:1]:
            if lenient and not inner.actors and not inner.recipients:
                continue
            actors = inner.actors or candidate.actors
            recipients = inner.recipients or candidate.recipients
            if reason := self._gate(inner, actors, recipients, has_owner=True):
                return f"what it governs is refused: {reason}"
        return self._gate(candidate, candidate.actors, candidate.recipients, has_owner=has_owner)

    def _gate(
        self, candidate: Candidate, actors: list[Actor], recipients: list[Actor], *, has_owner: bool
    ) -> str | None:
        return refusal(
            candidate.frame.gate,
            actors=actors,
            recipients=recipients,
            has_inner=bool(candidate.inner) or self._has_act(candidate),
            has_owner=has_owner,
            lexicon=self.lexicon,
            setting=self.setting,
        )

    def _is_fiction(self, candidate: Candidate) -> bool:
        """Whether a work tells the act: "the story of a soldier who kills his captain"."""
        words = self.lexicon.grammar["fiction"]
        for token in self.doc.ancestors(candidate.trigger):
            if token.pos == "NOUN" and token.lemma in words:
                return True
            if syntax.is_verb(token) and any(
                self.doc.tokens[s].lemma in words
                for s in syntax.children(self.doc, token.i, syntax.SUBJECTS)
            ):
                return True
        return False

    def _is_bare(self, candidate: Candidate) -> bool:
        """For "if convicted, the suspects …": a condition that nobody is said to fulfil."""
        token = self.doc.tokens[candidate.anchor]
        return (
            token.dep == "advcl"
            and token.tag == "VBN"
            and not syntax.children(self.doc, token.i, syntax.SUBJECTS | syntax.PASSIVE_SUBJECTS)
        )

    def _has_act(self, candidate: Candidate) -> bool:
        """Whether the object is an act: "condemned the bombing" needs no doer of it."""
        objects = slots.verb_slot(self.doc, candidate.trigger, "object")
        return candidate.type == "ACCUSE" and any(
            self.doc.tokens[o].lemma.lower() in self.lexicon.nouns for o in objects
        )

    def _has_doer(self, candidate: Candidate) -> bool:
        """Harm needs a doer: "the crash killed five" has a subject that is nobody."""
        if candidate.type != "ASSAULT" or candidate.pattern != "verb" or candidate.actors:
            return True
        subjects = slots.verb_slot(self.doc, candidate.trigger, "subject")
        acts = self.lexicon.nouns
        return bool(candidate.frame.subject) or any(
            self.doc.tokens[s].lemma.lower() in acts for s in subjects
        )

    def _built(
        self, candidate: Candidate, status: EventStatus, speakers: list[tuple[Actor, str]]
    ) -> Event:
        doc, lexicon, record = self.doc, self.lexicon, self.record
        scope = scope_of(doc, candidate)
        place = read_place(doc, candidate, scope, self.cast, record, lexicon)
        date = read_date(doc, candidate, scope, record, self.facts)
        if status == "asserted" and is_historical(date, record, scope, lexicon):
            status = "historical"
        first, last = doc.tokens[candidate.words[0]], doc.tokens[candidate.words[-1]]
        sentence = doc.sentence(candidate.trigger)
        span = Span(start=sentence[0].start, end=sentence[-1].end)
        entry = lexicon.codebook[candidate.type]
        return Event(
            id="",
            key="",
            type=candidate.type,
            mode=candidate.mode,
            contexts=self._contexts(candidate),
            actors=self._placed(candidate, candidate.actors, place),
            recipients=self._placed(candidate, candidate.recipients, place),
            place=place,
            date=date,
            trigger=TriggerWords(
                start=first.start,
                end=last.end,
                text=record.article.text[first.start : last.end],
                lemma=" ".join(doc.tokens[i].lemma.lower() for i in candidate.words),
            ),
            sentence=span,
            magnitude=read_magnitude(doc, candidate, scope, self.facts, lexicon),
            status=status,
            attribution=as_attribution(speakers),
            quad=entry.quad,
            intensity=intensity(entry, candidate.mode),
            confidence=self._confidence(candidate, status),
            rule=candidate.rule,
            evidence=[span],
        )

    def _placed(
        self, candidate: Candidate, actors: list[Actor], place: EventPlace | None
    ) -> list[Participant]:
        """Participants with the country of the place where they have none; no bare sites."""
        found = []
        for actor in actors:
            country = domestic_country(candidate.frame.type, place, actor)
            participant = (with_country(actor, country) if country else actor).participant
            if participant.country or not actor.site:
                found.append(participant)
        return found

    def _contexts(self, candidate: Candidate) -> list[str]:
        words = {token.lemma.lower() for token in self.doc.sentence(candidate.trigger)}
        found = list(candidate.frame.contexts)
        found += [name for name, cues in self.lexicon.contexts if cues & words]
        return list(dict.fromkeys(found))

    def _confidence(self, candidate: Candidate, status: EventStatus) -> float:
        """A rough order, not a probability: known parties and plain grammar count."""
        score = 0.55
        parties = candidate.actors + candidate.recipients
        if candidate.actors and candidate.recipients:
            score += 0.15
        if all(a.participant.country or a.participant.sectors for a in parties):
            score += 0.15
        if candidate.pattern in ("verb", "passive", "light"):
            score += 0.05
        if status in ("hypothetical", "planned"):
            score -= 0.1
        return round(score, 2)
