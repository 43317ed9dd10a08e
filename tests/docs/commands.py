"""What a document names: fenced blocks, commands, links; and which commands there really are."""

import functools
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from edgewise.cli import make_app

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(
    r"(?:<!-- snippet (?P<snippet>\S+) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ENVIRONMENT = re.compile(r"^(\w+=\S+ )+")
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the snippet it quotes (empty: none), its language, its text."""

    snippet: str
    language: str
    text: str


def documents() -> list[Path]:
    """The READMEs and the guides."""
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs" / "guide").glob("*.md"))]


def blocks_of(text: str) -> list[Block]:
    """Its fenced blocks in order."""
    return [Block(m["snippet"] or "", m["language"], m["text"]) for m in _FENCE.finditer(text)]


def links_of(text: str) -> list[str]:
    """Targets of links and pictures outside code, in order."""
    return _LINK.findall(_FENCE.sub("", text))


def commands_of(text: str) -> list[list[str]]:
    """Each `make ...` and `edgewise ...` it names, as words: in shell blocks, and inline."""
    lines = [line for b in blocks_of(text) if b.language == "sh" for line in b.text.splitlines()]
    lines += _INLINE.findall(_FENCE.sub("", text))
    found: list[list[str]] = []
    for line in lines:
        try:
            words = shlex.split(_ENVIRONMENT.sub("", line), comments=True)
        except ValueError:
            continue
        if words and words[0].rpartition("/")[2] in ("make", "edgewise"):
            found.append([words[0].rpartition("/")[2], *words[1:]])
    return found


def is_known(words: list[str]) -> bool:
    """Whether a command of `commands_of` exists, with its options."""
    if words[0] == "make":
        targets = re.findall(
            r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
        )
        return all(word in targets or "=" in word for word in words[1:])
    node = _edgewise()
    rest = words[1:]
    while rest and rest[0] in getattr(node, "commands", {}):
        node, rest = node.commands[rest[0]], rest[1:]
    if rest and hasattr(node, "commands"):
        alone = node.invoke_without_command and rest[0].startswith("-")
        if not alone:
            return False
    options = {name for p in node.params for name in (*p.opts, *p.secondary_opts)}
    return all(word in options for word in rest if word.startswith("-"))


@functools.cache
def _edgewise() -> Any:
    """All commands, read once: Typer reads every signature for it."""
    return typer.main.get_command(make_app())
