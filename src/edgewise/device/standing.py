"""How the device stands with its clouds, as every question of the routing has it: one account.

Mode, network, consents and what was spent are read anew each time it is asked, so that a change
counts at once, also one that another process made. What the clouds and the device's own model do
is handed in; what is asked about is the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from edgewise.core.clock import Clock
from edgewise.core.endpoint import Allowance, Condition, Endpoint, Health
from edgewise.core.place import Mode
from edgewise.device.chosen_mode import mode_of
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.spending import Spending
from edgewise.device.tunnel import in_tunnel
from edgewise.route.question import Question


@dataclass(frozen=True, slots=True)
class Standing:
    """That of the device in `folder`."""

    folder: Path
    config: Config
    clock: Clock
    consents: Consents
    spending: Spending

    @property
    def mode(self) -> Mode:
        """Where the owner wants open questions to be thought about, now."""
        return mode_of(self.folder, self.config.mode)[0]

    @property
    def online(self) -> bool:
        """False in a tunnel, as the owner says now."""
        return not in_tunnel(self.folder)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The clouds that are set up."""
        return tuple(cloud.endpoint for cloud in self.config.cloud)

    def as_now(
        self, question: Question, health: Sequence[Health], condition: Condition
    ) -> Question:
        """`question` as things are now; what it is about, and a yes to just it, stay."""
        config, spent = self.config, self.spending.today()
        return replace(
            question,
            mode=self.mode,
            now=self.clock.now(),
            region=config.region,
            regions=config.cloud_regions or None,
            drive=self.consents.drive,
            endpoints=self.endpoints,
            consents=self.consents.in_force(),
            health=tuple(health),
            condition=condition,
            allowance=Allowance(
                spent.left_money(config.money_a_day),
                spent.left_bytes(config.bytes_a_day),
                spent.is_lost,
            ),
        )
