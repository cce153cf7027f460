"""Writes src/pipeline/golden/few-steps: whole pictures in a few steps, with the samplers and timesteps of distilled weights.

`python golden/few_steps.py` from the project's root, after golden/models.py and golden/families.py, whose repositories it uses.
What is distilled is in the weights, which are random here; compared are SDXL-Lightning's, Hyper-SD's, LCM-LoRA's and DMD2's ways
of sampling, as their model cards set them up. runs.json holds the requests; per run an 8-bit picture, row by row.
"""

import json

import diffusers
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, LCMScheduler, TCDScheduler

from families import OUT as FAMILIES
from lora import open_pipeline

OUT = FAMILIES.parent / "few-steps"
TRAILING = dict(timestep_spacing="trailing")
SAMPLERS = {
    "euler-trailing": (EulerDiscreteScheduler, TRAILING),
    "ddim-trailing": (DDIMScheduler, TRAILING),
    "lcm": (LCMScheduler, {}),
    "lcm-trailing": (LCMScheduler, {}),
    "tcd": (TCDScheduler, {}),
}
TINY = dict(family="tiny-model", prompt="a red apple", negative="", width=64, height=64)
XL = dict(family="sdxl", prompt="an old house by the sea", negative="", width=64, height=72)
RUNS = [
    dict(**XL, like="SDXL-Lightning", steps=4, guidance=0.0, seed=121, scheduler="euler-trailing"),
    dict(**XL, like="SDXL-Lightning", steps=8, guidance=0.0, seed=122, scheduler="euler-trailing"),
    dict(**TINY, like="Hyper-SD", steps=4, guidance=0.0, seed=123, scheduler="ddim-trailing"),
    dict(**TINY, like="Hyper-SD", steps=3, guidance=0.0, seed=124, scheduler="ddim-trailing"),
    dict(**XL, like="Hyper-SD", steps=1, guidance=0.0, seed=125, scheduler="tcd", eta=1.0),
    dict(**TINY, like="LCM-LoRA", steps=4, guidance=1.5, seed=126, scheduler="lcm"),
    dict(**TINY, like="LCM-LoRA", steps=8, guidance=1.0, seed=127, scheduler="lcm"),
    dict(**XL, like="DMD2", steps=4, guidance=0.0, seed=128, scheduler="lcm-trailing", timesteps=[999, 749, 499, 249]),
]


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for i, run in enumerate(RUNS):
        pipe = open_pipeline(run["family"])
        sampler, config = SAMPLERS[run["scheduler"]]
        pipe.scheduler = sampler.from_config(pipe.scheduler.config, **config)
        image = pipe(
            run["prompt"],
            width=run["width"],
            height=run["height"],
            guidance_scale=run["guidance"],
            negative_prompt=run["negative"] or None,
            eta=run.get("eta", 0.0),
            generator=torch.Generator().manual_seed(run["seed"]),
            **({"timesteps": run["timesteps"]} if "timesteps" in run else {"num_inference_steps": run["steps"]}),
        ).images[0]
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
