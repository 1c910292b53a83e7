"""From the model's names to mentions that agree: trimming, fixes, what was missed, homonyms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.entities import agreement, fixes, homonyms, knowledge, mentions, missed, patterns
from agents.entities.gazetteer import Gazetteer
from agents.entities.mentions import Found
from agents.entities.pipeline import Named
from agents.entities.setting import Setting
from schemas import ParsedText
from schemas.entities import Label

from .trees import tree


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(knowledge.load())


def named(text: str, words: str, label: str) -> Named:
    start = text.index(words)
    return Named(start, start + len(words), label)


def mention(text: str, words: str, label: Label) -> Found:
    start = text.index(words)
    return Found(start, start + len(words), label)


def words(text: str, found: list[Found]) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in found]


@pytest.mark.parametrize(
    ("text", "span", "label", "left"),
    [
        ("The White House said", "The White House", "ORG", "White House"),
        ("Putin’s invasion", "Putin’s", "PERSON", "Putin"),
        ("Mr. Kirby said", "Mr. Kirby", "PERSON", "Kirby"),
        ("“Acme” said", "“Acme”", "ORG", "Acme"),
        ("the city’s Hoa Lo", "’s Hoa Lo", "FAC", "Hoa Lo"),
        ("Abdallah - found dead", "Abdallah - found", "PERSON", "Abdallah"),
    ],
)
def test_what_does_not_belong_to_a_name_is_cut(text: str, span: str, label: str, left: str) -> None:
    found = mentions.trimmed(text, named(text, span, label))
    assert found is not None
    assert text[found.start : found.end] == left


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("He smoked marijuana", "marijuana", "PERSON"),
        ("A\nSTRANGE PHONE CALL\nb", "STRANGE PHONE CALL", "ORG"),
        ("it’s", "’s", "ORG"),
    ],
)
def test_what_is_no_name_is_dropped(text: str, span: str, label: str) -> None:
    assert mentions.trimmed(text, named(text, span, label)) is None


def test_a_weekday_is_a_date_whatever_the_model_says() -> None:
    found = mentions.trimmed("On Wednesday", Named(3, 12, "PERSON"))
    assert found is not None
    assert found.label == "DATE"


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("The Bank of Japan met", [("Bank of Japan", "ORG")], [("Bank of Japan", "ORG")]),
        ("the U.S.-Mexico border", [("U.S.-Mexico", "ORG")], [("U.S.", "GPE"), ("Mexico", "GPE")]),
        ("pro-Israel groups", [("pro-Israel", "NORP")], [("Israel", "GPE")]),
        ("Group of Seven nations", [("Group of", "ORG"), ("Seven", "CARDINAL")],
         [("Group of Seven", "ORG")]),
        ("Russian forces", [("Russian", "PERSON")], [("Russian", "NORP")]),
        ("Michael Jordan left. Jordan won.", [("Michael Jordan", "PERSON")],
         [("Michael Jordan", "PERSON")]),
    ],
)  # fmt: skip
def test_known_names_and_the_models(
    gazetteer: Gazetteer,
    text: str,
    names: list[tuple[str, str]],
    expected: list[tuple[str, str]],
) -> None:
    modelled = [named(text, span, label) for span, label in names]
    assert words(text, mentions.find(text, modelled, gazetteer.find(text), [])) == expected


@pytest.mark.parametrize(
    ("text", "span", "label", "expected"),
    [
        ("to nearby Vladivostok in Russia", "Vladivostok", "PERSON", ("Vladivostok", "GPE")),
        ("the Rukban camp was closed", "Rukban", "ORG", ("Rukban", "GPE")),
        ("Foreign Minister Jane Doe left", "Foreign Minister Jane Doe", "PERSON",
         ("Jane Doe", "PERSON")),
        ("Russian President Ivan Doe left", "Russian President Ivan Doe", "ORG",
         ("Ivan Doe", "PERSON")),
        ("to Mr. Sydney", "Sydney", "PERSON", ("Sydney", "PERSON")),
    ],
)  # fmt: skip
def test_typical_errors_are_mended(
    text: str, span: str, label: Label, expected: tuple[str, str]
) -> None:
    assert words(text, fixes.mend(text, [mention(text, span, label)])) == [expected]


def test_a_surname_has_the_label_of_the_full_name() -> None:
    text = "David McKinley came. McKinley spoke."
    found = [mention(text, "David McKinley", "PERSON"), Found(21, 29, "ORG")]
    assert words(text, fixes.mend(text, found))[1] == ("McKinley", "PERSON")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spokesman Zork Blim said no", ("Zork Blim", "PERSON")),
        ("so Zork Blim said", ("Zork Blim", "PERSON")),
        ("so Zork Blim, 44, said", ("Zork Blim", "PERSON")),
        ("by Michael Blim yesterday", ("Michael Blim", "PERSON")),
        ("ships left for Vladivostok or stayed in Vladivostok", ("Vladivostok", "GPE")),
        ("News Director Zork Blim said", ("Zork Blim", "PERSON")),
    ],
)
def test_names_that_the_model_missed(text: str, expected: tuple[str, str]) -> None:
    assert expected in words(text, missed.add(text, []))


@pytest.mark.parametrize(
    "text",
    ["the Prime Minister's Office said", "the Foreign Ministry said", "on Monday, 12, the"],
)
def test_no_persons(text: str) -> None:
    assert missed.add(text, []) == []


def test_a_leader_is_known_by_surname_where_the_country_is_named() -> None:
    text = "Turkey and Erdogan"
    setting = Setting(countries={"TUR": 1})
    assert words(text, missed.leaders(text, [], setting, knowledge.load())) == [
        ("Erdogan", "PERSON")
    ]
    assert missed.leaders(text, [], Setting(), knowledge.load()) == []


def test_repeats_of_a_name_are_found_and_agree() -> None:
    parsed = tree(
        "Ann/NNP Zork/NNP met/VBD Acme/NNP ./. | Zork/NNP left/VBD Acme/NNP ./. | Acme/NNP fell/VBD"
    )
    text = parsed.text
    found = [mention(text, "Ann Zork", "PERSON"), mention(text, "Acme", "ORG")]
    last = text.rindex("Acme")
    found.append(Found(last, last + 4, "GPE"))
    assert words(text, agreement.agree(parsed, found)) == [
        ("Ann Zork", "PERSON"), ("Acme", "ORG"), ("Zork", "PERSON"), ("Acme", "ORG"),
        ("Acme", "ORG"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "outlet", "meaning"),
    [
        ("Georgia and Armenia signed in Tbilisi", None, "GEO"),
        ("Arizona, Georgia and Nevada voted", None, "US-GA"),
        ("Georgia voted, the U.S. said", "USA", "US-GA"),
        ("Georgia voted", None, "GEO"),
    ],
)
def test_which_georgia(gazetteer: Gazetteer, text: str, outlet: str | None, meaning: str) -> None:
    found = mentions.find(text, [], gazetteer.find(text), [])
    settled = homonyms.settle(text, found, outlet, knowledge.load())
    georgia = next(one for one in settled if text[one.start : one.end] == "Georgia")
    assert georgia.surfaces[0].entry.id == meaning


def test_the_north_is_a_country_where_both_koreas_are_named(gazetteer: Gazetteer) -> None:
    text = "North Korea and South Korea met. The North fired; the South of Spain is warm."
    found = mentions.find(text, [], gazetteer.find(text), [])
    settled = homonyms.settle(text, found, None, knowledge.load())
    halves = [one for one in settled if text[one.start : one.end] in ("North", "South")]
    assert [one.surfaces[0].entry.id for one in halves] == ["PRK"]


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("breach of U.N. Security Council resolution 2270, he",
         "U.N. Security Council resolution 2270", "LAW"),
        ("under Executive Order 14024.", "Executive Order 14024", "LAW"),
        ("Council Regulation (EU) No 833/2014 bans", "Council Regulation (EU) No 833/2014", "LAW"),
        ("the Caesar Syria Civilian Protection Act of 2019.",
         "Caesar Syria Civilian Protection Act of 2019", "LAW"),
        ("the oil tanker Lady Em sank", "Lady Em", "VESSEL"),
        ("aboard the USS Ronald Reagan on", "USS Ronald Reagan", "VESSEL"),
        ("(IMO 9187629)", "IMO 9187629", "VESSEL"),
        ("a Boeing 737 MAX 8 crashed", "Boeing 737 MAX 8", "AIRCRAFT"),
        ("Malaysia Airlines Flight 370 was", "Malaysia Airlines Flight 370", "AIRCRAFT"),
        ("by Acme Trading S.A. and others", "Acme Trading S.A.", "ORG"),
        ("by Acme Shipping Co. and Star Ltd.", "Acme Shipping Co.", "ORG"),
    ],
)  # fmt: skip
def test_things_that_have_a_form(text: str, span: str, label: str) -> None:
    assert (span, label) in words(text, patterns.find(text))


@given(st.text(max_size=120))
def test_mentions_are_inside_the_text_and_never_empty(text: str) -> None:
    found = missed.add(text, patterns.find(text))
    found = agreement.agree(ParsedText(text, [], []), fixes.mend(text, found))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)


def test_a_body_of_another_state_is_not_the_known_one(gazetteer: Gazetteer) -> None:
    for text, known in (
        ("South Korea's Joint Chiefs of Staff said", False),
        ("U.S. Joint Chiefs of Staff said", True),
        ("The Joint Chiefs of Staff said", True),
    ):
        found = mentions.find(text, [], gazetteer.find(text), [])
        settled = homonyms.settle(text, found, None, knowledge.load())
        assert bool(settled[-1].surfaces) is known, text


def test_a_known_name_wins_over_one_that_cuts_it(gazetteer: Gazetteer) -> None:
    text = "European Commission President Ursula von der Leyen said"
    cut = [named(text, "European Commission President Ursula von", "ORG")]
    found = words(text, mentions.find(text, cut, gazetteer.find(text), []))
    assert found == [("European Commission", "ORG"), ("Ursula von der Leyen", "PERSON")]


def test_a_noun_before_a_name_tells_that_it_is_a_body() -> None:
    text = "the rights group Viasna was closed"
    found = fixes.mend(text, [mention(text, "Viasna", "PERSON")])
    assert words(text, found) == [("Viasna", "ORG")]
