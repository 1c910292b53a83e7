"""Bylines into names."""

import pytest

from agents.clean import authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("by ann lee", []),
        ("BY ANN LEE AND BO CHU", ["ANN LEE", "BO CHU"]),
        ("By Ann Lee and Bo Chu, Staff Writers", ["Ann Lee", "Bo Chu"]),
        ("Ann Lee, Bo Chu & Cy Dow", ["Ann Lee", "Bo Chu", "Cy Dow"]),
        ("Written by Ann Lee, Political Editor", ["Ann Lee"]),
        ("Ann Lee | Reporter", ["Ann Lee"]),
        ("Ann Lee in Seoul", ["Ann Lee"]),
        ("Ann Lee in Seoul and Bo Chu in Tokyo", ["Ann Lee", "Bo Chu"]),
        ("Ann Lee (ann.lee@example.com)", ["Ann Lee"]),
        ("Ann Lee @annlee", ["Ann Lee"]),
        ("Dr. Ann Lee", ["Ann Lee"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("Von Anna Berg und Jörg Müller", ["Anna Berg", "Jörg Müller"]),
        ("Par Zoé Lefèvre et Luc de la Tour", ["Zoé Lefèvre", "Luc de la Tour"]),
        ("Por María José Ruiz y Juan Gómez", ["María José Ruiz", "Juan Gómez"]),
        ("Ursula von der Leyen", ["Ursula von der Leyen"]),
        ("Mary-Jane O’Neill", ["Mary-Jane O’Neill"]),
        ("J. K. Rowan", ["J. K. Rowan"]),
        ("https://www.facebook.com/annlee", []),
        ("info@example.com", []),
        ("Staff Writer", []),
        ("Newsroom", []),
        ("The Halden Post Staff", []),
        ("Redaktion", []),
        ("admin", []),
        ("", []),
    ],
)
def test_bylines(byline: str, names: list[str]) -> None:
    assert list(authors.read([byline]).names) == names


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("Associated Press", "AP"),
        ("Reuters", "Reuters"),
        ("AFP", "AFP"),
        ("By The Associated Press", "AP"),
        ("Yonhap News Agency", "Yonhap"),
        ("dpa", "dpa"),
    ],
)
def test_agencies_are_no_names(byline: str, agency: str) -> None:
    read = authors.read([byline])
    assert (read.names, read.agency) == ((), agency)


def test_a_person_and_an_agency() -> None:
    read = authors.read(["By Ann Lee, Associated Press"])
    assert (read.names, read.agency) == (("Ann Lee",), "AP")


def test_the_outlet_is_no_name() -> None:
    assert authors.read(["Halden Wochenblatt"], ["Halden Wochenblatt"]).names == ()


def test_a_name_twice_is_one() -> None:
    assert authors.read(["ANN LEE", "Ann Lee", "By Ann Lee"]).names == ("Ann Lee",)
