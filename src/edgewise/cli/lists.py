"""`edgewise capabilities` and `edgewise rules`: what the device can do, and what guards it."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from edgewise.cli.language import Tongue, spoken
from edgewise.core.capability import Risk
from edgewise.core.words import Language, Words
from edgewise.errors import UserError

AsRows = Annotated[bool, typer.Option("--json", help="One row a line, as JSON.")]
Family = Annotated[str, typer.Argument(help="Only this family, or this one capability.")]


def capabilities(family: Family = "", language: Tongue = None, as_json: AsRows = False) -> None:
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
    for column in _CAPABILITY_COLUMNS[:2]:
        table.add_column(column.said_in(tongue), no_wrap=True)
    table.add_column(_CAPABILITY_COLUMNS[2].said_in(tongue), overflow="fold")
    for capability in found:
        examples = capability.zh if tongue is Language.CHINESE else capability.en
        told = escape(capability.words.said_in(tongue))
        if examples:
            told += f"\n[dim]“{escape(examples[0].text)}”[/]"
        risk = _RISKS[capability.risk] if capability.available else _NOT_YET
        table.add_row(capability.name, risk.said_in(tongue), told)
    Console().print(table)


def rules(language: Tongue = None, as_json: AsRows = False) -> None:
    """List the rules that stand between a call and an actuator."""
    from edgewise.act.policy import builtin_policy
    from edgewise.act.rules import rules_of

    tongue = spoken(language)
    table = Table(box=None, pad_edge=False)
    table.add_column(_RULE_COLUMNS[0].said_in(tongue), no_wrap=True)
    table.add_column(_RULE_COLUMNS[1].said_in(tongue), overflow="fold", ratio=2)
    table.add_column(_RULE_COLUMNS[2].said_in(tongue), overflow="fold", ratio=3)
    for rule in rules_of(builtin_policy()):
        told = [rule.decision, *(policy.words for policy in rule.policies)]
        each = dict.fromkeys(words.said_in(tongue) for words in told if words is not None)
        then = "\n".join(f"· {one}" for one in each) if len(each) > 1 else "".join(each)
        when = rule.condition.said_in(tongue)
        if as_json:
            row = {
                "rule": rule.number,
                "when": when,
                "then": " ".join(each),
                "source": rule.sources,
            }
            print(json.dumps(row, ensure_ascii=False))
        source = f"\n[dim]{escape(rule.sources)}[/]" if rule.sources else ""
        table.add_row(str(rule.number), escape(when), escape(then) + source)
    if not as_json:
        Console().print(table)


_CAPABILITY_COLUMNS = (
    Words("capability", "能力"),
    Words("risk", "风险"),
    Words("what it does, and an example", "做什么，以及例句"),
)
_RULE_COLUMNS = (
    Words("rule", "规则"),
    Words("when", "条件"),
    Words("then, and the rule's source", "处理，以及规则来源"),
)
_RISKS = {
    Risk.READ: Words("read", "读取"),
    Risk.REVERSIBLE: Words("reversible", "可撤销"),
    Risk.DISRUPTIVE: Words("disruptive", "有打扰"),
    Risk.IRREVERSIBLE: Words("irreversible", "不可撤销"),
    Risk.SAFETY_CRITICAL: Words("safety critical", "安全关键"),
}
_NOT_YET = Words("not yet", "尚不支持")
