"""What the container files say agrees with the program: versions, settings, commands, addresses."""

import base64
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.cli.root import COMMANDS
from streams.embedded import jars
from streams.embedded.folder import PROPERTIES
from streams.settings import load_settings

ROOT = Path(__file__).parents[1]
PORT = re.compile(r"127\.0\.0\.1:(\d+):(\d+)")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def kafka(compose: dict[str, Any]) -> dict[str, Any]:
    service: dict[str, Any] = compose["services"]["kafka"]
    return service


def property_of(variable: str) -> str:
    """The broker property that a variable of the Kafka image sets."""
    return variable.removeprefix("KAFKA_").lower().replace("_", ".")


def test_it_has_the_parts_that_compose_knows(compose: dict[str, Any]) -> None:
    assert set(compose) == {"name", "x-newsflag", "services", "volumes"}
    assert set(compose["services"]) == {"kafka", "topics", "worker"}
    known = {
        *("build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image"),
        *("init", "ports", "restart", "security_opt", "stop_grace_period", "volumes"),
    }
    for name, service in compose["services"].items():
        assert set(service) <= known, name
        assert "image" in service


def test_kafka_is_the_version_that_the_tests_run_on(kafka: dict[str, Any]) -> None:
    assert kafka["image"] == f"apache/kafka:{jars.kafka_version(jars.locked())}"


def test_kafka_is_set_up_like_the_embedded_one(kafka: dict[str, Any]) -> None:
    embedded = dict(
        line.split("=", 1) for line in PROPERTIES.splitlines() if line and not line.startswith("#")
    )
    own = {"log.dirs", "listeners", "listener.security.protocol.map", "controller.quorum.voters"}
    given = {property_of(name): str(value) for name, value in kafka["environment"].items()}
    compared = {name: given[name] for name in given.keys() & embedded.keys() - own}
    assert len(compared) >= 12
    assert compared == {name: embedded[name] for name in compared}


def test_the_cluster_id_is_one_that_kafka_takes(kafka: dict[str, Any]) -> None:
    assert len(base64.urlsafe_b64decode(kafka["environment"]["CLUSTER_ID"] + "==")) == 16


def test_every_listener_is_mapped_and_each_client_finds_its_own(compose: dict[str, Any]) -> None:
    kafka = compose["services"]["kafka"]
    environment = kafka["environment"]
    listeners = dict(part.split("://") for part in environment["KAFKA_LISTENERS"].split(","))
    advertised = dict(
        part.split("://") for part in environment["KAFKA_ADVERTISED_LISTENERS"].split(",")
    )
    mapped = environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    assert {part.split(":")[0] for part in mapped} == set(listeners)
    assert set(advertised) == set(listeners) - {environment["KAFKA_CONTROLLER_LISTENER_NAMES"]}
    inside = compose["services"]["worker"]["environment"]["NEWSFLAG_BROKER"]
    assert advertised["INSIDE"] == inside
    assert compose["services"]["topics"]["environment"]["NEWSFLAG_BROKER"] == inside
    published = PORT.fullmatch(kafka["ports"][0])
    assert published is not None
    assert advertised["HOST"] == f"localhost:{published[1]}"
    assert listeners["HOST"] == f":{published[2]}"
    assert kafka["healthcheck"]["test"][-1] == inside


def test_nothing_is_published_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(PORT.fullmatch(port) for port in ports)


def test_the_order_of_the_start(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert services["worker"]["depends_on"] == {
        "topics": {"condition": "service_completed_successfully"}
    }
    assert {"test", "interval", "timeout", "retries"} <= set(services["kafka"]["healthcheck"])
    assert "restart" not in services["topics"]


@pytest.mark.parametrize("name", ["topics", "worker"])
def test_commands_and_settings_are_the_programs(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["command"][0] in COMMANDS
    settings = load_settings(service["environment"])
    assert settings.broker == "kafka:19092"
    if name == "worker":
        assert service["ports"] == [f"127.0.0.1:{settings.web_port}:{settings.web_port}"]
        assert f":{settings.web_port}/ready" in service["healthcheck"]["test"][-1]


def instructions() -> list[list[str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [
        shlex.split(line)
        for line in text.splitlines()
        if line and not line.startswith(("#", "ENTRYPOINT", "CMD"))
    ]


def test_the_image_runs_as_nobody_in_particular_and_its_sources_exist() -> None:
    lines = instructions()
    users = [line[1] for line in lines if line[0] == "USER"]
    assert users
    assert users[-1].isdecimal()
    assert int(users[-1]) > 0
    sources = [
        source
        for line in lines
        if line[0] == "COPY" and not line[1].startswith("--from")
        for source in line[1:-1]
    ]
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    assert set(sources) == let_in
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_images_environment_are_settings_of_ours() -> None:
    (environment,) = [line[1:] for line in instructions() if line[0] == "ENV"]
    assert load_settings(dict(word.split("=", 1) for word in environment)).state_dir == Path(
        "/var/lib/newsflag"
    )
