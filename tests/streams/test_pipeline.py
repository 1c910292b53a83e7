"""The flow is checked when it is put together: a wrong order can't start."""

from dataclasses import replace

import pytest

from streams.errors import SettingsError
from streams.pipeline import PIPELINE, check, choose


def test_the_flow_goes_from_raw_to_enriched() -> None:
    check(PIPELINE)
    assert [stage.name for stage in PIPELINE] == ["clean", "entities", "events", "sanctions"]
    assert PIPELINE[0].source == "news.raw"
    assert PIPELINE[-1].sink == "news.enriched"


def test_a_wrong_order_is_refused() -> None:
    with pytest.raises(ValueError, match=r"events reads news\.entities, but news\.clean comes"):
        check([PIPELINE[0], PIPELINE[2], PIPELINE[1], PIPELINE[3]])


def test_a_block_that_nobody_added_is_refused() -> None:
    reader = replace(PIPELINE[0], reads=frozenset({"events"}))
    with pytest.raises(ValueError, match="clean reads events too early"):
        check([reader, *PIPELINE[1:]])


def test_a_flow_that_ends_early_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ends in news\.events"):
        check(PIPELINE[:3])


def test_a_sink_that_is_no_topic_is_refused() -> None:
    with pytest.raises(ValueError, match=r"writes news\.nowhere, which is no topic"):
        check([replace(PIPELINE[0], sink="news.nowhere"), *PIPELINE[1:]])


def test_stages_are_chosen_by_name_in_the_flows_order() -> None:
    assert [stage.name for stage in choose(["events", "clean"])] == ["clean", "events"]
    assert choose([]) == PIPELINE


def test_an_unknown_stage_is_told_with_those_that_exist() -> None:
    with pytest.raises(SettingsError, match="entitys is no stage; there are clean, entities"):
        choose(["entitys"])
