"""Whole sentences through the coder: what is coded, and why the rest is not."""

import pytest

from agents.events import STAGE, Coder
from agents.events.participants import dateline_end
from agents.stage import Options
from schemas import ArticleRecord
from schemas.events import Event
from tests.agents.events.conftest import Recorder, blocks
from tests.agents.events.gold import code


def coded(event: Event) -> str:
    """Type, mode, status and parties in the notation of the gold."""
    actors = ", ".join(code(p) for p in event.actors)
    recipients = ", ".join(code(p) for p in event.recipients)
    mode = f"/{event.mode}" if event.mode else ""
    return f"{event.type}{mode} {event.status} | {actors} > {recipients}".strip()


CASES = {
    "Arnor announced it would send aid to Gondor.": ['AGREE planned | "Arnor" > "Gondor"'],
    "Police arrested 12 protesters in Cairo.": ["COERCE/arrest asserted | EGY/COP > EGY/CVL"],
    "Twelve protesters were arrested by police in Cairo.": [
        "COERCE/arrest asserted | EGY/COP > EGY/CVL"
    ],
    "Israel and Egypt held talks in Zurich.": ["CONSULT asserted | ISR, EGY >"],
    "Roughly 3,000 North Korean soldiers moved into eastern Russia.": [
        "MOBILIZE/troops asserted | PRK/MIL >"
    ],
    "Seoul condemned Pyongyang.": ["ACCUSE/disapprove asserted | KOR/GOV > PRK/GOV"],
    "Russia's invasion of Ukraine in February 2022 shocked Europe.": [
        "ASSAULT historical | RUS > UKR"
    ],
    "Germany promised to send tanks to Ukraine.": ["AGREE asserted | DEU > UKR"],
    "Iran refused to release French prisoners.": ["REJECT/yield asserted | IRN > FRA/CVL"],
    "Ukraine asked Germany for more weapons.": ["REQUEST/assist asserted | UKR > DEU"],
    "North Korea threatened to attack South Korea.": ["THREATEN/violence asserted | PRK > KOR"],
    "Turkey suspended aid to Syria.": ["SANCTION/discontinue asserted | TUR > SYR"],
    "Iran did not attack the tanker.": ["ASSAULT negated | IRN >"],
    "Britain denied that its troops had attacked civilians in Basra.": [
        "ASSAULT denied | GBR/MIL > IRQ/CVL"
    ],
    "Moscow accused Kyiv of shelling a hospital in Donetsk.": [
        "ACCUSE/allege asserted | RUS/GOV > UKR/GOV",
        "ASSAULT/heavy-weapons asserted | UKR/GOV > UKR/MED",
    ],
    "Envoys from Chad and Niger met in Lagos.": ["CONSULT asserted | TCD/GOV, NER/GOV >"],
    "The prime minister said he would not meet the rebels.": [
        "REJECT/meet asserted | -/GOV > -/REB"
    ],
    "Gunmen attacked a base in Mali, killing 14 soldiers.": [
        "ASSAULT asserted | MLI/UAF > MLI, MLI/MIL"
    ],
    "Switzerland gave Nepal tents.": ["AID asserted | CHE > NPL"],
    "Ethiopia expelled the Sudanese ambassador.": ["SANCTION/expel asserted | ETH > SDN/GOV"],
}

TRAPS = [
    "The Lakers attacked the rim early and shot 52 percent from the field.",
    "The central bank has declared war on inflation.",
    "The film tells the story of a soldier who kills his captain.",
    "The storm killed 14 people in Florida.",
]


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_codes_type_parties_and_status(
    coder: Coder, record: Recorder, text: str, expected: list[str]
) -> None:
    assert [coded(event) for event in coder.explain(record(text)).events] == expected


@pytest.mark.parametrize("text", TRAPS)
def test_figures_of_speech_accidents_and_fiction_make_no_event_but_a_reason(
    coder: Coder, record: Recorder, text: str
) -> None:
    explanation = coder.explain(record(text))
    assert explanation.events == []
    assert all(drop.reason for drop in explanation.dropped)
    assert all(text[drop.start : drop.end] == drop.text for drop in explanation.dropped)
    assert explanation.dropped


def test_an_eaten_event_is_named_with_what_ate_it(coder: Coder, record: Recorder) -> None:
    explanation = coder.explain(record("Germany promised to send tanks to Ukraine."))
    (dropped,) = [drop for drop in explanation.dropped if drop.text == "send"]
    assert "agree.promise" in dropped.reason


def test_each_event_names_its_rule_its_words_and_its_sentence(
    coder: Coder, record: Recorder
) -> None:
    text = "Twelve protesters were arrested by police in Cairo."
    (event,) = coder.explain(record(text)).events
    assert event.rule == "coerce.arrest/passive"
    assert event.trigger.text == text[event.trigger.start : event.trigger.end] == "arrested"
    assert (event.sentence.start, event.sentence.end) == (0, len(text))
    assert event.quad == "material-conflict"
    assert event.intensity == -7


def test_speakers_stand_outermost_first(coder: Coder, record: Recorder) -> None:
    text = "The State Department said Wednesday that Cuban troops had entered Angola."
    (event,) = coder.explain(record(text)).events
    assert [(a.name, a.cue) for a in event.attribution] == [("US State Department", "say")]


def test_according_to_makes_a_speaker(coder: Coder, record: Recorder) -> None:
    text = "According to the Pentagon, Chinese warships sailed into the Taiwan Strait."
    (event,) = coder.explain(record(text)).events
    assert [a.cue for a in event.attribution] == ["according to"]
    assert event.attribution[0].name == "Pentagon"


def test_a_first_person_in_a_quotation_is_the_speaker(coder: Coder, record: Recorder) -> None:
    events = coder.explain(record("“We will attack Israel,” the Iranian president said.")).events
    assert [coded(event) for event in events] == ["THREATEN/violence planned | IRN/GOV > ISR"]


def test_pronouns_of_the_next_sentence_are_resolved(coder: Coder, record: Recorder) -> None:
    events = coder.explain(
        record("The foreign minister of Peru visited Cuba. He praised Cuba.")
    ).events
    assert [coded(event) for event in events] == [
        "CONSULT/visit asserted | PER/GOV > CUB",
        "SUPPORT asserted | PER/GOV > CUB",
    ]


def test_a_condition_makes_both_clauses_hypothetical(coder: Coder, record: Recorder) -> None:
    events = coder.explain(record("If Turkey invades Syria, Russia will respond.")).events
    assert [coded(event) for event in events] == ["ASSAULT hypothetical | TUR > SYR"]


def test_relative_clauses_and_passives_share_the_noun(coder: Coder, record: Recorder) -> None:
    text = "Rebels who had attacked the town were killed by soldiers."
    events = coder.explain(record(text)).events
    assert "ASSAULT asserted | -/MIL > -/REB" in [coded(event) for event in events]


def test_place_date_and_size_come_from_the_clause(coder: Coder, record: Recorder) -> None:
    (event,) = coder.explain(record("Police arrested 12 protesters in Cairo.")).events
    assert event.place is not None
    assert (event.place.name, event.place.how) == ("Cairo", "clause")
    assert event.date is not None
    assert (event.date.value, event.date.how) == ("2024-10-23", "published")
    assert event.magnitude is not None
    assert event.magnitude.arrested == 12


def test_the_dateline_is_the_last_resort_for_the_place(coder: Coder, record: Recorder) -> None:
    (event,) = coder.explain(record("Seoul condemned Pyongyang.", dateline="Tokyo")).events
    assert event.place is not None
    assert (event.place.name, event.place.how) == ("Tokyo", "dateline")


def test_counts_that_contradict_each_other_stay_two_events(coder: Coder, record: Recorder) -> None:
    sentence = "Nigerian troops killed {} militants on Monday."
    text = f"{sentence.format(12)} {sentence.format(15)}"
    events = coder.explain(record(text)).events
    assert [e.magnitude.dead for e in events if e.magnitude] == [12, 15]
    assert len({e.id for e in events}) == 2


def test_two_tellings_make_one_event_with_two_pieces_of_evidence(
    coder: Coder, record: Recorder
) -> None:
    text = "Kenya deployed 600 soldiers in Haiti. The Kenyan soldiers arrived in Haiti on Tuesday."
    events = coder.explain(record(text)).events
    assert all(e.type == "MOBILIZE" and e.mode == "troops" for e in events)
    assert sum(len(e.evidence) for e in events) == 2


def test_the_stage_gives_the_same_bytes_in_any_batch(record: Recorder) -> None:
    run = STAGE.load(Options())
    records = [record(text) for text in blocks()]
    whole = [repr(block) for block in run(records)]
    single = [repr(run([one])[0]) for one in records]
    assert whole == single
    assert run.lists[0].startswith("lexicon:")


def test_a_record_without_a_parse_has_no_events(coder: Coder, record: Recorder) -> None:
    bare: ArticleRecord = record("Seoul condemned Pyongyang.").model_copy(update={"parse": None})
    assert coder.explain(bare).events == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("KYIV, Nov. 17 (Harbour Wire) — Russia has moved", len("KYIV, Nov. 17 (Harbour Wire) — ")),
        ("BEIRUT — Rebels", len("BEIRUT — ")),
        ("NATO said on Monday — late — that", 0),
        ("Kyiv — the capital — was hit", 0),
    ],
)
def test_a_dateline_left_in_the_text_is_found_by_its_form(
    record: Recorder, text: str, end: int
) -> None:
    article = record("Seoul condemned Pyongyang.").article.model_copy(update={"text": text})
    assert dateline_end(ArticleRecord(article=article)) == end
