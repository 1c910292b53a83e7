"""An enriched record as text: what is shown, how, and that nothing in it can spoil a terminal."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from schemas import ArticleRecord
from streams.display import SHOWN_MAX, WIDTH_MAX, plain, print_record

TEXT = (
    "Arcadia moved 3,000 soldiers to Port Lumen on Monday, Ilse Brandt said. "
    "She recalled the arms embargo on Arcadia and named Boris Vale. Aid of $2 million is planned."
)


def span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def entity(number: int, name: str, label: str, **more: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "name": name, "label": label, **more}


def event(**more: Any) -> dict[str, Any]:
    return {
        "id": "v0",
        "key": "k",
        "type": "MOBILIZE",
        "trigger": {**span("moved"), "lemma": "move"},
        "sentence": {"start": 0, "end": 72},
        "status": "asserted",
        "quad": "material-conflict",
        "intensity": -5.5,
        "confidence": 0.8,
        "rule": "r",
        **more,
    }


def flag(**more: Any) -> dict[str, Any]:
    return {
        "id": "f0",
        "type": "measure",
        "status": "asserted",
        "evidence": [span("arms embargo")],
        "confidence": 0.9,
        "review": "auto",
        "rule": "r",
        **more,
    }


def record(**more: Any) -> ArticleRecord:
    article = {
        "id": "0" * 32,
        "title": "Arcadia moves troops",
        "text": TEXT,
        "word_count": 29,
        "source": {"name": "The Meridian Post"},
        "published": {"value": "2026-11-16", "precision": "day", "source": "feed"},
        "language": {"code": "en", "score": 1.0, "source": "text"},
        **more.pop("article", {}),
    }
    return ArticleRecord.model_validate({"article": article, **more})


def shown(value: ArticleRecord, seconds: float | None = None, **console: Any) -> str:
    file = io.StringIO()
    print_record(Console(file=file, **{"width": 100, **console}), value, seconds)
    return file.getvalue()


def lines(value: ArticleRecord, seconds: float | None = None) -> list[str]:
    return [line.rstrip() for line in shown(value, seconds).splitlines()]


def test_the_head_names_title_source_date_language_length_and_seconds() -> None:
    head = lines(record(), 0.4249)
    assert head[0] == "Arcadia moves troops"
    assert head[1] == "The Meridian Post · 2026-11-16 · en · 29 words · in 0.42 s"


def test_seconds_are_left_out_where_they_are_not_known() -> None:
    assert lines(record())[1].endswith("29 words")


def test_entities_are_grouped_and_countries_are_not_explained_by_themselves() -> None:
    link = {"scheme": "iso3166-1-alpha-3", "id": "ARC"}
    found = lines(
        record(
            entities=[
                entity(0, "Arcadia", "GPE", country="ARC", links=[link]),
                entity(1, "Port Lumen", "GPE", country="ARC"),
                entity(2, "Ilse Brandt", "PERSON", country="ARC", role="spokeswoman"),
                entity(3, "Monday", "DATE"),
            ]
        )
    )
    assert "people  Ilse Brandt (spokeswoman, ARC)" in found
    assert "places  Arcadia, Port Lumen (ARC)" in found
    assert not any("Monday" in line for line in found)


def test_an_event_reads_as_who_did_what_to_whom_where_and_when() -> None:
    told = event(
        mode="troops",
        status="denied",
        actors=[{"entity": "e0", "name": "Arcadia", "country": "ARC", "sectors": ["GOV", "MIL"]}],
        recipients=[{"entity": "e5", "name": "Borduria"}],
        place={"entity": "e1", "name": "Port Lumen", "how": "clause"},
        date={"value": "2026-11-16", "precision": "day", "how": "clause"},
        magnitude={"troops": 3000.0, "amount": {"amount": 2e6, "currency": "USD"}},
        attribution=[{"entity": "e2", "name": "Ilse Brandt", "cue": "said"}],
    )
    text = " ".join(shown(record(events=[told])).split())
    assert (
        "events Arcadia (ARC, GOV) —moved (MOBILIZE troops, denied)→ Borduria, in Port Lumen, "
        "2026-11-16; 3,000 troops, 2,000,000 USD; said by Ilse Brandt" in text
    )


def test_an_event_without_actor_or_recipient_still_reads_well() -> None:
    assert "events  (unnamed) —moved (MOBILIZE)" in lines(record(events=[event()]))


def test_a_flag_tells_roles_list_entry_and_quotes_its_evidence() -> None:
    listed = flag(
        type="listed_party",
        subtype="ofac:12345",
        status="reported",
        programme="ARCADIA-EO1",
        evidence=[span("Boris Vale")],
        review="review",
        roles=[{"role": "listed_party", "entity": "e4", "name": "Boris Vale"}],
        match={
            "list": "ofac-sdn",
            "list_kind": "blocking",
            "version": "2026-11-01",
            "sha256": "0",
            "entry": "ofac:12345",
            "programmes": ["ARCADIA-EO1"],
            "matched_name": "VALE, Boris",
            "alias_class": "primary",
            "score": 0.98,
        },
    )
    text = " ".join(shown(record(flags=[listed])).split())
    assert (
        "flags listed party (reported, to be reviewed): Boris Vale, "
        "on ofac-sdn as VALE, Boris, ofac:12345 [ARCADIA-EO1], 0.98 “Boris Vale”" in text
    )


def test_a_measure_tells_action_authority_and_target_once_and_quotes_the_rest() -> None:
    measure = flag(
        subtype="arms_embargo",
        status="existing",
        action="existing",
        legal_act="Resolution 1",
        roles=[
            {"role": "authority", "name": "League of Nations"},
            {"role": "alleged_violator", "entity": "e0", "name": "Arcadia"},
        ],
        evidence=[span("arms embargo"), span("Arcadia"), span("arms embargo")],
        attribution=["Ilse Brandt"],
    )
    text = " ".join(shown(record(flags=[measure])).split())
    assert (
        "flags measure arms embargo (existing): authority League of Nations, "
        "alleged violator Arcadia, Resolution 1 “arms embargo”; said by Ilse Brandt" in text
    )


def test_moments_are_shown_as_people_say_them() -> None:
    moment = "2026-11-16T16:40:31+00:00"
    value = record(
        article={"published": {"value": moment, "precision": "second", "source": "json-ld"}},
        events=[event(date={"value": moment, "precision": "second", "how": "published"})],
    )
    assert " · 2026-11-16 16:40 · " in lines(value)[1]
    assert "events  (unnamed) —moved (MOBILIZE), 2026-11-16" in lines(value)


def test_a_suppressed_flag_is_not_shown() -> None:
    value = record(flags=[flag(review="suppressed"), flag(subtype="arms_embargo")])
    told = [line for line in lines(value) if "measure" in line]
    assert told == ["flags   measure arms embargo “arms embargo”"]


def test_no_events_and_no_flags_are_said() -> None:
    found = lines(record(events=[], flags=[]))
    assert "events  none" in found
    assert "flags   none" in found


def test_money_is_told_as_written_and_as_an_amount() -> None:
    sums = [{**span("$2 million"), "amount": 2e6, "currency": "USD", "approx": True}]
    assert "money   $2 million (about 2,000,000 USD)" in lines(record(money=sums))


@pytest.mark.parametrize("count", [SHOWN_MAX, SHOWN_MAX + 3])
def test_long_lists_are_counted_not_shown(count: int) -> None:
    text = shown(record(events=[event(id=f"v{i}") for i in range(count)]))
    assert text.count("—moved") == SHOWN_MAX
    assert ("and 3 more" in text) == (count > SHOWN_MAX)


def test_markup_in_an_article_is_shown_not_obeyed() -> None:
    title = "[bold red]Sold[/bold red] [link=https://x.org]here[/link]"
    assert lines(record(article={"title": title}))[0] == title


def test_control_characters_in_an_article_never_reach_the_terminal() -> None:
    evil = "a\x1b[2J\x07\u202eb\nc\x9bd"
    value = record(
        article={"title": evil, "source": {"name": evil}},
        entities=[entity(0, evil, "PERSON", role=evil)],
        events=[event(trigger={"start": 0, "end": 1, "text": evil, "lemma": "x"})],
        flags=[flag(evidence=[{"start": 0, "end": 1, "text": evil}])],
    )
    text = shown(value)
    assert text.count("a\ufffd[2J") == 6
    assert all(character.isprintable() or character == "\n" for character in text)


def test_plain_where_there_is_no_terminal_and_coloured_where_there_is() -> None:
    value = record(flags=[flag()])
    assert "\x1b[" not in shown(value)
    assert "\x1b[" in shown(value, force_terminal=True, color_system="standard")


@pytest.mark.parametrize(("width", "widest"), [(80, 80), (100, 100), (300, WIDTH_MAX)])
def test_lines_fit_the_console_and_are_never_wider_than_people_read(
    width: int, widest: int
) -> None:
    people = [entity(i, f"Person Number {i} of Arcadia", "PERSON") for i in range(12)]
    value = record(entities=people, events=[event(attribution=[{"name": "x y " * 80}])])
    longest = max(len(line) for line in shown(value, width=width).splitlines())
    assert widest - 10 < longest <= widest


@given(st.text())
def test_plain_text_is_printable_and_of_the_same_length(text: str) -> None:
    assert plain(text).isprintable() or not text
    assert len(plain(text)) == len(text)
