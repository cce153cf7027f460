"""Whole pictures by diffusers' ControlNet pipelines, with small random ControlNets: `python golden/controls.py` from the project's root.

Writes src/pipeline/golden/controls/: ControlNets as repositories (save_pretrained, float16) and as single files in the layout of
lllyasviel's; maps and pictures as 8-bit RGB, row by row; runs.json, with each picture's request.
The models are e2e/tiny-model and those of golden/families.py; computed in float32 from the weights as stored.
"""

import json
import re
import shutil
from math import ceil

import diffusers
import numpy as np
import torch
from diffusers import ControlNetModel
from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint
from PIL import Image
from safetensors.torch import save_file

from families import CLASSES, CONFIGS, inputs
from lora import load, open_pipeline
from models import ROOT, randomize
from single_file import OUTSIDE, RESNET

OUT = ROOT / "src/pipeline/golden/controls"
CONDITIONING = dict(conditioning_embedding_out_channels=(4, 6, 6, 8))
KEPT = [
    "in_channels",
    "down_block_types",
    "block_out_channels",
    "layers_per_block",
    "cross_attention_dim",
    "attention_head_dim",
    "num_attention_heads",
    "use_linear_projection",
    "addition_embed_type",
    "addition_time_embed_dim",
    "projection_class_embeddings_input_dim",
    "norm_num_groups",
    "transformer_layers_per_block",
    "upcast_attention",
    "mid_block_type",
    "downsample_padding",
]


def controlnet(family: str, seed: int, **changes) -> ControlNetModel:
    """Of the shape of a family's UNet, as every published one is, but for `changes`. A zero convolution is no zero here."""
    config = dict(open_pipeline(family).unet.config)
    net = ControlNetModel(**{key: config[key] for key in KEPT} | {"in_channels": config["out_channels"]} | CONDITIONING | changes)
    randomize(net, seed)
    for blocks in (net.controlnet_down_blocks, [net.controlnet_mid_block]):
        for block in blocks:
            block.weight.data.mul_(0.5)
    return net


def ldm(net: ControlNetModel, prefix: str) -> dict[str, torch.Tensor]:
    """The names of lllyasviel's files; diffusers reads them back as what they were."""
    rows = net.config.layers_per_block + 1
    last = 2 * (len(net.controlnet_cond_embedding.blocks) + 1)

    def name(key: str) -> str:
        module, parameter = key.rsplit(".", 1)
        if module in OUTSIDE:
            return f"{OUTSIDE[module]}.{parameter}"
        if module.startswith("controlnet_cond_embedding."):
            inside = module.removeprefix("controlnet_cond_embedding.")
            at = {"conv_in": 0, "conv_out": last}.get(inside)
            return f"input_hint_block.{2 * (int(inside.split('.')[1]) + 1) if at is None else at}.{parameter}"
        if module == "controlnet_mid_block":
            return f"middle_block_out.0.{parameter}"
        if match := re.fullmatch(r"controlnet_down_blocks\.(\d+)", module):
            return f"zero_convs.{match[1]}.0.{parameter}"
        side, level, kind, index, inside = re.fullmatch(r"(mid|down)_blocks?(?:\.(\d+))?\.(\w+)\.(\d+)\.(.+)", module).groups()
        row, index, is_resnet = int(level or 0) * rows, int(index), kind == "resnets"
        if kind == "downsamplers":
            return f"input_blocks.{row + rows}.0.op.{parameter}"
        where = (
            f"middle_block.{2 * index if is_resnet else 1}"
            if side == "mid"
            else f"input_blocks.{1 + row + index}.{int(not is_resnet)}"
        )
        return f"{where}.{RESNET[inside] if is_resnet else inside}.{parameter}"

    state = net.state_dict()
    file = {prefix + name(key): value for key, value in state.items()}
    back = convert_controlnet_checkpoint(dict(file), net.config)
    # Of SDXL's files diffusers knows only its own names; `label_emb` is that of the UNets in single files.
    known = {key for key in state if not key.startswith("add_embedding.")}
    assert back.keys() == known and all(torch.equal(back[key], state[key]) for key in known)
    return file


POOLED, BACKWARDS = dict(global_pool_conditions=True), dict(controlnet_conditioning_channel_order="bgr")
# No transformers, as in diffusers/controlnet-canny-sdxl-1.0-small.
SMALL = dict(down_block_types=("DownBlock2D",) * 3, mid_block_type="UNetMidBlock2D")
NETS = {
    "edges": lambda: controlnet("tiny-model", 61),
    "depth": lambda: controlnet("tiny-model", 62),
    "pooled": lambda: controlnet("sd2", 63, **POOLED),
    "pose": lambda: controlnet("sd2", 64, **BACKWARDS),
    "xl": lambda: controlnet("sdxl", 65),
    "xl-small": lambda: controlnet("sdxl", 66, **SMALL),
    "mask": lambda: controlnet("inpaint", 67),
}
# Of these there is only the single file, and how its names begin.
SINGLE_FILES = {"depth": "control_model.", "xl": ""}

RUN = dict(negative="blurry", width=64, height=72, steps=5, guidance=5.0, scheduler="ddim")
net = lambda name, scale=1.0, start=0.0, end=1.0, **more: dict(net=name, scale=scale, start=start, end=end, **more)
RUNS = [
    dict(RUN, family="tiny-model", prompt="a red apple", seed=1, controls=[net("edges")]),
    dict(
        RUN,
        family="tiny-model",
        prompt="a cat",
        seed=2,
        steps=6,
        scheduler="euler",
        controls=[net("edges", 0.7, 0.25), net("depth", 0.6, 0, 0.55)],
    ),
    dict(RUN, family="tiny-model", prompt="a house", seed=3, guess=True, controls=[net("depth", 0.8)]),
    dict(
        RUN, family="tiny-model", prompt="a house", seed=4, guidance=1.0, guess=True, controls=[net("edges"), net("depth", 0.5)]
    ),
    dict(RUN, family="tiny-model", prompt="a fox", seed=5, steps=6, strength=0.7, controls=[net("depth", 0.8, 0.3)]),
    dict(RUN, family="tiny-model", prompt="a fox", seed=6, steps=6, strength=0.8, mask=True, controls=[net("edges", 0.5)]),
    dict(RUN, family="inpaint", prompt="a river", seed=7, strength=1.0, mask=True, controls=[net("mask", 0.9, 0, 0.7)]),
    dict(RUN, family="sd2", prompt="a blue book", seed=8, controls=[net("pooled", 0.9)]),
    dict(RUN, family="sd2", prompt="a blue book", seed=9, guidance=3.0, controls=[net("pose", 1.2)]),
    dict(RUN, family="sdxl", prompt="a horse", seed=10, scheduler="euler", controls=[net("xl")]),
    dict(RUN, family="sdxl", prompt="a horse", seed=11, scheduler="euler", guidance=1.0, controls=[net("xl-small", 1.5)]),
    dict(
        RUN,
        family="sdxl",
        prompt="a river",
        seed=12,
        scheduler="euler",
        strength=0.6,
        controls=[net("xl", 0.8, 0, 0.7), net("xl-small")],
    ),
    dict(RUN, family="sdxl", prompt="a river", seed=13, scheduler="euler", strength=0.9, mask=True, controls=[net("xl")]),
    # The map has another size than the picture, wider and lower; and a second pass.
    dict(RUN, family="tiny-model", prompt="a castle", seed=14, controls=[net("edges", width=120, height=50)]),
    dict(
        RUN,
        family="tiny-model",
        prompt="a castle",
        seed=15,
        controls=[net("edges")],
        hires=dict(scale=1.5, upscaler="latent", strength=0.6, steps=3),
    ),
    dict(RUN, family="tiny-model", prompt="a castle", seed=16, controls=[net("depth")], loras=[["kohya", 0.8]]),
]


def control_map(name: str, width: int, height: int) -> Image.Image:
    """Another one for each ControlNet, no colour of it like another."""
    y, x = np.mgrid[0:height, 0:width]
    k = 3 + 2 * list(NETS).index(name)
    waves = [np.sin(x / k), np.cos((y + x) / (k + 2)), np.where((x // k + y // 5) % 2 == 0, 1, -1)]
    return Image.fromarray(((np.stack(waves, -1) + 1) * 127.5).round().astype(np.uint8))


def kind(run: dict, strength: bool):
    is_xl, part = run["family"] == "sdxl", "Inpaint" if "mask" in run else "Img2Img" if strength else ""
    return getattr(diffusers, f"StableDiffusion{'XL' * is_xl}ControlNet{part}Pipeline")


def paint(pipe, nets, run: dict, maps, width: int, height: int, steps: int, strength, image=None, output="pil"):
    """One pass, by the pipeline of its kind."""
    cls = kind(run, strength is not None)
    parts = (
        {} if run["family"] == "sdxl" else {"requires_safety_checker": False, "safety_checker": None, "feature_extractor": None}
    )
    own = {
        key: value
        for key, value in pipe.components.items()
        if key not in ("safety_checker", "feature_extractor", "image_encoder")
    }
    painter = cls(**own, **parts, controlnet=nets if len(nets) > 1 else nets[0])
    painter.set_progress_bar_config(disable=True)
    one = lambda values: values if len(nets) > 1 else values[0]
    controls = run["controls"]
    given = {"image": one(maps)}
    if strength is not None:
        given = {"image": image, "control_image": one(maps), "strength": strength}
    if "mask" in run:
        given["mask_image"] = inputs(width, height)[1]
    return painter(
        run["prompt"],
        negative_prompt=run["negative"],
        width=width,
        height=height,
        num_inference_steps=steps,
        guidance_scale=run["guidance"],
        controlnet_conditioning_scale=one([each["scale"] for each in controls]),
        control_guidance_start=one([each["start"] for each in controls]),
        control_guidance_end=one([each["end"] for each in controls]),
        guess_mode=run.get("guess", False),
        generator=torch.Generator().manual_seed(run["seed"]),
        output_type=output,
        **given,
    ).images


def picture(run: dict, nets: dict):
    pipe = open_pipeline(run["family"])
    pipe.scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    for name, scale in run.get("loras", []):
        load(pipe, name)
        pipe.fuse_lora(lora_scale=scale)
        pipe.unload_lora_weights()
    width, height = run["width"], run["height"]
    maps = [control_map(each["net"], each.get("width", width), each.get("height", height)) for each in run["controls"]]
    used = [nets[each["net"]] for each in run["controls"]]
    image = inputs(width, height)[0] if "strength" in run else None
    if "hires" not in run:
        return paint(pipe, used, run, maps, width, height, run["steps"], run.get("strength"), image)[0]
    # As in golden/hires.py.
    hires = run["hires"]
    size = [int(side * hires["scale"]) // 8 * 8 for side in (width, height)]
    latents = paint(pipe, used, run, maps, width, height, run["steps"], None, output="latent")
    enlarged = torch.nn.functional.interpolate(latents, size=(size[1] // 8, size[0] // 8), mode="bilinear")
    steps = ceil(hires["steps"] / hires["strength"])
    return paint(pipe, used, run, maps, *size, steps, min(1.0, (hires["steps"] + 0.5) / steps), enlarged)[0]


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    nets = {}
    for name, build in NETS.items():
        stored = build().to(torch.float16)
        if name in SINGLE_FILES:
            save_file(
                {key: value.contiguous() for key, value in ldm(stored, SINGLE_FILES[name]).items()}, OUT / f"{name}.safetensors"
            )
        else:
            stored.save_pretrained(OUT / name)
        nets[name] = stored.float().eval()
    for i, run in enumerate(RUNS):
        image = picture(run, nets)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        width, height = run["width"], run["height"]
        written = {f"picture-{width}x{height}": inputs(width, height)[0], f"mask-{width}x{height}": inputs(width, height)[1]}
        for each in run["controls"]:
            size = each.get("width", width), each.get("height", height)
            written[f"map-{each['net']}-{size[0]}x{size[1]}"] = control_map(each["net"], *size)
        for name, given in written.items():
            (OUT / f"{name}.rgb").write_bytes(given.convert("RGB").tobytes())
        off = picture({**run, "controls": [{**each, "scale": 0.0} for each in run["controls"]]}, nets)
        change = np.abs(np.asarray(image, dtype=float) - np.asarray(off, dtype=float)).max()
        assert change > 20
        print(i, run["family"], [each["net"] for each in run["controls"]], image.size, "changed by", change, flush=True)
    versions = {"command": "python golden/controls.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
