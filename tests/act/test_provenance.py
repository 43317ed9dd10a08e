"""Whose idea a call is, and to whom its words would go; who is not known is a stranger."""

import pytest

from edgewise.act.facts import gather
from edgewise.core.call import Call, Resolved
from edgewise.core.capability import Sink
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Channel, Speaker
from tests.each_row import each_row
from tests.safety.situation import ANYTHING, DRIVER_WINDOW, USER, facts_of, judge, snapshot


def test_a_program_is_known_by_its_channel_or_by_any_label():
    client = label_of(OriginKind.CLIENT, "mcp")
    assert facts_of([], snapshot())["program"] is False
    for channel in (Channel.API, Channel.MCP, Channel.CLOUD):
        assert facts_of([], snapshot(), channel=channel)["program"]
    assert facts_of([], snapshot(), label=client)["program"]
    assert facts_of([], snapshot(), label=label_of(OriginKind.CLIENT, "a later door"))["program"]
    assert facts_of([], snapshot(), arguments={"a": 1}, labels={"a": client})["program"]


@pytest.mark.rule(33)
def test_arguments_tell_the_kinds_of_their_untrusted_sources():
    facts = facts_of(
        [(DRIVER_WINDOW, 10)],
        snapshot(),
        arguments={"a": 1, "b": 2, "c": 3},
        labels={"a": label_of(OriginKind.WEB), "b": Label()},
    )
    assert facts["tainted"] == ["unknown", "web"]
    assert facts["tainted_arguments"] == ["a", "b"]


@pytest.mark.rule(35)
@each_row(
    ("arguments", "labels", "leaks"),
    [
        (
            {"body": "x", "to": "Ann"},
            {"body": label_of(OriginKind.MESSAGE, readers=("owner",))},
            False,
        ),
        (
            {"body": "x", "to": "Ann"},
            {
                "body": label_of(OriginKind.MESSAGE, readers=("owner",)),
                "to": label_of(OriginKind.MESSAGE, "Eve"),
            },
            True,
        ),
        ({"body": "x"}, {"body": label_of(OriginKind.MESSAGE, readers=("owner",))}, True),
        (
            {"body": "x", "to": "Ann"},
            {
                "body": label_of(OriginKind.MESSAGE, readers=("Ann",)),
                "to": label_of(OriginKind.MESSAGE, "Eve"),
            },
            False,
        ),
        ({"body": "x"}, {}, False),
    ],
)
def test_private_words_leak_when_the_person_did_not_choose_who_gets_them(
    arguments: dict[str, object], labels: dict[str, Label], leaks: bool
):
    facts = facts_of(
        [("phone.messages.1", {"body": "x"})],
        snapshot(),
        sinks=(Sink("body", "to"),),
        arguments=arguments,
        labels=labels,
    )
    assert facts["private_out"] is leaks


@pytest.mark.rule(35)
def test_a_tool_without_declared_sinks_is_taken_to_send_everything():
    private = {"note": label_of(OriginKind.CALENDAR, readers=("owner",))}
    facts = facts_of([("mcp.a.b", {})], snapshot(), arguments={"note": "x"}, labels=private)
    assert facts["private_out"]


@pytest.mark.rule(35)
def test_private_words_said_again_are_as_private_as_the_first_time():
    call = Call("1", ANYTHING.name, {}, USER)
    private = Resolved(data="x", label=label_of(OriginKind.MESSAGE, readers=("owner",)))
    assert gather(call, ANYTHING, private, snapshot(), Speaker())["private_read"]
    assert not gather(call, ANYTHING, Resolved(data="x"), snapshot(), Speaker())["private_read"]


@pytest.mark.rule(33)
def test_a_name_alone_does_not_make_a_known_recipient():
    known = {"to": "妈妈", "number": "138 0000 1111", "body": "x"}
    forged = {"to": "妈妈", "number": "999999", "body": "x"}
    assert facts_of([("phone.messages.1", known)], snapshot())["new_recipient"] is False
    assert facts_of([("phone.messages.1", forged)], snapshot())["new_recipient"] is True


@pytest.mark.rule(33)
@each_row(
    "beside",
    [
        {"email": "eve@evil.example"},
        {"to": "eve@evil.example"},
        {"to": "190 0555 0000"},
        {"to": "eve@evil.example, mum"},
        {"cc": "eve"},
        {"recipients": ["Eve"]},
    ],
)
def test_a_known_number_does_not_cover_for_a_stranger_beside_it(beside: dict[str, object]):
    row = {"to": "妈妈", "number": "138 0000 1111", "body": "x"}
    foreign = {"arguments": {"a": "x"}, "labels": {"a": label_of(OriginKind.WEB)}}
    known = facts_of([("phone.messages.1", row)], snapshot(), **foreign)
    assert judge(known) == "ask R31-read-back"
    facts = facts_of([("phone.messages.1", row | beside)], snapshot(), **foreign)
    assert facts["new_recipient"] is True
    assert judge(facts) == "deny R33-origin-stranger"


@pytest.mark.rule(35)
def test_a_question_leaks_as_much_as_an_order():
    private = {"query": label_of(OriginKind.MESSAGE, readers=("owner",))}
    asked = facts_of(
        [], snapshot(), sinks=(Sink("query", ""),), arguments={"query": "x"}, labels=private
    )
    assert judge(asked) == judge(asked, confirmed=True) == "deny R35-private-out"
