"""The exact pass: listed names in running text, whole words, capitalised, the longest first."""

from agents.sanctions.entry import AliasClass, Kind, ListedName, ListEntry
from agents.sanctions.exact import ExactPass


def entry(kind: Kind, *names: tuple[str, AliasClass]) -> ListEntry:
    return ListEntry("own:1", "own", kind, tuple(ListedName(*name) for name in names))


def found(text: str, *entries: ListEntry) -> list[str]:
    return [text[hit.start : hit.end] for hit in ExactPass(entries).find(text)]


PERSON = entry("person", ("ORLOVANDER, Pavel Teodorovich", "primary"), ("The Tailor", "weak"))
BODY = entry("organization", ("Brellan Maritime Trading Ltd", "primary"))


def test_names_in_both_orders_and_with_typography() -> None:
    text = "Pavel Teodorovich Orlovander met [Pavel Teodorovich] Orlovander’s lawyer."
    assert found(text, PERSON) == [
        "Pavel Teodorovich Orlovander",
        "Pavel Teodorovich] Orlovander",
    ]


def test_legal_forms_may_be_left_out() -> None:
    assert found("Brellan Maritime Trading moved.", BODY) == ["Brellan Maritime Trading"]


def test_lower_case_words_and_weak_names_are_no_hits() -> None:
    assert (
        found("the tailor said brellan maritime trading was slow. The Tailor left.", PERSON, BODY)
        == []
    )


def test_the_longest_hit_wins() -> None:
    short = entry("organization", ("Brellan Maritime", "primary"))
    assert found("Brellan Maritime Trading moved.", BODY, short) == ["Brellan Maritime Trading"]


def test_parts_of_words_are_no_hits() -> None:
    assert found("Brellan Maritime Tradings moved.", BODY) == []


def test_no_names_no_hits() -> None:
    assert list(ExactPass([]).find("Anything at all.")) == []
