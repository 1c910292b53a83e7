import pytest

from agents.entities import places


@pytest.mark.parametrize(
    ("name", "countries", "after", "country"),
    [
        ("Vladivostok", {}, None, "RUS"),
        ("Paris", {}, None, "FRA"),
        ("Paris", {}, "US-TX", "USA"),
        ("London", {"CAN": 1}, "CAN", "CAN"),
        ("London", {"USA": 3}, None, "GBR"),
        ("Tripoli", {"LBN": 4}, None, "LBN"),
        ("Tripoli", {"LBY": 4}, None, "LBY"),
        ("Birmingham", {"USA": 2}, "US-AL", "USA"),
        ("Red Sea", {}, None, None),
        ("Xinjiang", {}, None, "CHN"),
    ],
)
def test_country(
    name: str, countries: dict[str, int], after: str | None, country: str | None
) -> None:
    choice = places.choose(name, countries, after=after)
    assert choice is not None
    assert choice.place.country == country


def test_the_score_is_a_share_and_has_its_reason() -> None:
    choice = places.choose("Springfield", {"USA": 1})
    assert choice is not None
    assert 0 < choice.score < 1
    assert choice.reason == "its country is named in the text"


def test_what_is_no_place_is_none() -> None:
    assert places.choose("Nowhere-upon-Nothing", {}) is None
    assert places.choose("North", {}) is None


def test_every_coordinate_is_on_earth() -> None:
    for place in [*places.regions().values(), *places.us_states().values()]:
        assert -90 <= place.lat <= 90
        assert -180 <= place.lon <= 180
