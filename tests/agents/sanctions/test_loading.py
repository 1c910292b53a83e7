"""Loaders: every trap of the list formats, and the bounds that a version must keep."""

import dataclasses
from pathlib import Path

import pytest

from agents.sanctions.entry import ListEntry
from agents.sanctions.loading import FORMATS, Refused, check_bounds, load_list, own, starter_path

FIXTURES = Path(__file__).parent / "fixtures"


def entry(path: str, number: str) -> ListEntry:
    return next(each for each in load_list(FIXTURES / path).entries if each.id == number)


def test_sdn_set_is_joined_and_its_last_record_ignored() -> None:
    loaded = load_list(FIXTURES / "sdn", date="2026-01-02")
    assert [each.id for each in loaded.entries] == [f"ofac:900{n}" for n in range(1, 6)]
    assert loaded.version.entries == 5
    assert str(loaded.version).startswith("ofac-sdn@2026-01-02:")
    assert not any("NOBODY" in name.text for each in loaded.entries for name in each.names)


def test_person_of_the_sdn_list() -> None:
    person = entry("sdn", "ofac:9001")
    assert person.kind == "person"
    assert [(name.text, name.alias_class) for name in person.names] == [
        ("ORLOVANDER, Pavel Teodorovich", "primary"),
        ("ORLOWANDER, Paul", "strong"),
        ("THE TAILOR", "weak"),
    ]
    assert person.countries == ("RUS",)
    assert person.birth_years == (1961,)
    assert person.title == "Deputy Minister of Sample Affairs"


def test_numbers_of_personal_papers_are_dropped() -> None:
    for path, number in (("sdn", "ofac:9001"), ("un.xml", "un:KPi.901")):
        kept = repr(entry(path, number))
        assert "725000001" not in kept
        assert "770000000001" not in kept
        assert "555000111" not in kept
        assert entry(path, number).identifiers == ()


def test_remarks_that_go_on_in_the_comments() -> None:
    company = entry("sdn", "ofac:9002")
    assert [name.text for name in company.names if name.alias_class == "weak"] == ["BMT", "BRELLAN"]
    assert company.programmes == ("SDGT", "SYRIA")
    assert company.countries == ("SYR", "CYP")
    assert company.linked_to == ("ORLOVANDER, Pavel Teodorovich",)
    assert ("registration", "1182736") in company.identifiers


def test_ship_and_aircraft() -> None:
    ship, plane = entry("sdn", "ofac:9003"), entry("sdn", "ofac:9004")
    assert (ship.kind, plane.kind) == ("vessel", "aircraft")
    assert ship.identifiers == (("imo", "9123457"), ("mmsi", "352001234"))
    assert ship.programmes == ("DPRK4",)
    assert plane.identifiers == (("msn", "164"), ("tail", "EP-ZZQ"))


def test_un_list() -> None:
    loaded = load_list(FIXTURES / "un.xml")
    assert loaded.version.date == "2026-01-15"
    person, body = loaded.entries
    assert person.id == "un:KPi.901"
    assert [(name.text, name.alias_class) for name in person.names] == [
        ("PAK THAE SOK", "primary"),
        ("Pak T’ae-so’k", "strong"),
        ("The Clerk", "weak"),
        ("박태석", "original_script"),
    ]
    assert person.listed_since == "2017-06-02"
    assert person.birth_years == (1965, 1966)
    assert person.legal_acts == ("1718 (2006)",)
    assert person.countries == ("PRK",)
    assert body.names[0].text == "SAMPLE MACHINERY GENERAL CORPORATION"
    assert ("SMGC", "weak") in [(name.text, name.alias_class) for name in body.names]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>502</body></html>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST/>', "entities"),
        (b"<CONSOLIDATED_LIST><INDIVIDUALS></INDIVIDUALS></CONSOLIDATED_LIST>", "empty"),
        (b"<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>A</FIRST", "cut"),
        (b'36,"A TRADING CO",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n37,"B', "cut"),
        (b"just a note", "format"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "list.bin"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        load_list(path)
    assert refusal.value.reason == reason


def test_a_version_that_lost_a_fifth_is_refused() -> None:
    former = load_list(FIXTURES / "sdn").version
    check_bounds(dataclasses.replace(former, entries=4), former)
    with pytest.raises(Refused) as refusal:
        check_bounds(dataclasses.replace(former, entries=3), former)
    assert refusal.value.reason == "drop"
    check_bounds(dataclasses.replace(former, list="other", entries=3), former)


def test_digest_covers_every_file_of_the_set(tmp_path: Path) -> None:
    for file in (FIXTURES / "sdn").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    before = load_list(tmp_path).version
    with (tmp_path / "alt.csv").open("a") as stream:
        stream.write("\n")
    after = load_list(tmp_path).version
    assert before.sha256 != after.sha256
    assert before.entries == after.entries


def test_starter_list_is_marked_and_large_enough() -> None:
    starter = load_list(starter_path())
    assert starter.version.starter
    assert len(starter.entries) >= 150
    assert len({each.id for each in starter.entries}) == len(starter.entries)
    assert all(each.programmes for each in starter.entries)
    assert sum(each.listed_since is not None for each in starter.entries) >= 150


@pytest.mark.parametrize(
    ("path", "number", "list_name", "date"),
    [
        ("sdn.xml", "ofac:9001", "ofac-sdn", "2026-03-02"),
        ("sdn_advanced.xml", "ofac:9001", "ofac-sdn", "2026-03-02"),
        ("eu.xml", "eu:EU.9001.1", "eu-fsf", "2026-03-02"),
        ("uk.csv", "uk:RUS0001", "uk-sl", "2026-03-02"),
        ("entities.ftm.json", "os:NK-own1", "opensanctions", None),
        ("targets.simple.csv", "os:NK-own1", "opensanctions", None),
    ],
)
def test_one_person_in_every_format(
    path: str, number: str, list_name: str, date: str | None
) -> None:
    loaded = load_list(FIXTURES / path)
    person = next(each for each in loaded.entries if each.id == number)
    assert loaded.version.list == list_name
    assert (loaded.version.date if loaded.version.dated else None) == date
    assert person.kind == "person"
    assert "orlovander" in person.name.lower()
    assert "pavel" in person.name.lower()
    assert person.names[0].alias_class == "primary"
    assert person.countries[0] == "RUS"
    assert person.birth_years == (1961,)
    assert person.identifiers == ()
    assert "725000001" not in repr(person)


def test_weak_names_in_every_format_that_tells() -> None:
    for path, number in (
        ("sdn.xml", "ofac:9001"),
        ("sdn_advanced.xml", "ofac:9001"),
        ("eu.xml", "eu:EU.9001.1"),
        ("entities.ftm.json", "os:NK-own1"),
    ):
        weak = [name.text for name in entry(path, number).names if name.alias_class == "weak"]
        assert [name.lower() for name in weak] == ["the tailor"], path


def test_ships_keep_their_number() -> None:
    for path, number in (
        ("sdn.xml", "ofac:9003"),
        ("uk.csv", "uk:RUS0002"),
        ("entities.ftm.json", "os:NK-own4"),
    ):
        ship = entry(path, number)
        assert ship.kind == "vessel"
        assert ("imo", "9123457") in ship.identifiers, path


def test_dates_and_acts_of_listing() -> None:
    assert entry("eu.xml", "eu:EU.9001.1").listed_since == "2014-03-21"
    assert entry("eu.xml", "eu:EU.9002.2").legal_acts == ("2017/1509 (OJ L224)",)
    assert entry("uk.csv", "uk:RUS0001").listed_since == "2022-03-15"
    assert entry("sdn_advanced.xml", "ofac:9001").listed_since == "2022-04-06"


def test_lists_that_are_no_asset_freeze() -> None:
    bank = entry("cons", "ofac:9100")
    assert (bank.list, bank.list_kind) == ("ofac-consolidated", "sectoral")
    assert bank.listed_since == "2022-02-28"
    assert [name.text for name in bank.names] == ["SAMPLE RESERVE BANK", "BANK OF SAMPLES"]
    assert entry("csl.csv", "ofac:9100").list_kind == "financial"
    assert entry("csl.csv", "us-csl:a2").list_kind == "trade"
    assert entry("csl.csv", "us-csl:a2").countries == ("CHN",)


def test_only_the_sanctioned_are_read_where_topics_tell() -> None:
    assert [each.id for each in load_list(FIXTURES / "entities.ftm.json").entries] == [
        "os:NK-own1",
        "os:NK-own4",
    ]


def test_formats_tell_whether_they_were_tried() -> None:
    untried = {form.name for form in FORMATS if not form.tried}
    assert "OFAC SDN_ADVANCED.XML" in untried
    assert "UK Sanctions List CSV" in untried


def test_a_list_survives_our_own_format(tmp_path: Path) -> None:
    for path in ("sdn", "un.xml", "eu.xml"):
        loaded = load_list(FIXTURES / path)
        file = tmp_path / "own.jsonl"
        file.write_text("".join(own.write(loaded.version, loaded.entries)), encoding="utf-8")
        again = load_list(file)
        assert again.entries == loaded.entries
        assert again.version.list == loaded.version.list
        assert again.version.date == loaded.version.date
