"""`edgewise capabilities` and `edgewise rules`: what the device can do, and what guards it."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from edgewise.cli.ask import AsJson
from edgewise.core.words import Language

Tongue = Annotated[Language, typer.Option("--language", help="Language of the words.")]
Family = Annotated[str, typer.Argument(help="Only this family, or this one capability.")]


def capabilities(
    family: Family = "", language: Tongue = Language.ENGLISH, as_json: AsJson = False
) -> None:
    """List what the device can do."""
    import msgspec

    from edgewise.act.catalogue import builtin_catalogue

    found = [
        capability
        for capability in builtin_catalogue().capabilities
        if family in ("", capability.family, capability.name)
    ]
    if as_json:
        for capability in found:
            print(msgspec.json.encode(capability).decode())
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("capability", "risk", "what it does", "for example"):
        table.add_column(heading, overflow="fold")
    for capability in found:
        examples = capability.zh if language is Language.CHINESE else capability.en
        table.add_row(
            capability.name,
            capability.risk if capability.available else "not yet",
            capability.words.said_in(language),
            examples[0].text if examples else "",
        )
    Console().print(table)


def rules(language: Tongue = Language.ENGLISH, as_json: AsJson = False) -> None:
    """List the rules that stand between a call and an actuator."""
    from edgewise.act.policy import builtin_policy
    from edgewise.act.rules import rules_of

    table = Table(box=None, pad_edge=False)
    for heading in ("rule", "when", "then", "source"):
        table.add_column(heading, overflow="fold")
    for rule in rules_of(builtin_policy()):
        told = [rule.decision, *(policy.words for policy in rule.policies)]
        then = " ".join(words.said_in(language) for words in told if words is not None)
        when = rule.condition.said_in(language)
        if as_json:
            row = {"rule": rule.number, "when": when, "then": then, "source": rule.sources}
            print(json.dumps(row, ensure_ascii=False))
        table.add_row(str(rule.number), when, then, rule.sources)
    if not as_json:
        Console().print(table)
