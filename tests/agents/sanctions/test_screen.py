"""Screening: what matches, what goes to review, and which gate stops the rest."""

from collections.abc import Mapping
from typing import Any

import pytest

from agents.sanctions.query import Query, describing_countries, possessing_countries
from agents.sanctions.screen import Screener, record_query, screen_records


def ids(screener: Screener, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    result = next(iter(screen_records(screener, [record])))
    return [(match["entry"], match["decision"]) for match in result["matches"]]


@pytest.mark.parametrize(
    "name",
    [
        "Vladimir Putin",
        "PUTIN, Vladimir",
        "Wladimir Putin",
        "Владимир Путин",
        "Vladimir V. Putin",
        "Vladimir Poutine",
    ],
)
def test_spellings_of_one_name(starter: Screener, name: str) -> None:
    assert ids(starter, {"name": name, "kind": "person"}) == [("ofac:35096", "match")]


@pytest.mark.parametrize("name", ["Kim Jong Il", "Kim Jong Nam", "Boris Putin", "Putin", "Jong Un"])
def test_names_that_are_somebody_else(starter: Screener, name: str) -> None:
    assert ids(starter, {"name": name, "kind": "person"}) == []


def test_order_hyphens_and_apostrophes(screener: Screener) -> None:
    for name in ("Pak Thae-sok", "Thae Sok Pak", "Pak T'ae-so'k", "박태석"):
        found = {entry for entry, _ in ids(screener, {"name": name, "kind": "person"})}
        assert "un:KPi.901" in found, name
        assert found <= {"un:KPi.901", "ofac:9005"}, name


def test_a_ministry_is_not_every_ministry(starter: Screener) -> None:
    bare = {"name": "Ministry of State Security", "kind": "organization"}
    chinese = {**bare, "context": "China's Ministry of State Security said", "countries": ["CHN"]}
    korean = {**bare, "countries": ["North Korea"]}
    assert ids(starter, bare) == []
    assert ids(starter, chinese) == []
    assert ids(starter, korean) == [("ofac:20129", "match")]


def test_ships_need_a_ship(starter: Screener) -> None:
    assert ids(starter, {"name": "Maria", "kind": "any", "context": "Maria, a nurse"}) == []
    ship = {"name": "Maria", "kind": "any", "context": "The cargo ship Maria docked in Tartus."}
    assert ids(starter, ship) == [("ofac:46773", "match")]


def test_weak_names_confirm_but_never_raise(screener: Screener) -> None:
    assert ids(screener, {"name": "The Tailor", "kind": "person"}) == []
    stopped = screener.screen(Query("The Tailor", "person"))
    assert [each.stopped_by.name for each in stopped if each.stopped_by] == ["weak_alias"]


def test_a_surname_is_resolved_in_its_context(starter: Screener) -> None:
    record = {
        "name": "Lavrov",
        "kind": "person",
        "context": "Foreign minister Sergei Lavrov spoke. Lavrov left early.",
    }
    assert ids(starter, record) == [("ofac:35233", "match")]
    assert ids(starter, {**record, "context": "Lavrov left early."}) == []


def test_a_disagreeing_country_costs(starter: Screener) -> None:
    name = {"name": "Elvira Nabiullina", "kind": "person"}
    assert ids(starter, name) == [("ofac:35797", "match")]
    assert ids(starter, {**name, "countries": ["KAZ"]}) != [("ofac:35797", "match")]


def test_two_men_of_one_name_stay_ambiguous_until_the_office_tells(data_screener: Screener) -> None:
    bare = ids(data_screener, {"name": "Kim Yong Chol", "kind": "person", "countries": ["PRK"]})
    assert {"ofac:12211", "ofac:17614"} <= {entry for entry, _ in bare}
    assert {decision for entry, decision in bare if entry.startswith("ofac")} == {"review"}
    told = ids(
        data_screener,
        {
            "name": "Kim Yong Chol",
            "kind": "person",
            "countries": ["PRK"],
            "context": "Kim Yong Chol, the KOMID representative in Iran",
        },
    )
    assert ("ofac:17614", "match") in told
    assert "ofac:12211" not in [entry for entry, _ in told]


def test_results_explain_themselves(starter: Screener) -> None:
    result = next(iter(screen_records(starter, [{"id": 7, "name": "Wladimir Putin"}])))
    assert result["id"] == 7
    match = result["matches"][0]
    assert [part["kind"] for part in match["parts"]] == ["sound", "equal"]
    assert {gate["name"] for gate in match["gates"]} >= {"type", "country"}


@pytest.mark.parametrize("record", [{"name": ""}, {"name": 3}, {"name": "A B", "kind": "ghost"}])
def test_bad_records_are_named(record: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="record None"):
        record_query(record)


@pytest.mark.parametrize(
    ("before", "possessing", "describing"),
    [
        ("Talks with Russia's ", ("RUS",), ("RUS",)),
        ("The UK ", ("GBR",), ("GBR",)),
        ("Russia’s former defence minister ", (), ("RUS",)),
        ("Iranian supreme leader Ayatollah ", (), ("IRN",)),
        ("Ukraine accused ", (), ()),
        ("an engineer from Cairo, ", (), ()),
        ("", (), ()),
    ],
)
def test_countries_in_the_words_before_a_name(
    before: str, possessing: tuple[str, ...], describing: tuple[str, ...]
) -> None:
    assert possessing_countries(before) == possessing
    assert describing_countries(before) == describing


def test_a_common_name_needs_more_than_a_country_near_it(starter: Screener) -> None:
    name = {"name": "Sergei Ivanov", "kind": "person"}
    described = "Russia's former defence minister Sergei Ivanov said so."
    near = "A baker from Moscow, Sergei Ivanov, won the prize."
    assert ids(starter, {**name, "context": described}) == [("ofac:16688", "match")]
    assert ids(starter, {**name, "context": near}) == []


def test_a_generic_name_among_several_states_is_nobodys(starter: Screener) -> None:
    record = {
        "name": "Ministry of State Security",
        "kind": "organization",
        "context": "The Ministry of State Security warned of spies from North Korea and China.",
    }
    assert ids(starter, record) == []
