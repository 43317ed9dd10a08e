"""Writes docs/reference/cloud-settings.md: every key of cloud.toml, from what reads it."""

import inspect
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

HEAD = """\
# Settings of the platform

Every key of `cloud.toml`, with its default; a key that is not here is refused. An example is in the
[guide](../guide/platform.md#settings). Secrets are never in the file: it names environment
variables.
"""


def settings_page() -> str:
    """A table for the file's own keys, and one for each kind of section."""
    from edgewise.cloud.config import (
        AgentConfig,
        BackendConfig,
        Config,
        ModelConfig,
        OidcConfig,
        Route,
        SensesConfig,
        XiaozhiConfig,
    )
    from edgewise.cloud.prices import Price

    sections = (
        ("The file itself", Config),
        ("`[[backend]]`", BackendConfig),
        ("`[[model]]`", ModelConfig),
        ("`routes` of a model", Route),
        ("`[[price]]`", Price),
        ("`[defaults]`", Config().defaults),
        ("`[project_defaults]`", Config().project_defaults),
        ("`[agent]`", AgentConfig),
        ("`[senses]`", SensesConfig),
        ("`[xiaozhi]`", XiaozhiConfig),
        ("`[oidc]`", OidcConfig),
    )
    lines = [HEAD]
    for title, section in sections:
        said = inspect.cleandoc(section.__doc__ or "")
        lines += [f"## {title}", "", said, *_partly(section), "", *_TABLE]
        lines += [_row(field, section) for field in msgspec.structs.fields(section)]
        lines.append("")
    return "\n".join(lines)


_TABLE = ("| key | type | default |", "|---|---|---|")


def _partly(section: Any) -> list[str]:
    """What a section that has a value of its own means by a key left out of the file."""
    if isinstance(section, type):
        return []
    return ["", "The defaults are of a file without the section; in one, a key left out is 0."]


def _row(field: Any, section: Any) -> str:
    """A key of a section's type, or of a value of it, whose default that is."""
    default = _default(field) if isinstance(section, type) else f"`{getattr(section, field.name)}`"
    return f"| `{field.name}` | {_type(field.type)} | {default} |"


def _type(given: Any) -> str:
    if isinstance(given, type) and issubclass(given, Enum):
        return ", ".join(f"`{one.value}`" for one in given)
    if isinstance(given, type):
        return (
            "section" if issubclass(given, msgspec.Struct) else _PLAIN.get(given.__name__, "text")
        )
    arguments = [one for one in get_args(given) if one not in (type(None), Ellipsis)]
    if get_origin(given) is tuple:
        return "list of: " + _type(arguments[0])
    return _type(arguments[0]) if arguments else "text"


_PLAIN = {"int": "whole number", "float": "number", "bool": "true or false", "str": "text"}
_PLAIN |= {"Decimal": "amount, best as text", "date": "day"}


def _default(field: Any) -> str:
    if field.required:
        return "needed"
    default = field.default
    if default is msgspec.NODEFAULT:
        default = field.default_factory()
    if isinstance(default, msgspec.Struct):
        return "see below"
    if isinstance(default, tuple):
        return ", ".join(f"`{getattr(one, 'value', one)}`" for one in default) or "none"
    if default in (None, ""):
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{getattr(default, 'value', default)}`"
