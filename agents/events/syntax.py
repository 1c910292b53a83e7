"""Grammar: from a dependency parse (ClearNLP labels) to who stands in which slot of a trigger.

Slots are logical, not surface ones: the `subject` of "Cairo was shelled by rebels" is "rebels".
All functions return indices of head tokens, in order of the text, coordination spelt out.
"""

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


def spread(doc: ParsedText, heads: list[int]) -> list[int]:
    """The heads and all that is joined to them."""
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


def antecedent(doc: ParsedText, i: int) -> list[int] | None:
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
        resolved.update(antecedent(doc, head) or [head])
    return sorted(resolved)


def surface_subjects(doc: ParsedText, i: int, depth: int = 0) -> list[int]:
    """The grammatical subject of verb `i`, found through control, raising and coordination."""
    own = children(doc, i, SUBJECTS | PASSIVE_SUBJECTS)
    if own:
        return resolve_relatives(doc, spread(doc, own))
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
        return resolve_relatives(doc, spread(doc, objects))
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
            return spread(doc, owners)
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
            return resolve_relatives(doc, spread(doc, objects))
        return surface_subjects(doc, above.i, depth + 1)
    owners = children(doc, above.i, frozenset({"poss"}))
    if owners:
        return spread(doc, owners)
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
    return resolve_relatives(doc, spread(doc, found))


def noun_phrase(doc: ParsedText, i: int) -> tuple[int, int]:
    """First and last token of the phrase that `i` heads, without what follows the head."""
    first = i
    for child in doc.children(i):
        if child.i < first and child.dep in (*MODIFIERS, "det", "poss", "quantmod", "predet"):
            first = min(first, *(token.i for token in doc.subtree(child.i)))
    return first, i
