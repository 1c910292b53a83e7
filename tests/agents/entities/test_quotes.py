import pytest

from agents.entities import quotes
from schemas import ParsedText
from schemas.entities import Entity, Label, Mention, Quote

from .trees import tree


def people(parsed: ParsedText, *names: tuple[str, Label]) -> tuple[list[Mention], list[Entity]]:
    """One entity a name, with all mentions of exactly these words."""
    mentions: list[Mention] = []
    entities = []
    for number, (name, label) in enumerate(names):
        at = -1
        own = []
        while (at := parsed.text.find(name, at + 1)) >= 0:
            own.append(
                Mention(id=f"m{len(mentions)}", entity=f"e{number}", start=at, end=at + len(name),
                        text=name, label=label)
            )  # fmt: skip
            mentions.append(own[-1])
        role = "spokesman" if name == "Kirby" else None
        entities.append(
            Entity(id=f"e{number}", name=name, label=label, mentions=[m.id for m in own], role=role)
        )
    return sorted(mentions, key=lambda mention: mention.start), entities


def find(marked: str, *names: tuple[str, Label]) -> list[Quote]:
    parsed = tree(marked)
    return quotes.find(parsed, *people(parsed, *(names or (("Kirby", "PERSON"),))))


AFTER = "“/`` _We/PRP do/VBP not/RB know/VB _,/, _”/'' Kirby/NNP/nsubj/9 said/VBD ./."
BEFORE = "Kirby/NNP/nsubj/2 said/VBD :/: “/`` _We/PRP do/VBP not/RB know/VB _./. _”/''"
INVERTED = "“/`` _We/PRP do/VBP not/RB know/VB _,/, _”/'' said/VBD Kirby/NNP/nsubj/8 ./."
STRAIGHT = "\"/`` _We/PRP do/VBP not/RB know/VB _,/, _\"/'' Kirby/NNP/nsubj/9 said/VBD ./."
SINGLE = "‘/`` _We/PRP do/VBP not/RB know/VB _,/, _’/'' Kirby/NNP/nsubj/9 said/VBD ./."


@pytest.mark.parametrize("marked", [AFTER, BEFORE, INVERTED, STRAIGHT, SINGLE])
def test_direct_speech(marked: str) -> None:
    (quote,) = find(marked)
    assert quote.text.rstrip(",.") == "We do not know"
    assert (quote.speaker, quote.cue, quote.direct) == ("e0", "said", True)


def test_a_speaker_in_the_middle_speaks_both_parts() -> None:
    found = find(
        "“/`` _It/PRP is/VBZ late/JJ _,/, _”/'' Kirby/NNP/nsubj/8 said/VBD ./. "
        "“/`` _We/PRP will/MD go/VB home/RB ./. _”/''"
    )
    assert [quote.speaker for quote in found] == ["e0", "e0"]


def test_a_quotation_over_two_paragraphs_has_one_speaker() -> None:
    found = find(
        "“/`` _It/PRP is/VBZ far/RB too/RB late/JJ ./. | "
        "“/`` _We/PRP will/MD go/VB home/RB _,/, _”/'' Kirby/NNP/nsubj/10 said/VBD ./."
    )
    assert [quote.speaker for quote in found] == ["e0", "e0"]


def test_he_is_the_last_speaker_not_the_last_name() -> None:
    found = find(
        "Kirby/NNP/nsubj/2 said/VBD Putin/NNP/nsubj/4 was/VBD/ccomp/2 ill/JJ/x/4 at/IN/x/4 "
        "home/NN ./.\n\n"
        "He/PRP/nsubj/2 said/VBD it/PRP/nsubj/4 was/VBD/ccomp/2 too/RB/x/4 late/JJ ./.",
        ("Kirby", "PERSON"),
        ("Putin", "PERSON"),
    )
    assert [(quote.speaker, quote.direct) for quote in found] == [("e0", False), ("e0", False)]


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("Kirby/NNP/nsubj/2 said/VBD that/IN/mark/6 they/PRP/nsubj/6 have/VBP/aux/6 "
         "left/VBN/ccomp/2 Russia/NNP ./.", "they have left Russia"),
        ("Kirby/NNP/nsubj/2 told/VBD AP/NNP/dobj/2 it/PRP/nsubj/5 was/VBD/ccomp/2 too/RB/x/5"
         " late/JJ/x/5 ./.", "it was too late"),
        ("They/PRP/nsubj/3 have/VBP/aux/3 left/VBN/ccomp/6 Russia/NNP/x/3 _,/,/x/6 "
         "spokesman/NN/x/7 Kirby/NNP/nsubj/8 said/VBD ./.", "They have left Russia"),
        ("According/VBG to/TO Kirby/NNP _,/, they/PRP have/VBP left/VBN Russia/NNP",
         "they have left Russia"),
        ("They/PRP have/VBP left/VBN Russia/NNP _,/, according/VBG to/TO Kirby/NNP ./.",
         "They have left Russia"),
    ],
)  # fmt: skip
def test_indirect_speech(marked: str, words: str) -> None:
    (quote,) = find(marked)
    assert (quote.text, quote.speaker, quote.direct) == (words, "e0", False)


def test_the_spokesman_is_the_one_whose_office_it_is() -> None:
    found = find(
        "Kirby/NNP/nsubj/2 said/VBD it/PRP/nsubj/4 was/VBD/ccomp/2 too/RB/x/4 late/JJ ./.\n\n"
        "The/DT spokesman/NN/nsubj/3 added/VBD that/IN all/DT was/VBD/ccomp/3 well/RB again/RB ./."
    )
    assert [quote.speaker for quote in found] == ["e0", "e0"]


def test_officials_without_a_name_are_nobody() -> None:
    (quote,) = find(
        "Kirby/NNP/nsubj/2 left/VBD ./.\n\n"
        "Officials/NNS/nsubj/2 said/VBD it/PRP/nsubj/4 was/VBD/ccomp/2 too/RB/x/4 late/JJ ./."
    )
    assert quote.speaker is None


def test_two_words_in_marks_without_a_cue_are_no_quotation() -> None:
    assert find("The/DT “/`` _free/JJ world/NN _”/'' ended/VBD ./.") == []


def test_the_words_are_those_of_the_text() -> None:
    for marked in (AFTER, BEFORE, INVERTED, STRAIGHT, SINGLE):
        text = tree(marked).text
        for quote in find(marked):
            assert text[quote.start : quote.end] == quote.text
