"""Whole pictures by diffusers' T2I-Adapter pipelines, with small random adapters: `python golden/adapters.py` from the project's root.

Writes src/pipeline/golden/adapters/: adapters as repositories (save_pretrained, float16) and one as a file by itself, maps as 8-bit
RGB, row by row, and runs.json. The models are those of golden/controls.py; computed in float32 from the weights as stored.
"""

import json
import shutil

import diffusers
import numpy as np
import torch
from diffusers import MultiAdapter, StableDiffusionAdapterPipeline, StableDiffusionXLAdapterPipeline, T2IAdapter
from PIL import Image
from safetensors.torch import save_file

from families import CLASSES, CONFIGS
from lora import open_pipeline
from models import ROOT, randomize

OUT = ROOT / "src/pipeline/golden/adapters"
NETS = {
    "pose": dict(channels=[16, 16, 24, 32], num_res_blocks=2, adapter_type="full_adapter"),
    # Of a grey picture.
    "sketch": dict(channels=[16, 16, 24, 32], num_res_blocks=1, adapter_type="full_adapter", in_channels=1),
    "light": dict(channels=[8, 16], num_res_blocks=2, adapter_type="light_adapter"),
    "xl": dict(channels=[8, 16, 16, 16], num_res_blocks=1, adapter_type="full_adapter_xl", downscale_factor=16),
}
SINGLE_FILES = ("sketch", "xl")
RUN = dict(negative="blurry", width=64, height=72, steps=5, guidance=5.0, scheduler="ddim")
net = lambda name, scale=1.0, start=0.0, end=1.0: dict(net=name, scale=scale, start=start, end=end)
RUNS = [
    dict(RUN, family="tiny-model", prompt="a red apple", seed=1, controls=[net("pose", 0.8)]),
    dict(RUN, family="tiny-model", prompt="a cat", seed=2, scheduler="euler", controls=[net("pose", 0.5), net("sketch", 0.9)]),
    dict(RUN, family="sd2", prompt="a blue book", seed=3, guidance=1.0, controls=[net("light")]),
    dict(RUN, family="sdxl", prompt="a horse", seed=4, height=96, scheduler="euler", controls=[net("xl", 0.9, 0, 0.6)]),
]


def control_map(name: str, width: int, height: int) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    k = 4 + 2 * list(NETS).index(name)
    waves = [np.cos(x / k), np.sin((y + x) / (k + 1)), np.where((x // k + y // 6) % 2 == 0, 1, -1)]
    return Image.fromarray(((np.stack(waves, -1) + 1) * 127.5).round().astype(np.uint8))


def picture(run: dict, nets: dict, on: float = 1.0):
    pipe = open_pipeline(run["family"])
    is_xl = run["family"] == "sdxl"
    pipe.scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    names = [each["net"] for each in run["controls"]]
    maps = [control_map(name, run["width"], run["height"]) for name in names]
    maps = [given.convert("L") if NETS[name].get("in_channels") == 1 else given for name, given in zip(names, maps)]
    adapters = [nets[name] for name in names]
    scales = [on * each["scale"] for each in run["controls"]]
    own = {
        key: value
        for key, value in pipe.components.items()
        if key not in ("safety_checker", "feature_extractor", "image_encoder")
    }
    parts = {} if is_xl else dict(requires_safety_checker=False, safety_checker=None, feature_extractor=None)
    several = len(adapters) > 1
    painter = (StableDiffusionXLAdapterPipeline if is_xl else StableDiffusionAdapterPipeline)(
        **own, **parts, adapter=MultiAdapter(adapters) if several else adapters[0]
    )
    painter.set_progress_bar_config(disable=True)
    return painter(
        run["prompt"],
        negative_prompt=run["negative"],
        image=maps if several else maps[0],
        width=run["width"],
        height=run["height"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        adapter_conditioning_scale=scales if several else scales[0],
        generator=torch.Generator().manual_seed(run["seed"]),
        **(dict(adapter_conditioning_factor=run["controls"][0]["end"]) if is_xl else {}),
    ).images[0]


@torch.no_grad()
def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    nets = {}
    for seed, (name, config) in enumerate(NETS.items(), 81):
        stored = randomize(T2IAdapter(**config), seed).to(torch.float16)
        if name in SINGLE_FILES:
            save_file({key: value.contiguous() for key, value in stored.state_dict().items()}, OUT / f"{name}.safetensors")
        else:
            stored.save_pretrained(OUT / name)
        nets[name] = stored.float().eval()
    for i, run in enumerate(RUNS):
        image = picture(run, nets)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        for each in run["controls"]:
            size = (run["width"], run["height"])
            (OUT / f"map-{each['net']}-{size[0]}x{size[1]}.rgb").write_bytes(control_map(each["net"], *size).tobytes())
        change = np.abs(np.asarray(image, dtype=float) - np.asarray(picture(run, nets, 0.0), dtype=float)).max()
        assert change > 20
        print(i, run["family"], [each["net"] for each in run["controls"]], image.size, "changed by", change, flush=True)
    versions = {"command": "python golden/adapters.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
