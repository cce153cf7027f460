"""Writes src/pipeline/golden/edm: whole pictures by SDXLs of the EDM kind, Playground 2.5's and CosXL's, through diffusers.

`python golden/edm_pictures.py` from the project's root, after golden/families.py and golden/latents_statistics.py, whose SDXL
repository and statistics it uses. runs.json holds each scheduler_config.json and request; per run an 8-bit picture, row by row.
"""

import json

import diffusers
import torch

from families import CLASSES, inputs, picture
from families import OUT as FAMILIES
from latents_statistics import STATISTICS

OUT = FAMILIES.parent / "edm"
PLAYGROUND = dict(_class_name="EDMDPMSolverMultistepScheduler", sigma_min=0.002, sigma_max=80.0, sigma_data=0.5, rho=7.0)
COSXL = dict(
    _class_name="EDMEulerScheduler",
    sigma_min=0.002,
    sigma_max=120.0,
    sigma_data=1.0,
    prediction_type="v_prediction",
    sigma_schedule="exponential",
)
SIZE = dict(family="sdxl", negative="low quality", width=64, height=72)
RUNS = [
    dict(**SIZE, prompt="a red fox", steps=6, seed=71, guidance=3.0, scheduler_config=PLAYGROUND, statistics=True),
    dict(
        **SIZE,
        prompt="a stone bridge",
        steps=7,
        seed=72,
        guidance=3.0,
        strength=0.6,
        scheduler_config=PLAYGROUND,
        statistics=True,
    ),
    dict(**SIZE, prompt="a blue door", steps=5, seed=73, guidance=5.0, scheduler_config=COSXL, statistics=False),
    dict(**SIZE, prompt="two birds", steps=8, seed=74, guidance=5.0, strength=0.5, scheduler_config=COSXL, statistics=False),
]
NAMES = {"EDMDPMSolverMultistepScheduler": "edm-dpmpp-2m", "EDMEulerScheduler": "edm-euler"}
CLASSES.update({name: getattr(diffusers, sampler) for sampler, name in NAMES.items()})


def told(run: dict) -> dict:
    return dict(run, scheduler=NAMES[run["scheduler_config"]["_class_name"]])


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for i, run in enumerate(RUNS):
        pipe = diffusers.DiffusionPipeline.from_pretrained(FAMILIES / run["family"], torch_dtype=torch.float32)
        pipe.set_progress_bar_config(disable=True)
        if run["statistics"]:
            pipe.vae.register_to_config(**STATISTICS, scaling_factor=0.5)
        (OUT / f"{i}.rgb").write_bytes(picture(pipe, told(run)).convert("RGB").tobytes())
    (OUT / "picture.rgb").write_bytes(inputs(SIZE["width"], SIZE["height"])[0].convert("RGB").tobytes())
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__}
    text = json.dumps({"versions": versions, **STATISTICS, "runs": [told(run) for run in RUNS]}, indent=1)
    (OUT / "runs.json").write_text(text + "\n")
