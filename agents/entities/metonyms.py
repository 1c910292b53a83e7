"""Tells a capital that stands for its government ("Pyongyang said") from the city itself."""

from typing import Final

from schemas import ParsedText, Token

from .lexicon import words
from .mentions import Found

GOVERNMENT_VERBS: Final = words("government_verbs")
RELATION_NOUNS: Final = words("relation_nouns")
OWNED: Final = words("owned_by_governments")
ACCUSED: Final = words("verbs_at_governments")


def is_government(parsed: ParsedText, mention: Found) -> bool:
    """Whether a capital's name is used for the government; in doubt it is the place."""
    tokens = parsed.between(mention.start, mention.end)
    if not tokens:
        return False
    head = _head(parsed, tokens)
    if head.dep == "conj":
        head = _first_conjunct(parsed, head)
    return _after_relation(parsed, tokens[0]) or _in_role(parsed, head)


def _in_role(parsed: ParsedText, head: Token) -> bool:
    """Whether the parse gives a name a part that governments have."""
    above = parsed.head(head.i)
    if head.dep in ("nsubj", "nsubjpass", "agent"):
        modal = any(child.tag == "MD" for child in parsed.children(above.i))
        return modal or above.lemma.lower() in GOVERNMENT_VERBS
    if head.dep == "pobj":
        return _in_relation(parsed, head)
    if head.dep == "dobj":
        return above.lemma.lower() in ACCUSED
    if head.dep == "poss":
        owned = [above, *parsed.children(above.i)]
        return any(token.lemma.lower() in OWNED for token in owned)
    return False


def _head(parsed: ParsedText, tokens: list[Token]) -> Token:
    """The token of a name that the others hang on."""
    inside = {token.i for token in tokens}
    for token in tokens:
        if token.head not in inside or token.head == token.i:
            return token
    return tokens[-1]


def _first_conjunct(parsed: ParsedText, token: Token) -> Token:
    while token.dep == "conj" and token.head != token.i:
        token = parsed.head(token.i)
    return token


def _after_relation(parsed: ParsedText, first: Token) -> bool:
    """`talks with Minsk`, by the words alone: small parsers lose the phrase before a verb."""
    if first.i < 2:
        return False
    noun, preposition = parsed.tokens[first.i - 2 : first.i]
    return preposition.text.lower() in ("with", "between") and noun.lemma in RELATION_NOUNS


def _in_relation(parsed: ParsedText, token: Token) -> bool:
    """`ties with Beijing`, `between Moscow and Kyiv`, `arms training from Pyongyang`."""
    preposition = parsed.head(token.i)
    word = preposition.text.lower()
    above = parsed.head(preposition.i)
    if word == "between":
        return above.lemma.lower() in RELATION_NOUNS
    if word == "by":
        return preposition.dep == "agent"
    if word in ("with", "against", "from", "to", "toward", "towards"):
        return above.lemma.lower() in RELATION_NOUNS or any(
            child.lemma.lower() in RELATION_NOUNS
            for child in parsed.children(above.i)
            if child.dep in ("conj", "compound", "dobj")
        )
    return False
