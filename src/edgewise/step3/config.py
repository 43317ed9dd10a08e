"""The sizes of a Step-3 model, under the names that its published config.json gives them.

Values only; `config_file` reads and writes the JSON. They are checked when made, from a file or in
code: whoever holds a config holds one that can be built. Source: reference note on Step-3, section
3. The vision part has no defaults of size: those of the published classes, stride 1 and MLP width
3072, fit neither the 169 and 81 tokens of a picture nor the stated 5 billion parameters; stride 2
and width 15360 do. Where a config is silent, the eps of its norms is 1e-5 as in vLLM; SGLang
computes with 1e-6 whatever the config says.
"""

from msgspec import Struct

from edgewise.errors import UserError

MOST = {
    "num_hidden_layers": 4096,
    "num_attention_heads": 4096,
    "head_dim": 4096,
    "moe_num_experts": 65_536,
    "vocab_size": 2**24,
    "max_position_embedding": 2**31,
    "max_seq_len": 2**31,
    "image_size": 2**13,
    "patch_size": 2**10,
    "image_token_id": 2**24,
}
"""The largest that makes sense; other sizes end at MOST_WIDE."""
MOST_WIDE = 2**20
FIRST_KERNEL, SECOND_KERNEL, SECOND_STRIDE, SECOND_PADDING = 2, 3, 2, 1
"""Of the two convolutions that shrink a picture's grid; the stride of the first is the config's."""


class Step3TextConfig(Struct, frozen=True, kw_only=True):
    """The text model. Raises UserError, which names the key, where a value does not hold.

    `moe_layers_enum` are the layers whose feed-forward is a mixture of experts, from 0, ascending;
    the others are dense, `intermediate_size` wide. `share_q_dim` is the rank of the query that all
    heads share. `num_attention_groups` counts key and value heads: Step-3 has one."""

    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_attention_groups: int = 1
    head_dim: int
    share_q_dim: int
    moe_layers_enum: tuple[int, ...]
    moe_num_experts: int
    moe_top_k: int
    moe_intermediate_size: int
    share_expert_dim: int
    norm_expert_weight: bool = False
    vocab_size: int
    max_position_embedding: int
    max_seq_len: int
    rms_norm_eps: float = 1e-5
    rope_theta: float = 500_000.0

    def __post_init__(self) -> None:
        check_sizes(self)
        if self.num_attention_groups != 1:
            raise wrong("num_attention_groups", self.num_attention_groups, "Step-3 has 1")
        if self.head_dim % 2:
            raise wrong("head_dim", self.head_dim, "it must be even: halves rotate")
        if self.moe_top_k > self.moe_num_experts:
            limit = f"at most moe_num_experts, which is {self.moe_num_experts}"
            raise wrong("moe_top_k", self.moe_top_k, limit)
        layers = self.moe_layers_enum
        if list(layers) != sorted(set(layers)) or not set(layers) <= set(self.layers):
            limit = f"each of 0 to {self.num_hidden_layers - 1} at most once, ascending"
            raise wrong("moe_layers_enum", ",".join(map(str, layers)), limit)
        if not 0 < self.rms_norm_eps < 1:
            raise wrong("rms_norm_eps", self.rms_norm_eps, "between 0 and 1, such as 1e-5")
        if not 1 < self.rope_theta < 1e15:
            raise wrong("rope_theta", self.rope_theta, "over 1, such as 500000")

    @property
    def layers(self) -> range:
        return range(self.num_hidden_layers)

    @property
    def context(self) -> int:
        """How many tokens one sequence may have."""
        return min(self.max_seq_len, self.max_position_embedding)


class Step3VisionConfig(Struct, frozen=True, kw_only=True):
    """The vision tower and the width between the two convolutions behind it (`output_hidden_size`).
    Sizes of pictures are in pixels: `image_size` is the side of the view that the learned positions
    are for, `patch_size` of what becomes one patch. Raises UserError as the text config does."""

    hidden_size: int
    intermediate_size: int
    output_hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    image_size: int
    patch_size: int
    num_channels: int = 3
    hidden_act: str = "quick_gelu"
    layer_norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        check_sizes(self)
        if self.hidden_size % self.num_attention_heads:
            limit = f"it must divide hidden_size, which is {self.hidden_size}"
            raise wrong("num_attention_heads", self.num_attention_heads, limit)
        if self.image_size % self.patch_size or self.position_grid < FIRST_KERNEL:
            limit = (
                f"{FIRST_KERNEL} or more whole patches of patch_size, which is {self.patch_size}"
            )
            raise wrong("image_size", self.image_size, limit)
        if self.num_channels != 3:
            raise wrong("num_channels", self.num_channels, "Step-3's vision tower has 3")
        if self.hidden_act != "quick_gelu":
            raise wrong("hidden_act", self.hidden_act, "Step-3's vision tower has quick_gelu")
        if not 0 < self.layer_norm_eps <= 0.01:
            raise wrong("layer_norm_eps", self.layer_norm_eps, "up to 0.01, such as 1e-5")

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads

    @property
    def position_grid(self) -> int:
        """Side in patches of the grid that positions were learned for (52)."""
        return self.image_size // self.patch_size


class Step3VLConfig(Struct, frozen=True, kw_only=True):
    """Text and vision together. `image_token_id` stands where a picture's vectors come in;
    `understand_projector_stride` is the step of the first convolution behind the tower."""

    text_config: Step3TextConfig
    vision_config: Step3VisionConfig
    image_token_id: int
    understand_projector_stride: int
    projector_bias: bool

    def __post_init__(self) -> None:
        check_sizes(self)
        if self.image_token_id >= self.text_config.vocab_size:
            limit = f"below vocab_size, which is {self.text_config.vocab_size}"
            raise wrong("image_token_id", self.image_token_id, limit)
        if self.understand_projector_stride > FIRST_KERNEL:
            limit = f"above {FIRST_KERNEL}, the kernel's side, it would pass patches by"
            raise wrong("understand_projector_stride", self.understand_projector_stride, limit)

    def tokens(self, side_px: int) -> int:
        """How many tokens a square picture becomes: 169 for 728 pixels, 81 for 504.

        Raises UserError for a side that is no multiple of the patch, or too small to shrink."""
        patch = self.vision_config.patch_size
        if side_px < 1 or side_px % patch:
            raise UserError(
                f"a picture {side_px} pixels wide can not be cut into patches of {patch}; give a"
                " multiple of patch_size",
                code="bad_picture",
            )
        grid = side_px // patch
        first = (grid - FIRST_KERNEL) // self.understand_projector_stride + 1
        if first < 1:
            raise UserError(
                f"a picture {side_px} pixels wide has {grid} x {grid} patches, the downsampler"
                f" needs {FIRST_KERNEL} x {FIRST_KERNEL}; give a larger one",
                code="bad_picture",
            )
        second = (first + 2 * SECOND_PADDING - SECOND_KERNEL) // SECOND_STRIDE + 1
        return second * second


Step3Config = Step3TextConfig | Step3VLConfig


def text_part(config: Step3Config) -> Step3TextConfig:
    return config.text_config if isinstance(config, Step3VLConfig) else config


def check_sizes(config: Struct) -> None:
    """Every whole number of a config lies between 1 and the most that makes sense."""
    for name in config.__struct_fields__:
        value = getattr(config, name)
        if isinstance(value, int) and not isinstance(value, bool):
            most = MOST.get(name, MOST_WIDE)
            if not 1 <= value <= most:
                raise wrong(name, value, f"from 1 to {most}")


def wrong(key: str, value: object, limit: str) -> UserError:
    """The error for a value that does not hold."""
    return UserError(f"the model's config: {key} is {value!r}; {limit}", code="bad_model_config")


PUBLISHED = Step3TextConfig(
    hidden_size=7168,
    intermediate_size=18_432,
    num_hidden_layers=61,
    num_attention_heads=64,
    head_dim=256,
    share_q_dim=2048,
    moe_layers_enum=tuple(range(4, 60)),
    moe_num_experts=48,
    moe_top_k=3,
    moe_intermediate_size=5120,
    share_expert_dim=5120,
    vocab_size=128_815,
    max_position_embedding=65_536,
    max_seq_len=65_536,
)
"""Step-3 as it was published: 316 billion parameters, of which a token uses 38."""
