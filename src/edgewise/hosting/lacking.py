"""What a sense of this machine lacks, by names alone: libraries of its extra, models of packages.

No file is read and no library loaded, so it does not know whether they are whole.
"""

from importlib.util import find_spec

from msgspec import Struct

from edgewise.core.words import Words
from edgewise.engine.packages import folder_of, packages
from edgewise.errors import ModelError

# For each sense one module of each library of its extra; the extra has the sense's name.
LIBRARIES = {
    "hear": ("ctranslate2", "numpy", "onnxruntime", "pymicro_wakeword", "soxr", "tokenizers"),
    "speak": ("jieba", "numpy", "onnxruntime", "pypinyin"),
    "see": ("ai_edge_litert", "numpy", "onnxruntime", "PIL", "rapidocr"),
}


class Lack(Struct, frozen=True):
    """What a sense lacks, and what to do about it."""

    sense: str
    found: Words
    remedy: str


def lacks_of(sense: str) -> tuple[Lack, ...]:
    """What is missing of one sense."""
    return (*_libraries(sense), *_models(sense))


def _libraries(sense: str) -> list[Lack]:
    missing = [name for name in LIBRARIES[sense] if find_spec(name) is None]
    if not missing:
        return []
    names = ", ".join(missing)
    found = Words(f"libraries are missing: {names}", f"缺少库：{names}")
    return [Lack(sense, found, f"pip install 'edgewise[{sense}]'")]


def _models(sense: str) -> list[Lack]:
    try:
        needed = [one for one in packages() if one.default and one.sense == sense]
    except ModelError as error:
        return [Lack(sense, Words(str(error), str(error)), "make venv")]
    missing = [one.name for one in needed if not folder_of(one).is_dir()]
    if not missing:
        return []
    names = ", ".join(missing)
    found = Words(f"models are missing: {names}", f"缺少模型：{names}")
    return [Lack(sense, found, f"edgewise models install {' '.join(missing)}")]
