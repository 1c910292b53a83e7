"""Who is said to break a measure: those who break it, never those who seize, charge or investigate.

`Customs officers seized a tanker in breach of …` hangs the breach on the verb of the officers; the
ship is what they hold. `The ministry investigates violations of …` names no violator at all.
"""

from collections.abc import Iterator

from schemas import Token

from .grammar import (
    governing_verb,
    is_passive,
    is_verb,
    main_subject,
    patient,
    prepositional,
    subject,
)
from .lexicon import lexicon, party_words
from .reading import Reading

_DEED_OF = ("between", "by", "of", "from", "with")


def violator_of(
    reading: Reading, verb: Token | None, noun: Token | None = None
) -> tuple[Token | None, Token | None]:
    """Head of the violator's noun phrase, and the verb that judges, accuses or holds the violator.

    Args:
        reading: The article.
        verb: The verb of breaking or dealing, or the verb above the noun of breaking.
        noun: The noun of breaking (`breach`, `evasion`), when a noun tells it.
    """
    owner = _owner(reading, noun) if noun is not None else None
    if verb is None:
        return owner, None
    if is_passive(reading.parse, verb):
        owner = owner or subject(reading.parse, verb)
    for ancestor in (verb, *reading.parse.ancestors(verb.i)):
        if not is_verb(ancestor):
            continue
        held = _held(reading, ancestor)
        if held is not None:
            return owner or _behind_pronoun(reading, held), ancestor
    if owner is not None or (noun is not None and not commits(reading, verb, noun)):
        return owner, None
    own = subject(reading.parse, verb)
    if own is None and not is_passive(reading.parse, verb):
        above = governing_verb(reading.parse, verb)
        own = subject(reading.parse, above) if above is not None else None
    return _behind_pronoun(reading, own), None


def parties_of(reading: Reading, violator: Token | None) -> Iterator[Token]:
    """Who is behind the violator when that is a deed: `cooperation between Russia and …`."""
    if violator is None:
        return
    found = [
        each for each in prepositional(reading.parse, violator, _DEED_OF) if reading.is_party(each)
    ]
    deed = reading.head_entity(violator) is None and not reading.is_party(violator)
    yield from found if deed and found else [violator]


def _held(reading: Reading, verb: Token) -> Token | None:
    """Whom the verb judges, accuses or holds, if it is such a verb."""
    judgement = lexicon().judgement
    if verb.lemma in {"plead", "settle"}:
        return subject(reading.parse, verb)
    if verb.lemma in judgement["adjudicated"] | judgement["accused"]:
        return patient(reading.parse, verb)
    if verb.lemma not in judgement["enforcing"]:
        return None
    doer, thing = subject(reading.parse, verb), patient(reading.parse, verb)
    outlaws = party_words()["sanctioned"] & party_words()["counter"]
    if doer is not None and set(reading.countries_of(doer)) & outlaws:
        return None
    # Seized goods broke nothing; a ship stands for its owner.
    measure = lexicon().trade.get(thing.lemma.lower()) if thing is not None else None
    return thing if measure in {None, "transportation_restrictions"} else None


def _owner(reading: Reading, noun: Token) -> Token | None:
    """`Moscow's breach of …`, `violations of the embargo by Rwanda`."""
    for child in reading.parse.children(noun.i):
        if child.dep == "poss" and reading.is_party(child):
            return child
    places = [noun, *prepositional(reading.parse, noun, ("of",))]
    by = (each for place in places for each in prepositional(reading.parse, place, ("by",)))
    return next((each for each in by if reading.is_party(each)), None)


def commits(reading: Reading, verb: Token, noun: Token) -> bool:
    """Whether the verb says that its subject does what the noun names."""
    preposition = reading.parse.head(noun.i)
    if noun.dep == "pobj" and preposition.lemma.lower() in {"in", "by", "through", "via"}:
        return True
    return verb.lemma in lexicon().evasion["commits"]


def _behind_pronoun(reading: Reading, token: Token | None) -> Token | None:
    """Whom a pronoun stands for: subject of the clause above or of the sentence before."""
    if token is None or token.tag != "PRP":
        return token
    found = _subject_above(reading, token)
    if found is None and token.sent:
        found = main_subject(reading.parse, token.sent - 1)
    if found is None or not found.tag.startswith("NN"):
        return None
    return found if reading.is_party(found) or found.tag.startswith("NNP") else None


def _subject_above(reading: Reading, pronoun: Token) -> Token | None:
    """`The ship was held because it …`: the subject of the clause that the pronoun's explains."""
    below = pronoun
    for ancestor in reading.parse.ancestors(pronoun.i):
        if is_verb(ancestor) and below.dep == "advcl":
            return patient(reading.parse, ancestor) or subject(reading.parse, ancestor)
        below = ancestor
    return None
