"""How to reach the broker: one place that turns settings into aiokafka's connection arguments."""

import ssl
from typing import Any

from aiokafka.helpers import create_ssl_context

from streams.errors import BrokerError, SettingsError
from streams.settings import Settings


def bootstrap(settings: Settings) -> str:
    """The bootstrap servers.

    Raises:
        BrokerError: None is set.
    """
    if not settings.broker:
        raise BrokerError(
            "no Kafka broker is known: set NEWSFLAG_BROKER=host:port, or run `newsflag up`, "
            "which starts one of its own"
        )
    return settings.broker


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context; None for the plain protocols.

    Raises:
        SettingsError: A certificate file is missing or no PEM.
    """
    if "SSL" not in settings.security_protocol:
        return None
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=str(settings.ssl_ca) if settings.ssl_ca else None,
            certfile=str(settings.ssl_cert) if settings.ssl_cert else None,
            keyfile=str(settings.ssl_key) if settings.ssl_key else None,
        )
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"NEWSFLAG_SSL_CA, _CERT or _KEY names a file that can't be used: {error}"
        ) from error
    return context


def client_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments that every aiokafka client of ours takes.

    Raises:
        BrokerError: No broker is set.
        SettingsError: A certificate file can't be used.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": bootstrap(settings),
        "security_protocol": settings.security_protocol,
    }
    if (context := ssl_context(settings)) is not None:
        options["ssl_context"] = context
    if settings.security_protocol.startswith("SASL"):
        password = settings.sasl_password
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.sasl_username,
            "sasl_plain_password": password.get_secret_value() if password else None,
        }
    return options
