"""Single-file checkpoints of each family as diffusers reads them, by name, shape and the sha256 of every tensor's bytes.

`OMP_NUM_THREADS=1 python golden/single_file.py` from the project's root. Writes src/loaders/golden/single-file/:
{name}.json for small models, whose bytes are a formula (`values`), so that the header alone is stored; full-size.json.gz for
the real ones, names and shapes only. A model is made by diffusers, its names are put into the layout of CompVis and Stability AI
by the maps below, and that file is read back by diffusers' own functions (loaders/single_file_utils.py), which is what is written.
"""

import gzip
import hashlib
import inspect
import json
import re
import tempfile
from pathlib import Path

import diffusers
import numpy as np
import safetensors.torch
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, PNDMScheduler, UNet2DConditionModel
from diffusers.loaders import single_file_utils
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from families import BETAS, LEGACY
from models import ROOT, hub_config, kl_model, rename, text_model, unet_model

OUT = ROOT / "src/loaders/golden/single-file"
VERSIONS = {"command": "python golden/single_file.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
UNET, VAE, CLIP, OPEN_CLIP = (
    "model.diffusion_model.",
    "first_stage_model.",
    "cond_stage_model.transformer.",
    "cond_stage_model.model.",
)
CLIP_XL, OPEN_CLIP_XL = "conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."
OPEN_CLIP_REFINER = "conditioner.embedders.0.model."
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
OUTSIDE = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
VAE_NAMES = {
    r"mid_block\.resnets\.0": "mid.block_1",
    r"mid_block\.resnets\.1": "mid.block_2",
    r"mid_block\.attentions\.0": "mid.attn_1",
    "conv_shortcut": "nin_shortcut",
    "conv_norm_out": "norm_out",
    "group_norm": "norm",
    r"attn_1\.to_([qkv])": r"attn_1.\1",
    r"to_out\.0": "proj_out",
    r"down_blocks\.(\d+)\.resnets": r"down.\1.block",
    r"down_blocks\.(\d+)\.downsamplers\.0": r"down.\1.downsample",
}
OPEN_CLIP_NAMES = {
    r"text_model\.embeddings\.position_embedding\.weight": "positional_embedding",
    r"text_model\.embeddings\.": "",
    r"text_model\.final_layer_norm": "ln_final",
    r"text_projection\.weight": "text_projection",
    r"text_model\.encoder\.layers": "transformer.resblocks",
    "layer_norm": "ln_",
    r"mlp\.fc1": "mlp.c_fc",
    r"mlp\.fc2": "mlp.c_proj",
    "self_attn": "attn",
}


def replaced(key: str, names: dict[str, str]) -> str:
    for new, old in names.items():
        key = re.sub(new, old, key)
    return key


def ldm_unet(unet) -> dict[str, torch.Tensor]:
    rows = unet.config.layers_per_block + 1

    def ldm(key: str) -> str:
        module, parameter = key.rsplit(".", 1)
        if module in OUTSIDE:
            return f"{OUTSIDE[module]}.{parameter}"
        side, level, kind, index, inside = re.fullmatch(r"(mid|down|up)_blocks?(?:\.(\d+))?\.(\w+)\.(\d+)\.(.+)", module).groups()
        row, index = int(level or 0) * rows, int(index)
        if kind == "downsamplers":
            return f"input_blocks.{row + rows}.0.op.{parameter}"
        if kind == "upsamplers":
            place = 2 if unet.config.up_block_types[int(level)].startswith("CrossAttn") else 1
            return f"output_blocks.{row + rows - 1}.{place}.conv.{parameter}"
        is_resnet = kind == "resnets"
        where = {
            "mid": f"middle_block.{2 * index if is_resnet else 1}",
            "down": f"input_blocks.{1 + row + index}.{int(not is_resnet)}",
            "up": f"output_blocks.{row + index}.{int(not is_resnet)}",
        }[side]
        return f"{where}.{RESNET[inside] if is_resnet else inside}.{parameter}"

    return {UNET + ldm(key): value for key, value in unet.state_dict().items()}


def ldm_vae(vae) -> dict[str, torch.Tensor]:
    last = len(vae.config.block_out_channels) - 1

    def up(match: re.Match) -> str:
        return f"up.{last - int(match[1])}." + {"resnets": "block", "upsamplers.0": "upsample"}[match[2]]

    tensors = {}
    for key, value in vae.state_dict().items():
        is_matrix = ".attentions." in key and value.ndim == 2
        tensors[VAE + re.sub(r"up_blocks\.(\d+)\.(resnets|upsamplers\.0)", up, replaced(key, VAE_NAMES))] = (
            value[..., None, None] if is_matrix else value
        )
    return tensors


def named(text) -> dict[str, torch.Tensor]:
    return {rename(key, text, False): value for key, value in text.state_dict().items() if "position_ids" not in key}


def ldm_clip(text, prefix: str) -> dict[str, torch.Tensor]:
    ids = torch.zeros(1, text.config.max_position_embeddings, dtype=torch.int64)
    return {**{prefix + key: value for key, value in named(text).items()}, f"{prefix}text_model.embeddings.position_ids": ids}


def ldm_open_clip(text, prefix: str) -> dict[str, torch.Tensor]:
    state, tensors = named(text), {"logit_scale": torch.zeros(())}
    for key, value in state.items():
        if match := re.search(r"self_attn\.([qkv])_proj\.(\w+)$", key):
            if match[1] == "q":
                tensors[replaced(key[: match.start()], OPEN_CLIP_NAMES) + f"attn.in_proj_{match[2]}"] = torch.cat(
                    [state[key.replace("q_proj", f"{letter}_proj")] for letter in "qkv"]
                )
        else:
            tensors[replaced(key, OPEN_CLIP_NAMES)] = value.T if key == "text_projection.weight" else value
    return {prefix + key: value for key, value in tensors.items()}


def sd1(unet, text, vae, **config):
    buffers = {"betas": torch.zeros(8), "model_ema.decay": torch.zeros(()), "model_ema.diffusion_modelout2bias": torch.zeros(4)}
    file = {**ldm_unet(unet), **ldm_vae(vae), **ldm_clip(text, CLIP), **buffers}
    return file, {"unet": unet, "vae": vae, "text_encoder": text}, (PNDMScheduler, dict(**LEGACY, skip_prk_steps=True, **config))


def sd2(unet, whole, text, vae, **config):
    file = {**ldm_unet(unet), **ldm_vae(vae), **ldm_open_clip(whole, OPEN_CLIP)}
    return file, {"unet": unet, "vae": vae, "text_encoder": text}, (DDIMScheduler, dict(**LEGACY, clip_sample=False, **config))


def sdxl(unet, text, second, vae, marks=(), **config):
    marks = {name: torch.zeros(0) for name in marks}
    file = {
        **ldm_unet(unet),
        **ldm_vae(vae),
        **ldm_clip(text, CLIP_XL),
        **ldm_open_clip(second, OPEN_CLIP_XL),
        "denoiser.sigmas": torch.zeros(16),
        **marks,
    }
    scheduler = {**BETAS, "steps_offset": 1, "timestep_spacing": "leading", **config}
    return file, {"unet": unet, "vae": vae, "text_encoder": text, "text_encoder_2": second}, (EulerDiscreteScheduler, scheduler)


def refiner(unet, second, vae):
    file = {**ldm_unet(unet), **ldm_vae(vae), **ldm_open_clip(second, OPEN_CLIP_REFINER), "denoiser.sigmas": torch.zeros(16)}
    scheduler = {**BETAS, "steps_offset": 1, "timestep_spacing": "leading"}
    return file, {"unet": unet, "vae": vae, "text_encoder_2": second}, (EulerDiscreteScheduler, scheduler)


def small_unet(widths, attends, layers=None, **config):
    down = tuple("CrossAttnDownBlock2D" if here else "DownBlock2D" for here in attends)
    up = tuple("CrossAttnUpBlock2D" if here else "UpBlock2D" for here in reversed(attends))
    return unet_model(
        **{
            **dict(
                block_out_channels=widths,
                down_block_types=down,
                up_block_types=up,
                norm_num_groups=32,
                layers_per_block=1,
                transformer_layers_per_block=layers or (1,) * len(widths),
                attention_head_dim=tuple(width // 64 for width in widths),
                use_linear_projection=True,
                cross_attention_dim=64,
                sample_size=64,
            ),
            **config,
        }
    )


def small_text(model=CLIPTextModel, hidden_size=64, **config):
    sizes = dict(
        hidden_size=hidden_size,
        num_attention_heads=hidden_size // 64,
        intermediate_size=128,
        projection_dim=64,
        num_hidden_layers=2,
    )
    return text_model(64, model, **{**sizes, **config})


def small_vae(widths=(32, 64), **config):
    types = dict(down_block_types=("DownEncoderBlock2D",) * len(widths), up_block_types=("UpDecoderBlock2D",) * len(widths))
    return kl_model(**{**dict(block_out_channels=widths, layers_per_block=1, norm_num_groups=32), **types, **config})


SD1, OPEN = dict(attention_head_dim=8, use_linear_projection=False), dict(hidden_act="gelu", pad_token_id=0)
TEXT_TIME = dict(
    addition_embed_type="text_time",
    addition_time_embed_dim=32,
    projection_class_embeddings_input_dim=96 + 6 * 32,
    cross_attention_dim=64 + 128,
)
SMALL = {
    # Two layers at each of three levels, the last of them without attention.
    "sd1": lambda: sd1(
        small_unet((32, 64, 64), (True, True, False), layers_per_block=2, **SD1),
        small_text(hidden_act="quick_gelu"),
        small_vae(layers_per_block=2),
    ),
    # BK-SDM's kind: attention everywhere, no mid block.
    "sd1-inpaint": lambda: sd1(
        small_unet((32, 64), (True, True), mid_block_type=None, in_channels=9, **SD1),
        small_text(hidden_act="quick_gelu"),
        small_vae(widths=(32, 32, 64)),
    ),
    "sd2": lambda: sd2(
        small_unet((64, 128), (True, False), upcast_attention=True, sample_size=96),
        small_text(CLIPTextModelWithProjection, num_hidden_layers=3, **OPEN),
        small_text(**OPEN),
        small_vae(),
        prediction_type="v_prediction",
    ),
    "sdxl-refiner": lambda: refiner(
        small_unet(
            (64, 64, 64),
            (False, True, False),
            (1, 2, 2),
            **dict(TEXT_TIME, cross_attention_dim=128, projection_class_embeddings_input_dim=96 + 5 * 32),
            sample_size=128,
        ),
        small_text(CLIPTextModelWithProjection, hidden_size=128, projection_dim=96, **OPEN),
        small_vae(scaling_factor=0.13025),
    ),
    "sdxl": lambda: sdxl(
        small_unet((64, 64, 128), (False, True, True), (1, 2, 3), sample_size=128, **TEXT_TIME),
        small_text(hidden_act="quick_gelu"),
        small_text(CLIPTextModelWithProjection, hidden_size=128, projection_dim=96, **OPEN),
        small_vae(scaling_factor=0.13025),
        marks=("v_pred", "ztsnr"),
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
    ),
}

KL = dict(block_out_channels=(128, 256, 512, 512), layers_per_block=2, norm_num_groups=32)
WORDS = dict(
    hidden_size=768,
    intermediate_size=3072,
    num_hidden_layers=12,
    num_attention_heads=12,
    projection_dim=768,
    hidden_act="quick_gelu",
)
H = dict(hidden_size=1024, intermediate_size=4096, num_attention_heads=16, projection_dim=1024, **OPEN)
BIG_G = dict(hidden_size=1280, intermediate_size=5120, num_hidden_layers=32, num_attention_heads=20, projection_dim=1280, **OPEN)
DEEP = dict(attention_head_dim=(5, 10, 20, 20), cross_attention_dim=1024, use_linear_projection=True, upcast_attention=True)
XL_TEXT = dict(
    cross_attention_dim=2048,
    use_linear_projection=True,
    sample_size=128,
    addition_embed_type="text_time",
    addition_time_embed_dim=256,
    projection_class_embeddings_input_dim=2816,
)
XL = dict(
    block_out_channels=(320, 640, 1280),
    down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
    up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    attention_head_dim=(5, 10, 20),
    transformer_layers_per_block=(1, 2, 10),
    **XL_TEXT,
)
ONE = dict(transformer_layers_per_block=(1, 1, 1, 1))
FULL = {
    "v1": lambda: sd1(
        UNet2DConditionModel(sample_size=64, cross_attention_dim=768, **ONE), text_model(49408, **WORDS), kl_model(**KL)
    ),
    "inpainting": lambda: sd1(
        UNet2DConditionModel(sample_size=64, cross_attention_dim=768, in_channels=9, **ONE),
        text_model(49408, **WORDS),
        kl_model(**KL),
    ),
    "v2": lambda: sd2(
        UNet2DConditionModel(sample_size=96, **DEEP, **ONE),
        text_model(49408, CLIPTextModelWithProjection, **H, num_hidden_layers=24),
        text_model(49408, **H, num_hidden_layers=23),
        kl_model(**KL),
        prediction_type="v_prediction",
    ),
    "xl_base": lambda: sdxl(
        UNet2DConditionModel(**XL),
        text_model(49408, **WORDS),
        text_model(49408, CLIPTextModelWithProjection, **BIG_G),
        kl_model(**KL, scaling_factor=0.13025),
    ),
    "xl_refiner": lambda: refiner(
        UNet2DConditionModel(
            block_out_channels=(384, 768, 1536, 1536),
            down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2 + ("DownBlock2D",),
            up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
            attention_head_dim=(6, 12, 24, 24),
            # stabilityai/stable-diffusion-xl-refiner-1.0 has 4, also where nothing attends.
            transformer_layers_per_block=(1, 4, 4, 4),
            **dict(XL_TEXT, cross_attention_dim=1280, projection_class_embeddings_input_dim=2560),
        ),
        text_model(49408, CLIPTextModelWithProjection, **BIG_G),
        kl_model(**KL, scaling_factor=0.13025),
    ),
    # segmind/SSD-1B and segmind/Segmind-Vega.
    "ssd-1b": lambda: distilled([1, [2, 2], [4, 4]], [[4, 4, 10], [2, 1, 1], 1]),
    "segmind-vega": lambda: distilled([1, 1, 2], None),
}


# By what diffusers infers: the base, of which they are smaller copies.
INFERRED = {"ssd-1b": "xl_base", "segmind-vega": "xl_base"}


def distilled(down, up):
    return sdxl(
        UNet2DConditionModel(
            **dict(XL, transformer_layers_per_block=down),
            reverse_transformer_layers_per_block=up,
            mid_block_type="UNetMidBlock2D",
        ),
        text_model(49408, **WORDS),
        text_model(49408, CLIPTextModelWithProjection, **BIG_G),
        kl_model(**KL, scaling_factor=0.13025),
    )


def values(count: int) -> np.ndarray:
    """The i-th pair of bytes of every file's data: a float16 or bfloat16 below two."""
    return ((np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1)) >> 16 & 0xBFFF).astype("<u2")


def write(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    """A .safetensors file of these names and shapes, one after another, float16 but for the ids, filled with `values`."""
    header, end = {}, 0
    for key, tensor in tensors.items():
        dtype, size = ("I64", 8) if key.endswith("position_ids") else ("F16", 2)
        header[key] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [end, end + tensor.numel() * size]}
        end += tensor.numel() * size
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + values(end // 2).tobytes())


def shapes(tensors: dict[str, torch.Tensor]) -> dict[str, list[int]]:
    return {key: list(value.shape) for key, value in tensors.items()}


def converted(checkpoint: dict, models: dict) -> dict[str, dict[str, torch.Tensor]]:
    """What diffusers makes of a file."""
    open_clip = single_file_utils.convert_open_clip_checkpoint
    parts = {
        "unet": single_file_utils.convert_ldm_unet_checkpoint(checkpoint, models["unet"].config),
        "vae": single_file_utils.convert_ldm_vae_checkpoint(checkpoint, models["vae"].config),
    }
    if "text_encoder" in models:
        parts["text_encoder"] = single_file_utils.convert_ldm_clip_checkpoint(checkpoint) or open_clip(
            models["text_encoder"], checkpoint, OPEN_CLIP
        )
    if "text_encoder_2" in models:
        prefix = OPEN_CLIP_XL if "text_encoder" in models else OPEN_CLIP_REFINER
        parts["text_encoder_2"] = open_clip(models["text_encoder_2"], checkpoint, prefix)
    return {name: {key: value for key, value in part.items() if not key.endswith("position_ids")} for name, part in parts.items()}


def check(parts: dict, models: dict) -> None:
    """diffusers' names and shapes are those of its models, all of them."""
    for name, model in models.items():
        assert shapes(parts[name]) == shapes(named(model)), name


def configs(models: dict, sampler: tuple[type, dict]) -> dict:
    """config.json of each, but for what diffusers has by default."""

    def told(model) -> dict:
        default = {name: parameter.default for name, parameter in inspect.signature(type(model).__init__).parameters.items()}
        kept = {key: value for key, value in hub_config(model).items() if key != "_diffusers_version"}
        return {key: value for key, value in kept.items() if key not in default or json.dumps(value) != json.dumps(default[key])}

    scheduler = sampler[0](**sampler[1])
    return {
        **{f"{name}/config.json": told(model) for name, model in models.items()},
        "scheduler/scheduler_config.json": {"_class_name": type(scheduler).__name__, **told(scheduler)},
    }


def write_small(name: str, folder: Path) -> None:
    tensors, models, scheduler = SMALL[name]()
    write(folder / "file.safetensors", tensors)
    checkpoint = safetensors.torch.load_file(folder / "file.safetensors")
    # diffusers leaves out the last of 24 layers; these have fewer.
    layers = sum(key.startswith(f"{OPEN_CLIP}transformer") and key.endswith("ln_1.bias") for key in checkpoint)
    ignored = single_file_utils.SD_2_TEXT_ENCODER_KEYS_TO_IGNORE
    single_file_utils.SD_2_TEXT_ENCODER_KEYS_TO_IGNORE = [
        key.replace("resblocks.23.", f"resblocks.{layers - 1}.") for key in ignored
    ]
    parts = converted(checkpoint, models)
    single_file_utils.SD_2_TEXT_ENCODER_KEYS_TO_IGNORE = ignored
    check(parts, models)
    components = {
        part: {
            key: [list(value.shape), hashlib.sha256(value.contiguous().numpy().tobytes()).hexdigest()[:16]]
            for key, value in state.items()
        }
        for part, state in parts.items()
    }
    golden = {"versions": VERSIONS, "file": shapes(tensors), "components": components, "configs": configs(models, scheduler)}
    (OUT / f"{name}.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(name, len(tensors), "tensors", (OUT / f"{name}.json").stat().st_size, "bytes")


def full_size(kind: str) -> dict:
    with torch.device("meta"):
        tensors, models, scheduler = FULL[kind]()
        assert single_file_utils.infer_diffusers_model_type(tensors) == INFERRED.get(kind, kind)
        parts = converted(tensors, models)
    check(parts, models)
    return {
        "file": shapes(tensors),
        "components": {part: shapes(state) for part, state in parts.items()},
        "configs": configs(models, scheduler),
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in SMALL:
            write_small(name, Path(folder))
    text = json.dumps({"versions": VERSIONS, "models": {kind: full_size(kind) for kind in FULL}}, separators=(",", ":"))
    (OUT / "full-size.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print("full-size", (OUT / "full-size.json.gz").stat().st_size, "bytes")
