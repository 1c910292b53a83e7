"""The packed parse: what is packed comes out again, small, and broken data is refused."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.parse import Parse, ParsedText, pack, unpack

WORDS = ["Troops", "crossed", "the", "river", ".", "They", "rested", "."]
HEADS = [1, 1, 3, 1, 1, 6, 6, 6]
DEPS = ["nsubj", "ROOT", "det", "dobj", "punct", "nsubj", "ROOT", "punct"]
TAGS = ["NNS", "VBD", "DT", "NN", ".", "PRP", "VBD", "."]
POSES = ["NOUN", "VERB", "DET", "NOUN", "PUNCT", "PRON", "VERB", "PUNCT"]
LEMMAS = ["troop", "cross", "the", "river", ".", "they", "rest", "."]
STARTS = [True, *[False] * 4, True, False, False]


def spans_of(words: list[str], text: str) -> list[tuple[int, int]]:
    spans, position = [], 0
    for word in words:
        start = text.index(word, position)
        position = start + len(word)
        spans.append((start, position))
    return spans


TEXT = "Troops crossed the river. They rested."


@pytest.fixture
def parsed() -> ParsedText:
    packed = pack(
        TEXT,
        spans_of(WORDS, TEXT),
        heads=HEADS,
        columns=(TAGS, POSES, DEPS),
        lemmas=LEMMAS,
        sent_starts=STARTS,
    )
    return unpack(packed, TEXT)


def test_every_column_comes_out_again(parsed: ParsedText) -> None:
    tokens = parsed.tokens
    assert [token.text for token in tokens] == WORDS
    assert [token.head for token in tokens] == HEADS
    assert [token.dep for token in tokens] == DEPS
    assert [token.tag for token in tokens] == TAGS
    assert [token.pos for token in tokens] == POSES
    assert [token.lemma for token in tokens] == LEMMAS
    assert parsed.sentences == [(0, 5), (5, 8)]
    assert [token.sent for token in tokens] == [0] * 5 + [1] * 3


def test_the_walks(parsed: ParsedText) -> None:
    assert [token.text for token in parsed.children(1)] == ["Troops", "river", "."]
    assert [token.text for token in parsed.subtree(3)] == ["the", "river"]
    assert [token.text for token in parsed.ancestors(2)] == ["river", "crossed"]
    assert parsed.head(1).text == "crossed"
    assert [token.text for token in parsed.sentence(6)] == ["They", "rested", "."]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0, 6, ["Troops"]),
        (3, 8, ["Troops", "crossed"]),
        (6, 7, []),
        (24, 25, ["."]),
        (0, 0, []),
        (30, 99, ["rested", "."]),
    ],
)
def test_tokens_between_two_code_points(
    parsed: ParsedText, start: int, end: int, words: list[str]
) -> None:
    assert [token.text for token in parsed.between(start, end)] == words


@st.composite
def parses(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    words = draw(
        st.lists(
            st.text(
                alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=300
            ),
            max_size=8,
        )
    )
    gaps = [draw(st.integers(0, 300)) for _ in words]
    n = len(words)
    text, spans = "", []
    for word, gap in zip(words, gaps, strict=True):
        text += " " * gap
        spans.append((len(text), len(text) + len(word)))
        text += word
    labels = st.sampled_from(["a", "b", "ROOT", "é"])
    columns = tuple([draw(labels) for _ in words] for _ in range(3))
    return text, {
        "spans": spans,
        "heads": [draw(st.integers(0, n - 1)) for _ in words],
        "columns": columns,
        "lemmas": [draw(st.just(word.lower()) | st.text(min_size=1)) for word in words],
        "sent_starts": [i == 0 or draw(st.booleans()) for i in range(n)],
    }


@given(parses())
def test_unpacking_undoes_packing(given_parse: tuple[str, dict[str, Any]]) -> None:
    text, given_ = given_parse
    packed = pack(text, **given_)
    parsed = unpack(Parse.model_validate_json(packed.model_dump_json()), text)
    tokens = parsed.tokens
    assert [(token.start, token.end) for token in tokens] == given_["spans"]
    assert [token.text for token in tokens] == [text[s:e] for s, e in given_["spans"]]
    assert [token.head for token in tokens] == given_["heads"]
    assert [token.lemma for token in tokens] == given_["lemmas"]
    columns = tuple([getattr(token, name) for token in tokens] for name in ("tag", "pos", "dep"))
    assert columns == given_["columns"]
    starts = [first for first, _ in parsed.sentences]
    assert starts == [i for i, starts_here in enumerate(given_["sent_starts"]) if starts_here]
    assert all(a[1] == b[0] for a, b in pairwise(parsed.sentences))


def test_a_parse_takes_at_most_twenty_five_bytes_a_token() -> None:
    words = WORDS * 100
    text = " ".join(words)
    packed = pack(
        text,
        spans_of(words, text),
        heads=[i * 8 + head for i in range(100) for head in HEADS],
        columns=(TAGS * 100, POSES * 100, DEPS * 100),
        lemmas=LEMMAS * 100,
        sent_starts=STARTS * 100,
    )
    assert len(packed.model_dump_json()) / len(words) <= 25


def test_data_that_does_not_hold_the_tokens_is_refused() -> None:
    packed = pack(
        "a", [(0, 1)], heads=[0], columns=(["x"], ["y"], ["z"]), lemmas=["a"], sent_starts=[True]
    )
    with pytest.raises(ValueError, match="not those of 2 tokens"):
        unpack(packed.model_copy(update={"n": 2}), "a")


def test_a_head_too_far_away_is_refused() -> None:
    n = 40_000
    with pytest.raises(ValueError, match="32,767"):
        pack(
            "a" * n,
            [(i, i + 1) for i in range(n)],
            heads=[n - 1] * n,
            columns=(["x"] * n, ["y"] * n, ["z"] * n),
            lemmas=["a"] * n,
            sent_starts=[False] * n,
        )
