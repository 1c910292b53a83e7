"""The loaded stage: lists, index and coders over a batch of records."""

from collections.abc import Iterator, Sequence, Set

from agents.release import release
from agents.stage import Options, PoisonRecord
from schemas import ArticleRecord, FlagsBlock
from schemas.flags import Flag, ListVersion, Screening

from .build import finding_flag, listed_flag
from .evasion import find_evasion
from .exact import ExactPass
from .finding import Finding
from .listed import find_listed
from .loading import load_list, starter_path
from .measures import find_measures
from .ownership import find_ownership
from .reading import Reading, read
from .screen import Screener
from .territory import find_territory


class SanctionsRun:
    """Flags the records of a batch; a pure function of records and lists.

    Args:
        options: `lists` are files or folders of sanctions lists; none is the starter list.

    Raises:
        Refused: A file is no usable list.
    """

    def __init__(self, options: Options) -> None:
        paths = options.lists or (starter_path(),)
        self.screener = Screener([load_list(path) for path in paths])
        self.exact = ExactPass(self.screener.entries)
        self.version = release(__file__)
        self.model: str | None = None
        self.lists = [str(version) for version in self.screener.versions]
        self._screening = Screening(
            lists=[
                ListVersion(
                    list=version.list,
                    version=version.date,
                    sha256=version.sha256,
                    entries=version.entries,
                    starter=version.starter,
                )
                for version in self.screener.versions
            ]
        )

    def __call__(self, records: Sequence[ArticleRecord], /) -> list[FlagsBlock]:
        """One block a record, in order.

        Raises:
            PoisonRecord: A record has no parse that can be read (`no_parse`).
        """
        return [self._flag(record) for record in records]

    def _flag(self, record: ArticleRecord) -> FlagsBlock:
        try:
            reading = read(record)
        except ValueError as error:
            raise PoisonRecord("no_parse", f"record {record.article.id}: {error}") from error
        flags = {flag.id: flag for flag in self._flags(reading)}
        ordered = sorted(flags.values(), key=lambda flag: (_first(flag), flag.type, flag.id))
        return FlagsBlock(flags=ordered, screening=self._screening)

    def _flags(self, reading: Reading) -> Iterator[Flag]:
        listed: set[tuple[int, int]] = set()
        for found in find_listed(reading, self.screener, self.exact):
            if found.candidate.decision != "none":
                listed.update(found.spans)
                yield listed_flag(reading, self.screener, found)
        for finding in findings(reading, listed):
            yield finding_flag(reading, finding)


def findings(reading: Reading, listed: Set[tuple[int, int]]) -> Iterator[Finding]:
    """What the coders find, type by type, in order of the text.

    Args:
        reading: The article.
        listed: Spans that name a listed party.
    """
    yield from find_measures(reading)
    yield from find_evasion(reading)
    yield from find_territory(reading)
    yield from find_ownership(reading, listed)


def _first(flag: Flag) -> int:
    return min((each.start for each in flag.evidence), default=0)
