"""The events stage keeps the figures that are pinned in `tests/quality.json`."""

from tests.quality.events import PARTS, broken, measure


def test_figures_of_the_events_stage_are_on_the_right_side_of_what_is_pinned() -> None:
    figures = measure(PARTS, None, lambda _: None)
    assert figures["tuned.type_f1"] > 0
    assert broken(figures) == []
