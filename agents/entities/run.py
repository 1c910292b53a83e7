"""The stage's function: articles in, one `EntitiesBlock` each out."""

from collections import Counter
from collections.abc import Sequence

from agents.release import release
from agents.stage import Options
from schemas import ArticleRecord, EntitiesBlock

from . import (
    agreement,
    dates,
    fixes,
    homonyms,
    knowledge,
    mentions,
    missed,
    money,
    numbers,
    patterns,
    pipeline,
    places,
    quantities,
    quotes,
    resolve,
)
from .gazetteer import Gazetteer
from .mentions import ENTITY_LABELS, Found
from .setting import Setting, outlet_country, published_day


class EntitiesRun:
    """The loaded stage: pipeline and knowledge base.

    Attributes:
        version: Digest of the stage's code and data.
        model: Digest of the spaCy pipeline.
        lists: Digest of the knowledge base.
    """

    def __init__(self, options: Options) -> None:
        self.version = release(__file__, leave_out="model")
        self._pipeline = pipeline.load(options.model)
        self._knowledge = knowledge.load()
        self._gazetteer = Gazetteer(self._knowledge)
        # Read now, so that the first record is not slower than the others.
        places.is_city("")
        self.model: str | None = self._pipeline.digest
        self.lists: list[str] = [pipeline.digest(knowledge.FOLDER)]

    def __call__(self, records: Sequence[ArticleRecord], /) -> list[EntitiesBlock]:
        """One block a record, in order; it depends on the record alone."""
        return [self._block(record) for record in records]

    def _block(self, record: ArticleRecord) -> EntitiesBlock:
        article, text = record.article, record.article.text
        reading = self._pipeline.read(text)
        parsed = reading.parsed
        hits = self._gazetteer.find(text)
        found = mentions.find(text, reading.names, hits, patterns.find(text))
        outlet = outlet_country(article)
        found = agreement.agree(parsed, fixes.mend(text, missed.add(text, found)))
        found = homonyms.settle(text, found, outlet, self._knowledge)
        setting = Setting(published_day(article), outlet, _countries(found))
        found = missed.leaders(text, found, setting, self._knowledge)
        counts = numbers.find(text)
        sums = money.find(text, counts, setting, self._knowledge)
        times = dates.find(parsed, setting)
        taken = [(one.start, one.end) for one in (*sums, *times)]
        taken += [(one.start, one.end) for one in found if one.label in ENTITY_LABELS]
        counted = quantities.find(parsed, counts, taken)
        values = [Found(one.start, one.end, "MONEY") for one in sums]
        values += [Found(one.start, one.end, "DATE") for one in times]
        values += [Found(one.start, one.end, one.label) for one in counted]
        found = mentions.with_values(found, values)
        named, entities = resolve.resolve(parsed, found, setting, self._knowledge)
        return EntitiesBlock(
            mentions=named,
            entities=entities,
            dates=times,
            money=sums,
            quantities=[one.quantity for one in counted],
            quotes=quotes.find(parsed, named, entities),
            parse=pipeline.pack_parse(parsed),
        )


def _countries(found: Sequence[Found]) -> Counter[str]:
    """How often each country is named."""
    return Counter(
        country
        for mention in found
        if mention.surfaces and (country := mention.surfaces[0].entry.country)
    )
