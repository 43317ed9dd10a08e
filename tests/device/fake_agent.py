"""A small agent that replays recorded events, so that its doors can be tested without it.

What it answers depends on the words: "open" changes a window, "unlock" asks, "dark" is denied,
"wait" hangs until it is cancelled, "crash" raises. The real agent has its own tests.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue, Function
from edgewise.act.policy import builtin_policy
from edgewise.core.call import (
    Allow,
    Ask,
    Call,
    Decision,
    Deny,
    Effect,
    Resolved,
    Result,
    RuleText,
    Status,
    payload_hash,
)
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.event import (
    Answered,
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Corrected,
    Event,
    Judged,
    NeedsApproval,
    PendingCall,
    Perceived,
    Routed,
    Stopped,
    TurnStarted,
    Understood,
)
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.message import Message, Request, Speaker
from edgewise.core.place import Place, Site
from edgewise.core.signal import JsonValue, Reading
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.device.vehicle.faults import Fault
from edgewise.errors import ModelError, UserError

WINDOW = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
LOCK = "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked"
BEAM = "Vehicle.Body.Lights.Beam.Low.IsOn"
RULE_2 = RuleText(
    "R02-lights-off-moving",
    Words("Exterior lights stay on unless the car is parked.", "未驻车时不能关闭车外灯。"),
)
RULE_28 = RuleText("R28-unlock", Words("Unlocking needs the driver's yes.", "解锁需要主驾确认。"))


class FakeCar:
    """A driver over a plain dictionary."""

    prefix = "Vehicle"
    receipts_only = ()

    def __init__(self, values: dict[str, JsonValue]) -> None:
        self.values = dict(values)
        self.left = asyncio.Event()
        self.watchers: list[asyncio.Queue[dict[str, Reading]]] = []
        self.faults: list[Fault] = []

    async def read(self, targets: Sequence[str]) -> dict[str, Reading]:
        return {k: Reading(v, 0.0) for k, v in self.values.items() if covers(targets, k)}

    async def write(self, effects: Sequence[Effect]) -> dict[str, JsonValue]:
        for effect in effects:
            self.set_sensor(effect.target, effect.value)
        return {}

    async def watch(self, targets: Sequence[str]) -> AsyncIterator[dict[str, Reading]]:
        queue: asyncio.Queue[dict[str, Reading]] = asyncio.Queue()
        self.watchers.append(queue)
        try:
            yield await self.read(targets)
            while True:
                yield await queue.get()
        finally:
            self.watchers.remove(queue)
            self.left.set()

    def set_sensor(self, path: str, value: JsonValue) -> None:
        self.values[path] = value
        for queue in self.watchers:
            queue.put_nowait({path: Reading(value, 0.0)})

    def drive(self, *, speed_km_h: float | None = None, gear: str | None = None) -> None:
        if speed_km_h is not None:
            self.set_sensor("Vehicle.Speed", speed_km_h)
        if gear is not None:
            number = {"P": 126, "R": -1, "N": 0, "D": 127}[gear]
            self.set_sensor("Vehicle.Powertrain.Transmission.SelectedGear", number)

    def inject(self, fault: Fault) -> None:
        self.faults.append(fault)

    def heal(self) -> None:
        self.faults.clear()


class FakeAgent:
    """Conforms to `edgewise.device.api.Agent`."""

    def __init__(self, car: FakeCar | None = None) -> None:
        self.car = car or FakeCar({WINDOW: 0, LOCK: True, BEAM: True, "Vehicle.Speed": 0.0})
        self.drivers = Drivers([self.car])
        self.catalogue = Catalogue([Function(c, lambda _c, _s: Resolved()) for c in CAPABILITIES])
        self.policy = builtin_policy()
        self.trails: dict[str, list[Event]] = {}
        self.requests: list[Request] = []
        self.labels: list[Label | None] = []
        self.calls: list[tuple[str, dict[str, JsonValue], str, Speaker]] = []
        self.cancelled: list[str] = []
        self.waiting: dict[str, asyncio.Event] = {}
        self.started = asyncio.Event()
        self.closed = asyncio.Event()

    async def run(self, request: Request) -> AsyncIterator[Event]:
        self.requests.append(request)
        if "crash" in request.text:
            raise ModelError("the model's process ended with status 9; it is started again")
        if request.approval is not None:
            async for event in self._resume(request):
                yield event
            return
        async for event in self._turn(request, *_asked(request.text)):
            yield event

    async def run_call(
        self,
        call_name: str,
        arguments: dict[str, JsonValue],
        session: str,
        speaker: Speaker,
        language: Language | None = None,
        *,
        label: Label | None = None,
    ) -> AsyncIterator[Event]:
        self.labels.append(label)
        self.calls.append((call_name, arguments, session, speaker))
        if call_name == "window.set" and "percent" not in arguments:
            raise UserError("window.set: percent is missing")
        kinds = {"window.set": ("allow", WINDOW), "door.lock": ("ask", LOCK)}
        kind, target = kinds.get(call_name, ("deny", BEAM))
        request = Request((), session, speaker, language)
        async for event in self._turn(request, kind, target, arguments.get("percent", False)):
            yield event

    def is_urgent(self, text: str) -> bool:
        return text == "stop"

    async def cancel(self, turn: str) -> bool:
        self.cancelled.append(turn)
        gate = self.waiting.get(turn)
        if gate is not None:
            gate.set()
        return gate is not None

    def let_all_go(self) -> None:
        for gate in self.waiting.values():
            gate.set()

    async def trail(self, turn: str) -> list[Event] | None:
        return self.trails.get(turn)

    async def after(self, turn: str) -> dict[str, list[Event]]:
        return {}

    async def correct(self, turn: str, session: str, meant: str) -> Corrected | None:
        raise AssertionError("the real agent keeps feedback: tests/device/test_feedback.py")

    async def correction(self, turn: str) -> Corrected | None:
        return None

    async def judge(self, turn: str, session: str, *, good: bool) -> Judged | None:
        raise AssertionError("the real agent keeps feedback: tests/device/test_feedback.py")

    async def judgement(self, turn: str) -> Judged | None:
        return None

    async def recent(self, limit: int) -> list[str]:
        return list(reversed(self.trails))[:limit]

    async def _turn(
        self, request: Request, kind: str, target: str, value: JsonValue, resumes: str = ""
    ) -> AsyncIterator[Event]:
        turn = f"t{len(self.trails) + 1}"
        made = self.trails.setdefault(turn, [])

        def mark(kind: type, **fields: object) -> Event:
            made.append(kind(seq=len(made) + 1, at=1000.0 + len(made), turn=turn, **fields))
            return made[-1]

        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in request.text)
        language = request.language or (Language.CHINESE if chinese else Language.ENGLISH)
        speaker = request.speaker
        label = label_of(OriginKind.TYPED, "driver")
        try:
            yield mark(
                TurnStarted,
                session=request.session,
                speaker=speaker,
                policy_hash="0" * 64,
                catalogue_hash=self.catalogue.hash,
                resumes=resumes,
            )
            message = Message(request.text, language, label, speaker)
            yield mark(Perceived, message=message, took_ms=0.1)
            place = Place(Site.DEVICE, "understand", ("commands are understood on the device",))
            yield mark(Routed, place=place, took_ms=0.05)
            call = _call(turn, kind, value, label)
            yield mark(Understood, thought=Thought(MessageKind.COMMAND, (call,), 0.97), took_ms=0.4)
            if kind == "wait":
                gate = self.waiting.setdefault(turn, asyncio.Event())
                self.started.set()
                await gate.wait()
                stopped = Words("Stopped.", "已停止。")
                yield mark(
                    Stopped, code="cancelled", words=stopped, text="Stopped.", changed={}, took_ms=9
                )
                return
            effects = (Effect(target, value),)
            before = self.car.values.get(target)
            yield mark(
                CallResolved,
                call=call,
                resolution=Resolved(effects),
                state={"Vehicle.Speed": self.car.values.get("Vehicle.Speed"), target: before},
                took_ms=0.2,
            )
            decision: Decision = {
                "allow": Allow(),
                "ask": Ask((RULE_28,)),
                "deny": Deny((RULE_2,)),
            }[kind]
            yield mark(
                CallDecided,
                call=call.id,
                decision=decision,
                facts={"driving": "moving"},
                confirmed=False,
                took_ms=0.3,
            )
            result, text = await self._carry_out(call, kind, effects[0], before, mark)
            if kind == "allow":
                yield made[-1]
            yield mark(CallFinished, result=result, took_ms=12.0)
            if kind == "ask":
                yield mark(
                    NeedsApproval,
                    approval=f"{turn}-ask",
                    payload_hash=payload_hash([(call, effects, (RULE_28,))]),
                    calls=(PendingCall(call, effects, (RULE_28,)),),
                    expires_at=4_000_000_000.0,
                    zone=None,
                    text="Unlock the doors?",
                    language=language,
                    changed={},
                    took_ms=2.0,
                )
                return
            yield mark(Answered, text=text, language=language, changed=result.changed, took_ms=14.0)
        finally:
            self.closed.set()

    async def _carry_out(self, call: Call, kind: str, effect: Effect, before: JsonValue, mark):
        if kind == "allow":
            mark(CallStarted, call=call.id, effects=(effect,))
            await self.drivers.write((effect,))
            changed = {effect.target: effect.value}
            result = Result(call.id, call.capability, Status.DONE, changed, {effect.target: before})
            return result, "Done."
        rules = (RULE_2,) if kind == "deny" else (RULE_28,)
        status = Status.DENIED if kind == "deny" else Status.ASKED
        result = Result(
            call.id, call.capability, status, code=rules[0].id, words=rules[0].words, rules=rules
        )
        return result, "I may not switch the lights off while the car is not parked."

    async def _resume(self, request: Request) -> AsyncIterator[Event]:
        assert request.approval is not None
        old = request.approval.id.removesuffix("-ask")
        if not request.approval.approved:
            async for event in self._turn(request, "deny", LOCK, False, old):
                yield event
            return
        async for event in self._turn(request, "allow", LOCK, False, old):
            yield event


def covers(targets: Sequence[str], name: str) -> bool:
    return any(name == target or name.startswith(target + ".") for target in targets)


def _asked(text: str) -> tuple[str, str, JsonValue]:
    if "unlock" in text or "解锁" in text:
        return "ask", LOCK, False
    if "dark" in text or "关闭" in text:
        return "deny", BEAM, False
    if "wait" in text:
        return "wait", WINDOW, 0
    return "allow", WINDOW, 40


def _call(turn: str, kind: str, value: JsonValue, label: Label) -> Call:
    name, arguments = {
        "ask": ("door.lock", {"doors": ["all"], "locked": False}),
        "deny": ("light.exterior.set", {"kind": "low_beam", "state": "off"}),
    }.get(kind, ("window.set", {"windows": ["driver"], "percent": value}))
    return Call(f"{turn}.1", name, arguments, label, confidence=0.97)


CAPABILITIES = (
    Capability(
        "window.set",
        Words("Open or close windows", "开关车窗"),
        Risk.DISRUPTIVE,
        (
            Argument("windows", Kind.ZONES, Words("which windows", "哪些车窗"), required=True),
            Argument(
                "percent", Kind.INTEGER, Words("how far open", "开度"), minimum=0, maximum=100
            ),
            Argument("delta", Kind.INTEGER, Words("change", "变化"), unit="percent", relative=True),
        ),
        one_of=(("percent", "delta"),),
        rules=(11, 21, 22),
    ),
    Capability(
        "door.lock",
        Words("Lock or unlock doors", "门锁"),
        Risk.SAFETY_CRITICAL,
        (Argument("locked", Kind.BOOLEAN, Words("locked", "上锁"), required=True),),
    ),
    Capability(
        "light.exterior.set",
        Words("Exterior lights", "车外灯"),
        Risk.SAFETY_CRITICAL,
        (
            Argument(
                "state",
                Kind.CHOICE,
                Words("state", "状态"),
                choices=(Choice("on", Words("on", "开")), Choice("off", Words("off", "关"))),
            ),
        ),
    ),
    Capability("vehicle.get_status", Words("Vehicle status", "车辆状态"), Risk.READ),
    Capability(
        "info.search",
        Words("Search the web", "搜索"),
        Risk.READ,
        content=OriginKind.WEB,
        available=False,
        unavailable=Words("not on this device yet", "本机暂不支持"),
    ),
)
