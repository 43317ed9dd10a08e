"""How a device stands with its clouds, and the person's hand on that: mode, network, consents.

It reads the files anew each time, so what a command says counts here at once and the other way
round; with `reach` it also knows how the clouds of a running device do. Whether anything may leave
is decided elsewhere (`route`): this tells it, and what would have to be done for it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from edgewise.agent.fates import fates_of
from edgewise.core.clock import Clock
from edgewise.core.endpoint import Condition, Consent, Endpoint, Health
from edgewise.core.event import Came, Event, Kept, Leaving, Left, NeedsApproval
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.device.chosen_mode import choose_mode
from edgewise.device.cloud_told import (
    CloudRow,
    Clouds,
    ConsentRow,
    LeftOfTurn,
    LeftRow,
    State,
    Today,
)
from edgewise.device.clouds import Cloud, key_of
from edgewise.device.clouds_wire import ConsentBody
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.outbox import FILE as OUTBOX
from edgewise.device.reach import PURPOSE, DeviceReach
from edgewise.device.spending import Spending
from edgewise.device.standing import Standing
from edgewise.device.tunnel import set_tunnel
from edgewise.errors import DeviceError, EdgewiseError, UserError
from edgewise.perceive.see import Picture
from edgewise.route.ability import REFUSED, cloud_is_away
from edgewise.route.question import Question
from edgewise.route.rules import forbidding

Turns = Mapping[str, Sequence[Event]]
"""Events by their turn, in order."""
DEADLINE_S = 20.0
"""Of a question that nobody asks: what a turn has for its words (`agent/search.py`)."""


@dataclass(slots=True)
class CloudDesk:
    """The desk of the device in `folder`; without a `reach` none runs in this process."""

    folder: Path
    config: Config
    clock: Clock
    reach: DeviceReach | None = None

    def told(self) -> Clouds:
        """All about the clouds, as things are now."""
        spent = self._spending().today()
        config, question = self.config, self._plain()
        return Clouds(
            question.mode,
            question.condition.online,
            self._waiting(),
            Today(
                min(spent.money, max(config.money_a_day, 0.0)) if spent.is_lost else spent.money,
                config.money_a_day,
                min(spent.size_bytes, config.bytes_a_day) if spent.is_lost else spent.size_bytes,
                config.bytes_a_day,
                spent.turns,
            ),
            [self._row(cloud, question) for cloud in config.cloud],
        )

    def choose(self, mode: Mode) -> None:
        """Choose the mode. Raises DeviceError when it can not be kept."""
        choose_mode(self.folder, mode)

    def connect(self, *, online: bool) -> None:
        """Leave the tunnel or enter it. Raises DeviceError when that can not be kept."""
        set_tunnel(self.folder, on=not online)

    def consents(self) -> list[ConsentRow]:
        """All that was ever agreed to, newest first. Raises DeviceError for a damaged store."""
        store = self._store()
        given = store.given()
        if store.damage is not None:
            raise DeviceError(store.damage.en, code="store_damaged")
        drive = store.drive
        return [self._consent(one, drive) for one in reversed(given)]

    def grant(self, asked: ConsentBody) -> ConsentRow:
        """Keep the person's yes. Raises UserError for what there is not, DeviceError when it can
        not be kept."""
        found = next((cloud for cloud in self.config.cloud if cloud.name == asked.cloud), None)
        if found is None:
            raise UserError(
                f"cloud: no cloud is called {asked.cloud!r}; see GET /v1/clouds",
                code="unknown_cloud",
            )
        store = self._store()
        given = store.grant(
            found.endpoint,
            asked.purpose,
            sensitive=asked.sensitive,
            crossing=asked.crossing,
            expires_at=asked.expires_at,
            this_drive=asked.this_drive,
        )
        return self._consent(given, store.drive)

    def revoke(self, consent: str) -> ConsentRow:
        """End a consent now. Raises as `Consents.revoke`."""
        store = self._store()
        return self._consent(store.revoke(consent), store.drive)

    def left(self, turn: str, events: Sequence[Event], after: Turns) -> LeftOfTurn:
        """What left in a turn and in those `after` it that went on with it, from their records and
        what the device still remembers."""
        return left_of(turn, events, after, self.reach)

    def sent_picture(self, sha256: str) -> Picture | None:
        """A picture exactly as it left, while it is remembered."""
        sight = self.reach.sight if self.reach is not None else None
        return sight.sent(sha256) if sight is not None else None

    def _plain(self) -> Question:
        """The question of a message that is nobody's secret: what keeps it here keeps all."""
        health = () if self.reach is None else self.reach.health
        standing = Standing(
            self.folder,
            self.config,
            self.clock,
            self._store(),
            self._spending(),
        )
        asked = Question("", Mode.DEVICE_ONLY, 0.0, purpose=PURPOSE, deadline_s=DEADLINE_S)
        return standing.as_now(asked, health, Condition(online=standing.online))

    def _row(self, cloud: Cloud, question: Question) -> CloudRow:
        endpoint = cloud.endpoint
        state, why = self._state(cloud, question)
        return CloudRow(
            cloud.name,
            cloud.region,
            cloud.model,
            cloud.address,
            state,
            why,
            lacking(question, endpoint),
            [one.id for one in question.consents if one.names(endpoint)],
        )

    def _state(self, cloud: Cloud, question: Question) -> tuple[State, Words | None]:
        try:
            key_of(cloud, self.folder)
        except EdgewiseError as error:
            return "away", Words(str(error), f"密钥不可用：{error}")
        known = (one for one in question.health if one.endpoint == cloud.name)
        health = next(known, Health(cloud.name))
        why = cloud_is_away(question, cloud.endpoint)
        state: State = "ready" if why is None else "resting" if health.open else "away"
        if why is None and health.why == REFUSED:
            why = _REFUSED_LAST
        return ("away" if not question.condition.online else state), why

    def _consent(self, one: Consent, drive: str) -> ConsentRow:
        return ConsentRow(
            one.id,
            one.recipient,
            one.region,
            one.purpose,
            one.granted_at,
            one.sensitive,
            one.crossing,
            one.expires_at,
            one.revoked_at,
            one.drive,
            bool(one.once),
            one.holds(self.clock.now(), drive),
        )

    def _store(self) -> Consents:
        return Consents(self.folder, self.clock)

    def _spending(self) -> Spending:
        """That of the device which runs, as it knows what the disk did not take; without one it is
        tried whether it can be written."""
        if self.reach is not None:
            return self.reach.spending
        spending = Spending(self.folder, self.clock)
        if self.config.cloud:
            with suppress(DeviceError):  # told as an account that is lost
                spending.check()
        return spending

    def _waiting(self) -> int:
        """How many questions are kept until there is a network."""
        path = self.folder / OUTBOX
        if not path.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
                return db.execute(
                    "select count(*) from entry where expires_at > ?", (self.clock.now(),)
                ).fetchone()[0]
        except sqlite3.Error:
            return 0


def left_of(
    turn: str, events: Sequence[Event], after: Turns, reach: DeviceReach | None = None
) -> LeftOfTurn:
    """What left in the turn of `events` and in those `after` it, word for word where `reach`
    remembers it."""
    rows: list[LeftRow] = []
    cost = 0.0
    for name, told in {turn: events, **after}.items():
        fates = fates_of(told)
        rows += [
            replace(_left(event, reach), fate=fates[event.seq], turn="" if name == turn else name)
            for event in told
            if isinstance(event, Left)
        ]
        cost += sum(event.cost for event in told if isinstance(event, Came))
    last = events[-1] if events else None
    leaving = last.leaving if isinstance(last, NeedsApproval) and not after else None
    asks = _left(leaving, reach) if leaving is not None else None
    kept = any(isinstance(event, Kept) for event in events)
    return LeftOfTurn(turn, rows, cost, asks, kept and not any(row.turn for row in rows))


def _left(told: Left | Leaving, reach: DeviceReach | None) -> LeftRow:
    shown = reach.shown(told.digest) if reach is not None else None
    return LeftRow(
        told.endpoint,
        told.region,
        told.purpose,
        told.digest,
        told.size_bytes,
        told.replaced,
        list(shown.turns) if shown is not None else None,
    )


def lacking(question: Question, endpoint: Endpoint) -> list[Words]:
    """What still keeps every message from that cloud, each with its remedy."""
    told = [_DEVICE_ONLY] if question.mode is Mode.DEVICE_ONLY else []
    ids = [rule.id for rule in forbidding(question, endpoint)]
    if not question.region:
        told.append(_NO_REGION)
        ids = [one for one in ids if one in ("P3", "P2")]
    for rule in forbidding(question, endpoint):
        if rule.id in ids:
            remedy = _REMEDIES.get(rule.id, _NONE).filled(cloud=endpoint.name)
            told.append(Words(rule.words.en + remedy.en, rule.words.zh + remedy.zh))
    return told


_DEVICE_ONLY = Words(
    "mode device_only: nothing leaves this device; choose another: edgewise mode",
    "模式 device_only：任何内容都不离开本机；更改：edgewise mode",
)
_REFUSED_LAST = Words(
    "it refused the key or the model when it was asked last; check both",
    "上次询问时它拒绝了密钥或模型，请检查二者",
)
_NO_REGION = Words(
    "it is not known where this device is: set `region` in config.toml",
    "不知道本机所在地区：请在 config.toml 中设置 region",
)
_NONE = Words("", "")
_REMEDIES = {
    "P9": Words(
        ": list the region in `cloud_regions` of config.toml",
        "：请在 config.toml 的 cloud_regions 中列出该地区",
    ),
    "P4": Words(
        ": name it as the cloud's `crossing` in config.toml",
        "：请在 config.toml 该云端的 crossing 中写明",
    ),
    "P5": Words(
        ": name it as the cloud's `assessment` in config.toml",
        "：请在 config.toml 该云端的 assessment 中写明",
    ),
    "P3": Words(": edgewise consent grant {cloud}", "：edgewise consent grant {cloud}"),
    "P4.consent": Words(
        ": edgewise consent grant {cloud} --crossing",
        "：edgewise consent grant {cloud} --crossing",
    ),
}
