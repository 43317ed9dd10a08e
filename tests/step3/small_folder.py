"""A folder of a small Step-3 that has learnt nothing: it answers alike each time, without sense."""

import io
import json
from pathlib import Path

from PIL import Image

from edgewise.step3.conversation import GENERATION
from edgewise.step3.nano import PICO, fresh
from edgewise.step3.tokenizer import END, save_tokenizer, train_tokenizer
from edgewise.step3.weights import save_model


def small_folder(folder: Path) -> Path:
    tokenizer = train_tokenizer(["What colour is it? red green blue"] * 3, 300)
    save_model(fresh(PICO, 3), folder)
    save_tokenizer(tokenizer, folder)
    (folder / GENERATION).write_text(json.dumps({"eos_token_id": tokenizer.token_to_id(END)}))
    return folder


def picture(colour: str, size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()
