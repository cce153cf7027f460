"""Writes e2e/tiny-model, a complete random diffusers repository of SD1.x's shape, and the golden tensors of src/models/golden.

`python golden/models.py` in the project's root, with golden/requirements.txt (torch 2.15, diffusers 0.42.1, transformers 5.23).

Every expected number is PyTorch's, in float32, from the weights as they are stored (a float16 file is read back before the model runs).
"""

import hashlib
import json
import shutil
from pathlib import Path

import diffusers
import torch
from diffusers import AutoencoderKL, AutoencoderTiny, PNDMScheduler, UNet2DConditionModel
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "e2e/tiny-model"
GOLDEN = ROOT / "src/models/golden"

TEXT_KEYS = (
    "bos_token_id",
    "eos_token_id",
    "hidden_act",
    "hidden_size",
    "intermediate_size",
    "layer_norm_eps",
    "max_position_embeddings",
    "model_type",
    "num_attention_heads",
    "num_hidden_layers",
    "pad_token_id",
    "projection_dim",
    "vocab_size",
)
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
# OpenAI CLIP's split, simple_tokenizer.py.
SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
CORPUS = """
a photo of an astronaut riding a horse on mars, highly detailed, 4k. a painting of a squirrel eating a burger, oil on canvas.
a red apple on a wooden table, studio lighting, sharp focus. a watercolor painting of a fox in the snow, trending on artstation.
portrait of a woman with blue eyes, digital art, by greg rutkowski and alphonse mucha. a small cat sleeping in the warm sunlight.
an old house by the sea at sunset, dramatic clouds, cinematic. the cat isn't here, it's in the garden; they've seen it, i'll go, we're late, i'd say.
blurry, low quality, bad anatomy, extra fingers, worst quality, jpeg artifacts, watermark, text. a blue book, a red heart, a grinning face.
a cozy cabin in the mountains, morning fog, pine trees, a river running through the valley. the quick brown fox jumps over the lazy dog.
"""


def write_tokenizer(folder: Path) -> int:
    """CLIP's byte-pair vocabulary (vocab.json, merges.txt), trained on CORPUS: bytes, bytes ending a word, merges, begin, end. Returns its size.

    One that is there stays: the trainer breaks ties by chance.
    """
    if folder.exists():
        return len(json.loads((folder / "vocab.json").read_text()))
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = pre_tokenizers.Split(Regex(SPLIT), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=1024, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator(CORPUS.splitlines(), trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    tokens = dict.fromkeys([*alphabet, *(c + "</w>" for c in alphabet), *("".join(pair) for pair in merges), BEGIN, END])
    folder.mkdir(parents=True)
    special = {"bos_token": BEGIN, "eos_token": END, "pad_token": END, "unk_token": END}
    config = {
        **special,
        "add_prefix_space": False,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": 77,
        "tokenizer_class": "CLIPTokenizer",
    }
    write_json(folder / "vocab.json", {token: i for i, token in enumerate(tokens)}, indent=None)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")
    write_json(folder / "tokenizer_config.json", config)
    write_json(folder / "special_tokens_map.json", special)
    return len(tokens)


def write_json(path: Path, value, indent: int | None = 2) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


@torch.no_grad()
def randomize(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Default initialisation leaves biases and norms trivial; here every parameter matters to the output."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name and name.endswith("weight"):
            parameter.copy_(1 + 0.2 * noise)
        elif parameter.ndim == 1:
            parameter.copy_(0.1 * noise)
        elif "embedding" in name and "linear" not in name:
            parameter.copy_(0.5 * noise)
        else:
            parameter.copy_(noise / parameter[0].numel() ** 0.5)
    return model.eval()


def hub_config(model) -> dict:
    """The configuration as repositories on the Hub hold it."""
    if isinstance(model, (CLIPTextModel, CLIPTextModelWithProjection)):
        return {"architectures": [type(model).__name__], **{key: getattr(model.config, key) for key in TEXT_KEYS}}
    kept = {key: value for key, value in model.config.items() if not key.startswith("_")}
    return {"_class_name": type(model).__name__, "_diffusers_version": diffusers.__version__, **kept}


def rename(key: str, model, old_vae_names: bool) -> str:
    # transformers 5 dropped the prefix that every file on the Hub has.
    if isinstance(model, CLIPTextModel):
        return f"text_model.{key.removeprefix('text_model.')}"
    if old_vae_names and ".attentions." in key:
        for new, old in {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}.items():
            key = key.replace(f".{new}.", f".{old}.")
    return key


@torch.no_grad()
def write_component(folder: Path, file: str, model, dtype=torch.float32, old_vae_names=False, unwritten=()) -> None:
    """config.json and weights; the model keeps the values as stored."""
    folder.mkdir(parents=True, exist_ok=True)
    for parameter in model.parameters():
        parameter.copy_(parameter.to(dtype).float())
    state = {k: v for k, v in model.state_dict().items() if "position_ids" not in k}
    tensors = {rename(k, model, old_vae_names): v.to(dtype).contiguous() for k, v in state.items()}
    write_json(folder / "config.json", {k: v for k, v in hub_config(model).items() if k not in unwritten})
    save_file(tensors, folder / file, metadata={"format": "pt"})


def write_manifest(folder: Path) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    rows = [
        {"path": p.relative_to(folder).as_posix(), "size": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in files
    ]
    write_json(folder / "manifest.json", {"files": rows})


def randn(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def unet_golden(unet, height: int, width: int, tokens: int, timestep: float) -> dict[str, torch.Tensor]:
    """One evaluation of two texts on one sample, with what the configuration adds to the time embedding."""
    config = unet.config
    text = config.encoder_hid_dim or config.cross_attention_dim
    tensors = {
        "sample": randn(1, 1, config.in_channels, height, width),
        "timestep": torch.tensor([timestep]),
        "encoder_hidden_states": randn(2, 2, tokens, text if isinstance(text, int) else text[0]),
    }
    added = None
    if config.addition_embed_type == "text_time":
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        added = {
            "text_embeds": randn(6, 2, pooled),
            "time_ids": torch.tensor([[1024.0, 768, 0, 8, 512, 640], [1024, 768, 0, 8, 1024, 768]]),
        }
    if config.time_cond_proj_dim:
        tensors["timestep_cond"] = randn(7, 1, config.time_cond_proj_dim)
    condition = tensors["timestep_cond"].repeat(2, 1) if "timestep_cond" in tensors else None
    sample = tensors["sample"].repeat(2, 1, 1, 1)
    out = unet(sample, timestep, tensors["encoder_hidden_states"], timestep_cond=condition, added_cond_kwargs=added).sample
    return {**tensors, **(added or {}), "out_sample": out}


@torch.no_grad()
def vae_golden(vae, height: int, width: int) -> dict[str, torch.Tensor]:
    """Encoder output is AutoencoderKL's moments (mean, log variance, as quant_conv leaves them), or AutoencoderTiny's latents."""
    factor = 2 ** (len(vae.config.block_out_channels) - 1)
    latent = randn(3, 1, vae.config.latent_channels, height, width)
    image = randn(4, 1, 3, height * factor, width * factor).tanh()
    encoded = vae.encode(image)
    moments = encoded.latents if isinstance(vae, AutoencoderTiny) else encoded.latent_dist.parameters
    return {"latent_sample": latent, "decoded": vae.decode(latent).sample, "sample": image, "encoded": moments}


@torch.no_grad()
def text_golden(text, batch: int, length: int) -> dict[str, torch.Tensor]:
    """The last states, and the penultimate ones with and without the final norm, as clip skip and SDXL take them."""
    eos = text.config.eos_token_id
    ids = torch.randint(0, eos, (batch, length), generator=torch.Generator().manual_seed(5))
    ends = torch.tensor([length - 1 - 2 * row for row in range(batch)])
    ids[torch.arange(batch), ends] = eos
    result = text(ids, output_hidden_states=True)
    norm = next(module for name, module in text.named_modules() if name.endswith("final_layer_norm"))
    tensors = {
        "input_ids": ids.int(),
        "last": result.last_hidden_state,
        "penultimate": result.hidden_states[-2],
        "penultimate_normed": norm(result.hidden_states[-2]),
    }
    if isinstance(text, CLIPTextModelWithProjection):
        tensors |= {"eos_rows": (torch.arange(batch) * length + ends).int(), "text_embeds": result.text_embeds}
    return tensors


@torch.no_grad()
def injected_golden(text, length: int) -> dict[str, torch.Tensor]:
    """Three tokens that the vocabulary has not: rows appended to the embedding table, as textual inversion does."""
    vocab, width = text.config.vocab_size, text.config.hidden_size
    grown = text_model(vocab, num_hidden_layers=text.config.num_hidden_layers)
    grown.load_state_dict(text.state_dict())
    grown.eval().resize_token_embeddings(vocab + 3, mean_resizing=False)
    rows = randn(8, 3, width)
    grown.get_input_embeddings().weight[vocab:] = rows
    ids = torch.randint(0, vocab, (1, length), generator=torch.Generator().manual_seed(9))
    ids[0, [2, 3, 6]] = torch.tensor([vocab, vocab + 1, vocab + 2])
    keep = (ids < vocab).float()[..., None]
    states = torch.zeros(1, length, width)
    states[0, [2, 3, 6]] = rows
    known = torch.where(ids < vocab, ids, 0).int()
    return {"input_ids": known, "injected_keep": keep, "injected_states": states, "last": grown(ids).last_hidden_state}


def write_golden(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors.items()}, path)
    print(
        path.parent.name,
        path.name,
        {k: f"{tuple(v.shape)} std {v.float().std().item():.3g}" for k, v in tensors.items() if v.numel() > 1},
    )


def text_model(vocab_size: int, model=CLIPTextModel, **config) -> CLIPTextModel | CLIPTextModelWithProjection:
    sizes = dict(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        projection_dim=32,
        max_position_embeddings=77,
    )
    ids = dict(bos_token_id=vocab_size - 2, eos_token_id=vocab_size - 1, pad_token_id=vocab_size - 1)
    return model(CLIPTextConfig(vocab_size=vocab_size, **{**ids, **sizes, **config}))


def unet_model(**config) -> UNet2DConditionModel:
    """SD1.x's configuration at small width."""
    return UNet2DConditionModel(
        **{
            **dict(
                sample_size=8,
                block_out_channels=(16, 16, 24, 32),
                layers_per_block=2,
                cross_attention_dim=32,
                attention_head_dim=4,
                norm_num_groups=8,
                down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
                up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
            ),
            **config,
        }
    )


def kl_model(**config) -> AutoencoderKL:
    return AutoencoderKL(
        **{
            **dict(
                down_block_types=("DownEncoderBlock2D",) * 4,
                up_block_types=("UpDecoderBlock2D",) * 4,
                block_out_channels=(8, 8, 16, 16),
                layers_per_block=2,
                latent_channels=4,
                norm_num_groups=4,
                sample_size=64,
            ),
            **config,
        }
    )


def write_tiny_model() -> None:
    vocab_size = write_tokenizer(TINY / "tokenizer")
    text = randomize(text_model(vocab_size, hidden_act="quick_gelu"), 11)
    unet = randomize(unet_model(), 12)
    vae = randomize(kl_model(), 13)
    write_component(TINY / "text_encoder", "model.safetensors", text)
    write_component(TINY / "unet", "diffusion_pytorch_model.safetensors", unet)
    write_component(TINY / "vae", "diffusion_pytorch_model.safetensors", vae)
    betas = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
    PNDMScheduler(**betas, set_alpha_to_one=False, skip_prk_steps=True, steps_offset=1).save_pretrained(TINY / "scheduler")
    write_json(
        TINY / "model_index.json",
        {
            "_class_name": "StableDiffusionPipeline",
            "_diffusers_version": diffusers.__version__,
            "feature_extractor": [None, None],
            "safety_checker": [None, None],
            "scheduler": ["diffusers", "PNDMScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
        },
    )
    write_manifest(TINY)
    write_golden(GOLDEN / "tiny-model/text_encoder.safetensors", text_golden(text, 2, 77))
    write_golden(GOLDEN / "tiny-model/unet.safetensors", unet_golden(unet, 8, 12, 77, 901.0))
    write_golden(GOLDEN / "tiny-model/vae.safetensors", vae_golden(vae, 5, 7))


def write_cases() -> None:
    """What SD1.x's shape leaves out. Each folder: config.json, model.safetensors, golden.safetensors."""

    def case(name, model, golden, seed, **how):
        write_component(GOLDEN / name, "model.safetensors", randomize(model, seed), **how)
        write_golden(GOLDEN / name / "golden.safetensors", golden(model))

    def clip_case(name, seed, golden, **config):
        case(name, text_model(64, **config), golden, seed, dtype=torch.float16)

    clip_case(
        "clip-projection",
        28,
        lambda m: text_golden(m, 2, 9),
        model=CLIPTextModelWithProjection,
        hidden_act="gelu",
        projection_dim=24,
    )
    clip_case("clip-injected", 29, lambda m: injected_golden(m, 9), num_hidden_layers=2)
    case(
        "clip-gelu",
        text_model(64, hidden_act="gelu", num_hidden_layers=2),
        lambda m: text_golden(m, 1, 9),
        21,
        dtype=torch.bfloat16,
    )
    linear = dict(
        block_out_channels=(16, 24),
        layers_per_block=1,
        use_linear_projection=True,
        attention_head_dim=(2, 4),
        cross_attention_dim=24,
        down_block_types=("CrossAttnDownBlock2D",) * 2,
        up_block_types=("CrossAttnUpBlock2D",) * 2,
        transformer_layers_per_block=(1, 2),
        norm_eps=1e-6,
    )
    case("unet-linear", unet_model(**linear), lambda m: unet_golden(m, 6, 5, 11, 500.0), 22, dtype=torch.float16)
    trinket = dict(
        block_out_channels=(8, 16, 24),
        layers_per_block=1,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
        up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
        addition_embed_type="text",
        addition_embed_type_num_heads=4,
        resnet_time_scale_shift="scale_shift",
    )
    case("unet-trinket", unet_model(**trinket), lambda m: unet_golden(m, 8, 12, 77, 999.0), 23, dtype=torch.float16)
    distilled = dict(
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D",) * 2,
        up_block_types=("CrossAttnUpBlock2D",) * 2,
        mid_block_type=None,
    )
    case("unet-no-mid", unet_model(**distilled), lambda m: unet_golden(m, 4, 6, 7, 0.0), 24)
    narrow = dict(block_out_channels=(8, 16, 16), layers_per_block=1, use_linear_projection=True, attention_head_dim=(2, 4, 4))
    sdxl = dict(
        **narrow,
        transformer_layers_per_block=(1, 2, 3),
        cross_attention_dim=24,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=68,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2,
        up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",),
    )
    case("unet-sdxl", unet_model(**sdxl), lambda m: unet_golden(m, 8, 12, 9, 801.0), 30, dtype=torch.float16)
    levels = dict(
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    case(
        "unet-lcm", unet_model(**levels, time_cond_proj_dim=12), lambda m: unet_golden(m, 6, 4, 9, 759.0), 31, dtype=torch.float16
    )
    case("unet-inpaint", unet_model(**levels, in_channels=9), lambda m: unet_golden(m, 4, 8, 9, 41.0), 32, dtype=torch.float16)
    case(
        "unet-sd2",
        unet_model(
            **{**narrow, "upcast_attention": True},
            down_block_types=("CrossAttnDownBlock2D",) * 2 + ("DownBlock2D",),
            up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 2,
        ),
        lambda m: unet_golden(m, 5, 7, 9, 321.0),
        33,
        dtype=torch.float16,
    )
    small = dict(
        block_out_channels=(8, 12),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1,
    )
    case(
        "vae-old-names",
        kl_model(**small, use_quant_conv=False, use_post_quant_conv=False),
        lambda m: vae_golden(m, 6, 4),
        25,
        old_vae_names=True,
    )
    case(
        "vae-no-attention",
        kl_model(**small, mid_block_add_attention=False),
        lambda m: vae_golden(m, 3, 8),
        26,
        unwritten=("use_quant_conv", "use_post_quant_conv"),
    )
    tiny = dict(
        encoder_block_out_channels=(8,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(0, 1, 2, 1),
        num_decoder_blocks=(2, 1, 0, 1),
    )
    case("vae-tiny", AutoencoderTiny(**tiny), lambda m: vae_golden(m, 5, 3), 27, dtype=torch.float16)


def write_shapes() -> None:
    """Stable Diffusion 1.5's configurations and every tensor's name and shape, from models without memory."""
    kl = dict(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512),
    )
    words = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
    with torch.device("meta"):
        parts = {
            "text_encoder": text_model(49408, **words),
            "unet": UNet2DConditionModel(sample_size=64, cross_attention_dim=768),
            "vae": AutoencoderKL(**kl, layers_per_block=2, sample_size=512),
        }
    (GOLDEN / "sd15").mkdir()
    write_json(
        GOLDEN / "sd15/shapes.json",
        {
            name: {
                "config": hub_config(model),
                "parameters": sum(parameter.numel() for parameter in model.parameters()),
                "shapes": {
                    rename(key, model, False): list(value.shape)
                    for key, value in model.state_dict().items()
                    if "position_ids" not in key
                },
            }
            for name, model in parts.items()
        },
        indent=None,
    )


if __name__ == "__main__":
    for folder in (path for path in GOLDEN.glob("*") if path.is_dir()):
        shutil.rmtree(folder)
    write_tiny_model()
    write_cases()
    write_shapes()
