"""Writes src/pipeline/golden/caches: whole pictures with less work for the same weights, by the packages DeepCache and tgate.

`python golden/caches.py` from the project's root, after golden/models.py and golden/families.py, whose repositories it uses.
runs.json holds the requests; per run an 8-bit picture, row by row. DeepCache looks an evaluation up by its timestep; where a
sampler repeats timesteps (`counted`), the evaluations are counted for it.
"""

import json

import diffusers
import torch
from DeepCache import DeepCacheSDHelper
from tgate import TgateSDLoader, TgateSDXLLoader

from families import CLASSES, CONFIGS, inputs, picture
from families import OUT as FAMILIES
from lora import open_pipeline

OUT = FAMILIES.parent / "caches"
TINY = dict(family="tiny-model", prompt="a red apple", negative="blurry", guidance=7.5)
SD2 = dict(family="sd2", prompt="a small cat", negative="text", guidance=5.0)
XL = dict(family="sdxl", prompt="an old house by the sea", negative="low quality", guidance=5.0)
RUNS = [
    dict(**TINY, width=64, height=64, steps=7, seed=101, scheduler="ddim", cache_interval=3, cache_branch_id=0),
    dict(**TINY, width=96, height=64, steps=5, seed=102, scheduler="euler", cache_interval=2, cache_branch_id=2),
    dict(**SD2, width=64, height=72, steps=7, seed=103, scheduler="ddim", cache_interval=5, cache_branch_id=1),
    dict(**SD2, width=64, height=64, steps=8, seed=104, scheduler="ddim", cache_interval=3, cache_branch_id=2, strength=0.7),
    dict(
        **SD2,
        width=64,
        height=64,
        steps=6,
        seed=105,
        scheduler="euler",
        cache_interval=2,
        cache_branch_id=0,
        strength=1.0,
        mask=True,
    ),
    dict(**XL, width=64, height=96, steps=5, seed=106, scheduler="euler", cache_interval=2, cache_branch_id=1),
    dict(**XL, width=72, height=64, steps=6, seed=107, scheduler="ddim", cache_interval=3, cache_branch_id=2),
    dict(
        **dict(XL, guidance=1.0), width=64, height=64, steps=4, seed=108, scheduler="euler", cache_interval=3, cache_branch_id=0
    ),
    dict(**SD2, width=64, height=64, steps=5, seed=109, scheduler="heun", cache_interval=3, cache_branch_id=1, counted=True),
    dict(**TINY, width=64, height=64, steps=6, seed=110, scheduler="pndm", cache_interval=2, cache_branch_id=2, counted=True),
    dict(**TINY, width=64, height=64, steps=13, seed=111, scheduler="euler", gate_step=10),
    dict(**SD2, width=64, height=72, steps=8, seed=112, scheduler="euler", gate_step=5),
    dict(**TINY, width=64, height=64, steps=9, seed=113, scheduler="pndm", gate_step=6),
    dict(**XL, width=64, height=96, steps=9, seed=114, scheduler="euler", gate_step=7),
    dict(**XL, width=72, height=64, steps=4, seed=115, scheduler="ddim", gate_step=1),
]


class Counted(DeepCacheSDHelper):
    def wrap_unet_forward(self):
        forward = self.function_dict["unet_forward"] = self.pipe.unet.forward
        self.evaluation = -1

        def wrapped_forward(*args, **kwargs):
            self.evaluation += 1
            self.cur_timestep = self.evaluation
            return forward(*args, **kwargs)

        self.pipe.unet.forward = wrapped_forward


def with_deep_cache(pipe, run: dict):
    helper = (Counted if run.get("counted") else DeepCacheSDHelper)(pipe=pipe)
    helper.set_params(cache_interval=run["cache_interval"], cache_branch_id=run["cache_branch_id"])
    helper.enable()
    return picture(pipe, run)


def with_tgate(pipe, run: dict):
    pipe.scheduler = CLASSES[run["scheduler"]].from_config(pipe.scheduler.config, **CONFIGS.get(run["scheduler"], {}))
    load = TgateSDXLLoader if run["family"] == "sdxl" else TgateSDLoader
    return (
        load(pipe)
        .tgate(
            run["prompt"],
            width=run["width"],
            height=run["height"],
            num_inference_steps=run["steps"],
            guidance_scale=run["guidance"],
            negative_prompt=run["negative"],
            gate_step=run["gate_step"],
            generator=torch.Generator().manual_seed(run["seed"]),
        )
        .images[0]
    )


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for i, run in enumerate(RUNS):
        pipe = open_pipeline(run["family"])
        pipe.set_progress_bar_config(disable=True)
        image = (with_tgate if "gate_step" in run else with_deep_cache)(pipe, run)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        if "strength" in run:
            for kind, given in zip(("picture", "mask"), inputs(run["width"], run["height"])):
                (OUT / f"{kind}-{run['width']}x{run['height']}.rgb").write_bytes(given.convert("RGB").tobytes())
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__, "DeepCache": "0.1.1", "tgate": "1.0.0"}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
