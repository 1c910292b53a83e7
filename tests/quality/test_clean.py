"""The clean stage's figures on real pages stay above their floors."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from agents.clean import urls
from tests.quality import clean

FLOORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "quality.json").read_text(encoding="utf-8")
)["clean"]
FOLDER = clean.data_folder()

pytestmark = pytest.mark.skipif(
    FOLDER is None, reason=f"{clean.DATA_VARIABLE} names no folder with clean/gold.jsonl"
)


@pytest.fixture(scope="module")
def chosen() -> list[clean.Page]:
    assert FOLDER is not None
    return list(clean.pages(FOLDER))


def test_the_data_is_the_one_that_the_floors_were_measured_on() -> None:
    assert FOLDER is not None
    digest = hashlib.sha256((FOLDER / "gold.jsonl").read_bytes()).hexdigest()
    assert f"sha256:{digest}" == FLOORS["gold"]


def test_figures_stay_above_their_floors(chosen: list[clean.Page]) -> None:
    found = clean.figures(clean.measure(clean.clean_extractor(), chosen, warm=0))
    below = {
        name: (found[name], floor)
        for name, floor in FLOORS["floors"].items()
        if found[name] < floor
    }
    assert not below, f"figure and floor: {below}"


def test_no_two_articles_have_one_address(chosen: list[clean.Page]) -> None:
    addresses = {page.url for page in chosen if page.url.startswith("http")}
    keys = {urls.key(found) for address in addresses if (found := urls.canonical(address))}
    assert len(keys) == len(addresses)
