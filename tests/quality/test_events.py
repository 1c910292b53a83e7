"""The events stage keeps the figures that are pinned in `tests/quality.json`."""

from tests.quality.events import PARTS, broken, measure

# What speed costs is measured by the command alone: a loaded machine must not fail a test.
WHAT_IS_RIGHT = [part for part in PARTS if part not in ("cost", "yardstick")]


def test_figures_of_the_events_stage_are_on_the_right_side_of_what_is_pinned() -> None:
    figures = measure(WHAT_IS_RIGHT, None, lambda _: None)
    assert figures["tuned.type_f1"] > 0
    assert broken(figures) == []
