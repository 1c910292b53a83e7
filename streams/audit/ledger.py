"""What each raw record came to, in one byte a record, and what is wrong with it.

Raw records are known by partition and offset. A replay of a dead letter is a run of its own, known
by origin and name; there are few, so they are kept one by one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka import TopicPartition

from streams.delivery.wire import Incoming

IN: Final = 1
"""The raw record is there."""
ENDED: Final = 2
"""An outcome was read."""
ENRICHED: Final = 4
"""That outcome is `enriched`."""
DEAD: Final = 8
"""That outcome is `dead`."""
SEEN: Final = 16
"""It is on `news.enriched`."""
LETTER: Final = 32
"""It is on `news.dead`."""
IN_FLIGHT: Final = 64
"""A stage that had not read it when the audit began has it before it."""
EXCUSED: Final = 128
"""So old that what is missed may have been deleted for its age."""

IDS_KEPT_MAX: Final = 1000
"""Ids kept of each kind of fault; the rest is counted."""

REPLAYING: Final = ("in flight", "")

State = tuple[str, str]
"""How a record stands: its outcome, and the reason or the stage and code."""


@dataclass
class Faults:
    """Ids of records with which something is wrong, by kind."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, record: str) -> None:
        """Enter a record."""
        self.counts[kind] += 1
        if self.counts[kind] <= IDS_KEPT_MAX:
            self.ids.setdefault(kind, []).append(record)


@dataclass(slots=True)
class Replay:
    """One replay of a dead letter."""

    marked: bool = False
    ended: bool = False
    enriched: bool = False
    seen: int = 0
    in_flight: bool = False


@dataclass
class Ledger:
    """Enters what stands on the topics; `close` says what is wrong.

    Attributes:
        marks: A byte for each offset that a partition of `news.raw` keeps.
        standing: How many records stand how; a dead one that was replayed stands as that ended.
        in_flight: How many unfinished records wait before which stage.
    """

    kept: Mapping[TopicPartition, range]
    marks: dict[TopicPartition, bytearray] = field(init=False)
    standing: Counter[State] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)
    replays: dict[tuple[str, str], Replay] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    older: int = 0
    _replayed: dict[str, State] = field(default_factory=dict)
    _topic: str = field(init=False)

    def __post_init__(self) -> None:
        self.marks = {tp: bytearray(len(span)) for tp, span in self.kept.items()}
        self._topic = next(iter(self.kept)).topic

    def outcome(self, entry: Mapping[str, Any], *, excused: bool) -> None:
        """Enter a record of `news.outcomes`.

        Args:
            entry: Its value.
            excused: Whether what it speaks of may have been deleted for its age.
        """
        origin, outcome = str(entry["origin"]), str(entry["outcome"])
        if run := entry.get("replay"):
            self._run_outcome(origin, str(run), outcome, _state(entry))
            return
        if (at := self._at(origin)) is None:
            self.older += 1
            return
        marks, place = at
        if marks[place] & ENDED:
            self.faults.add("ended twice", origin)
            return
        marks[place] |= ENDED | (EXCUSED if excused else 0)
        marks[place] |= {"enriched": ENRICHED, "dead": DEAD}.get(outcome, 0)
        self.standing[_state(entry)] += 1

    def _run_outcome(self, origin: str, name: str, outcome: str, state: State) -> None:
        run = self.replays.setdefault((origin, name), Replay())
        if outcome == "replayed":
            run.marked = True
            before, now = self._replayed.get(origin, ("dead", state[1])), REPLAYING
        elif run.ended:
            self.faults.add("ended twice", f"{origin} replay of {name}")
            return
        else:
            run.ended, run.enriched = True, outcome == "enriched"
            before, now = self._replayed.get(origin, REPLAYING), state
        self._replayed[origin] = now
        if self._at(origin) is not None:
            self.standing[before] -= 1
            self.standing[now] += 1

    def raw(self, record: Incoming, *, unread: bool, excused: bool) -> None:
        """Enter a record of `news.raw`.

        Args:
            record: It.
            unread: Whether the first stage had not read it when the audit began.
            excused: Whether its outcome may have been deleted for its age.
        """
        if record.replay is not None:
            if unread:
                self._run_in_flight(record, "raw")
            return
        marks, place = self._place(record)
        marks[place] |= IN | (EXCUSED if excused else 0)
        if unread:
            self._flag_in_flight(marks, place, "raw")

    def waiting(self, record: Incoming, topic: str) -> None:
        """Enter a record that its stage had not read when the audit began."""
        if record.replay is not None:
            self._run_in_flight(record, topic)
        elif (at := self._at(record.origin)) is not None:
            self._flag_in_flight(*at, topic)

    def _flag_in_flight(self, marks: bytearray, place: int, topic: str) -> None:
        if not marks[place] & (ENDED | IN_FLIGHT):
            self.in_flight[topic] += 1
        marks[place] |= IN_FLIGHT

    def _run_in_flight(self, record: Incoming, topic: str) -> None:
        run = self.replays.setdefault((record.origin, record.replay or ""), Replay())
        if not run.ended and not run.in_flight:
            self.in_flight[topic] += self._at(record.origin) is not None
        run.in_flight = True

    def enriched(self, record: Incoming) -> None:
        """Enter a record of `news.enriched`."""
        if record.replay is not None:
            run = self.replays.setdefault((record.origin, record.replay), Replay())
            run.seen += 1
            if run.seen > 1:
                self.faults.add("doubled", f"{record.origin} replay of {record.replay}")
        elif (at := self._at(record.origin)) is not None:
            marks, place = at
            if marks[place] & SEEN:
                self.faults.add("doubled", record.origin)
            marks[place] |= SEEN

    def letter(self, record: Incoming) -> None:
        """Enter a record of `news.dead`."""
        if record.replay is None and (at := self._at(record.origin)) is not None:
            marks, place = at
            marks[place] |= LETTER

    def ended_enriched(self) -> Iterator[str]:
        """Origins of the records that ended `enriched`, their first run."""
        for tp, marks in self.marks.items():
            for place, mark in enumerate(marks):
                if mark & ENRICHED:
                    yield f"{tp.topic}/{tp.partition}/{self.kept[tp].start + place}"

    def close(self, *, complete: bool) -> int:
        """Find what is wrong, once everything is entered.

        Args:
            complete: Whether `news.outcomes` still has its first record.

        Returns:
            How many records are there, of those that are judged.
        """
        count = 0
        for tp, marks in self.marks.items():
            for place, mark in enumerate(marks):
                if not mark:
                    continue
                if mark & IN and not mark & (ENDED | IN_FLIGHT) and mark & EXCUSED:
                    self.older += 1
                    continue
                count += bool(mark & IN)
                if fault := _fault(mark):
                    self.faults.add(
                        fault, f"{tp.topic}/{tp.partition}/{self.kept[tp].start + place}"
                    )
        for (origin, name), run in self.replays.items():
            if fault := _run_fault(run, complete=complete):
                self.faults.add(fault, f"{origin} replay of {name}")
        return count

    def _place(self, record: Incoming) -> tuple[bytearray, int]:
        tp = TopicPartition(record.topic, record.partition)
        return self.marks[tp], record.offset - self.kept[tp].start

    def _at(self, origin: str) -> tuple[bytearray, int] | None:
        topic, _, rest = origin.rpartition("/")[0].rpartition("/")
        offset = origin.rpartition("/")[2]
        if topic != self._topic or not (rest.isdecimal() and offset.isdecimal()):
            return None
        tp = TopicPartition(topic, int(rest))
        span = self.kept.get(tp, range(0))
        return (self.marks[tp], int(offset) - span.start) if int(offset) in span else None


def _state(entry: Mapping[str, Any]) -> State:
    parts = (entry.get("reason"), entry.get("stage"), entry.get("code"))
    return str(entry["outcome"]), " ".join(str(part) for part in parts if part)


def _fault(mark: int) -> str:
    if not mark & IN:
        # Deleted while the audit read, or never there; only with an outcome it matters.
        return ""
    if not mark & ENDED:
        return "" if mark & IN_FLIGHT else "lost"
    if mark & SEEN and not mark & ENRICHED:
        return "on news.enriched, but ended otherwise"
    if mark & ENRICHED and not mark & (SEEN | EXCUSED):
        return "enriched, but not on news.enriched"
    if mark & DEAD and not mark & (LETTER | EXCUSED):
        return "dead, but not on news.dead"
    return ""


def _run_fault(run: Replay, *, complete: bool) -> str:
    if not run.marked:
        return "replay that nobody made" if complete else ""
    if not run.ended:
        return "" if run.in_flight else "lost"
    if run.seen and not run.enriched:
        return "on news.enriched, but ended otherwise"
    if run.enriched and not run.seen:
        return "enriched, but not on news.enriched" if complete else ""
    return ""
