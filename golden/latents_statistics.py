"""Writes src/pipeline/golden/latents-statistics: whole pictures by an SDXL whose VAE has latents_mean and latents_std.

`python golden/latents_statistics.py` from the project's root, after golden/families.py, whose SDXL repository it uses.
statistics.json holds the two lists and the requests; per run an 8-bit picture, row by row.
"""

import json

import diffusers
import torch

from families import OUT as FAMILIES
from families import inputs, picture

OUT = FAMILIES.parent / "latents-statistics"
# Far from 0 and 1, so that every picture is another one without them.
STATISTICS = {"latents_mean": [-1.6574, 1.886, -1.383, 2.5155], "latents_std": [8.4927, 5.9022, 6.5498, 5.2299]}
RUN = dict(family="sdxl", negative="low quality", width=64, height=72, guidance=5.0, scheduler="euler")
RUNS = [
    dict(**RUN, prompt="an old house by the sea", steps=4, seed=61),
    dict(**RUN, prompt="a pine tree", steps=6, seed=62, strength=0.6),
]


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for i, run in enumerate(RUNS):
        pipe = diffusers.DiffusionPipeline.from_pretrained(FAMILIES / run["family"], torch_dtype=torch.float32)
        pipe.set_progress_bar_config(disable=True)
        pipe.vae.register_to_config(**STATISTICS)
        (OUT / f"{i}.rgb").write_bytes(picture(pipe, run).convert("RGB").tobytes())
    (OUT / "picture.rgb").write_bytes(inputs(RUN["width"], RUN["height"])[0].convert("RGB").tobytes())
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "statistics.json").write_text(json.dumps({"versions": versions, **STATISTICS, "runs": RUNS}, indent=1) + "\n")
