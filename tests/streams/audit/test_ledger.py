"""The account of raw records: every way to end, and every fault by its name."""

from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.audit.ledger import IDS_KEPT_MAX, Ledger
from streams.delivery.wire import ORIGIN, REPLAY_OF, Incoming

TP = TopicPartition("news.raw", 0)
OLD, A, B = "news.raw/0/99", "news.raw/0/100", "news.raw/0/101"
REPLAY = "news.dead/0/5"


def ledger() -> Ledger:
    return Ledger({TP: range(100, 110)})


def raw(origin: str, **headers: bytes) -> Incoming:
    offset = int(origin.rpartition("/")[2])
    return Incoming("news.raw", 0, offset, 1, None, b"", list(headers.items()))


def hop(origin: str, replay: str | None = None) -> Incoming:
    headers = [(ORIGIN, origin.encode())]
    if replay:
        headers.append((REPLAY_OF, replay.encode()))
    return Incoming("news.clean", 3, 7, 1, None, b"", headers)


def told(made: Ledger, *origins: str, unread: bool = False) -> Ledger:
    for origin in origins:
        made.raw(raw(origin), unread=unread, excused=False)
    return made


def outcome(made: Ledger, origin: str, what: str, *, excused: bool = False, **more: Any) -> None:
    made.outcome({"origin": origin, "outcome": what, **more}, excused=excused)


def faults(made: Ledger, *, complete: bool = True) -> dict[str, list[str]]:
    made.close(complete=complete)
    return made.faults.ids


def test_each_way_to_end_is_accounted() -> None:
    made = ledger()
    ends: list[tuple[str, dict[str, Any]]] = [
        ("enriched", {}),
        ("duplicate", {}),
        ("rejected", {"reason": "language:de"}),
        ("dead", {"stage": "clean", "code": "told"}),
    ]
    for place, (what, more) in enumerate(ends):
        outcome(made, f"news.raw/0/{100 + place}", what, **more)
    told(made, *(f"news.raw/0/{100 + place}" for place in range(4)))
    made.enriched(hop(A))
    made.letter(hop("news.raw/0/103"))
    assert made.close(complete=True) == 4
    assert made.faults.ids == {}
    assert made.standing == {
        ("enriched", ""): 1,
        ("duplicate", ""): 1,
        ("rejected", "language:de"): 1,
        ("dead", "clean told"): 1,
    }


def test_a_record_that_is_nowhere_is_lost_and_one_that_waits_is_not() -> None:
    made = told(ledger(), A, B)
    made.waiting(hop(B), "news.clean")
    assert faults(made) == {"lost": [A]}
    assert made.in_flight == {"news.clean": 1}


def test_a_record_that_moved_on_while_the_audit_read_is_counted_once() -> None:
    made = told(ledger(), A, unread=True)
    made.waiting(hop(A), "news.clean")
    made.waiting(hop(A), "news.entities")
    assert faults(made) == {}
    assert made.in_flight == {"raw": 1}


@pytest.mark.parametrize(
    ("what", "seen", "fault"),
    [
        ("enriched", 2, "doubled"),
        ("enriched", 0, "enriched, but not on news.enriched"),
        ("rejected", 1, "on news.enriched, but ended otherwise"),
        ("duplicate", 1, "on news.enriched, but ended otherwise"),
    ],
)
def test_outcome_and_result_have_to_agree(what: str, seen: int, fault: str) -> None:
    made = ledger()
    outcome(made, A, what)
    told(made, A)
    for _ in range(seen):
        made.enriched(hop(A))
    assert faults(made) == {fault: [A]}


def test_a_dead_record_needs_its_letter() -> None:
    made = ledger()
    outcome(made, A, "dead")
    assert faults(told(made, A)) == {"dead, but not on news.dead": [A]}


def test_a_second_end_is_a_fault() -> None:
    made = ledger()
    outcome(made, A, "rejected")
    outcome(made, A, "rejected")
    assert faults(told(made, A)) == {"ended twice": [A]}


def test_what_may_have_been_deleted_for_its_age_is_not_missed() -> None:
    made = ledger()
    outcome(made, A, "enriched", excused=True)
    told(made, A)
    made.raw(raw(B), unread=False, excused=True)
    assert faults(made) == {}
    assert made.older == 1


def test_what_news_raw_keeps_no_more_is_not_judged() -> None:
    made = ledger()
    for origin in (OLD, "news.raw/1/100", "other.raw/0/100", "nonsense", "news.raw/x/y"):
        outcome(made, origin, "enriched")
        made.enriched(hop(origin))
        made.letter(hop(origin))
        made.waiting(hop(origin), "news.clean")
    assert made.close(complete=True) == 0
    assert (made.faults.ids, made.older, made.in_flight.total()) == ({}, 5, 0)


def test_a_replayed_record_stands_as_its_replay_ended() -> None:
    made = told(ledger(), A)
    outcome(made, A, "dead", stage="clean", code="told")
    made.letter(hop(A))
    outcome(made, A, "replayed", stage="clean", code="told", replay=REPLAY)
    assert +made.standing == {("in flight", ""): 1}
    outcome(made, A, "enriched", replay=REPLAY)
    made.enriched(hop(A, REPLAY))
    made.raw(raw("news.raw/0/109", **{ORIGIN: A.encode(), REPLAY_OF: REPLAY.encode()}),
             unread=False, excused=False)  # fmt: skip
    assert made.close(complete=True) == 1, "a replay on news.raw is no record of its own"
    assert +made.standing == {("enriched", ""): 1}
    assert made.faults.ids == {}


def test_a_replay_is_lost_doubled_or_in_flight_as_a_first_run_is() -> None:
    marks: dict[str, Any] = {"stage": "clean", "code": "told"}
    for times, (waits, ends, seen), fault in (
        (1, (False, 0, 0), "lost"),
        (1, (True, 0, 0), None),
        (1, (False, 1, 1), None),
        (1, (False, 1, 2), "doubled"),
        (1, (False, 2, 1), "ended twice"),
        (1, (False, 1, 0), "enriched, but not on news.enriched"),
        (0, (False, 1, 1), "replay that nobody made"),
    ):
        made = told(ledger(), A)
        outcome(made, A, "dead", **marks)
        made.letter(hop(A))
        for _ in range(times):
            outcome(made, A, "replayed", replay=REPLAY, **marks)
        for _ in range(ends):
            outcome(made, A, "enriched", replay=REPLAY)
        if waits:
            made.waiting(hop(A, REPLAY), "news.clean")
        for _ in range(seen):
            made.enriched(hop(A, REPLAY))
        assert list(faults(made)) == ([fault] if fault else [])


def test_many_ids_are_counted_and_not_all_kept() -> None:
    made = Ledger({TP: range(IDS_KEPT_MAX + 5)})
    for offset in range(IDS_KEPT_MAX + 5):
        made.raw(raw(f"news.raw/0/{offset}"), unread=False, excused=False)
    made.close(complete=True)
    assert made.faults.counts == {"lost": IDS_KEPT_MAX + 5}
    assert len(made.faults.ids["lost"]) == IDS_KEPT_MAX


def test_it_takes_a_byte_a_record() -> None:
    made = Ledger({TP: range(5, 1_000_005)})
    assert sum(map(len, made.marks.values())) == 1_000_000
