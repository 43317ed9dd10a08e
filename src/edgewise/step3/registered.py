"""Makes Step-3 known to transformers: then its Auto classes load a checkpoint's folder.

    register()
    AutoConfig.from_pretrained(folder)
    AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)

Weights come in by `weights`, not by transformers' loader: that one fills a missing tensor with
chance and goes on. From a folder with vision the text part is loaded. Its `generate` computes every
step anew; `generate.Generator` takes such a model too, and has a cache.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from edgewise.errors import UserError
from edgewise.step3.config import PUBLISHED, Step3Config, text_part
from edgewise.step3.config_file import TEXT, VISION_LANGUAGE, config_document, config_from
from edgewise.step3.model import Step3TextModel
from edgewise.step3.weights import fill, open_checkpoint

try:
    from transformers import (
        AutoConfig,
        AutoModelForCausalLM,
        GenerationConfig,
        GenerationMixin,
        PreTrainedConfig,
        PreTrainedModel,
    )
    from transformers.modeling_outputs import CausalLMOutput
    from transformers.utils import GENERATION_CONFIG_NAME
except ImportError as error:
    raise UserError(
        f"Step-3 in transformers needs {error.name}; install: pip install 'edgewise[step3]'",
        code="missing_extra",
    ) from error

IDLE = frozenset(
    {
        *("_commit_hash", "_from_auto", "_from_pipeline", "adapter_kwargs", "cache_dir"),
        *("code_revision", "force_download", "local_files_only", "low_cpu_mem_usage", "revision"),
        *("trust_remote_code", "use_safetensors"),
    }
)
"""What `from_pretrained` may be told that changes nothing for a folder."""


def register() -> None:
    """Tells transformers' Auto classes about both kinds of Step-3 folder; twice does no harm."""
    for kind, config, model in (
        (TEXT, RegisteredTextConfig, Step3TextForCausalLM),
        (VISION_LANGUAGE, RegisteredVLConfig, TextOfVision),
    ):
        AutoConfig.register(kind, config, exist_ok=True)
        AutoModelForCausalLM.register(config, model, exist_ok=True)


class RegisteredTextConfig(PreTrainedConfig):
    """config.json's keys as attributes; none given means Step-3 as published."""

    model_type = TEXT

    def __init__(self, **keys: Any) -> None:
        super().__init__(**(keys or config_document(PUBLISHED)))
        checked(self)


class RegisteredVLConfig(PreTrainedConfig):
    model_type = VISION_LANGUAGE

    def __init__(self, **keys: Any) -> None:
        super().__init__(**keys)
        if keys:
            checked(self)

    def get_text_config(self, *_: Any, **__: Any) -> RegisteredTextConfig:
        return RegisteredTextConfig(**config_document(text_part(checked(self))))


class Step3TextForCausalLM(PreTrainedModel, GenerationMixin):
    """The text model as transformers calls it. `attn_implementation="eager"` takes the paths that
    are written for reading; "sdpa" the fused ones."""

    config_class = RegisteredTextConfig
    base_model_prefix = "model"
    _supports_sdpa = True

    def __init__(self, config: RegisteredTextConfig, *, plain: bool = False) -> None:
        super().__init__(config)
        text = text_part(checked(config))
        self.model = Step3TextModel(text, plain=plain)
        self.lm_head = nn.Linear(text.hidden_size, text.vocab_size, bias=False)
        self.post_init()
        if self.generation_config is not None:
            self.generation_config.use_cache = False

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        labels: Tensor | None = None,
        **_: Any,
    ) -> CausalLMOutput:
        """input_ids (B, T) -> logits (B, T, V), and the mean loss where `labels` (B, T) are given.
        Raises UserError for padded rows: they are not told apart."""
        if attention_mask is not None and not bool(attention_mask.bool().all()):
            raise UserError(
                "attention_mask has zeros, and padding is not read; give rows of one length",
                code="padded",
            )
        logits = self.lm_head(self.model(self.model.embed_tokens(input_ids)))
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(
                logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten()
            )
        return CausalLMOutput(loss=loss, logits=logits)

    def prepare_inputs_for_generation(
        self, input_ids: Tensor, *_: Any, attention_mask: Tensor | None = None, **__: Any
    ) -> dict[str, Any]:
        """All tokens at each step, also where `use_cache=True` asks for the last one alone: there
        is no cache that holds the others."""
        return {"input_ids": input_ids, "attention_mask": attention_mask}

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: Any,
        *_: Any,
        config: PreTrainedConfig | None = None,
        dtype: Any = None,
        torch_dtype: Any = None,
        device_map: Any = None,
        attn_implementation: str | None = None,
        **others: Any,
    ) -> "Step3TextForCausalLM":
        """The model of a folder on this machine. `device_map` is one device. Raises UserError for
        what does not fit, and for an option that is not known here."""
        if unknown := {key for key, value in others.items() if value is not None} - IDLE:
            raise UserError(
                f"from_pretrained: {min(unknown)} is not known to Step-3; leave it out",
                code="unknown_option",
            )
        folder = Path(pretrained_model_name_or_path)
        if not folder.is_dir():
            raise UserError(f"{folder} is no folder; fetch the checkpoint first", code="bad_folder")
        ours = checked(config or AutoConfig.from_pretrained(folder))
        checkpoint = open_checkpoint(folder, ours)
        text = RegisteredTextConfig(**config_document(text_part(ours)))
        with torch.device("meta"):
            model = Step3TextForCausalLM(text, plain=attn_implementation == "eager")
        if (path := folder / GENERATION_CONFIG_NAME).is_file():  # what ends an answer
            try:
                model.generation_config = GenerationConfig.from_pretrained(folder, use_cache=False)
            except (OSError, ValueError) as error:
                raise UserError(f"{path}: {error}", code="bad_model_config") from error
        fill(model, checkpoint, dtype=_dtype(dtype or torch_dtype), device=_device(device_map))
        return model.eval()


class TextOfVision(Step3TextForCausalLM):
    """What the Auto class asks for the text part of a folder that has vision as well."""

    config_class = RegisteredVLConfig


def checked(config: PreTrainedConfig) -> Step3Config:
    """Our config from transformers' own. Raises UserError that names the key."""
    return config_from({"model_type": config.model_type} | config.to_dict())


def _dtype(given: Any) -> torch.dtype | None:
    if given in (None, "auto"):
        return None
    found = getattr(torch, given, None) if isinstance(given, str) else given
    if not isinstance(found, torch.dtype):
        raise UserError(f"dtype is {given!r}; torch has no such type", code="unknown_option")
    return found


def _device(given: Any) -> torch.device:
    """One device, as `device_map` says it: None, "auto", a name, or {"": name}."""
    one = given[""] if isinstance(given, dict) and list(given) == [""] else given
    if one == "auto":
        one = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.device("cpu" if one is None else one)  # pyright: ignore[reportArgumentType]
    except (RuntimeError, TypeError) as error:
        raise UserError(
            f"device_map is {given!r}; one device is filled, such as 'cpu' or 'cuda:0'",
            code="unknown_option",
        ) from error
