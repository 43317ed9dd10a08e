"""Voice devices over a database, a clock that is turned by hand, and who types their codes."""

from collections import Counter
from pathlib import Path

from msgspec import UNSET
from sqlalchemy import delete

from edgewise.cloud.accounts import FirstStart, create_account, create_organisation
from edgewise.cloud.config import Config, XiaozhiConfig
from edgewise.cloud.database import Database
from edgewise.cloud.directory import Directory
from edgewise.cloud.identifier import new_id
from edgewise.cloud.projects import create_project
from edgewise.cloud.tables import voice_devices
from edgewise.cloud.xiaozhi.bindings import Binding
from edgewise.cloud.xiaozhi.bootstrap import Asking, Reply, ToActivate
from edgewise.cloud.xiaozhi.kept_activations import WAITING
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from edgewise.testing.clock import ManualClock
from tests.cloud.conftest import NOW

MAC, OTHER_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
CLIENT, OTHER_CLIENT = "7a1c0000-0000-4000-8000-000000000001", "7a1c-other"
ADDRESS = "https://edge.example"
SECRET = b"the secret of this folder"


class House:
    """A platform's voice devices; `project` is the first organisation's, `foreign` another's."""

    def __init__(
        self, database: Database, started: FirstStart, folder: Path, secret: bytes = SECRET
    ) -> None:
        self.database = database
        self.folder = folder
        self.clock = ManualClock(wall=NOW)
        self.organisation = started.organisation.id
        self.project = started.project.id
        self.account = started.account.id
        with database.begin() as connection:
            email = f"{new_id('other').lower()}@example.org"
            other = create_account(connection, email, "Other", now_s=NOW)
            elsewhere = create_organisation(connection, "Other", owner=other.id, now_s=NOW)
            made = create_project(connection, elsewhere.id, "Other", now_s=NOW)
        self.other_account, self.elsewhere, self.foreign = other.id, elsewhere.id, made.id
        self.directory = Directory(database)
        self.counted: Counter[str] = Counter()
        self.voice = self.opened(secret)

    def opened(self, secret: bytes = SECRET) -> VoiceDevices:
        """The devices as another start of the platform finds them."""
        config = Config(xiaozhi=XiaozhiConfig(enabled=True))
        return VoiceDevices(
            config,
            self.database,
            self.directory,
            self.clock,
            secret,
            self.folder,
            lambda code: self.counted.update([code]),
            utc_offset_min=480,
        )

    def restart(self) -> None:
        """The platform ends in order and starts again."""
        self.voice.kept.write()
        self.voice = self.opened()

    def clear(self) -> None:
        """Forget every device that an earlier story left in the database and in the folder."""
        (self.folder / WAITING).unlink(missing_ok=True)
        with self.database.begin() as connection:
            connection.execute(delete(voice_devices))
        self.voice = self.opened()

    def ask(self, mac: str = MAC, client: str = CLIENT) -> Reply:
        """What a device is told."""
        return self.voice.bootstrap(Asking(mac, client, "board", "2.4.0"), ADDRESS, "203.0.113.5")

    def shown(self, mac: str = MAC, client: str = CLIENT) -> ToActivate:
        """What a device that nobody owns is told to show."""
        part = self.ask(mac, client).activation
        assert isinstance(part, ToActivate)
        return part

    def type(self, code: str, *, foreign: bool = False, name: str = "Kitchen") -> Binding:
        """The owner of a project types a code."""
        organisation, project, account = (
            (self.elsewhere, self.foreign, self.other_account)
            if foreign
            else (self.organisation, self.project, self.account)
        )
        with self.voice.adding() as adding, self.database.begin() as connection:
            return adding.bind(
                connection, organisation, project, name, code, account=account,
                now_s=self.clock.now(),
            )  # fmt: skip

    def bound(self, mac: str = MAC, client: str = CLIENT) -> tuple[Binding, str]:
        """A device that belongs to the first project, and its token."""
        binding = self.type(self.shown(mac, client).code)
        reply = self.ask(mac, client)
        assert reply.activation is UNSET
        return binding, reply.websocket.token
