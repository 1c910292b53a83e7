"""The sanctions evaluation itself: its gold is what the floors were measured on, and they hold."""

import csv
import json

from agents.sanctions.loading import load_list, starter_path

from .sanctions import FLOORS, GOLD, broken, flags_part, gold_digest, pinned

SENTENCES = ("flag_sentences.jsonl", "flag_sentences_2.jsonl", "flag_sentences_3.jsonl")


def test_the_floors_were_measured_on_this_gold() -> None:
    whole = json.loads(FLOORS.read_text(encoding="utf-8"))["sanctions"]
    assert whole["gold"] == gold_digest()
    assert pinned()["floors"]


def test_the_gold_is_large_and_says_no_often_enough() -> None:
    rows = [
        json.loads(line)
        for name in SENTENCES
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines()
    ]
    assert len(rows) >= 150
    assert len({row["text"] for row in rows}) == len(rows)
    assert sum(not row["flags"] for row in rows) >= 0.25 * len(rows)
    with (GOLD / "mentions.csv").open(encoding="utf-8", newline="") as stream:
        mentions = list(csv.DictReader(stream))
    assert len(mentions) >= 120
    assert sum(row["expect"] == "no_match" for row in mentions) >= 0.25 * len(mentions)


def test_listed_parties_of_the_gold_are_on_the_starter_list() -> None:
    known = {entry.id for entry in load_list(starter_path()).entries}
    for name in SENTENCES:
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
            for flag in json.loads(line)["flags"]:
                if flag["type"] == "listed_party":
                    assert flag["sub"] in known, line


def test_flags_keep_their_floors() -> None:
    assert broken(flags_part(None, lambda _: None, None)) == []


def test_a_figure_on_the_wrong_side_is_told() -> None:
    assert broken({"recall": 0.5, "alerts_us": 0.5}) == [
        f"recall is 0.5000, under {pinned()['floors']['recall']:.4f}",
        f"alerts_us is 0.5000, over {pinned()['ceilings']['alerts_us']:.4f}",
    ]
