"""Walks over a dependency parse (ClearNLP labels) that tell who does what to whom.

Small parsers err most at relative clauses, participles and coordination; the walks therefore
inherit subjects through `conj` and `xcomp`, take a relative pronoun for its antecedent, and look
for prepositional phrases at the verb and at its object alike.
"""

from collections.abc import Iterable, Iterator

from schemas import ParsedText, Token

SUBJECTS = frozenset({"nsubj", "csubj", "expl"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "obj", "dative", "attr", "oprd"})
NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "DT", "CD", "WP", "WDT", "PRP$"})
_NO_PHRASE = frozenset({"relcl", "appos", "punct", "cc", "conj", "acl", "advcl", "parataxis"})
_BEFORE_NOUN = frozenset({"DT", "JJ", "JJR", "JJS", "CD", "PRP$", "POS"})
_ABOUT = frozenset({"about", "around", "some", "roughly", "nearly", "over", "almost"})
_RELATIVE = frozenset({"WDT", "WP", "WP$"})


def is_verb(token: Token) -> bool:
    """Whether the token is a verb form."""
    return token.tag.startswith("VB") or token.pos in {"VERB", "AUX"}


def is_passive(parse: ParsedText, verb: Token) -> bool:
    """Whether the verb is a passive, auxiliary or participle modifier included."""
    if any(
        child.dep in {"nsubjpass", "auxpass", "csubjpass", "agent"}
        for child in parse.children(verb.i)
    ):
        return True
    return (
        verb.tag == "VBN"
        and verb.dep in {"acl", "amod", "relcl"}
        and not _has_aux_have(parse, verb)
    )


def subject(parse: ParsedText, verb: Token) -> Token | None:
    """Who does it: active subject, or the agent of a passive."""
    if is_passive(parse, verb):
        for child in parse.children(verb.i):
            if child.dep == "agent" or (child.dep == "prep" and child.lemma == "by"):
                return next(_objects_of_prep(parse, child), None)
        return None
    found = _antecedent(parse, _own_subject(parse, verb, SUBJECTS)) or _noun_before(parse, verb)
    if found is None and verb.tag == "VBG" and verb.dep == "pcomp":
        found = _doer_above(parse, verb)
    return _speaker(parse, verb, found) if found is not None and found.tag == "PRP" else found


def patient(parse: ParsedText, verb: Token) -> Token | None:
    """What it is done to: direct object, or the subject of a passive."""
    if is_passive(parse, verb):
        found = _own_subject(parse, verb, PASSIVE_SUBJECTS | SUBJECTS)
        if found is not None:
            return _antecedent(parse, found)
        if verb.dep in {"acl", "amod", "relcl"}:
            return parse.head(verb.i)
        return None
    objects = [child for child in parse.children(verb.i) if child.dep in {"dobj", "obj", "dative"}]
    if objects:
        nouns = [child for child in objects if child.tag in NOUN_TAGS]
        return _antecedent(parse, (nouns or objects)[0])
    if verb.tag == "VBG" and verb.dep == "amod" and verb.head > verb.i:
        return parse.head(verb.i)
    return _noun_after(parse, verb)


def prepositional(parse: ParsedText, token: Token, prepositions: Iterable[str]) -> Iterator[Token]:
    """Nouns that hang on the token by one of the prepositions, coordinated ones included."""
    wanted = frozenset(prepositions)
    for child in parse.children(token.i):
        if child.dep in {"prep", "agent", "dative"} and child.lemma.lower() in wanted:
            yield from _objects_of_prep(parse, child)


def coordinated(parse: ParsedText, token: Token) -> Iterator[Token]:
    """The token and everything joined to it by `and` and `or`."""
    yield token
    for child in parse.children(token.i):
        if child.dep == "conj":
            yield from coordinated(parse, child)


def phrase(parse: ParsedText, token: Token) -> tuple[int, int]:
    """Span of the noun phrase headed by the token, without relative clauses and appositions.

    A possessive ending is left out.
    """
    inside = [token]
    todo = [token.i]
    while todo:
        for child in parse.children(todo.pop()):
            if child.dep in _NO_PHRASE or (child.dep == "prep" and not _is_of_noun(parse, child)):
                continue
            if child.dep == "case":
                continue
            inside.append(child)
            todo.append(child.i)
    start, end = min(each.start for each in inside), max(each.end for each in inside)
    return start, end


def _is_of_noun(parse: ParsedText, preposition: Token) -> bool:
    """`of` with a noun: in `accused the owner of forging …` the gerund is no part of the phrase."""
    below = parse.children(preposition.i)
    return preposition.lemma == "of" and not any(is_verb(each) for each in below)


def modifiers(parse: ParsedText, token: Token) -> Iterator[Token]:
    """Adjectives, compounds and possessors before a noun, those of its compounds included.

    A noun directly before it counts, whatever the parser made of it (`asset freezes`).
    """
    seen: set[int] = set()
    for child in parse.children(token.i):
        if child.dep in {"amod", "compound", "nmod", "poss", "nummod"} and child.i < token.i:
            for each in (
                *modifiers(parse, child),
                child,
                *(other for other in coordinated(parse, child) if other.i < token.i),
            ):
                if each.i not in seen:
                    seen.add(each.i)
                    yield each
    before = parse.tokens[token.i - 1] if token.i else token
    nouns = before.tag in {"NN", "NNP"} and token.tag.startswith("NN")
    if nouns and before.i not in seen | {token.i} and before.sent == token.sent:
        yield before


def governing_verb(parse: ParsedText, token: Token) -> Token | None:
    """The nearest verb above the token in its clause; nouns and prepositions between are passed."""
    for ancestor in parse.ancestors(token.i):
        if is_verb(ancestor):
            return ancestor
    return None


def main_subject(parse: ParsedText, sentence: int) -> Token | None:
    """Subject of a sentence's root, active or passive."""
    first, last = parse.sentences[sentence]
    for token in parse.tokens[first:last]:
        if token.dep in SUBJECTS | PASSIVE_SUBJECTS and parse.head(token.i).dep == "ROOT":
            return token
    return None


def _doer_above(parse: ParsedText, gerund: Token) -> Token | None:
    """`Moscow retaliated by banning …`: the gerund is done by the subject of the verb above."""
    if parse.head(gerund.i).text.lower() not in {"by", "after", "before", "in", "while"}:
        return None
    above = governing_verb(parse, gerund)
    return subject(parse, above) if above is not None else None


def _speaker(parse: ParsedText, verb: Token, pronoun: Token) -> Token:
    """`X said it had …`: the pronoun is most often the speaker of the verb above."""
    below = verb
    for ancestor in parse.ancestors(verb.i):
        if is_verb(ancestor) and below.dep in {"ccomp", "advcl"}:
            above = _own_subject(parse, ancestor, SUBJECTS)
            return above if above is not None and above.tag != "PRP" else pronoun
        below = ancestor
    return pronoun


def _noun_before(parse: ParsedText, verb: Token) -> Token | None:
    """The noun directly before a finite verb that the parser left without a subject."""
    if verb.tag not in {"VBD", "VBZ", "VBP"} or verb.dep == "relcl":
        return None
    position = verb.i - 1
    first = parse.sentences[verb.sent][0]
    while position >= first and parse.tokens[position].tag in {"RB", "MD"}:
        position -= 1
    if position < first:
        return None
    before = parse.tokens[position]
    return before if before.tag.startswith("NN") or before.tag == "PRP" else None


def _noun_after(parse: ParsedText, verb: Token) -> Token | None:
    """Head of the noun phrase directly after a verb that the parser left without an object."""
    head = None
    for token in parse.tokens[verb.i + 1 : parse.sentences[verb.sent][1]]:
        if head is None and token.text.lower() in _ABOUT:
            continue
        if token.tag.startswith("NN") or token.tag == "PRP":
            head = token
        elif head is not None or token.tag not in _BEFORE_NOUN:
            break
    return head


def _own_subject(parse: ParsedText, verb: Token, labels: frozenset[str]) -> Token | None:
    current, steps = verb, 0
    while steps < 6:
        for child in parse.children(current.i):
            if child.dep in labels:
                return child
        if current.dep in {"conj", "xcomp", "aux", "advcl"} and current.head != current.i:
            current = parse.head(current.i)
            steps += 1
            continue
        if current.dep in {"acl", "relcl"} and current.tag != "VBN":
            head = parse.head(current.i)
            return head if head.pos in {"NOUN", "PROPN", "PRON"} else None
        return None
    return None


def _antecedent(parse: ParsedText, token: Token | None) -> Token | None:
    if token is None or token.tag not in _RELATIVE:
        return token
    for ancestor in parse.ancestors(token.i):
        if ancestor.dep in {"relcl", "acl"}:
            return parse.head(ancestor.i)
    return token


def _objects_of_prep(parse: ParsedText, preposition: Token) -> Iterator[Token]:
    for child in parse.children(preposition.i):
        if child.dep in {"pobj", "pcomp"}:
            yield from coordinated(parse, child)


def _has_aux_have(parse: ParsedText, verb: Token) -> bool:
    return any(child.dep == "aux" and child.lemma == "have" for child in parse.children(verb.i))
