"""A tokenizer of our own for a small model: byte-level BPE, with the tokens of pictures and turns.

It is trained on the texts that the model is, and saved as tokenizer.json beside the weights; the
conversation's form goes beside it as a template that others render as well:

    <|begin|><|user|>What colour is it?<|end|><|assistant|>red<|end|>

Any folder's tokenizer and template are read here alike, the published one's too.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgewise.errors import UserError

try:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
except ImportError as error:
    raise UserError(
        f"Step-3's tokenizer needs {error.name}; install: pip install 'edgewise[step3]'",
        code="missing_extra",
    ) from error

BEGIN, END, PAD = "<|begin|>", "<|end|>", "<|pad|>"
IMAGE = "<im_patch>"
SPECIAL = (
    *(PAD, BEGIN, END, "<|system|>", "<|user|>", "<|assistant|>"),
    *(IMAGE, "<im_start>", "<im_end>", "<patch_start>", "<patch_end>", "<patch_newline>"),
)
"""In this order from 0 on; the last six are as published (`image_tokens.py`)."""
IMAGE_TOKEN_ID = SPECIAL.index(IMAGE)
FILE, TEMPLATE = "tokenizer.json", "chat_template.jinja"
CHAT = (
    "<|begin|>{% for message in messages %}<|{{ message.role }}|>"
    "{% if message.content is string %}{{ message.content }}"
    "{% else %}{% for part in message.content %}"
    "{% if part.type == 'text' %}{{ part.text }}{% else %}<im_patch>{% endif %}"
    "{% endfor %}{% endif %}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
LEAST = len(SPECIAL) + 256
"""Tokens that the smallest vocabulary has: the special ones, and one for each byte."""
WRONG_IN_TEMPLATE = (
    *(TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError),
)
"""What a template raises beside jinja's own errors: it computes as its author wrote."""


def train_tokenizer(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """A tokenizer for any text, in which frequent pieces of `texts` are one token. It may have
    fewer than `vocab_size` where they have no more pieces."""
    if vocab_size < LEAST:
        raise UserError(
            f"vocab_size is {vocab_size}; bytes and special tokens need {LEAST}",
            code="bad_model_config",
        )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json and the template of our conversations into the folder."""
    tokenizer.save(str(folder / FILE))
    (folder / TEMPLATE).write_text(CHAT, "utf-8")


def read_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a folder. Raises UserError (`bad_model_config`)."""
    path = folder / FILE
    try:
        return Tokenizer.from_buffer(path.read_bytes())
    except Exception as error:  # the library raises nothing narrower for what is no tokenizer
        raise UserError(
            f"{path} cannot be read: {error}; take the one beside the checkpoint",
            code="bad_model_config",
        ) from error


class ChatTemplate:
    """How a folder writes a conversation. The template is run without any access to Python."""

    def __init__(self, source: str) -> None:
        """Raises UserError (`bad_model_config`)."""
        import jinja2  # comes with torch
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        self._wrong: tuple[type[Exception], ...] = (jinja2.TemplateError, *WRONG_IN_TEMPLATE)
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        environment.globals["raise_exception"] = _refuse
        try:
            self._template = environment.from_string(source)
        except jinja2.TemplateError as error:
            raise UserError(f"the chat template: {error}", code="bad_model_config") from error

    @classmethod
    def of(cls, folder: Path) -> "ChatTemplate":
        """The folder's own, ours where it has none. Raises UserError (`bad_model_config`)."""
        path = folder / TEMPLATE
        try:
            return cls(path.read_text("utf-8") if path.is_file() else CHAT)
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path} cannot be read: {error}", code="bad_model_config") from error

    def render(self, messages: Sequence[Mapping[str, Any]], *, answer: bool = True) -> str:
        """The conversation as text, up to where the answer begins if `answer`. Raises UserError
        (`bad_message`) for what the template refuses."""
        try:
            return self._template.render(messages=list(messages), add_generation_prompt=answer)
        except self._wrong as error:
            raise UserError(f"the conversation: {error}", code="bad_message") from error


def _refuse(message: str) -> None:
    raise ValueError(message)
