"""Calls, messages, contacts, calendar: who is meant, what leaves the device, what is refused."""

from datetime import datetime

import pytest

from edgewise.act.catalogue import calendar, call, contact, memory, message
from edgewise.act.catalogue.rows import EXAMPLE_NOW
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Snapshot, snapshot_of
from edgewise.device.phone.sample import sample_rows
from tests.each_row import each_row

WALL = datetime.fromisoformat(EXAMPLE_NOW).timestamp()


def world(**more: object) -> Snapshot:
    values = {**sample_rows(WALL), "session.language": "en", "session.zone": "driver"}
    return snapshot_of({**values, **more}, wall=WALL)


def asked(capability: str, **arguments: object) -> Call:
    return Call("t1", capability, dict(arguments), label_of(OriginKind.VOICE, "driver"))


def test_dialling_a_contact_writes_the_call_and_its_log():
    found = call.dial(asked("call.dial", contact="mom"), world())
    assert found == Resolved(
        (
            Effect("phone.call.current", {"name": "妈妈", "number": "13800000001",
                                          "direction": "out", "state": "dialling"}),
            Effect("phone.calls.t1", {"name": "妈妈", "number": "13800000001",
                                      "direction": "out"}),
        ),
        data={"name": "Mom", "number": "13800000001"},
    )  # fmt: skip


def test_an_english_sentence_names_a_contact_in_latin_letters_where_the_store_has_them():
    chinese = world(**{"session.language": "zh"})
    names = [
        call.dial(asked("call.dial", contact=said), at)
        for said, at in (("mom", chinese), ("张伟", world()), ("Alice Chen", chinese))
    ]
    assert [found.data["name"] for found in names if isinstance(found, Resolved)] == [
        "妈妈",
        "Zhang Wei",
        "Alice Chen",
    ]  # type: ignore[index]


def test_a_name_that_two_people_have_is_asked_about():
    found = call.dial(asked("call.dial", contact="John"), world())
    assert isinstance(found, Missing)
    assert found.choices == ("John Smith", "John Miller")


@pytest.mark.parametrize("choice", ["John (1)", "John (2)"])
def test_each_choice_among_namesakes_names_one(choice: str):
    rows = [{"id": "1", "name": "John", "number": "1"}, {"id": "2", "name": "John", "number": "2"}]
    first = contact.one_contact(rows, "John", "contact")
    assert isinstance(first, Missing)
    assert choice in first.choices
    found = contact.one_contact(rows, choice, "contact")
    assert isinstance(found, dict)
    assert contact.shown_as(found) == choice


def test_an_unknown_name_is_asked_about_and_never_guessed():
    found = call.dial(asked("call.dial", contact="Nobody"), world())
    assert isinstance(found, Missing)
    assert found.argument == "contact"


@each_row("number", ["110", "1 1 0", "911", "112", "120", "999"])
def test_an_emergency_number_is_known_by_its_digits_and_replaces_a_call(number: str):
    busy = world(**{"phone.call": [{"id": "current", "name": "李娜", "state": "active"}]})
    found = call.dial(asked("call.dial", number=number), busy)
    assert isinstance(found, Resolved)
    assert found.facts == ("call.emergency",)


def test_a_contact_called_police_does_not_make_an_emergency():
    rows = [{"id": "1", "name": "Police", "number": "5550100"}]
    found = call.dial(asked("call.dial", contact="Police"), world(**{"phone.contacts": rows}))
    assert isinstance(found, Resolved)
    assert found.facts == ()


def test_a_second_call_is_refused_while_one_is_on():
    busy = world(**{"phone.call": [{"id": "current", "name": "李娜", "state": "active"}]})
    found = call.dial(asked("call.dial", contact="mom"), busy)
    assert isinstance(found, Impossible)
    assert "李娜" in found.words.zh


@pytest.mark.parametrize(
    ("state", "action", "value"),
    [("ringing", "answer", "active"), ("ringing", "reject", None), ("active", "hang_up", None)],
)
def test_a_call_is_controlled_from_the_state_it_is_in(state: str, action: str, value: str | None):
    on = world(**{"phone.call": [{"id": "current", "name": "李娜", "state": state}]})
    found = call.control(asked("call.control", action=action), on)
    assert isinstance(found, Resolved)
    written = found.effects[0].value
    assert (written and written["state"]) == value


def test_a_message_carries_recipient_number_and_body_verbatim():
    body = "见面地点：东门\n  18:30, don't be late"
    found = message.send(asked("message.send", recipient="张伟", body=body, app="sms"), world())
    assert isinstance(found, Resolved)
    assert found.effects == (
        Effect("phone.messages.t1", {"direction": "out", "to": "张伟", "number": "13800000003",
                                     "body": body, "app": "sms"}),
    )  # fmt: skip
    assert found.facts == ()


def test_a_number_that_is_in_no_contact_is_a_new_recipient():
    found = message.send(asked("message.send", recipient="+1 202 555 0198", body="x"), world())
    assert isinstance(found, Resolved)
    assert found.facts == ("new_recipient",)


def test_the_number_of_a_contact_is_no_new_recipient_however_it_is_written():
    found = message.send(asked("message.send", recipient="138-0000-0003", body="x"), world())
    assert isinstance(found, Resolved)
    assert found.facts == ()
    assert found.effects[0].value["to"] == "张伟"


def test_a_message_that_is_too_long_is_asked_for_again_with_the_limit():
    found = message.send(asked("message.send", recipient="张伟", body="x" * 2001), world())
    assert isinstance(found, Missing)
    assert "2000" in found.question.en


def test_reading_messages_names_every_sender_as_an_origin():
    found = message.read(asked("message.read", unread=True), world())
    assert isinstance(found, Resolved)
    assert found.label is not None
    senders = {origin.detail for origin in found.label.origins}
    assert {"Parcel service", "Alice Chen", "张伟"} <= senders
    assert found.label.readers == ("owner",)


def test_a_new_event_notes_what_it_overlaps_with():
    found = calendar.upsert(
        asked("calendar.upsert", title="demo", start="2026-11-24T15:30"), world()
    )
    assert isinstance(found, Resolved)
    assert [note.words.zh for note in found.notes] == [
        "与“2026-11-24 15:00 项目评审 @ 会议室B”时间冲突。"
    ]


def test_an_event_right_after_another_does_not_overlap():
    found = calendar.upsert(
        asked("calendar.upsert", title="demo", start="2026-11-24T16:00"), world()
    )
    assert isinstance(found, Resolved)
    assert found.notes == ()


def test_inviting_somebody_is_a_fact_for_the_policy():
    found = calendar.upsert(
        asked("calendar.upsert", title="x", start="2026-12-01T10:00", invitees="张伟，李娜"),
        world(),
    )
    assert isinstance(found, Resolved)
    assert found.facts == ("has_invitees",)
    assert found.effects[0].value["invitees"] == ["张伟", "李娜"]


def test_moving_an_event_keeps_its_length_and_its_row():
    found = calendar.upsert(
        asked("calendar.upsert", event="dentist", start="2026-11-26T16:00"), world()
    )
    assert isinstance(found, Resolved)
    written = found.effects[0]
    assert written.target == "phone.calendar.ev4"
    assert (written.value["start"], written.value["end"]) == ("2026-11-26T16:00",
                                                              "2026-11-26T16:45")  # fmt: skip


@each_row(
    ("said", "start", "end"),
    [
        ("17:00", "2026-12-01T17:00", "2026-12-01T17:45"),
        ("T17:00", "2026-12-01T17:00", "2026-12-01T17:45"),
        ("2026-12-03", "2026-12-03T09:30", "2026-12-03T10:15"),
        ("2026-12-03T08:00", "2026-12-03T08:00", "2026-12-03T08:45"),
    ],
)
def test_of_an_event_that_is_moved_the_half_not_said_stays(said: str, start: str, end: str):
    row = {"id": "d", "title": "dentist", "start": "2026-12-01T09:30", "end": "2026-12-01T10:15"}
    found = calendar.upsert(
        asked("calendar.upsert", event="dentist", start=said), world(**{calendar.EVENTS: [row]})
    )
    assert isinstance(found, Resolved)
    written = found.effects[0].value
    assert (written["start"], written["end"], written["all_day"]) == (start, end, False)


def test_a_whole_day_moved_stays_one_and_given_an_hour_takes_an_hour():
    row = {"id": "d", "title": "fair", "start": "2026-12-01", "end": "2026-12-01", "all_day": True}
    times: list[tuple[str, str]] = []
    for said in ("2026-12-03", "15:00"):
        found = calendar.upsert(
            asked("calendar.upsert", event="fair", start=said), world(**{calendar.EVENTS: [row]})
        )
        assert isinstance(found, Resolved)
        times.append((found.effects[0].value["start"], found.effects[0].value["end"]))
    assert times == [("2026-12-03", "2026-12-03"), ("2026-12-01T15:00", "2026-12-01T16:00")]


def test_deleting_takes_one_event_of_the_named_day():
    found = calendar.delete(asked("calendar.delete", event="评审", date="2026-11-24"), world())
    assert isinstance(found, Resolved)
    assert found.effects == (Effect("phone.calendar.ev3", None),)
    assert found.facts == ("has_invitees",)


def test_memory_gives_back_the_label_it_was_saved_with():
    web = label_of(OriginKind.WEB, "example.org")
    saved = memory.save(
        Call("t1", "memory.save", {"fact": "code 42"}, label_of(OriginKind.VOICE), {"fact": web}),
        world(),
    )
    assert isinstance(saved, Resolved)
    row = {"id": "t1", **saved.effects[0].value}
    found = memory.recall(asked("memory.recall", query="code"), world(**{"memory.facts": [row]}))
    assert isinstance(found, Resolved)
    assert found.label == web


def test_memory_is_not_told_to_another_occupant():
    row = {"id": "1", "owner": "driver", "text": "my locker code is 42"}
    passenger = world(**{"memory.facts": [row], "session.zone": "passenger"})
    found = memory.recall(asked("memory.recall", query="locker code"), passenger)
    assert isinstance(found, Resolved)
    assert found.data["count"] == 0


@pytest.mark.parametrize(("query", "said"), [({}, "yet"), ({"query": "code"}, "about that")])
def test_an_empty_memory_says_what_it_lacks(query: dict[str, str], said: str):
    found = memory.recall(asked("memory.recall", **query), world(**{"memory.facts": []}))
    assert isinstance(found, Resolved)
    assert said in found.data["said"]


def test_a_memory_without_a_readable_label_is_not_trusted():
    row = {"id": "1", "owner": "driver", "text": "x", "label": {"origins": "voice"}}
    found = memory.recall(asked("memory.recall"), world(**{"memory.facts": [row]}))
    assert isinstance(found, Resolved)
    assert found.label is not None
    assert not found.label.trusted


PROGRAM = label_of(OriginKind.CLIENT, "mcp")
NOWHERE = {"session.zone": None}


def rows_of(*owners: str) -> dict[str, object]:
    rows = [{"id": owner, "owner": owner, "text": f"code of {owner}"} for owner in owners]
    return {"memory.facts": rows}


def test_who_sits_nobody_knows_where_owns_nothing_and_sees_what_is_for_all():
    facts = rows_of("driver", "passenger", "all", "program:mcp")
    found = memory.recall(asked("memory.recall"), world(**facts, **NOWHERE))
    assert isinstance(found, Resolved)
    assert found.data["facts"] == ["code of all"]
    assert isinstance(
        memory.forget(asked("memory.forget", all=True), world(**facts, **NOWHERE)), Impossible
    )
    kept = memory.save(asked("memory.save", fact="x"), world(**NOWHERE))
    assert isinstance(kept, Missing)
    assert kept.argument == "owner"


@each_row("owner", [{}, {"owner": "driver"}, {"owner": "all"}])
@each_row("zone", ["driver", None])
def test_what_a_program_saves_is_the_programs(owner: dict[str, str], zone: str | None):
    call = Call("t1", "memory.save", {"fact": "always unlock", **owner}, PROGRAM)
    found = memory.save(call, world(**{"session.zone": zone}))
    assert isinstance(found, Resolved)
    assert found.effects[0].value["owner"] == "program:mcp"


def test_a_program_sees_its_own_facts_and_the_driver_may_forget_them():
    facts = rows_of("driver", "all", "program:mcp", "program:cloud")
    found = memory.recall(Call("t1", "memory.recall", {}, PROGRAM), world(**facts, **NOWHERE))
    assert isinstance(found, Resolved)
    assert found.data["facts"] == ["code of all", "code of program:mcp"]
    gone = memory.forget(asked("memory.forget", all=True), world(**facts))
    assert isinstance(gone, Resolved)
    assert {e.target.partition("facts.")[2] for e in gone.effects} == {
        "driver", "program:mcp", "program:cloud",
    }  # fmt: skip
