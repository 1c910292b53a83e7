import pytest

from agents.entities import knowledge, people, persons
from agents.entities.mentions import Found


@pytest.mark.parametrize(
    ("short", "full", "same"),
    [
        ("Kirby", "John Kirby", True),
        ("Xi", "Xi Jinping", True),
        ("von der Leyen", "Ursula von der Leyen", True),
        ("Von der Leyen", "Ursula von der Leyen", True),
        ("John Kirby", "John F. Kirby", True),
        ("Howell", "Tom Howell Jr.", True),
        ("John Smith", "John Kirby", False),
        ("Brown", "John Kirby", False),
    ],
)
def test_short_names(short: str, full: str, same: bool) -> None:
    assert persons.matches(short, full) is same


def test_surname_joins_the_full_name() -> None:
    assert persons.cluster_names(["John Kirby", "Kirby", "Vladimir Putin"]) == [0, 0, 2]


def test_surname_before_the_full_name_joins_too() -> None:
    assert persons.cluster_names(["Putin", "Vladimir Putin"]) == [1, 1]


def test_two_people_of_one_surname_stay_apart() -> None:
    groups = persons.cluster_names(["Joe Biden", "Jill Biden", "Biden"])
    assert groups[0] != groups[1]
    assert groups[2] not in groups[:2]


def test_a_surname_between_two_introductions_is_the_first_persons() -> None:
    assert persons.cluster_names(["Joe Biden", "Biden", "Jill Biden"]) == [0, 0, 2]


def test_a_family_name_before_another_person_is_not_that_person() -> None:
    assert persons.cluster_names(["Kim", "Kim Yo Jong", "Kim"]) == [0, 1, 0]


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("National Security Council spokesman John Kirby said", "John Kirby", "spokesman"),
        ("Foreign Minister Dmytro Kuleba left", "Dmytro Kuleba", "Foreign Minister"),
        ("John Kirby, a spokesman for the council, said", "John Kirby", "spokesman"),
        ("Georgia's president, Salome Zourabichvili, left", "Salome Zourabichvili", "president"),
        ("[Russian President Vladimir] Putin left", "Vladimir] Putin", "President"),
        ("former president Barack Obama left", "Barack Obama", "former president"),
        ("John Kirby left", "John Kirby", None),
        ('on Maduro," Treasury Secretary Janet Yellen said', "Maduro", None),
    ],
)
def test_office(text: str, name: str, title: str | None) -> None:
    start = text.index(name)
    office = persons.office_of(text, Found(start, start + len(name), "PERSON"))
    assert (office.title if office else None) == title


def identify(name: str, title: str | None, day: str | None, *countries: str) -> people.Known | None:
    return people.identify(
        [name],
        [title] if title else [],
        knowledge.load(),
        day=day,
        countries=dict.fromkeys(countries, 1),
    )


def test_office_and_day_tell_which_of_two_presidents() -> None:
    for day, name in (("2024-10-23", "Joe Biden"), ("2019-05-01", None)):
        known = identify("Biden", "President", day, "USA")
        assert (known.entry.name if known else None) == name


def test_a_full_name_alone_is_no_proof_for_common_names() -> None:
    assert identify("Mike Johnson", None, "2024-10-23") is None
    known = identify("Mike Johnson", "Speaker", "2024-10-23")
    assert known is not None
    assert known.entry.country == "USA"


def test_a_surname_needs_the_country() -> None:
    assert identify("Putin", None, "2024-10-23") is None
    known = identify("Putin", None, "2024-10-23", "RUS")
    assert known is not None
    assert known.entry.name == "Vladimir Putin"
    assert known.score < 1


def test_a_son_is_not_his_father() -> None:
    assert persons.cluster_names(["Donald Trump", "Donald Trump Jr.", "Trump"]) != [0, 0, 0]
    assert not persons.matches("Donald Trump", "Donald Trump Jr.")
