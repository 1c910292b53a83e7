"""Files of sanctions lists into `SanctionsList`: formats recognised by content, bounds checked."""

from . import own
from .formats import FORMATS, load_list, starter_path
from .version import Refused, check_bounds

__all__ = ["FORMATS", "Refused", "check_bounds", "load_list", "own", "starter_path"]
