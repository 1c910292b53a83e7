"""Repairs of what small parsers get wrong in news: reported speech without "that", weekdays in it.

Some tokens of a parse are attached anew; each repair is named. They look at labels and closed
word lists alone, so a right parse passes unchanged.
"""

from collections.abc import Callable

from schemas import ParsedText, Token

from . import syntax
from .frames import Lexicon

OBJECTS = frozenset({"dobj", "npadvmod", "dative"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
FINITE = frozenset({"VBD", "VBZ", "VBP"})
MOVABLE = frozenset({"prep", "advmod", "punct", "npadvmod"})


def repair(
    doc: ParsedText, lexicon: Lexicon, dateline_end: int = 0
) -> tuple[ParsedText, list[str]]:
    """Mend known errors; the tokens of `doc` change.

    Args:
        doc: The parse.
        lexicon: Word lists.
        dateline_end: Offset behind a dateline that was left in the text.

    Returns:
        A reader of the mended parse, and the names of the repairs made (`repair@token`).
    """
    tokens, done = doc.tokens, list[str]()
    verbs = [token for token in tokens if syntax.is_verb(token)]
    for token in verbs:
        token.lemma = lexicon.lemmas.get(token.text.lower(), token.lemma)
    roots = [token for token in tokens if token.head == token.i]
    if dateline_end and _dateline(doc, dateline_end):
        doc = ParsedText(text=doc.text, tokens=tokens, sentences=doc.sentences)
        done.append("dateline@0")
    for round_of_repairs in ROUNDS:
        before = len(done)
        for name, words, mend in round_of_repairs:
            asked = [t for t in verbs if t.lemma in lexicon.grammar[words]] if words else roots
            done += [f"{name}@{token.i}" for token in asked if mend(doc, token, lexicon)]
        if len(done) > before:
            # The walks of the former reader know the former heads.
            doc = ParsedText(text=doc.text, tokens=tokens, sentences=doc.sentences)
    return doc, done


def _dateline(doc: ParsedText, end: int) -> bool:
    """In "KYIV, Nov. 17 — Russia has moved" Kyiv moves nothing: Russia takes its place."""
    changed = False
    for token in doc.tokens:
        if token.start >= end:
            break
        behind = [c for c in doc.children(token.i) if c.start >= end]
        heir = next((c for c in behind if c.pos in syntax.NOMINAL_POS), None)
        if heir is None or token.pos not in syntax.NOMINAL_POS:
            continue
        heir.head, heir.dep = (heir.i if token.head == token.i else token.head), token.dep
        for child in behind:
            if child is not heir:
                child.head = heir.i
        token.head, token.dep = heir.i, "dep"
        changed = True
    return changed


def _that_clause(doc: ParsedText, verb: Token, _: Lexicon) -> bool:
    """In "announced on Monday that it would" the clause is no adverbial one."""
    changed = False
    for child in doc.children(verb.i):
        marks = [m for m in doc.children(child.i) if m.dep == "mark" and m.text.lower() == "that"]
        if child.dep == "advcl" and child.i > verb.i and marks:
            child.dep = "ccomp"
            changed = True
    return changed


def _weekday_clause(doc: ParsedText, verb: Token, lexicon: Lexicon) -> bool:
    """In "said Wednesday that soldiers had moved" the clause is said, not Wednesday's."""
    changed = False
    for token in doc.subtree(verb.i):
        if token.text.lower() not in lexicon.grammar["calendar"] or token.i < verb.i:
            continue
        for child in doc.children(token.i):
            if child.dep not in ("relcl", "acl", "ccomp") or not syntax.is_verb(child):
                continue
            child.head, child.dep = verb.i, "ccomp"
            for below in doc.children(child.i):
                if below.text.lower() == "that" and below.dep in syntax.SUBJECTS:
                    below.dep = "mark"
            changed = True
    return changed


def _garden_path(doc: ParsedText, verb: Token, lexicon: Lexicon) -> bool:
    """In "said 3,000 soldiers moved east" the soldiers moved, nobody said them."""
    if any(child.dep == "ccomp" and child.i > verb.i for child in doc.children(verb.i)):
        return False
    for child in _false_objects(doc, verb, lexicon):
        for below in doc.children(child.i):
            reduced = below.dep in ("acl", "relcl") and below.tag in (*FINITE, "VBN")
            if reduced and not _has(doc, below, SUBJECTS):
                below.head, below.dep = verb.i, "ccomp"
                _make_subject(doc, child, below, lexicon)
                return True
    return False


def _stranded_subject(doc: ParsedText, verb: Token, lexicon: Lexicon) -> bool:
    """In "Biden said the U.S., with others, will send" the U.S. sends, nobody said it."""
    for clause in doc.children(verb.i):
        if clause.dep not in ("ccomp", "conj", "advcl") or clause.i < verb.i:
            continue
        auxiliaries = [b for b in doc.children(clause.i) if b.dep == "aux" and b.tag != "TO"]
        finite = clause.tag in FINITE or bool(auxiliaries)
        if not finite or _has(doc, clause, SUBJECTS | {"mark"}):
            continue
        stranded = [c for c in _false_objects(doc, verb, lexicon) if c.i < clause.i]
        if not stranded:
            continue
        subject = stranded[-1]
        clause.dep = "ccomp"
        _make_subject(doc, subject, clause, lexicon)
        for child in doc.children(verb.i):
            if child.dep in MOVABLE and subject.i < child.i < clause.i:
                child.head = clause.i
        return True
    return False


def _second_clause(doc: ParsedText, verb: Token, _: Lexicon) -> bool:
    """In "said soldiers moved east and may join" the second verb is said as well."""
    clauses = [c for c in doc.children(verb.i) if c.dep == "ccomp" and c.i > verb.i]
    if not clauses:
        return False
    changed = False
    for child in doc.children(verb.i):
        later = child.dep == "conj" and child.i > clauses[-1].i and syntax.is_verb(child)
        modal = any(b.dep == "aux" and b.tag == "MD" for b in doc.children(child.i))
        if later and modal and not _has(doc, child, SUBJECTS):
            child.head = clauses[-1].i
            changed = True
    return changed


def _headless(doc: ParsedText, root: Token, lexicon: Lexicon) -> bool:
    """In "Some marines arrived in Romania" the verb heads the sentence, not the marines."""
    if root.pos not in ("NOUN", "PROPN") or _has(doc, root, frozenset({"cop", "nsubj"})):
        return False
    for child in doc.children(root.i):
        if child.dep == "acl" and child.tag in ("VBD", "VBN") and child.i > root.i:
            child.head, child.dep = child.i, "ROOT"
            _make_subject(doc, root, child, lexicon)
            return True
    return False


def _noun_as_verb(doc: ParsedText, verb: Token, _: Lexicon) -> bool:
    """In "suspended arms exports" nothing exports."""
    for child in doc.children(verb.i):
        below = doc.children(child.i)
        subjects = [b for b in below if b.dep == "nsubj"]
        plain = child.dep == "ccomp" and child.tag in ("VBZ", "VBP") and child.i > verb.i
        if not plain or len(subjects) != 1 or subjects[0].i != child.i - 1:
            continue
        if any(b.dep in ("aux", "mark", "dobj") for b in below):
            continue
        child.pos, child.tag, child.dep = "NOUN", "NNS", "dobj"
        subjects[0].dep = "compound"
        return True
    return False


def _verb_as_noun(doc: ParsedText, root: Token, lexicon: Lexicon) -> bool:
    """In "Police beat protesters" a word with subject and object is a verb, whatever its tag."""
    if root.pos != "NOUN" or root.lemma.lower() not in lexicon.verbs:
        return False
    if not (_has(doc, root, frozenset({"nsubj"})) and _has(doc, root, frozenset({"dobj"}))):
        return False
    root.pos, root.tag = "VERB", "VBD"
    return True


def _subject_as_adverb(doc: ParsedText, root: Token, lexicon: Lexicon) -> bool:
    """In "North Korea test-fired a missile" the first word is the subject."""
    if not syntax.is_verb(root) or _has(doc, root, SUBJECTS | {"auxpass"}):
        return False
    for child in doc.children(root.i):
        word = child.text.lower()
        named = child.pos == "PROPN" and word not in lexicon.grammar["calendar"]
        if child.dep == "npadvmod" and named and child.i < root.i:
            child.dep = "nsubj"
            return True
    return False


def _nouns_for_clause(doc: ParsedText, root: Token, lexicon: Lexicon) -> bool:
    """In "Malaysia plans to hold talks", "Egypt buys wheat" the second word is a verb."""
    if root.pos != "NOUN":
        return False
    infinitive = next(
        (
            c
            for c in doc.children(root.i)
            if c.dep == "acl" and any(b.tag == "TO" for b in doc.children(c.i))
        ),
        None,
    )
    if infinitive is not None and root.tag == "NNS":
        return _made_verb(doc, root, lexicon)
    for child in doc.children(root.i):
        before = child.dep == "nsubj" and child.i == root.i - 1 and child.text.endswith("s")
        if before and _made_verb(doc, child, lexicon):
            child.head, child.dep = child.i, "ROOT"
            root.head, root.dep = child.i, "dobj"
            return True
    return False


def _made_verb(doc: ParsedText, token: Token, lexicon: Lexicon) -> bool:
    before = [c for c in doc.children(token.i) if c.dep == "compound" and c.i == token.i - 1]
    if token.lemma.lower() not in lexicon.verbs or not before or before[0].pos != "PROPN":
        return False
    before[0].dep = "nsubj"
    token.pos, token.tag = "VERB", "VBZ"
    for child in doc.children(token.i):
        if child.dep == "acl":
            child.dep = "xcomp"
    return True


def _false_objects(doc: ParsedText, verb: Token, lexicon: Lexicon) -> list[Token]:
    """Nominals behind a verb of saying that hang on it as if they were said."""
    return [
        child
        for child in doc.children(verb.i)
        if child.dep in OBJECTS
        and child.i > verb.i
        and child.pos in ("NOUN", "PROPN", "PRON", "NUM")
        and child.text.lower() not in lexicon.grammar["calendar"]
    ]


def _make_subject(doc: ParsedText, subject: Token, clause: Token, lexicon: Lexicon) -> None:
    plain_participle = (
        clause.tag == "VBN"
        and clause.lemma not in lexicon.grammar["intransitive"]
        and not _has(doc, clause, frozenset({"dobj", "aux", "xcomp", "ccomp"}))
    )
    passive = plain_participle or _has(doc, clause, frozenset({"auxpass"}))
    subject.head, subject.dep = clause.i, "nsubjpass" if passive else "nsubj"


def _has(doc: ParsedText, token: Token, labels: frozenset[str]) -> bool:
    return any(child.dep in labels for child in doc.children(token.i))


Repair = Callable[[ParsedText, Token, Lexicon], bool]


# Name, the list of verbs that it is for (none: heads of sentences), the repair. A round sees what
# the former one mended; within a round no repair touches what another one needs.
ROUNDS: tuple[tuple[tuple[str, str, Repair], ...], ...] = (
    (
        ("that_clause", "report", _that_clause),
        ("weekday_clause", "report", _weekday_clause),
        ("garden_path", "says_clause", _garden_path),
        ("stranded_subject", "says_clause", _stranded_subject),
        ("noun_as_verb", "no_clause", _noun_as_verb),
        ("verb_as_noun", "", _verb_as_noun),
        ("nouns_for_clause", "", _nouns_for_clause),
        ("subject_as_adverb", "", _subject_as_adverb),
        ("headless", "", _headless),
    ),
    (("second_clause", "says_clause", _second_clause),),
)
