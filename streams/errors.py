"""The errors that people see.

    NewsflagError            something that the user can mend; the message says how
    ├── SettingsError        a setting is unknown, mistyped or contradicts another
    ├── BrokerError          the Kafka broker can't be started, reached or used
    └── TopicsError          topics are missing or laid out wrongly

`agents.stage` has the two verdicts on records, `PoisonRecord` and `Unavailable`.
"""


class NewsflagError(Exception):
    """Something that the user can mend; the message names it and the fix."""


class SettingsError(NewsflagError):
    """A setting is unknown, mistyped or contradicts another."""


class BrokerError(NewsflagError):
    """The Kafka broker can't be started, reached or used."""


class TopicsError(NewsflagError):
    """Topics are missing or laid out wrongly."""
