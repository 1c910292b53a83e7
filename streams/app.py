"""The Faust app: settings in, an app with one agent a stage out. `faust -A streams.app worker`."""

import os
from collections.abc import Sequence
from typing import Any

import faust
from faust.auth import SASLCredentials, SSLCredentials
from faust.types.auth import CredentialsT

from agents.stage import Stage
from streams.delivery.runner import EXIT_CONFIGURATION, Runner, stop_hard
from streams.kafka import bootstrap, ssl_context
from streams.metrics import Metrics
from streams.model_process import ProcessFailedError, one_thread_each
from streams.pipeline import PIPELINE, choose
from streams.pool import Pool
from streams.settings import Settings, load_settings
from streams.topics import DEAD_HEADROOM_BYTES
from streams.watch import Watch
from streams.web.pages import add_pages
from streams.web.server import NewsflagWeb

BUFFER_RECORDS = 64
"""Records in Faust's own buffer of an agent: pages are big, and a rebalance reads them again."""

POLL_RECORDS = 128

HEARTBEATS_A_SESSION = 4


class NewsflagApp(faust.App):
    """A Faust app with its stage runner, pool and metrics."""

    settings_: Settings
    runner: Runner
    pool: Pool
    metrics: Metrics

    def _new_web(self) -> NewsflagWeb:
        return NewsflagWeb(self)


def build_app(settings: Settings, stages: Sequence[Stage] = PIPELINE) -> NewsflagApp:
    """Make the app; nothing is started and nothing connects yet.

    Raises:
        BrokerError: No broker is set.
        SettingsError: A stage or a file named in the settings does not exist.
    """
    chosen = choose(settings.stages, stages)
    one_thread_each()
    app = NewsflagApp(settings.app_id, **faust_settings(settings))
    app.settings_ = settings
    app.metrics = Metrics()
    app.pool = Pool(
        chosen,
        settings.options(),
        processes=settings.pool_processes or os.cpu_count() or 1,
        time_limit_s=settings.record_time_limit_s,
        memory_mb=settings.pool_memory_mb,
    )
    app.runner = Runner(settings, chosen, app.pool, app.metrics)
    app.runner.attach(app)
    _mind_pool(app)
    if settings.web_port:
        add_pages(app, _mind_watch(app), app.metrics)
    return app


def _mind_pool(app: NewsflagApp) -> None:
    async def warm_pool() -> None:
        try:
            await app.pool.warm()
        except ProcessFailedError as error:
            if not app.should_stop:
                stop_hard(f"a model process ended while it loaded the stages: {error}")
        except Exception as error:
            # A new start would find the same model or list.
            stop_hard(f"the stages can't be loaded: {error}", EXIT_CONFIGURATION)

    app.task(warm_pool)

    @app.on_before_shutdown.connect
    async def stop_pool(*_: Any, **__: Any) -> None:
        await app.pool.stop()


def _mind_watch(app: NewsflagApp) -> Watch:
    watch = Watch(app.runner, app.pool, app.metrics)

    async def look() -> None:
        await watch.run()

    app.task(look)
    return watch


def faust_settings(settings: Settings) -> dict[str, Any]:
    """Faust's settings, as keyword arguments of an app.

    Raises:
        BrokerError: No broker is set.
        SettingsError: A certificate file can't be used.
    """
    servers = bootstrap(settings).split(",")
    # Faust makes its own folder, but not those above it.
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    return {
        "broker": ";".join(f"kafka://{server.strip()}" for server in servers),
        "broker_credentials": _credentials(settings),
        "broker_session_timeout": settings.session_timeout_s,
        "broker_heartbeat_interval": settings.session_timeout_s / HEARTBEATS_A_SESSION,
        "broker_request_timeout": max(40.0, settings.session_timeout_s * 2),
        "broker_max_poll_records": POLL_RECORDS,
        "consumer_max_fetch_size": settings.max_record_bytes + DEAD_HEADROOM_BYTES,
        "consumer_auto_offset_reset": "earliest",
        "consumer_group_instance_id": settings.instance_id,
        "stream_buffer_maxsize": BUFFER_RECORDS,
        "stream_wait_empty": True,
        "store": "memory://",
        "datadir": str(settings.state_dir / "faust"),
        "table_standby_replicas": 0,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "topic_partitions": settings.partitions,
        "topic_replication_factor": settings.replication,
        "key_serializer": "raw",
        "value_serializer": "raw",
        "web_bind": settings.web_host,
        "web_host": settings.web_host,
        "web_enabled": settings.web_port > 0,
        "web_port": (settings.web_port or 6066) + settings.slot,
        "worker_redirect_stdouts": False,
        "autodiscover": False,
    }


def _credentials(settings: Settings) -> CredentialsT | None:
    context = ssl_context(settings)
    if settings.security_protocol.startswith("SASL"):
        password = settings.sasl_password
        return SASLCredentials(
            username=settings.sasl_username,
            password=password.get_secret_value() if password else None,
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
    return SSLCredentials(context=context) if context is not None else None


def __getattr__(name: str) -> Any:
    # Made at first use, so that importing this module reads no settings and connects to nothing.
    if name == "app":
        made = build_app(load_settings())
        globals()["app"] = made
        return made
    raise AttributeError(name)
