"""The PLOVER 2.0 form of an event."""

import json

from agents.events import Coder
from agents.events.plover import plover
from tests.agents.events.conftest import Recorder


def test_an_event_has_the_fields_of_plover_and_ours_in_the_comment(
    coder: Coder, record: Recorder
) -> None:
    article = record("Police arrested 12 protesters in Cairo.")
    (event,) = coder.explain(article).events
    form = plover(event, article)
    assert form["event"] == ["COERCE"]
    assert form["mode"] == ["arrest"]
    assert form["quad_code"] == 4
    assert form["actor"][0]["code"] == "EGY"
    assert form["actor"][0]["sector"] == ["COP"]
    assert form["recipient"][0]["entity_text"] == "protesters"
    assert form["size"] == {"arrested": 12}
    assert form["event_loc"]["extracted_place"] == "Cairo"
    assert json.loads(form["comment"])["rule"] == "coerce.arrest/verb"
    assert json.loads(json.dumps(form)) == form


def test_plans_and_denials_are_auxiliary(coder: Coder, record: Recorder) -> None:
    planned = record("Arnor announced it would send aid to Gondor.")
    form = plover(coder.explain(planned).events[0], planned)
    assert form["auxiliary"] == ["future"]
    assert "negated" not in form
    denied = record("Britain denied that its troops had attacked civilians in Basra.")
    assert plover(coder.explain(denied).events[0], denied)["negated"] is True
