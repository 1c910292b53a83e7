"""Grammar: from a dependency parse (ClearNLP labels) to who stands in which slot of a trigger.

Slots are logical, not surface ones: the `subject` of "Cairo was shelled by rebels" is "rebels".
All functions return indices of head tokens, in order of the text, coordination spelt out.
"""

from collections.abc import Iterator

from schemas import ParsedText, Token

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$"})
RELATIVE_WORDS = frozenset({"that", "who", "which", "whom"})
NOMINAL_POS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "X"})
VERBAL_POS = frozenset({"VERB", "AUX"})
MODIFIERS = frozenset({"compound", "amod", "nmod", "nummod"})
MAX_CLIMB = 6
"""How far a subject is looked for upwards: deeper nesting is more often a wrong parse than true."""

# After these B does it in "A asked B to do"; after others ("A joined B to fight") it is A.
OBJECT_CONTROL = frozenset(
    {"advise", "allow", "appeal", "ask", "assign", "authorise", "authorize", "beg", "call",
     "cause", "command", "compel", "convince", "deploy", "direct", "dispatch", "empower",
     "enable", "encourage", "enlist", "expect", "find", "forbid", "force", "get", "help", "hire",
     "implore", "instruct", "invite", "lead", "leave", "let", "like", "lobby", "make",
     "mobilize", "need", "order", "pay", "permit", "persuade", "prepare", "press", "pressure",
     "push", "recruit", "request", "require", "see", "send", "summon", "tell", "train", "urge",
     "want", "warn"}
)  # fmt: skip
POBJ = frozenset({"pobj"})
LATE = frozenset({"acomp", "oprd", "advmod", "dobj"})
ACCUSING = frozenset(
    {"accuse", "suspect", "charge", "blame", "convict", "criticize", "criticise", "condemn"}
)


def children(doc: ParsedText, i: int, deps: frozenset[str]) -> list[int]:
    """Children of `i` with one of the labels."""
    return [token.i for token in doc.children(i) if token.dep in deps]


def is_verb(token: Token) -> bool:
    """Whether the token heads a clause."""
    return token.pos in VERBAL_POS


def coordinated(doc: ParsedText, i: int) -> list[int]:
    """`i` and the nominals joined to it: "A, B and C" gives all three heads."""
    found, todo = [], [i]
    while todo:
        current = todo.pop()
        found.append(current)
        todo.extend(
            token.i
            for token in doc.children(current)
            if token.dep == "conj" and token.pos in NOMINAL_POS
        )
    return sorted(found)


def _spread(doc: ParsedText, heads: list[int]) -> list[int]:
    return sorted({member for head in heads for member in coordinated(doc, head)})


def is_passive(doc: ParsedText, i: int) -> bool:
    """Whether the verb is passive: by auxiliary, passive subject, or as a past participle."""
    token = doc.tokens[i]
    labels = {child.dep for child in doc.children(i)}
    if labels & {"auxpass", "nsubjpass", "csubjpass"}:
        return True
    if token.tag not in ("VBN", "VBD") or labels & {"nsubj", "aux"}:
        return False
    if token.dep == "conj" and token.tag == "VBN" and is_verb(doc.head(i)):
        return is_passive(doc, token.head)
    reduced = token.dep in ("acl", "amod") or (
        token.dep in ("advcl", "relcl") and token.tag == "VBN"
    )
    return reduced and "dobj" not in labels


def clause_verb(doc: ParsedText, i: int) -> int | None:
    """The verb whose clause token `i` stands in; `i` itself if it is one."""
    if is_verb(doc.tokens[i]):
        return i
    for token in doc.ancestors(i):
        if is_verb(token):
            return token.i
    return None


def _antecedent(doc: ParsedText, i: int) -> list[int] | None:
    """The noun that a relative pronoun stands for."""
    token = doc.tokens[i]
    if token.tag not in RELATIVE_TAGS and token.lemma not in RELATIVE_WORDS:
        return None
    if token.pos not in ("PRON", "DET", "SCONJ"):
        return None
    for ancestor in doc.ancestors(i):
        if ancestor.dep in ("relcl", "acl"):
            return coordinated(doc, ancestor.head)
    return None


def resolve_relatives(doc: ParsedText, heads: list[int]) -> list[int]:
    """Relative pronouns replaced by what they stand for."""
    resolved: set[int] = set()
    for head in heads:
        resolved.update(_antecedent(doc, head) or [head])
    return sorted(resolved)


def surface_subjects(doc: ParsedText, i: int, depth: int = 0) -> list[int]:
    """The grammatical subject of verb `i`, found through control, raising and coordination."""
    own = children(doc, i, SUBJECTS | PASSIVE_SUBJECTS)
    if own:
        return resolve_relatives(doc, _spread(doc, own))
    token = doc.tokens[i]
    if depth >= MAX_CLIMB or token.head == i:
        return []
    head = doc.tokens[token.head]
    if token.dep in ("conj", "advcl") and is_verb(head):
        return surface_subjects(doc, head.i, depth + 1)
    if token.dep == "xcomp":
        return _controller(doc, head.i, depth)
    if token.dep == "ccomp":
        return _controller(doc, head.i, depth)
    return _subject_by_noun(doc, token, head, depth)


def _subject_by_noun(doc: ParsedText, token: Token, head: Token, depth: int) -> list[int]:
    """Subject of a clause that hangs on a noun or a preposition."""
    if token.dep in ("relcl", "acl"):
        return _noun_as_subject(doc, token.i, head, depth)
    if token.dep == "pcomp":
        return _pcomp_subject(doc, head, depth)
    return []


def _controller(doc: ParsedText, head: int, depth: int) -> list[int]:
    verb = doc.tokens[head]
    objects = children(doc, head, frozenset({"dobj", "dative"}))
    objects = [o for o in objects if doc.tokens[o].dep == "dobj" or doc.tokens[o].pos != "ADP"]
    if objects and verb.lemma in OBJECT_CONTROL:
        return resolve_relatives(doc, _spread(doc, objects))
    if is_verb(verb) or verb.pos in ("ADJ", "NOUN"):
        if not is_verb(verb):
            above = clause_verb(doc, head)
            return surface_subjects(doc, above, depth + 1) if above is not None else []
        return surface_subjects(doc, head, depth + 1)
    return []


def _noun_as_subject(doc: ParsedText, i: int, head: Token, depth: int) -> list[int]:
    token = doc.tokens[i]
    if token.dep == "acl" and token.tag == "VB":
        owners = children(doc, head.i, frozenset({"poss"}))
        if owners:
            return _spread(doc, owners)
        if head.dep in ("dobj", "attr", "pobj"):
            above = clause_verb(doc, head.i)
            return surface_subjects(doc, above, depth + 1) if above is not None else []
        return []
    if is_verb(head):
        return surface_subjects(doc, head.i, depth + 1)
    return coordinated(doc, head.i)


def _pcomp_subject(doc: ParsedText, prep: Token, depth: int) -> list[int]:
    """For "accused B of killing", "before heading": B, or the subject of the clause."""
    above = doc.tokens[prep.head]
    if is_verb(above):
        if prep.text.lower() in ("of", "for", "from", "into"):
            objects = children(doc, above.i, frozenset({"dobj"}))
            if is_passive(doc, above.i) or not objects:
                return surface_subjects(doc, above.i, depth + 1)
            return resolve_relatives(doc, _spread(doc, objects))
        return surface_subjects(doc, above.i, depth + 1)
    owners = children(doc, above.i, frozenset({"poss"}))
    if owners:
        return _spread(doc, owners)
    verb = clause_verb(doc, above.i)
    if verb is not None and above.dep == "dobj" and doc.tokens[verb].lemma in ACCUSING:
        return coordinated(doc, above.i)
    return surface_subjects(doc, verb, depth + 1) if verb is not None else []


def prepositional(doc: ParsedText, i: int, word: str) -> list[int]:
    """Objects of the preposition `word` that hangs on token `i`."""
    found: list[int] = []
    for child in doc.children(i):
        if child.dep in ("prep", "agent", "dative") and child.text.lower() == word:
            found.extend(children(doc, child.i, frozenset({"pobj"})))
    return resolve_relatives(doc, _spread(doc, found))


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
        return _spread(doc, given)
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
            return _spread(doc, found)
    return _spread(doc, _late_agents(doc, i))


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
        return resolve_relatives(doc, _spread(doc, direct))
    token = doc.tokens[i]
    if token.dep == "relcl":
        # "the town that rebels shelled", with or without the pronoun.
        subjects = children(doc, i, SUBJECTS)
        relative = [s for s in subjects if _antecedent(doc, s)]
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
                return resolve_relatives(doc, _spread(doc, own))
    return []


def noun_phrase(doc: ParsedText, i: int) -> tuple[int, int]:
    """First and last token of the phrase that `i` heads, without what follows the head."""
    first = i
    for child in doc.children(i):
        if child.i < first and child.dep in (*MODIFIERS, "det", "poss", "quantmod", "predet"):
            first = min(first, *(token.i for token in doc.subtree(child.i)))
    return first, i


def complements(doc: ParsedText, i: int) -> Iterator[int]:
    """Heads of what a verb or noun governs: clauses, objects, prepositional objects."""
    for child in doc.children(i):
        if child.dep in ("ccomp", "xcomp", "dobj", "nsubjpass", "acl", "advcl", "attr", "oprd"):
            yield child.i
        elif child.dep in ("prep", "agent", "dative"):
            yield from children(doc, child.i, frozenset({"pobj", "pcomp"}))


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
