"""Dates, numbers and amounts by token, so that an event looks only at its own sentence."""

from collections import defaultdict

from schemas import ArticleRecord, ParsedText
from schemas.entities import DateMention, Money

from . import syntax
from .frames import Lexicon
from .spans import Spans


class Facts:
    """What the entities stage resolved, by index of token.

    Attributes:
        dates: Resolved dates by sentence.
        said: Start of each date that says when somebody spoke ("said Wednesday"), with the verb.
        numbers: Value of the quantity that a number token belongs to.
        money: Amount of money that a token belongs to.
    """

    def __init__(self, record: ArticleRecord, doc: ParsedText, lexicon: Lexicon) -> None:
        spans = Spans(doc)
        self.dates: dict[int, list[DateMention]] = defaultdict(list)
        self.said: dict[int, int] = {}
        self.numbers: dict[int, float] = {}
        self.money: dict[int, Money] = {}
        for date in record.dates or []:
            tokens = spans.within(date.start, date.end)
            if date.value is None or not tokens:
                continue
            self.dates[tokens[0].sent].append(date)
            verb = syntax.clause_verb(doc, tokens[-1].i)
            if verb is not None and doc.tokens[verb].lemma in lexicon.grammar["report"]:
                self.said[date.start] = verb
        for quantity in record.quantities or []:
            for token in spans.within(quantity.start, quantity.end):
                if token.pos == "NUM":
                    self.numbers.setdefault(token.i, quantity.value)
        for amount in record.money or []:
            for token in spans.within(amount.start, amount.end):
                self.money.setdefault(token.i, amount)
