"""Which title is taken, and that the outlet's name is none of it."""

import pytest

from agents.clean import titles

TITLE = "Two ferries collide in fog"


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} - Halden Post",
        f"{TITLE} | Halden Post",
        f"{TITLE} – The Halden Post",
        f"Halden Post: {TITLE}".replace(":", " |"),
        f"{TITLE} (Halden Post)",
        f"{TITLE} — haldenpost.example",
        f"{TITLE} » Halden Post",
    ],
)
def test_outlets_are_taken_off(written: str) -> None:
    outlets = ["Halden Post", "The Halden Post", "haldenpost.example", "haldenpost"]
    assert titles.choose([("title", written)], outlets) == TITLE


@pytest.mark.parametrize(
    "written",
    [
        "Ferries - and what they cost",
        "Fog | Ice: a winter in Halden",
        "Why the Halden Post was sold",
        "King’s speech: five key policies",
    ],
)
def test_dashes_in_titles_stay(written: str) -> None:
    assert titles.choose([("title", written), ("heading", written)], ["Halden Post"]) == written


def test_an_unknown_outlet_goes_where_the_heading_shows_it() -> None:
    candidates = [("opengraph", f"{TITLE} | The Tide"), ("title", f"{TITLE} | The Tide")]
    assert titles.choose([*candidates, ("heading", TITLE)], []) == TITLE


def test_two_sources_outvote_a_third() -> None:
    candidates = [
        ("json-ld", "Ferries collide near Halden: what we know"),
        ("opengraph", TITLE),
        ("heading", TITLE),
        ("title", f"{TITLE} - Halden Post"),
    ]
    assert titles.choose(candidates, ["Halden Post"]) == TITLE


def test_a_cut_title_loses_to_the_whole() -> None:
    cut = ("json-ld", "Two ferries collide...")
    assert titles.choose([cut, ("heading", TITLE), ("title", TITLE)], []) == TITLE


def test_a_heading_of_the_site_loses() -> None:
    candidates = [("heading", "Halden Post"), ("heading", "Sections"), ("title", TITLE)]
    assert titles.choose(candidates, ["Halden Post"]) == TITLE


def test_entities_tags_and_capitals() -> None:
    candidates = [("json-ld", "Fog &amp; ferries"), ("heading", "FOG & FERRIES")]
    assert titles.choose(candidates, []) == "Fog & ferries"
    assert (
        titles.choose([("opengraph", "<b>Fog</b>\xad\u200b over Halden")], []) == "Fog over Halden"
    )


def test_no_title() -> None:
    assert titles.choose([], []) is None
    assert titles.choose([("title", "Halden Post")], ["Halden Post"]) == "Halden Post"
