import pytest

from agents.entities import numbers, quantities
from schemas import ParsedText
from schemas.entities import Quantity

from .trees import tree


def find(parsed: ParsedText) -> list[Quantity]:
    return [one.quantity for one in quantities.find(parsed, numbers.find(parsed.text), [])]


@pytest.mark.parametrize(
    ("marked", "text", "value", "of", "approx"),
    [
        ("Roughly/RB 3,000/CD North/JJ Korean/JJ soldiers/NNS fled/VBD",
         "Roughly 3,000 North Korean soldiers", 3000, "North Korean soldiers", True),
        ("Dozens/NNS of/IN drones/NNS fell/VBD", "Dozens of drones", 12, "drones", True),
        ("He/PRP sent/VBD 30/CD Leopard/NNP 2/CD tanks/NNS today/NN", "30 Leopard 2 tanks", 30,
         "Leopard 2 tanks", False),
        ("Some/DT 20/CD of/IN its/PRP$ drones/NNS fell/VBD", "Some 20 of its drones", 20, "drones",
         True),
        ("It/PRP left/VBD 12/CD dead/JJ", "12 dead", 12, "dead", False),
        ("It/PRP killed/VBD 1,200/CD in/IN May/NNP", "1,200", 1200, None, False),
    ],
)  # fmt: skip
def test_counted(marked: str, text: str, value: float, of: str | None, approx: bool) -> None:
    (found,) = find(tree(marked))
    assert (found.text, found.value, found.of, found.approx) == (text, value, of, approx)


@pytest.mark.parametrize(
    ("marked", "value", "unit", "of"),
    [
        ("Some/DT 2,000/CD tons/NNS of/IN rice/NN came/VBD", 2000, "t", "rice"),
        ("It/PRP took/VBD 5/CD percent/NN of/IN votes/NNS ./.", 5, "%", "votes"),
        ("It/PRP makes/VBZ 1.2/CD million/CD barrels/NNS a/DT day/NN", 1.2e6, "bbl/d", None),
        ("It/PRP is/VBZ 500m/CD away/RB", 500, "m", None),
    ],
)
def test_measured(marked: str, value: float, unit: str, of: str | None) -> None:
    (found,) = find(tree(marked))
    assert (found.value, found.unit, found.of) == (value, unit, of)


@pytest.mark.parametrize(
    "marked",
    [
        "Article/NNP 5/CD commitments/NNS hold/VBP",
        "It/PRP lasted/VBD three/CD days/NNS",
        "In/IN 2024/CD elections/NNS came/VBD",
        "One/CD of/IN the/DT reasons/NNS",
    ],
)
def test_labels_durations_and_years_count_nothing(marked: str) -> None:
    assert find(tree(marked)) == []


def test_what_is_something_else_is_left_out() -> None:
    parsed = tree("The/DT Group/NNP of/IN Seven/CD nations/NNS met/VBD")
    taken = [(4, 18)]
    assert quantities.find(parsed, numbers.find(parsed.text), taken) == []
