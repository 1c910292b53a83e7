"""What a check of the doctor says."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: Its name.
        status: `fail` keeps the pipeline from running rightly, `warn` may do so soon; `skip`
            could not be looked at, because something before it failed.
        told: What was found.
        fix: What to do; empty where nothing has to be done.
    """

    check: str
    status: Status
    told: str
    fix: str = ""
