"""Slots of a verb: who or what stands in its logical roles and behind its prepositions.

Small parsers hang a prepositional phrase on a neighbour of the verb as often as on the verb; the
readers here look there as well.
"""

from schemas import ParsedText

from .syntax import (
    PASSIVE_SUBJECTS,
    POBJ,
    SUBJECTS,
    antecedent,
    children,
    coordinated,
    is_passive,
    is_verb,
    prepositional,
    resolve_relatives,
    spread,
    surface_subjects,
)

LATE = frozenset({"acomp", "oprd", "advmod", "dobj"})


def verb_slot(doc: ParsedText, i: int, slot: str) -> list[int]:
    """Heads in a logical slot of verb `i`.

    Args:
        doc: The parse.
        i: Index of the verb.
        slot: `subject`, `object`, `dative`, `clause-subject` (of the complement clause),
            `inner-clause` (one deeper), or a preposition.
    """
    read = SLOTS.get(slot)
    return read(doc, i) if read is not None else _preposition_slot(doc, i, slot)


def _subject_slot(doc: ParsedText, i: int) -> list[int]:
    return _agents(doc, i) if is_passive(doc, i) else surface_subjects(doc, i)


def _object_slot(doc: ParsedText, i: int) -> list[int]:
    return _objects(doc, i, is_passive(doc, i))


def _dative_slot(doc: ParsedText, i: int) -> list[int]:
    """Who is given something: "gave Kyiv tanks", "Kyiv was given tanks"."""
    given = children(doc, i, frozenset({"dative"}))
    given = [g for g in given if doc.tokens[g].pos != "ADP"]
    if given:
        return spread(doc, given)
    if is_passive(doc, i) and children(doc, i, frozenset({"dobj", "oprd"})):
        return surface_subjects(doc, i)
    return []


def _preposition_slot(doc: ParsedText, i: int, slot: str) -> list[int]:
    found = prepositional(doc, i, slot)
    if found:
        return found
    # "fired missiles at Kyiv", "sent $1 billion in loans to Kyiv": it may hang on the object.
    behind = children(doc, i, frozenset({"dobj", "nsubjpass"}))
    behind += [
        p for c in doc.children(i) if c.text.lower() == "over" for p in children(doc, c.i, POBJ)
    ]
    if any(doc.tokens[o].pos in ("NUM", "SYM") for o in behind):
        # "$20 billion in loans to Kyiv": the loans may hang on the verb.
        behind += [
            p for c in doc.children(i) if c.text.lower() == "in" for p in children(doc, c.i, POBJ)
        ]
    for o in behind:
        found = inside_phrase(doc, o, slot)
        if found:
            return found
    return _shared_preposition(doc, i, slot) or _after_means(doc, i, slot)


def _after_means(doc: ParsedText, i: int, word: str) -> list[int]:
    """In "spoke by telephone with B" the phrase may hang on the telephone."""
    if word != "with":
        return []
    means = [c.i for c in doc.children(i) if c.dep in ("agent", "prep")]
    nouns = [p for m in means for p in children(doc, m, POBJ)]
    return [p for noun in nouns for p in prepositional(doc, noun, word)]


def inside_phrase(doc: ParsedText, i: int, word: str, depth: int = 0) -> list[int]:
    """Objects of the preposition `word` inside the phrase of token `i`."""
    found = prepositional(doc, i, word)
    if found or depth == 2:
        return found
    for child in doc.children(i):
        below = [child.i] if child.dep in ("conj", "appos") else []
        if child.dep == "prep" and child.text.lower() in ("in", "of", "worth"):
            below = children(doc, child.i, frozenset({"pobj"}))
        for p in below:
            if found := inside_phrase(doc, p, word, depth + 1):
                return found
    return []


def _shared_preposition(doc: ParsedText, i: int, slot: str) -> list[int]:
    """For "met and talked with B": the phrase of the last verb serves the first as well."""
    for token in doc.children(i):
        if token.dep == "conj" and is_verb(token) and token.i - i <= 3:
            return prepositional(doc, token.i, slot)
    return []


def _agents(doc: ParsedText, i: int) -> list[int]:
    """Objects of "by"; coordinated passives share them."""
    for verb in _coordinated_verbs(doc, i):
        found = [
            p
            for child in doc.children(verb)
            if child.dep == "agent" or (child.dep == "prep" and child.text.lower() == "by")
            for p in children(doc, child.i, frozenset({"pobj"}))
        ]
        if found:
            return spread(doc, found)
    return spread(doc, _late_agents(doc, i))


def _late_agents(doc: ParsedText, i: int) -> list[int]:
    """In "blamed for the famine by aid groups" the by-phrase may hang on the famine."""
    return [
        p
        for child in doc.children(i)
        if child.i > i
        for noun in ([child.i] if child.dep in LATE else children(doc, child.i, POBJ))
        for p in prepositional(doc, noun, "by")
    ]


def _coordinated_verbs(doc: ParsedText, i: int) -> list[int]:
    """The verb itself, then passives joined to it on either side."""
    token = doc.tokens[i]
    joined = [c.i for c in doc.children(i) if c.dep == "conj" and is_verb(c)]
    if token.dep == "conj" and is_verb(doc.head(i)):
        joined.append(token.head)
    return [i, *(verb for verb in joined if is_passive(doc, verb))]


def _objects(doc: ParsedText, i: int, passive: bool) -> list[int]:
    direct = children(doc, i, frozenset({"dobj"}))
    if passive and not direct:
        return surface_subjects(doc, i)
    if direct:
        return resolve_relatives(doc, spread(doc, direct))
    token = doc.tokens[i]
    if token.dep == "relcl":
        # "the town that rebels shelled", with or without the pronoun.
        subjects = children(doc, i, SUBJECTS)
        relative = [s for s in subjects if antecedent(doc, s)]
        if subjects and not relative and not is_verb(doc.tokens[token.head]):
            return coordinated(doc, token.head)
    for child in doc.children(i):
        if child.dep == "conj" and is_verb(child) and child.i - i <= 3:
            return _objects(doc, child.i, is_passive(doc, child.i))
    return []


def _clause_subjects(doc: ParsedText, i: int) -> list[int]:
    for child in doc.children(i):
        if child.dep in ("ccomp", "xcomp", "advcl") and child.i > i:
            own = children(doc, child.i, SUBJECTS | PASSIVE_SUBJECTS)
            if own:
                return resolve_relatives(doc, spread(doc, own))
    return []


def _inner_clause_slot(doc: ParsedText, i: int) -> list[int]:
    """In "refused to allow refugees to return" the refugees."""
    for child in doc.children(i):
        if child.dep == "xcomp":
            return _clause_subjects(doc, child.i) or _object_slot(doc, child.i)
    return []


SLOTS = {
    "inner-clause": _inner_clause_slot,
    "subject": _subject_slot,
    "object": _object_slot,
    "dative": _dative_slot,
    "clause-subject": _clause_subjects,
}
