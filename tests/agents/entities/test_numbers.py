import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.entities import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,000", 3000),
        ("1.2bn", 1.2e9),
        ("20 billion", 2e10),
        ("2.5m", 2.5e6),
        ("twenty-five", 25),
        ("three hundred and fifty thousand", 350_000),
        ("a million", 1e6),
        ("half a million", 5e5),
        ("two and a half million", 2.5e6),
        ("two dozen", 24),
        ("12,34,567", 1_234_567),
    ],
)
def test_value(text: str, value: float) -> None:
    (number,) = numbers.find(f"There were {text} of them.")
    assert number.value == value
    assert number.until is None
    assert not number.approx


@pytest.mark.parametrize(
    ("text", "value", "until"),
    [
        ("between 3,000 and 5,000", 3000, 5000),
        ("3,000 to 5,000", 3000, 5000),
        ("10-12 billion", 1e10, 1.2e10),
        ("1.5 million to 2 million", 1.5e6, 2e6),
    ],
)
def test_range(text: str, value: float, until: float) -> None:
    (number,) = numbers.find(f"It takes {text} men.")
    assert (number.value, number.until) == (value, until)


@pytest.mark.parametrize(
    ("text", "approx"),
    [
        ("roughly 3,000", True),
        ("at least 20", True),
        ("as many as 12,000", True),
        ("more than a dozen", True),
        ("200 or so", True),
        ("dozens", True),
        ("another 300", False),
        ("3,000", False),
    ],
)
def test_approximation_belongs_to_the_phrase(text: str, approx: bool) -> None:
    (number,) = numbers.find(f"He saw {text} men.")
    assert number.approx is approx
    assert f"He saw {text} men."[number.start : number.end] == text


@pytest.mark.parametrize("text", ["S-400", "COVID-19", "MH17", "10:30", "the 1st", "v2.0.1"])
def test_parts_of_names_and_times_are_no_numbers(text: str) -> None:
    assert numbers.find(f"It was {text} then") == []


@given(st.integers(0, 10**12))
def test_reads_back_what_is_written_with_commas(value: int) -> None:
    text = f"about {value:,} people"
    (number,) = numbers.find(text)
    assert number.value == value
    assert number.approx
    assert text[number.core : number.end] == f"{value:,}"


@given(st.text(max_size=80))
def test_spans_are_ordered_and_inside_the_text(text: str) -> None:
    position = 0
    for number in numbers.find(text):
        assert position <= number.core < number.end <= len(text)
        position = number.end
