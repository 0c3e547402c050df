"""The phrase tables beside this file: data, loaded once."""

import tomllib
from importlib.resources import files
from typing import Any


def table(name: str) -> dict[str, Any]:
    """The parsed TOML file of that name in this folder."""
    return tomllib.loads(files("monitor.extract").joinpath(name).read_text(encoding="utf-8"))
