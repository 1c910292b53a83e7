"""The entities stage keeps the figures that are pinned in `tests/quality.json`."""

import json
import os
from pathlib import Path

import pytest

from tests.quality.entities import DATA_VARIABLE, GUM, data_digest, measure

PINNED = json.loads((Path(__file__).parents[1] / "quality.json").read_text())["entities"]


def test_figures_of_the_entities_stage_are_over_their_floors() -> None:
    data = os.environ.get(DATA_VARIABLE)
    if not data or not Path(data, GUM).is_file():
        pytest.skip(f"{DATA_VARIABLE} names no folder with {GUM}: the gold is not at hand")
    assert data_digest(Path(data)) == PINNED["gold"]
    figures = measure(Path(data), None)
    below = {
        name: (figures[name], floor)
        for name, floor in PINNED["floors"].items()
        if figures[name] < floor
    }
    assert below == {}
