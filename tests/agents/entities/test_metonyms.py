import pytest

from agents.entities.mentions import Found
from agents.entities.metonyms import is_government

from .trees import tree


@pytest.mark.parametrize(
    ("marked", "government"),
    [
        ("Pyongyang/NNP/nsubj/2 said/VBD/ROOT/2 so/RB/advmod/2", True),
        ("He/PRP/nsubj/2 died/VBD/ROOT/2 in/IN/prep/2 Pyongyang/NNP/pobj/3", False),
        ("Arms/NNS/ROOT/1 training/NN/conj/1 from/IN/prep/2 Pyongyang/NNP/pobj/3", True),
        ("ties/NNS/ROOT/1 with/IN/prep/1 Pyongyang/NNP/pobj/2", True),
        ("Talks/NNS/ROOT/1 were/VBD/x/1 held/VBN/acl/1 in/IN/prep/3 Pyongyang/NNP/pobj/4", False),
        ("Pyongyang/NNP/poss/4 _'s/POS/case/1 nuclear/JJ/amod/4 program/NN/ROOT/4", True),
        ("Pyongyang/NNP/poss/3 _'s/POS/case/1 streets/NNS/ROOT/3", False),
        ("It/PRP/nsubj/2 accused/VBD/ROOT/2 Pyongyang/NNP/dobj/2 of/IN/prep/2 it/PRP/pobj/4", True),
        ("It/PRP/nsubj/2 shelled/VBD/ROOT/2 Pyongyang/NNP/dobj/2", False),
        ("Seoul/NNP/nsubj/4 and/CC/cc/1 Pyongyang/NNP/conj/1 agreed/VBD/ROOT/4", True),
    ],
)
def test_capital_as_government_only_in_that_use(marked: str, government: bool) -> None:
    parsed = tree(marked)
    start = parsed.text.index("Pyongyang")
    mention = Found(start, start + len("Pyongyang"), "GPE")
    assert is_government(parsed, mention) is government
