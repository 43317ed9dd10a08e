"""Models known by name: the entries of `models.toml`, which whoever may read files hands in."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture, architecture_from

Models = Mapping[str, Architecture]


class _File(Struct, forbid_unknown_fields=True):
    model: Annotated[list[dict[str, Any]], Meta(min_length=1)]


def models_from(data: bytes) -> dict[str, Architecture]:
    """The models in a TOML file's bytes by their names, in the file's order.

    Raises UserError that names the key of what is wrong, and for a name that stands twice."""
    try:
        entries = msgspec.toml.decode(data, type=_File).model
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _wrong(str(error)) from error
    models: dict[str, Architecture] = {}
    taken: set[str] = set()
    for entry in entries:
        model = architecture_from(entry)
        for name in (model.name, *model.aliases):
            if name.lower() in taken:
                raise _wrong(f"the name {name} stands twice")
            taken.add(name.lower())
        models[model.name] = model
    return models


def find_model(name: str, models: Models) -> Architecture:
    """The model of that name or alias, in whatever case. Raises UserError with near names."""
    named = {
        each.lower(): model for model in models.values() for each in (model.name, *model.aliases)
    }
    if (found := named.get(name.strip().lower())) is not None:
        return found
    close = get_close_matches(name.strip().lower(), named, n=len(named), cutoff=0.5)
    near = list(dict.fromkeys(named[each].name for each in close))[:3]
    known = ", ".join(near) if near else ", ".join(sorted(models))
    raise UserError(
        f"no model is called {name}; {'near it' if near else 'known'}: {known}. A config.json or "
        "a GGUF file is taken too",
        code="no_such_model",
    )


def _wrong(what: str) -> UserError:
    return UserError(f"the list of models is wrong: {what}", code="bad_architecture")
