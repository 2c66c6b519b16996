"""Where machine state stands: the cache and state folders of the XDG base directory specification.

Knows two folders. What is under them is nobody's data: a cache can be made again, state is what a
machine remembers (sync base, history).
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

_NAME = "citeworks"


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``$XDG_CACHE_HOME/citeworks``, else ``~/.cache/citeworks``."""
    return _folder(environment, "XDG_CACHE_HOME", ".cache")


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``$XDG_STATE_HOME/citeworks``, else ``~/.local/state/citeworks``."""
    return _folder(environment, "XDG_STATE_HOME", ".local/state")


def _folder(environment: Mapping[str, str], variable: str, default: str) -> Path:
    """The folder of a variable; relative values are to be ignored, says the specification."""
    given = environment.get(variable, "")
    if given and Path(given).is_absolute():
        return Path(given) / _NAME
    return Path(environment.get("HOME") or _account_home()) / default / _NAME


def _account_home() -> str:
    """The home that the account has where the environment names none; never the current folder."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return os.devnull  # an account without a home: nothing can be kept
