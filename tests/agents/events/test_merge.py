"""Merging tellings, and ids that stay the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.events.merge import event_key, identified, merge
from schemas.base import Span
from schemas.events import Event, EventDate, EventPlace, Magnitude, Participant
from schemas.events import Trigger as Words

COUNTRIES = ("USA", "RUS", "KEN")


def event(
    actor: str = "USA",
    recipient: str | None = "RUS",
    *,
    at: int = 0,
    dead: float | None = None,
    place: str | None = None,
    mode: str | None = None,
    day: str | None = None,
) -> Event:
    """An ASSAULT in the sentence that starts at `at`."""
    span = Span(start=at, end=at + 9)
    return Event(
        id="",
        key="",
        type="ASSAULT",
        mode=mode,
        actors=[Participant(entity=None, name=actor, country=actor)],
        recipients=[Participant(entity=None, name=recipient, country=recipient)]
        if recipient
        else [],
        place=EventPlace(name=place, how="clause") if place else None,
        date=EventDate(value=day, precision="day", how="clause") if day else None,
        trigger=Words(start=at, end=at + 3, text="hit", lemma="hit"),
        sentence=span,
        magnitude=Magnitude(dead=dead) if dead is not None else None,
        status="asserted",
        quad="material-conflict",
        intensity=-9,
        confidence=0.8,
        rule="assault.attack/verb",
        evidence=[span],
    )


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(COUNTRIES),
        st.sampled_from((*COUNTRIES, None)),
        at=st.integers(0, 5).map(lambda n: n * 10),
        dead=st.sampled_from((None, 12.0, 15.0)),
        place=st.sampled_from((None, "Lagos", "Quito")),
        mode=st.sampled_from((None, "drone")),
        day=st.sampled_from((None, "2024-10-22", "2024-10-23")),
    ),
    max_size=6,
)


def test_tellings_in_two_sentences_become_one_with_details_of_both() -> None:
    (merged,) = merge([event(place="Lagos"), event(at=10, dead=12, mode="drone")])
    assert merged.mode == "drone"
    assert merged.magnitude == Magnitude(dead=12)
    assert merged.place is not None
    assert merged.place.name == "Lagos"
    assert [span.start for span in merged.evidence] == [0, 10]


def test_other_days_places_and_counts_stay_apart() -> None:
    assert len(merge([event(dead=12), event(at=10, dead=15)])) == 2
    assert len(merge([event(day="2024-10-22"), event(at=10, day="2024-10-23")])) == 2
    assert len(merge([event(place="Lagos"), event(at=10, place="Quito")])) == 2
    assert len(merge([event(), event("KEN", at=10)])) == 2


def test_a_town_is_a_better_place_than_its_country() -> None:
    one = event().model_copy(
        update={"place": EventPlace(entity="e0", name="Kenya", country="KEN", how="clause")}
    )
    other = event(at=10).model_copy(
        update={"place": EventPlace(entity="e1", name="Nairobi", country="KEN", how="sentence")}
    )
    (merged,) = merge([one, other], frozenset({"e0"}))
    assert merged.place is not None
    assert merged.place.name == "Nairobi"


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_merging_again_changes_nothing_and_loses_no_evidence(events: list[Event]) -> None:
    once = merge(events)
    assert len(once) <= len(events)
    kept = {span.start for e in once for span in e.evidence}
    assert kept == {span.start for e in events for span in e.evidence}


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(1, 500))
def test_ids_are_unique_and_do_not_hang_on_offsets(events: list[Event], shift: int) -> None:
    moved = [
        e.model_copy(update={"sentence": Span(start=e.sentence.start + shift, end=10**6)})
        for e in events
    ]
    ids = [e.id for e in identified("a", events)]
    assert len(set(ids)) == len(ids)
    assert ids == [e.id for e in identified("a", moved)]


def test_the_key_knows_type_parties_place_and_day_but_not_the_article() -> None:
    one, other = event(place="Lagos", day="2024-10-22"), event(place="lagos", day="2024-10-22")
    assert event_key(one) == event_key(other)
    assert event_key(one) != event_key(event(place="Lagos", day="2024-10-23"))
    assert event_key(one) != event_key(event("KEN", place="Lagos", day="2024-10-22"))
    assert identified("a", [one])[0].id != identified("b", [one])[0].id
