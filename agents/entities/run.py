"""The stage's function: articles in, one `EntitiesBlock` each out."""

from collections.abc import Sequence

from agents.stage import Options
from schemas import ArticleRecord, EntitiesBlock

from . import knowledge, mentions, pipeline, resolve
from .gazetteer import Gazetteer

VERSION = "1"


class EntitiesRun:
    """The loaded stage: pipeline and knowledge base.

    Attributes:
        version: Version of the stage's rules.
        model: Digest of the spaCy pipeline.
        lists: Digest of the knowledge base.
    """

    version = VERSION

    def __init__(self, options: Options) -> None:
        self._pipeline = pipeline.load(options.model)
        self._knowledge = knowledge.load()
        self._gazetteer = Gazetteer(self._knowledge)
        self.model: str | None = self._pipeline.digest
        self.lists: list[str] = [pipeline.digest(knowledge.FOLDER)]

    def __call__(self, records: Sequence[ArticleRecord], /) -> list[EntitiesBlock]:
        """One block a record, in order; it depends on the record alone."""
        return [self._block(record) for record in records]

    def _block(self, record: ArticleRecord) -> EntitiesBlock:
        text = record.article.text
        reading = self._pipeline.read(text)
        found = mentions.find(text, reading.names, self._gazetteer.find(text))
        named, entities = resolve.resolve(text, found, self._knowledge)
        return EntitiesBlock(
            mentions=named,
            entities=entities,
            parse=pipeline.pack_parse(reading.parsed),
        )
