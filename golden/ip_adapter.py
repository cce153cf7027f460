"""Whole pictures by diffusers' pipelines with IP-Adapters: `python golden/ip_adapter.py` from the project's root.

Writes src/pipeline/golden/ip-adapter/: small random adapters and image encoders in the folders of h94/IP-Adapter (float16), the UNet of an
SDXL with as many layers as the real one, pictures as 8-bit RGB, row by row, what CLIPImageProcessorPil makes of them, and runs.json. The models
are e2e/tiny-model and that of golden/families.py; computed in float32 from the weights as stored.
"""

import json
import shutil
from math import ceil

import diffusers
import numpy as np
import torch
from DeepCache import DeepCacheSDHelper
from diffusers import ControlNetModel, UNet2DConditionModel
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPImageProcessorPil, CLIPVisionConfig, CLIPVisionModelWithProjection

from controls import OUT as CONTROLS
from controls import control_map
from families import CLASSES, CONFIGS, XL, inputs
from lora import load, open_pipeline
from models import ROOT, randomize, unet_model

OUT = ROOT / "src/pipeline/golden/ip-adapter"
VISION = dict(num_hidden_layers=3, image_size=42, patch_size=14, layer_norm_eps=1e-5)
# By Pillow, as IP-Adapters were trained; torchvision's way rounds the filter's weights to 16 bits, and is off by 1 of 255 at times.
PROCESSOR = CLIPImageProcessorPil(size=42, crop_size=42)
ENCODERS = {
    "models": dict(**VISION, hidden_size=24, intermediate_size=40, num_attention_heads=3, projection_dim=20, hidden_act="gelu"),
    "sdxl_models": dict(
        **VISION, hidden_size=32, intermediate_size=48, num_attention_heads=2, projection_dim=28, hidden_act="quick_gelu"
    ),
}
SD, XL_WIDTH = 32, 40


def tensors(seed: int, shapes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """As `randomize` draws them; the keys' names say what is a norm."""
    generator = torch.Generator().manual_seed(seed)

    def one(name: str, shape):
        noise = torch.randn(shape, generator=generator)
        if "norm" in name and name.endswith("weight"):
            return 1 + 0.2 * noise
        return 0.1 * noise if len(shape) == 1 else noise if name == "latents" else noise / shape[-1] ** 0.5

    return {f"image_proj.{name}": one(name, shape) for name, shape in shapes.items()}


def linear(name: str, out: int, into: int):
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def norm(name: str, width: int):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def plain(text: int, embeds: int):
    return {**linear("proj", 4 * text, embeds), **norm("norm", text)}


def full(text: int, width: int):
    return {**linear("proj.0", width, width), **linear("proj.2", text, width), **norm("proj.3", text)}


def plus(text: int, width: int, queries: int, inside: int = 16, heads: int = 2):
    def layer(i: int):
        attention = {"to_q": (64 * heads, inside), "to_kv": (128 * heads, inside), "to_out": (inside, 64 * heads)}
        return {
            **norm(f"layers.{i}.0.norm1", inside),
            **norm(f"layers.{i}.0.norm2", inside),
            **{f"layers.{i}.0.{name}.weight": shape for name, shape in attention.items()},
            # A LayerNorm, by its number.
            **norm(f"layers.{i}.1.0", inside),
            f"layers.{i}.1.1.weight": (4 * inside, inside),
            f"layers.{i}.1.3.weight": (inside, 4 * inside),
        }

    shapes = {"latents": (1, queries, inside), **linear("proj_in", inside, width), **linear("proj_out", text, inside)}
    for i in range(4):
        shapes |= layer(i)
    return {**shapes, **norm("norm_out", text)}


# Each adapter's folder, the family that it is for, its seed and its projection.
ADAPTERS = {
    "plain": ("models", "tiny-model", 201, plain(SD, 20)),
    "plus": ("models", "tiny-model", 202, plus(SD, 24, 5)),
    "full-face": ("models", "tiny-model", 203, full(SD, 24)),
    # h94's ip-adapter_sd15_vit-G lies beside the other encoder.
    "plain_vit-G": ("models", "tiny-model", 204, plain(SD, 28)),
    "plain-xl": ("sdxl_models", "xl", 205, plain(XL_WIDTH, 28)),
    "plus-xl_vit-h": ("sdxl_models", "xl", 206, plus(XL_WIDTH, 24, 6)),
}
RUN = dict(negative="blurry", width=64, height=72, steps=5, guidance=5.0, scheduler="ddim")
ip = lambda adapter, pictures, scale=0.8, **parts: dict(adapter=adapter, pictures=pictures, scale=scale, **parts)
# What `parts` names is what Safelight calls these scales; those of SD1.5 are InstantStyle's blocks (infer_style_sd15.py).
STYLE = lambda scale: {"up": {"block_1": scale}}
LAYOUT = lambda scale: {"down": {"block_2": scale}, "mid": scale}
STYLE_XL = lambda scale: {"up": {"block_0": [0.0, scale, 0.0]}}
LAYOUT_XL = lambda scale: {"down": {"block_2": [0.0, scale]}}
DICTS = {
    "tiny-model": {"style": STYLE, "layout": LAYOUT, "style-and-layout": lambda s: {**STYLE(s), **LAYOUT(s)}},
    "xl": {"style": STYLE_XL, "layout": LAYOUT_XL, "style-and-layout": lambda s: {**STYLE_XL(s), **LAYOUT_XL(s)}},
}
RUNS = [
    dict(RUN, family="tiny-model", prompt="a red apple", seed=1, prompts=[ip("plain", [0])]),
    dict(RUN, family="tiny-model", prompt="a cat", seed=2, scheduler="euler", prompts=[ip("plus", [1], 0.7)]),
    dict(RUN, family="tiny-model", prompt="a cat", seed=3, prompts=[ip("full-face", [0])]),
    dict(RUN, family="tiny-model", prompt="a house", seed=4, prompts=[ip("plain", [0, 1], 1.2)]),
    dict(RUN, family="tiny-model", prompt="a house", seed=5, prompts=[ip("plus", [1, 2]), ip("plain", [0], 0.6)]),
    dict(RUN, family="tiny-model", prompt="a fox", seed=6, guidance=1.0, prompts=[ip("plus", [2])]),
    dict(RUN, family="tiny-model", prompt="a fox", seed=7, prompts=[ip("plain", [0], 1.5, parts="style")]),
    dict(RUN, family="tiny-model", prompt="a fox", seed=8, prompts=[ip("plain", [0], 1.5, parts="layout")]),
    dict(
        RUN,
        family="tiny-model",
        prompt="a fox",
        seed=9,
        prompts=[ip("plain", [0], 1.5, parts="layout"), ip("plus", [1], 1.3, parts="style-and-layout")],
    ),
    dict(RUN, family="tiny-model", prompt="a river", seed=10, steps=6, strength=0.7, prompts=[ip("plus", [0])]),
    dict(RUN, family="tiny-model", prompt="a river", seed=11, steps=6, strength=0.8, mask=True, prompts=[ip("plain", [1])]),
    dict(RUN, family="tiny-model", prompt="a castle", seed=12, loras=[["kohya", 0.8]], prompts=[ip("plain", [2])]),
    dict(
        RUN,
        family="tiny-model",
        prompt="a castle",
        seed=13,
        hires=dict(scale=1.5, upscaler="latent", strength=0.6, steps=3),
        prompts=[ip("plus", [0])],
    ),
    dict(
        RUN,
        family="tiny-model",
        prompt="a castle",
        seed=14,
        controls=[dict(net="edges", scale=0.8, start=0.0, end=1.0)],
        prompts=[ip("plain", [0])],
    ),
    dict(RUN, family="tiny-model", prompt="a boat", seed=15, prompts=[ip("plain_vit-G", [1])]),
    dict(RUN, family="xl", prompt="a horse", seed=16, scheduler="euler", prompts=[ip("plain-xl", [0])]),
    dict(RUN, family="xl", prompt="a horse", seed=17, scheduler="euler", prompts=[ip("plus-xl_vit-h", [1, 2])]),
    dict(RUN, family="xl", prompt="a horse", seed=18, scheduler="euler", prompts=[ip("plain-xl", [0], 1.5, parts="style")]),
    dict(RUN, family="xl", prompt="a horse", seed=19, scheduler="euler", prompts=[ip("plain-xl", [0], 1.5, parts="layout")]),
    dict(
        RUN,
        family="xl",
        prompt="a river",
        seed=20,
        scheduler="euler",
        strength=0.6,
        prompts=[ip("plus-xl_vit-h", [1], 1.4, parts="style-and-layout")],
    ),
    dict(
        RUN,
        family="tiny-model",
        prompt="a boat",
        seed=21,
        steps=6,
        cache_interval=2,
        cache_branch_id=1,
        prompts=[ip("plus", [2])],
    ),
    dict(RUN, family="xl", prompt="a boat", seed=22, steps=6, cache_interval=3, cache_branch_id=2, prompts=[ip("plain-xl", [0])]),
]
# Wider, higher, and smaller than an encoder sees; no colour of one like another's. Of those more than twice as high as
# wide Pillow 13 resizes the height first; older ones, and Pillow 13 here, the width.
SIZES = [(90, 60), (84, 168), (31, 37)]


def example(i: int) -> Image.Image:
    width, height = SIZES[i]
    y, x = np.mgrid[0:height, 0:width]
    k = 6 + 3 * i
    waves = [np.sin(x / k), np.cos((y + x) / (k + 2)), np.where((x // (k + 3) + y // (k + 1)) % 2 == 0, 1, -1)]
    return Image.fromarray(((np.stack(waves, -1) + 1) * 127.5).round().astype(np.uint8))


def family(name: str):
    if name != "xl":
        return open_pipeline(name)
    pipe = open_pipeline("sdxl")
    pipe.register_modules(unet=UNet2DConditionModel.from_pretrained(OUT / "xl/unet", torch_dtype=torch.float32))
    return pipe


def painter(pipe, run: dict, is_second: bool):
    part = "Inpaint" if "mask" in run else "Img2Img" if "strength" in run or is_second else ""
    is_xl = run["family"] == "xl"
    cls = getattr(diffusers, f"StableDiffusion{'XL' * is_xl}{'ControlNet' * ('controls' in run)}{part}Pipeline")
    # The pipelines' constructors switch `clip_sample` off in the scheduler they are given.
    scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    own = {**pipe.components, "scheduler": type(pipe.scheduler).from_config(pipe.scheduler.config)}
    if not is_xl:
        own |= dict(requires_safety_checker=False)
    if "controls" in run:
        own["controlnet"] = ControlNetModel.from_pretrained(CONTROLS / run["controls"][0]["net"], torch_dtype=torch.float32)
    made = cls(**own)
    made.scheduler = scheduler
    made.set_progress_bar_config(disable=True)
    if "cache_interval" in run:
        helper = DeepCacheSDHelper(pipe=made)
        helper.set_params(cache_interval=run["cache_interval"], cache_branch_id=run["cache_branch_id"])
        helper.enable()
    return made


def paint(pipe, run: dict, prompts, width, height, steps, strength=None, image=None, output="pil"):
    given = {} if strength is None else {"image": image, "strength": strength}
    if "mask" in run:
        given["mask_image"] = inputs(width, height)[1]
    if strength is None or "mask" in run:
        given |= dict(width=width, height=height)
    for each in run.get("controls", []):
        given |= dict(image=control_map(each["net"], width, height), controlnet_conditioning_scale=each["scale"])
    return painter(pipe, run, strength is not None)(
        run["prompt"],
        negative_prompt=run["negative"],
        num_inference_steps=steps,
        guidance_scale=run["guidance"],
        ip_adapter_image=[[example(i) for i in each["pictures"]] for each in prompts],
        generator=torch.Generator().manual_seed(run["seed"]),
        output_type=output,
        **given,
    ).images


def picture(run: dict, is_off: bool = False):
    pipe = family(run["family"])
    for name, scale in run.get("loras", []):
        load(pipe, name)
        pipe.fuse_lora(lora_scale=scale)
        pipe.unload_lora_weights()
    prompts = run["prompts"]
    names = [each["adapter"] for each in prompts]
    folders = [ADAPTERS[name][0] for name in names]
    widths = [ADAPTERS[name][3].get("proj.weight", ADAPTERS[name][3].get("proj_in.weight", (0, 24)))[1] for name in names]
    encoder = "sdxl_models" if widths[0] == 28 else "models"
    pipe.load_ip_adapter(
        str(OUT),
        subfolder=folders,
        weight_name=[f"{name}.safetensors" for name in names],
        image_encoder_folder=f"{encoder}/image_encoder",
    )
    pipe.register_modules(feature_extractor=PROCESSOR)
    scales = [
        0.0 if is_off else DICTS[run["family"]][each["parts"]](each["scale"]) if "parts" in each else each["scale"]
        for each in prompts
    ]
    pipe.set_ip_adapter_scale(scales)
    width, height = run["width"], run["height"]
    image = inputs(width, height)[0] if "strength" in run else None
    if "hires" not in run:
        return paint(pipe, run, prompts, width, height, run["steps"], run.get("strength"), image)[0]
    # As in golden/hires.py.
    hires = run["hires"]
    size = [int(side * hires["scale"]) // 8 * 8 for side in (width, height)]
    latents = paint(pipe, run, prompts, width, height, run["steps"], output="latent")
    enlarged = torch.nn.functional.interpolate(latents, size=(size[1] // 8, size[0] // 8), mode="bilinear")
    steps = ceil(hires["steps"] / hires["strength"])
    return paint(pipe, run, prompts, *size, steps, min(1.0, (hires["steps"] + 0.5) / steps), enlarged)[0]


def write_models() -> None:
    for seed, (folder, config) in enumerate(ENCODERS.items(), 211):
        encoder = randomize(CLIPVisionModelWithProjection(CLIPVisionConfig(**config)), seed)
        encoder.to(torch.float16).save_pretrained(OUT / folder / "image_encoder")
    config = dict(open_pipeline("sdxl").unet.config)
    kept = (
        "cross_attention_dim",
        "attention_head_dim",
        "transformer_layers_per_block",
        "block_out_channels",
        "use_linear_projection",
    )
    more = ("addition_embed_type", "addition_time_embed_dim", "projection_class_embeddings_input_dim")
    unet = unet_model(**XL, layers_per_block=2, **{key: config[key] for key in kept + more})
    randomize(unet, 213).to(torch.float16).save_pretrained(OUT / "xl/unet")
    for name, (folder, of, seed, shapes) in ADAPTERS.items():
        state = tensors(seed, shapes)
        generator = torch.Generator().manual_seed(seed + 1000)
        net = family(of).unet
        text = net.config.cross_attention_dim
        # The order of the file: down, up, mid.
        attentions = [key for key in net.attn_processors if key.endswith("attn2.processor")]
        for i, key in enumerate(attentions):
            width = net.get_submodule(key.removesuffix(".processor")).inner_dim
            for part in ("k", "v"):
                weight = torch.randn((width, text), generator=generator) / text**0.5
                state[f"ip_adapter.{2 * i + 1}.to_{part}_ip.weight"] = weight
        file = OUT / folder / f"{name}.safetensors"
        save_file({key: value.to(torch.float16).contiguous() for key, value in state.items()}, file)


@torch.no_grad()
def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    write_models()
    for i in range(len(SIZES)):
        (OUT / f"example-{i}.rgb").write_bytes(example(i).tobytes())
        pixels = PROCESSOR(example(i), return_tensors="pt").pixel_values[0]
        (OUT / f"pixels-{i}.f32").write_bytes(pixels.numpy().astype("<f4").tobytes())
    for i, run in enumerate(RUNS):
        image = picture(run)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        width, height = run["width"], run["height"]
        written = {}
        if "strength" in run:
            written = {f"picture-{width}x{height}": inputs(width, height)[0], f"mask-{width}x{height}": inputs(width, height)[1]}
        for each in run.get("controls", []):
            written[f"map-{each['net']}-{width}x{height}"] = control_map(each["net"], width, height)
        for name, given in written.items():
            (OUT / f"{name}.rgb").write_bytes(given.convert("RGB").tobytes())
        change = np.abs(np.asarray(image, dtype=float) - np.asarray(picture(run, True), dtype=float)).max()
        names = [(each["adapter"], each.get("parts", "all")) for each in run["prompts"]]
        print(i, run["family"], names, image.size, "changed by", change, flush=True)
        assert change > 10
    versions = {"command": "python golden/ip_adapter.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "sizes": SIZES, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
