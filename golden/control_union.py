"""Whole pictures with a small random ControlNetUnionModel: `python golden/control_union.py` from the project's root.

Writes src/pipeline/golden/union/: the ControlNet as a repository (save_pretrained, float16) and, with its other kinds of maps, as a file;
maps and pictures as 8-bit RGB, row by row, and runs.json. The model is the SDXL of golden/families.py.
"""

import json
import shutil

import diffusers
import numpy as np
import torch
from diffusers import ControlNetUnionModel
from PIL import Image
from safetensors.torch import save_file

from controls import CONDITIONING, KEPT
from families import CLASSES, CONFIGS, inputs
from lora import open_pipeline
from models import ROOT, randomize

OUT = ROOT / "src/pipeline/golden/union"
PARTS = dict(num_trans_channel=8, num_trans_head=2, num_proj_channel=8)
SIZES = {
    "union": dict(PARTS, num_control_type=6, num_trans_layer=1),
    "promax": dict(PARTS, num_control_type=8, num_trans_layer=2),
}

RUN = dict(family="sdxl", scheduler="euler", negative="blurry", width=64, height=72, steps=5, guidance=5.0)
net = lambda mode, scale=1.0, start=0.0, end=1.0, name="union": dict(net=name, mode=mode, scale=scale, start=start, end=end)
RUNS = [
    dict(RUN, prompt="a horse", seed=1, controls=[net(3, 0.9)]),
    # With guidance diffusers' pipeline cannot guess: it gives a row for each half to the half that it runs.
    dict(RUN, prompt="a river", seed=2, guidance=1.0, guess=True, controls=[net(5, 1.0, 0, 0.7)]),
    dict(RUN, prompt="a river", seed=3, guidance=3.0, controls=[net(7, 1.2, 0, 0.8, "promax")]),
    dict(RUN, prompt="a house", seed=4, controls=[net(3, 0.9, 0, 1), net(1, 0.6, 0.3, 0.8)]),
    dict(RUN, prompt="a house", seed=5, guidance=1.0, guess=True, controls=[net(0, 0.8), net(4, 1.1), net(2, 0.5, 0, 0.5)]),
    dict(RUN, prompt="a fox", seed=6, strength=0.7, controls=[net(1, 0.8)]),
    dict(RUN, prompt="a fox", seed=7, strength=0.9, mask=True, controls=[net(2, 0.8), net(3, 0.5)]),
]


def union(name: str, seed: int) -> ControlNetUnionModel:
    config = dict(open_pipeline("sdxl").unet.config)
    kept = {key: config[key] for key in KEPT if key != "mid_block_type"}
    net = randomize(ControlNetUnionModel(**kept | CONDITIONING | SIZES[name]), seed)
    for layer in net.transformer_layes:
        for norm in (layer.ln_1, layer.ln_2):
            norm.weight.data.mul_(5).add_(1)
    # So that strength and kind are both seen in the picture.
    for block in [*net.controlnet_down_blocks, net.controlnet_mid_block]:
        block.weight.data.mul_(0.02)
    net.task_embedding.data.mul_(60)
    net.spatial_ch_projs.weight.data.mul_(24)
    net.control_add_embedding.linear_2.weight.data.mul_(20)
    return net


def control_map(mode: int, width: int, height: int) -> Image.Image:
    """Another one for each kind, no colour of it like another."""
    y, x = np.mgrid[0:height, 0:width]
    k = 3 + mode
    waves = [np.sin(x / k), np.cos((y + x) / (k + 2)), np.where((x // k + y // 5) % 2 == 0, 1, -1)]
    return Image.fromarray(((np.stack(waves, -1) + 1) * 127.5).round().astype(np.uint8))


def picture(run: dict, nets: dict, shift: int = 0):
    """@param shift is added to every kind, so that it can be seen whether it matters."""
    pipe = open_pipeline("sdxl")
    pipe.scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    own = {key: value for key, value in pipe.components.items() if key not in ("feature_extractor", "image_encoder")}
    controls = run["controls"]
    net = nets[controls[0]["net"]]
    part = "Inpaint" if "mask" in run else "Img2Img" if "strength" in run else ""
    painter = getattr(diffusers, f"StableDiffusionXLControlNetUnion{part}Pipeline")(**own, controlnet=net)
    painter.set_progress_bar_config(disable=True)
    width, height = run["width"], run["height"]
    image, mask = inputs(width, height)
    given = {}
    if part:
        given = {"image": image, "strength": run["strength"]}
    if part == "Inpaint":
        given["mask_image"] = mask
    types = net.config.num_control_type
    return painter(
        run["prompt"],
        negative_prompt=run["negative"],
        control_image=[control_map(each["mode"], width, height) for each in controls],
        control_mode=[(each["mode"] + shift) % types for each in controls],
        width=width,
        height=height,
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        controlnet_conditioning_scale=[each["scale"] for each in controls],
        control_guidance_start=[each["start"] for each in controls],
        control_guidance_end=[each["end"] for each in controls],
        guess_mode=run.get("guess", False),
        generator=torch.Generator().manual_seed(run["seed"]),
        **given,
    ).images[0]


def difference(one: Image.Image, other: Image.Image) -> float:
    return np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float)).max()


@torch.no_grad()
def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    nets = {}
    for seed, name in enumerate(SIZES, 71):
        stored = union(name, seed).to(torch.float16)
        if name == "union":
            stored.save_pretrained(OUT / name)
        else:
            save_file({key: value.contiguous() for key, value in stored.state_dict().items()}, OUT / f"{name}.safetensors")
        nets[name] = stored.float().eval()
    for i, run in enumerate(RUNS):
        width, height = run["width"], run["height"]
        image = picture(run, nets)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        written = {f"picture-{width}x{height}": inputs(width, height)[0], f"mask-{width}x{height}": inputs(width, height)[1]}
        for each in run["controls"]:
            written[f"map-{each['mode']}-{width}x{height}"] = control_map(each["mode"], width, height)
        for name, given in written.items():
            (OUT / f"{name}.rgb").write_bytes(given.convert("RGB").tobytes())
        halved = {**run, "controls": [{**each, "scale": each["scale"] / 2} for each in run["controls"]]}
        change = difference(image, picture(halved, nets, 1))
        print(i, run["controls"], image.size, "of other kinds, at half the strength:", change, flush=True)
        assert change > 4
    versions = {"command": "python golden/control_union.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
