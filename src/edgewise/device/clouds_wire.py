"""The bodies that the device API takes about clouds; what it replies is `cloud_told.py`."""

from edgewise.core.place import Mode
from edgewise.device.wire import Body, Name


class ModeBody(Body, frozen=True):
    """Where open questions are thought about from now on."""

    mode: Mode


class NetworkBody(Body, frozen=True):
    """`online` false: the device acts as if there were no network until it is told otherwise."""

    online: bool


class ConsentBody(Body, frozen=True):
    """A person's yes to giving a cloud of `config.toml` what `purpose` needs. `expires_at` is in
    wall seconds; `this_drive` ends it with the drive."""

    cloud: Name
    purpose: Name = "assist"
    sensitive: bool = False
    crossing: bool = False
    expires_at: float | None = None
    this_drive: bool = False
