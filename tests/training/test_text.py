"""Tokens to text, and names cut out of what corpora mark."""

from hypothesis import given
from hypothesis import strategies as st

from training.corpora.text import detokenise, in_portions, named, runs, trim, without_overlap
from training.passage import Passage, Span


def test_detokenise_sets_text_as_a_newspaper_does() -> None:
    text, offsets = detokenise(
        ["He", "said", ":", '"', "We", "do", "n't", "pay", "(", "$", "5", ")", ".", '"']
    )
    assert text == 'He said: "We don\'t pay ($5)."'
    assert text[slice(*offsets[6])] == "n't"


@given(st.lists(st.text(alphabet="abc.,()\"'$%", min_size=1, max_size=4), max_size=12))
def test_detokenise_keeps_every_token_in_its_place(tokens: list[str]) -> None:
    text, offsets = detokenise(tokens)
    assert [text[a:b] for a, b in offsets] == tokens


def test_runs_read_bio_and_io() -> None:
    assert list(runs(["B-PER", "I-PER", "B-PER", "O", "I-LOC"])) == [
        (0, 2, "PER"),
        (2, 3, "PER"),
        (4, 5, "LOC"),
    ]


def test_titles_and_possessives_are_no_part_of_a_name() -> None:
    text = "Gen. Joseph Votel’s plan for northern Iraq and the Red Cross"
    start, end = trim(text, 0, text.index(" plan"), person=True)
    assert text[start:end] == "Joseph Votel"
    at = text.index("northern")
    start, end = trim(text, at, at + len("northern Iraq"), person=False)
    assert text[start:end] == "Iraq"


def test_what_holds_no_name_gives_no_span() -> None:
    assert named("the soldiers left", 0, 12, "ORG") is None
    assert named("They left", 0, 4, "PERSON") is None


def test_known_places_get_their_kind() -> None:
    kinds = {}
    for name in ("Syria", "Red Sea", "Incirlik Air Base", "Qwertygrad"):
        span = named(name, 0, len(name), "PLACE")
        assert span is not None
        kinds[name] = span.label
    assert kinds == {
        "Syria": "GPE",
        "Red Sea": "LOC",
        "Incirlik Air Base": "FAC",
        "Qwertygrad": "PLACE",
    }


def test_the_longest_of_nested_names_stays() -> None:
    spans = [Span(0, 5, "GPE"), Span(0, 14, "ORG"), Span(20, 25, "GPE")]
    assert without_overlap(spans) == [Span(0, 14, "ORG"), Span(20, 25, "GPE")]


def test_portions_keep_names_over_their_text() -> None:
    pieces = [Passage(f"p{n}", f"Name{n} spoke.", names=[Span(0, 5, "PERSON")]) for n in range(6)]
    whole = list(in_portions(pieces, [n % 2 == 0 for n in range(6)], "doc", characters=30))
    names = [p.text[s.start : s.end] for p in whole for s in p.names]
    assert names == [f"Name{n}" for n in range(6)]
    assert len(whole) == 2
    assert whole[0].text.count("\n") == 1
