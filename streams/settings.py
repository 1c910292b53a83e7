"""Everything that can be set, from environment variables `NEWSFLAG_*`; a mistyped one is an error.

Settings are read once, at the edge (`streams.app` and the command line), and handed down.
"""

import difflib
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from agents.stage import Options
from streams.errors import SettingsError

PREFIX = "NEWSFLAG_"
NOT_SETTINGS = frozenset({"NEWSFLAG_DATA", "NEWSFLAG_HOME", "NEWSFLAG_TEACHER"})
"""Read by the tests, the launcher and the training, not by the program."""

Names = tuple[str, ...]
"""Written with commas in the environment: `NEWSFLAG_LANGUAGES=en,de`."""


def _default_state_dir() -> Path:
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "newsflag"


class Settings(BaseModel):
    """All settings; `newsflag config show` prints them with their values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    broker: str | None = Field(
        None, description="Kafka bootstrap servers, `host:port,…`; unset: `up` starts its own."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to the broker."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, with SASL_PLAINTEXT and SASL_SSL."
    )
    sasl_username: str | None = Field(None, description="SASL user.")
    sasl_password: SecretStr | None = Field(None, description="SASL password.")
    ssl_ca: Path | None = Field(None, description="PEM file of the authority to trust.")
    ssl_cert: Path | None = Field(None, description="PEM file of the client's certificate (mTLS).")
    ssl_key: Path | None = Field(None, description="PEM file of the client's key (mTLS).")

    app_id: str = Field("newsflag", description="Consumer group and prefix of transactional ids.")
    topic_prefix: str = Field(
        "", description="Put before every topic name: two pipelines, one cluster."
    )
    partitions: int = Field(8, ge=1, le=1024, description="Partitions of every pipeline topic.")
    replication: int = Field(1, ge=1, le=9, description="Replication factor; 3 on a real cluster.")
    min_insync_replicas: int = Field(1, ge=1, le=9, description="min.insync.replicas; 2 of 3.")
    retention_hours: int = Field(168, ge=1, description="How long pipeline topics keep records.")
    retention_mb: int = Field(
        1024, ge=1, description="Most megabytes a partition of a pipeline topic keeps."
    )
    max_record_kb: int = Field(
        4096,
        ge=16,
        le=65536,
        description="Largest record taken, in KiB; larger ones are dead letters.",
    )

    stages: Names = Field((), description="Stages this worker runs, `entities,events`; empty: all.")
    model: str | None = Field(
        None, description="spaCy pipeline, a path or an installed name; unset: the shipped one."
    )
    languages: Names = Field(("en",), description="ISO 639-1 codes let through; `any`: all.")
    lists: Names = Field(
        (), description="Files of sanctions lists; empty: the shipped starter list."
    )

    pool_processes: int | None = Field(
        None, ge=1, le=256, description="Model processes; unset: one a core, shared by the slots."
    )
    record_time_limit_s: float = Field(
        20.0, gt=0, description="Longest time one record may take in a stage, in seconds."
    )
    pool_memory_mb: int = Field(
        4096, ge=512, description="Address space a model process may take, in megabytes."
    )
    batch_records: int = Field(
        16, ge=1, le=1000, description="Most records that go to a model process at once."
    )
    batch_kb: int = Field(
        512, ge=1, description="Most KiB that go to a model process at once; a larger record alone."
    )
    session_timeout_s: float = Field(
        10.0, ge=2, description="After this a silent worker's partitions go to others."
    )
    instance: str | None = Field(
        None, description="Name of this worker in the group; unset: host name and slot."
    )
    slot: int = Field(0, ge=0, description="Number of this worker on its machine.")

    web_host: str = Field("127.0.0.1", description="Address the web views listen on.")
    web_port: int = Field(
        6066,
        ge=0,
        le=65000,
        description="Port of slot 0's web views, the next ones follow; 0: none.",
    )
    state_dir: Path = Field(
        default_factory=_default_state_dir, description="Folder of the embedded broker and caches."
    )
    log_format: Literal["text", "json"] = Field("text", description="Form of the log lines.")

    @field_validator("stages", "languages", "lists", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_username and self.sasl_password
        ):
            raise ValueError(
                f"NEWSFLAG_SECURITY_PROTOCOL={self.security_protocol} needs NEWSFLAG_SASL_USERNAME "
                "and NEWSFLAG_SASL_PASSWORD"
            )
        if self.min_insync_replicas > self.replication:
            raise ValueError("NEWSFLAG_MIN_INSYNC_REPLICAS is greater than NEWSFLAG_REPLICATION")
        if (self.ssl_cert is None) != (self.ssl_key is None):
            raise ValueError("NEWSFLAG_SSL_CERT and NEWSFLAG_SSL_KEY go together")
        return self

    @property
    def max_record_bytes(self) -> int:
        """Largest record taken, in bytes."""
        return self.max_record_kb * 1024

    @property
    def instance_id(self) -> str:
        """Static member id of this worker: its own name and its slot."""
        return f"{self.app_id}-{self.instance or socket.gethostname()}-{self.slot}"

    def options(self) -> Options:
        """What the stages are configured with."""
        return Options(
            model=self.model,
            languages=self.languages,
            lists=tuple(Path(name) for name in self.lists),
        )

    def topic(self, name: str) -> str:
        """The name of a topic in this cluster."""
        return self.topic_prefix + name


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings from the environment; `overrides` that are not None win over it.

    Raises:
        SettingsError: A setting is unknown (the nearest right name is told), of the wrong type or
            contradicts another.
    """
    environ = os.environ if environ is None else environ
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known | NOT_SETTINGS:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.0)[0]
            raise SettingsError(f"{name} is no setting; did you mean {near}?")
    given: dict[str, Any] = {
        name: environ[PREFIX + name.upper()]
        for name in Settings.model_fields
        if environ.get(PREFIX + name.upper())
    }
    given |= {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(_told(error)) from None


def _told(error: ValidationError) -> str:
    told = []
    for problem in error.errors():
        where = "".join(f"{PREFIX}{str(part).upper()}: " for part in problem["loc"][:1])
        told.append(where + problem["msg"].removeprefix("Value error, "))
    return "\n".join(told)
