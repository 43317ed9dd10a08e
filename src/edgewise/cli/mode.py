"""`edgewise mode`: where open questions are thought about."""

from typing import Annotated

import typer

from edgewise.cli.language import Tongue, spoken
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.device.config import data_folder, load_config

Chosen = Annotated[
    Mode | None, typer.Argument(metavar="MODE", help="A mode; without it the present one is told.")
]


def mode(chosen: Chosen = None, language: Tongue = None) -> None:
    """Show or set where open questions are thought about.

    device_only: nothing leaves. prefer_device, prefer_cloud: either, by what each can. cloud_only:
    never the device's model. ask: you are asked each time. It counts at once, also for a device
    that runs, and goes before `mode` in config.toml. Consents and rules hold in every mode.
    """
    from edgewise.device.chosen_mode import choose_mode, mode_of
    from edgewise.device.folder import prepare

    folder, tongue = data_folder(), spoken(language)
    config = load_config(folder)
    if chosen is not None:
        prepare(folder)
        choose_mode(folder, chosen)
    held, damage = mode_of(folder, config.mode)
    if damage is not None:
        print(damage.said_in(tongue))
    print(f"{held.value}: {MODES[held].said_in(tongue)}")
    if held is not Mode.DEVICE_ONLY and not config.cloud:
        print(_NO_CLOUD.said_in(tongue))


MODES = {
    Mode.DEVICE_ONLY: Words("nothing leaves this device", "任何内容都不离开本机"),
    Mode.PREFER_DEVICE: Words(
        "the device answers where it is good enough, else a cloud that you agreed to",
        "本机能答好的由本机回答，否则交给您同意过的云端",
    ),
    Mode.PREFER_CLOUD: Words(
        "a cloud that you agreed to answers where it can, else the device",
        "优先由您同意过的云端回答，不行时由本机回答",
    ),
    Mode.CLOUD_ONLY: Words(
        "only a cloud that you agreed to answers open questions",
        "开放问题只由您同意过的云端回答",
    ),
    Mode.ASK: Words("you are asked each time before anything leaves", "每次发送内容前都会先问您"),
}
_NO_CLOUD = Words(
    "No cloud is set up in config.toml, so nothing leaves anyway.",
    "config.toml 中没有配置云端，因此任何内容仍不会离开本机。",
)
