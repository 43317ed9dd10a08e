"""The rules that ship with Edgewise: `.cedar` files by topic, and the schema of their facts."""

from functools import cache
from importlib.resources import files

from edgewise.act.cedar import POLICY_SUFFIX, SCHEMA_SUFFIX, Policy, load_policy


@cache
def builtin_policy() -> Policy:
    """The shipped rules, read and parsed once. Raises TrustError if they are broken."""
    return load_policy(builtin_texts())


def builtin_texts() -> dict[str, str]:
    """The shipped files by name, to be extended or compared."""
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in files(__package__ or __name__).iterdir()
        if entry.name.endswith((POLICY_SUFFIX, SCHEMA_SUFFIX))
    }
