"""Sentences in which the tagger saw no finite verb, read again with the lexicon's verb forms.

Small models take `The oligarch owns 51 percent` for one long noun phrase. A news sentence without a
finite verb is rare, a known verb form after a noun in it is most likely its verb: it becomes the
root, the noun before it the subject, the next noun phrase the object. Lemmas of known forms are set
right everywhere (`fined` is `fine`, not `fin`).
"""

from schemas import ParsedText, Token

from .inflect import verb_forms

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
_BEFORE_NOUN = frozenset({"DT", "JJ", "JJR", "JJS", "CD", "PRP$", "POS", "$", "VBN"})


def repair(parse: ParsedText) -> ParsedText:
    """The parse with lemmas and verbless sentences set right; the input is changed in place."""
    forms = verb_forms()
    for token in parse.tokens:
        known = forms.get(token.text.lower())
        if known is not None and token.tag.startswith("VB"):
            token.lemma = known[0]
    changed = False
    for first, last in parse.sentences:
        sentence = parse.tokens[first:last]
        if not any(_is_main_verb(token) for token in sentence):
            changed = _find_verb(parse, sentence) or changed
    return ParsedText(parse.text, parse.tokens, parse.sentences) if changed else parse


def _is_main_verb(token: Token) -> bool:
    """Whether the token is a finite verb outside relative and adverbial clauses."""
    if token.tag in _FINITE and token.dep not in {
        "relcl",
        "advcl",
        "acl",
        "aux",
        "auxpass",
        "ccomp",
    }:
        return True
    return token.dep == "ROOT" and token.tag.startswith("VB")


def _find_verb(parse: ParsedText, sentence: list[Token]) -> bool:
    forms = verb_forms()
    for position, token in enumerate(sentence[1:], start=1):
        known = forms.get(token.text)
        before = sentence[position - 1]
        if known is None or not (before.tag in _NOUNS or before.tag == "JJ"):
            continue
        lemma, tag = known
        if tag == "VBG" or (tag == "VB" and before.tag not in {"NNS", "NNPS", "PRP"}):
            continue
        if tag == "VBZ" and before.tag in {"NNS", "NNPS"}:
            continue
        after = _object_head(sentence, position)
        if after is None and tag != "VBD":
            continue
        token.lemma, token.tag, token.pos = lemma, ("VBP" if tag == "VB" else tag), "VERB"
        _attach(parse, sentence, position, after)
        return True
    return False


def _object_head(sentence: list[Token], position: int) -> Token | None:
    """Head of the noun phrase directly after the verb: the last noun of its first run."""
    head = None
    for token in sentence[position + 1 :]:
        if token.tag in _NOUNS:
            head = token
        elif head is not None or token.tag not in _BEFORE_NOUN:
            break
    return head


def _attach(parse: ParsedText, sentence: list[Token], position: int, after: Token | None) -> None:
    verb, before = sentence[position], sentence[position - 1]
    for token in sentence:
        if token.i < before.i:
            inside = sentence[0].i <= token.head < before.i
            if token.head == token.i or not inside:
                token.head, token.dep = before.i, ("compound" if token.dep == "ROOT" else token.dep)
        elif after is not None and verb.i < token.i < after.i:
            if not verb.i < token.head <= after.i or token.head == token.i:
                token.head = after.i
        elif token.i > verb.i and token is not after:
            left = token.head <= verb.i or token.head == token.i
            if left:
                token.head = verb.i
                token.dep = token.dep if token.dep != "ROOT" else "dep"
    verb.head, verb.dep = verb.i, "ROOT"
    before.head, before.dep = verb.i, "nsubj"
    if after is not None:
        after.head, after.dep = verb.i, "dobj"
    _break_cycles(parse, sentence, verb)


def _break_cycles(parse: ParsedText, sentence: list[Token], verb: Token) -> None:
    """Hang on the verb whatever no longer leads up to it."""
    for token in sentence:
        seen: set[int] = set()
        current = token
        while current.i != verb.i and current.i not in seen:
            seen.add(current.i)
            current = parse.tokens[current.head]
            if current.head == current.i:
                break
        if current.i != verb.i:
            token.head, token.dep = verb.i, "dep"
