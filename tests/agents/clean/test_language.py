"""Which language a text is in, and whose word counts."""

import pytest

from agents.clean import language

from .conftest import STORY


@pytest.fixture(scope="module")
def detect() -> language.Detector:
    return language.Detector()


def test_the_detector_is_believed_on_long_texts(detect: language.Detector) -> None:
    told = detect(" ".join(STORY), [("html", "de")])
    assert told is not None
    assert (told.code, told.source) == ("en", "detector")
    assert 0.5 < told.score <= 1


def test_a_declaration_is_believed_on_short_ones(detect: language.Detector) -> None:
    told = detect("TASS: Putin, Xi, NATO.", [("feed", None), ("html", "en-GB")])
    assert told is not None
    assert (told.code, told.source) == ("en", "html")


def test_only_the_first_thousand_code_points_are_looked_at(detect: language.Detector) -> None:
    english = (" ".join(STORY) * 4)[:1_000]
    assert detect(english, []) == detect(
        english + " Zwei Fähren sind im Nebel kollidiert." * 90, []
    )


def test_nothing_to_go_by(detect: language.Detector) -> None:
    assert detect("12 34", []) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("en-GB", "en"), ("en_US", "en"), (" DE ", "de"), ("english", None), ("", None), (None, None)],
)
def test_codes(written: str | None, code: str | None) -> None:
    assert language.code(written) == code
