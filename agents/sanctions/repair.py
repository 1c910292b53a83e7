"""Sentences in which the tagger saw no finite verb, read again with the lexicon's verb forms.

Small models take `The oligarch owns 51 percent` for one long noun phrase. A news sentence without a
finite verb is rare, a known verb form after a noun in it is most likely its verb: it becomes the
root, the noun before it the subject, the next noun phrase the object. Lemmas of known forms are set
right everywhere (`fined` is `fine`, not `fin`).
"""

from schemas import ParsedText, Token

from .inflect import verb_forms

_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_GOVERNING = frozenset({"VBG", "VBD", "VBZ"})
_CLAUSES = frozenset({"ROOT", "ccomp", "conj", "relcl", "advcl", "xcomp"})
_AUXILIARIES = {
    **dict.fromkeys(("is", "are", "was", "were", "am", "been", "being", "'s", "'re", "’re"), "be"),
    **dict.fromkeys(("has", "had", "have", "having", "'ve", "’ve"), "have"),
}
_NUMBERS = frozenset(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
)
_PLURALS = frozenset(
    {"sanctions", "bans", "curbs", "freezes", "controls", "restrictions", "limits"}
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_NOUNS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP"})
_BEFORE_NOUN = frozenset({"DT", "JJ", "JJR", "JJS", "CD", "PRP$", "POS", "$", "VBN"})


def repair(parse: ParsedText) -> ParsedText:
    """The parse with lemmas and verbless sentences set right; the input is changed in place."""
    forms = verb_forms()
    for token in parse.tokens:
        token.lemma = _AUXILIARIES.get(token.text.lower(), token.lemma)
        if token.text.lower() in _NUMBERS and token.tag != "CD":
            _count(parse, token)
        known = forms.get(token.text.lower())
        if known is None:
            continue
        if token.tag.startswith("VB"):
            token.lemma = known[0]
        elif known[1] in {"VBD", "VBN"} and _after_auxiliary(parse, token):
            token.lemma, token.tag, token.pos = known[0], "VBN", "VERB"
    _nouns_taken_for_verbs(parse)
    _verbs_taken_for_nouns(parse)
    _nouns_hung_on_verbs(parse)
    _participles_before_nouns(parse)
    for first, last in parse.sentences:
        sentence = parse.tokens[first:last]
        if not any(_is_main_verb(token) for token in sentence):
            _find_verb(parse, sentence)
    # Walks over children are cached by the object, so that a changed tree needs a new one.
    return ParsedText(parse.text, parse.tokens, parse.sentences)


def _count(parse: ParsedText, token: Token) -> None:
    """A number word that was taken for something else counts the noun below it."""
    token.tag, token.pos = "CD", "NUM"
    for below in parse.tokens[token.i + 1 : parse.sentences[token.sent][1]]:
        if below.head == token.i and below.tag.startswith("NN"):
            below.head = below.i if token.head == token.i else token.head
            below.dep, token.dep = token.dep, "nummod"
            token.head = below.i
            return


def _nouns_taken_for_verbs(parse: ParsedText) -> None:
    """`U.N. sanctions prohibit …`: a plural right before a known verb is its subject."""
    forms = verb_forms()
    for token, after in zip(parse.tokens, parse.tokens[1:], strict=False):
        known = forms.get(after.text.lower())
        if token.tag != "VBZ" or token.sent != after.sent or token.text not in _PLURALS:
            continue
        if after.tag in {"VBP", "MD"} or (known is not None and known[1] in {"VB", "VBD"}):
            if known is not None:
                after.lemma = known[0]
                after.tag, after.pos = ("VBD" if known[1] == "VBD" else "VBP"), "VERB"
            token.tag, token.pos, token.lemma = "NNS", "NOUN", token.text[:-1]
            sentence = parse.tokens[slice(*parse.sentences[token.sent])]
            _attach(
                parse,
                sentence,
                after.i - sentence[0].i,
                _object_head(sentence, after.i - sentence[0].i),
            )
            before = parse.tokens[token.i - 1] if token.i > sentence[0].i else None
            if before is not None and before.tag.startswith(("NN", "JJ")):
                before.head, before.dep = token.i, "compound"


def _verbs_taken_for_nouns(parse: ParsedText) -> None:
    """`…, prosecutors allege`: what heads a clause with a subject and looks like a verb is one."""
    forms = verb_forms()
    with_subject = {token.head for token in parse.tokens if token.dep in _SUBJECTS}
    for token in parse.tokens:
        known = forms.get(token.text.lower())
        noun = token.tag.startswith("NN") and token.dep in _CLAUSES and token.i in with_subject
        if known is not None and noun and token.text.lower() not in _PLURALS:
            lemma, tag = known
            token.lemma, token.tag, token.pos = lemma, ("VBP" if tag == "VB" else tag), "VERB"


def _nouns_hung_on_verbs(parse: ParsedText) -> None:
    """`Resolution 2371 forbids`: a noun that modifies a finite verb after it is its subject."""
    served = {token.head for token in parse.tokens if token.dep in _SUBJECTS}
    for token in parse.tokens:
        verb = parse.tokens[token.head]
        hung = token.dep in {"nmod", "compound"} and token.tag.startswith("NN") and verb.i > token.i
        if hung and verb.tag in {"VBZ", "VBP", "VBD"} and verb.i not in served:
            token.dep = "nsubj"
            served.add(verb.i)


def _participles_before_nouns(parse: ParsedText) -> None:
    """`carrying sanctioned oil`: a participle between a verb and a noun modifies the noun."""
    children: dict[int, list[Token]] = {}
    for token in parse.tokens:
        if token.dep == "dobj":
            children.setdefault(token.head, []).append(token)
    for before, token in zip(parse.tokens, parse.tokens[1:], strict=False):
        things = [each for each in children.get(token.i, ()) if each.i > token.i]
        stray = token.tag == "VBN" and token.dep in {"acl", "advcl"} and before.tag in _GOVERNING
        if stray and len(things) == 1 and before.lemma not in {"have", "be"}:
            things[0].head, things[0].dep = before.i, "dobj"
            token.head, token.dep = things[0].i, "amod"


def _after_auxiliary(parse: ParsedText, token: Token) -> bool:
    """`has frozen`, `were frozen`: a past form right after `have` or `be` is a participle."""
    before = parse.tokens[token.i - 1] if token.i else token
    return before.lemma in {"have", "be"} and before.sent == token.sent


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


def _find_verb(parse: ParsedText, sentence: list[Token], *, plurals: bool = False) -> bool:
    """Make the first likely form the verb; words like `sanctions` only when nothing else is."""
    forms = verb_forms()
    for position, token in enumerate(sentence[1:], start=1):
        known = forms.get(token.text)
        before = sentence[position - 1]
        if known is None or not (before.tag in _NOUNS or before.tag == "JJ"):
            continue
        if token.text in _PLURALS and not plurals:
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
    return not plurals and _find_verb(parse, sentence, plurals=True)


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
