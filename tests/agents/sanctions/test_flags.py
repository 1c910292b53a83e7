"""Flags of whole articles: what is flagged, with what evidence, and what is left alone."""

from itertools import product

import pytest

from agents.sanctions import STAGE
from agents.sanctions.run import SanctionsRun
from agents.stage import Options, PoisonRecord
from schemas import ArticleRecord
from schemas.flags import Flag

from .parsed import articles


@pytest.fixture(scope="module")
def run() -> SanctionsRun:
    return SanctionsRun(Options())


def flags(run: SanctionsRun, name: str) -> list[Flag]:
    return run([articles()[name]])[0].flags


def kinds(found: list[Flag]) -> list[tuple[str, str | None, str]]:
    return [(flag.type, flag.subtype, flag.status) for flag in found]


def test_an_article_with_a_party_and_two_measures(run: SanctionsRun) -> None:
    found = kinds(flags(run, "visit"))
    assert ("listed_party", "ofac:35096", "reported") in found
    assert ("measure", "arms_embargo", "existing") in found
    assert ("measure", "immobilised_assets", "existing") in found


def test_the_party_carries_its_listing(run: SanctionsRun) -> None:
    party = next(flag for flag in flags(run, "visit") if flag.type == "listed_party")
    assert party.match is not None
    assert party.match.entry == "ofac:35096"
    assert party.match.programmes == ["RUSSIA-EO14024"]
    assert party.match.listed_since == "2022-02-25"
    assert party.match.listed_at_publication is True
    assert party.review == "auto"
    assert [role.role for role in party.roles] == ["listed_party"]
    assert {each.text for each in party.evidence} >= {"Vladimir Putin", "Putin"}


def test_the_embargo_tells_authority_and_target(run: SanctionsRun) -> None:
    embargo = next(flag for flag in flags(run, "visit") if flag.subtype == "arms_embargo")
    assert {(role.role, role.name) for role in embargo.roles} == {
        ("authority", "United Nations"),
        ("target", "Pyongyang"),
    }
    assert embargo.attribution == ["A State Department spokeswoman"]


def test_sport_business_courts_and_weather_are_left_alone(run: SanctionsRun) -> None:
    assert flags(run, "elsewhere") == []


def test_action_and_claim_make_the_status(run: SanctionsRun) -> None:
    found = kinds(flags(run, "designation"))
    assert ("measure", "sanctions", "imposed") in found
    assert ("measure", "asset_freeze", "imposed") in found
    assert ("measure", "sanctions", "extended") in found
    assert ("measure", "oil_embargo", "negated") in found
    assert ("measure", "travel_ban", "denied") in found


def test_evasion_tells_how_far_it_is_proved(run: SanctionsRun) -> None:
    found = kinds([flag for flag in flags(run, "evasion") if flag.type == "evasion"])
    assert ("evasion", "arms_transfer", "alleged") in found
    assert ("evasion", "sanctions_evasion", "adjudicated") in found
    assert ("evasion", "sanctions_evasion", "denied") in found
    assert ("evasion", "arms_transfer", "hypothetical") in found
    assert ("evasion", "front_company", "alleged") in found
    assert len(found) == 5


def test_evasion_names_violator_source_and_act(run: SanctionsRun) -> None:
    found = [flag for flag in flags(run, "evasion") if flag.type == "evasion"]
    tanker = found[0]
    assert [(role.role, role.name) for role in tanker.roles] == [
        ("alleged_violator", "A Liberian tanker")
    ]
    assert tanker.attribution == ["a U.N. panel of experts"]
    fined = next(flag for flag in found if flag.status == "adjudicated")
    assert [role.name for role in fined.roles] == ["The bank"]
    assert "Resolution 2231" in [flag.legal_act for flag in found]


def test_states_that_answer_with_measures_of_their_own(run: SanctionsRun) -> None:
    found = flags(run, "counter")
    assert kinds(found) == [
        ("counter_sanctions", "sanctions", "imposed"),
        ("counter_sanctions", "travel_ban", "imposed"),
    ]
    assert found[0].roles[0].role == "authority"
    assert found[0].roles[0].name == "China"


def test_holdings_of_the_listed_are_derived_never_listed(run: SanctionsRun) -> None:
    found = flags(run, "holding")
    assert kinds(found) == [
        ("ownership", "control", "reported"),
        ("listed_party", "ofac:24325", "reported"),
    ]
    holding = found[0]
    assert {role.role for role in holding.roles} == {"owner", "owned"}
    assert holding.review == "review"
    assert holding.match is None


def test_territories_deal_or_are_left_alone(run: SanctionsRun) -> None:
    found = [flag for flag in flags(run, "territory") if flag.type == "territory"]
    assert {flag.subtype for flag in found} == {"DPRK", "IRAN", "CRIMEA"}
    iran = next(flag for flag in found if flag.subtype == "IRAN")
    assert all("beat" not in each.text for each in iran.evidence)
    assert iran.programme


def test_what_is_wanted_weighed_or_blocked_is_not_imposed(run: SanctionsRun) -> None:
    found = kinds([flag for flag in flags(run, "lists") if flag.type == "measure"])
    assert ("measure", "designation", "imposed") in found
    assert ("measure", "delisting", "lifted") in found
    assert ("measure", "sanctions", "hypothetical") in found
    assert ("measure", "sanctions", "requested") in found
    assert ("measure", "sanctions", "considered") in found
    assert ("measure", "sanctions", "blocked") in found
    assert ("measure", "arms_embargo", "existing") in found
    assert ("measure", "investment_ban", "imposed") in found
    assert ("measure", "sanctions", "imposed") not in found


def test_editors_brackets_and_bare_names(run: SanctionsRun) -> None:
    assert [flag.subtype for flag in flags(run, "bracketed")] == ["ofac:35096"]


def test_evidence_is_the_text(run: SanctionsRun) -> None:
    for name, record in articles().items():
        text = record.article.text
        for flag in flags(run, name):
            assert flag.evidence, flag
            for each in flag.evidence:
                assert text[each.start : each.end] == each.text
                assert each.sentence is not None
                assert each.sentence.start <= each.start < each.end <= each.sentence.end


def test_same_bytes_in_any_batch(run: SanctionsRun) -> None:
    records = list(articles().values())
    whole = [block.model_dump_json() for block in run(records)]
    again = SanctionsRun(Options())
    assert [again([record])[0].model_dump_json() for record in records] == whole
    assert len({flag.id for block in run(records) for flag in block.flags}) == sum(
        len(block.flags) for block in run(records)
    )


def test_entities_are_real(run: SanctionsRun) -> None:
    for name, record in articles().items():
        known = {entity.id for entity in record.entities or []}
        for flag, role in product(flags(run, name), range(5)):
            if role < len(flag.roles) and flag.roles[role].entity is not None:
                assert flag.roles[role].entity in known


def test_versions_are_named(run: SanctionsRun) -> None:
    assert run.lists == [f"starter@2024-05-03:{run.screener.versions[0].sha256[:12]}"]
    block = run([articles()["visit"]])[0]
    assert [version.starter for version in block.screening.lists] == [True]


def test_a_record_without_parse_is_poison(run: SanctionsRun) -> None:
    record: ArticleRecord = articles()["visit"].model_copy(update={"parse": None})
    with pytest.raises(PoisonRecord) as poison:
        run([record])
    assert poison.value.code == "no_parse"


def test_the_stage_is_the_last_reader_of_the_parse() -> None:
    assert (STAGE.source, STAGE.sink, STAGE.adds) == ("news.events", "news.enriched", "flags")
    assert STAGE.drops == {"parse"}
