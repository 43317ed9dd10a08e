"""`edgewise capabilities` and `edgewise rules`: what the device can do, and what guards it."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.ask import AsJson
from edgewise.cli.language import Tongue, spoken
from edgewise.core.words import Language
from edgewise.errors import UserError

Family = Annotated[str, typer.Argument(help="Only this family, or this one capability.")]


def capabilities(family: Family = "", language: Tongue = None, as_json: AsJson = False) -> None:
    """List what the device can do, each with an example."""
    import msgspec

    from edgewise.device.third_party import installed_catalogue

    found = [
        capability
        for capability in installed_catalogue().capabilities
        if family in ("", capability.family, capability.name)
    ]
    if not found:
        known = sorted({capability.family for capability in installed_catalogue().capabilities})
        raise UserError(
            f"no capability or family is called {family!r}; families: {', '.join(known)}"
        )
    if as_json:
        for capability in found:
            print(msgspec.json.encode(capability).decode())
        return
    tongue = spoken(language)
    table = Table(box=None, pad_edge=False)
    table.add_column("capability", no_wrap=True)
    table.add_column("risk", no_wrap=True)
    table.add_column("what it does, and an example", overflow="fold")
    for capability in found:
        examples = capability.zh if tongue is Language.CHINESE else capability.en
        told = escape(capability.words.said_in(tongue))
        if examples:
            told += f"\n[dim]“{escape(examples[0].text)}”[/]"
        risk = capability.risk if capability.available else "not yet"
        table.add_row(capability.name, risk.replace("_", " "), told)
    Console().print(table)


def rules(language: Tongue = None, as_json: AsJson = False) -> None:
    """List the rules that stand between a call and an actuator."""
    from edgewise.act.policy import builtin_policy
    from edgewise.act.rules import rules_of

    tongue = spoken(language)
    table = Table(box=None, pad_edge=False)
    table.add_column("rule", no_wrap=True)
    table.add_column("when", overflow="fold", ratio=2)
    table.add_column("then, and the rule's source", overflow="fold", ratio=3)
    for rule in rules_of(builtin_policy()):
        told = [rule.decision, *(policy.words for policy in rule.policies)]
        then = " ".join(words.said_in(tongue) for words in told if words is not None)
        when = rule.condition.said_in(tongue)
        if as_json:
            row = {"rule": rule.number, "when": when, "then": then, "source": rule.sources}
            print(json.dumps(row, ensure_ascii=False))
        source = f"\n[dim]{escape(rule.sources)}[/]" if rule.sources else ""
        table.add_row(str(rule.number), escape(when), escape(then) + source)
    if not as_json:
        Console().print(table)
