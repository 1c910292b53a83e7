"""Verbs as triggers: whether a frame fits a verb, and who stands in its roles."""

from schemas import ParsedText, Token

from . import syntax
from .candidates import Candidate, settle
from .frames import Frame, Lexicon, Trigger
from .participants import Cast
from .roles import Roles

PARTICLES = frozenset({"off", "out", "down", "up", "over", "away", "back"})
BESIDE = frozenset(
    {"prt", "prep", "advmod", "dobj", "acomp", "oprd", "agent", "ccomp", "xcomp", "dative"}
)


class VerbMatcher:
    """Matches verbs of one article against frames."""

    def __init__(self, doc: ParsedText, cast: Cast, lexicon: Lexicon, roles: Roles) -> None:
        self.doc = doc
        self.cast = cast
        self.lexicon = lexicon
        self.roles = roles

    def match(self, token: Token, trigger: Trigger) -> Candidate | str:
        """A candidate, or why there is none (empty: nothing to say)."""
        words = self._beside(token, trigger.words)
        if words is None:
            return ""
        frame = trigger.frame
        self._free_object(token.i, words)
        if reason := self._conditions(token.i, frame):
            return reason
        if self._is_asked(token):
            return "asked, not told"
        anchor = token.i
        candidate = Candidate(
            trigger=token.i,
            words=tuple(sorted({token.i, *words})),
            anchor=anchor,
            frame=frame,
            type=frame.type,
            mode=self._mode(token.i, frame),
            pattern="passive" if syntax.is_passive(self.doc, token.i) else "verb",
        )
        candidate.speaker = "speaker" in frame.actor
        candidate.actors = self.roles.fill(token.i, frame.actor)
        candidate.recipients = self.roles.fill(token.i, frame.recipient, stop=True)
        return settle(candidate)

    def _free_object(self, i: int, words: list[int]) -> None:
        """In "broke off ties" the ties may hang on "off" as if it were a preposition."""
        heads = [
            p
            for word in words
            if self.doc.tokens[word].text.lower() in PARTICLES
            for p in syntax.children(self.doc, word, syntax.POBJ)
        ]
        if heads and not self.roles.slot(i, "object"):
            self.roles.give(i, "object", heads)

    def _beside(self, token: Token, words: tuple[str, ...]) -> list[int] | None:
        """Tokens of the particle or preposition that the trigger needs; None if one is missing."""
        found = []
        for word in words:
            match = next(
                (
                    child.i
                    for child in self.doc.children(token.i)
                    if child.text.lower() == word and child.dep in BESIDE
                ),
                None,
            )
            if match is None:
                # The particle may stand at once behind without hanging on the verb.
                after = self.doc.tokens[token.i + 1 : token.i + 2]
                if not after or after[0].text.lower() != word or after[0].pos not in ("ADP", "ADV"):
                    return None
                match = after[0].i
            found.append(match)
        return found

    def _conditions(self, i: int, frame: Frame) -> str | None:
        objects = self.roles.slot(i, "object")
        if frame.object and not self.roles.any_of(objects, frame.object):
            return "object is not of the frame's class"
        if frame.not_object and self.roles.any_of(objects, frame.not_object):
            return "object makes another sense"
        subjects = self.roles.slot(i, "subject")
        if frame.subject and not self.roles.any_of(subjects, frame.subject):
            return "subject is not of the frame's class"
        if frame.not_subject and self.roles.any_of(subjects, frame.not_subject):
            return "subject makes another sense"
        for slot, needed in frame.needs:
            if not self._needs(i, slot, needed, objects, subjects):
                return f"no fitting {slot}"
        return None

    def _is_asked(self, token: Token) -> bool:
        """For "asks which general invaded Russia": nobody says that one did."""
        return token.dep == "ccomp" and any(
            below.tag == "WDT" and below.dep == "det"
            for subject in syntax.children(self.doc, token.i, syntax.SUBJECTS)
            for below in self.doc.children(subject)
        )

    def _needs(
        self, i: int, slot: str, needed: frozenset[str], objects: list[int], subjects: list[int]
    ) -> bool:
        if slot.endswith("-words"):
            known = {"object": objects, "subject": subjects}
            name = slot.removesuffix("-words")
            heads = known[name] if name in known else self.roles.slot(i, name)
            return any(
                token.text.lower() in needed or token.lemma.lower() in needed
                for head in heads
                for token in self.doc.subtree(head)
            )
        if slot == "money":
            return any(self.cast.is_money(token.i) for token in self.doc.subtree(i))
        if slot == "complement":
            return any(
                child.lemma in needed
                for child in self.doc.children(i)
                if child.dep in ("xcomp", "ccomp", "advcl")
            )
        if slot == "anywhere":
            return any(
                not self.cast.is_time(head)
                for word in sorted(needed)
                for head in self.roles.slot(i, word)
            )
        heads = self.roles.slot(i, slot)
        if not needed:
            heads = [h for h in heads if not self.cast.is_time(h)]
        return bool(heads) and (not needed or self.roles.any_of(heads, needed))

    def _mode(self, i: int, frame: Frame) -> str | None:
        slots = ("object", "for", "to") if frame.modes_by_word else ()
        heads = [head for slot in slots for head in self.roles.slot(i, slot)]
        for mode, wanted in frame.modes_by_word:
            if self.roles.any_of(heads, wanted):
                return mode
        return frame.mode
