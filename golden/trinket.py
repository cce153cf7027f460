"""Trinket as diffusers paints it: `python golden/trinket.py` from the project's root, after each training/export.py.

Opens public/models/trinket as it is with StableDiffusionPipeline.from_pretrained and writes src/pipeline/golden/trinket/*.rgb
(8-bit, row by row), and runs.json with each one's request. The noise is the CPU generator's.
"""

import json
from pathlib import Path

import diffusers
import torch
from diffusers import StableDiffusionPipeline

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src/pipeline/golden/trinket"
RUNS = [
    dict(
        prompt="a purple dog on a yellow background",
        negative="",
        width=128,
        height=128,
        steps=20,
        guidance=4.0,
        seed=1,
        scheduler="ddim",
    ),
    dict(
        prompt="a cat next to a pizza", negative="a pizza", width=128, height=96, steps=8, guidance=6.0, seed=2, scheduler="ddim"
    ),
    # Words in no caption, a letter and a sign of which the vocabulary has only bytes.
    dict(
        prompt="schadenfreude, naïve xylophonist №5 🎷",
        negative="",
        width=128,
        height=128,
        steps=5,
        guidance=3.0,
        seed=3,
        scheduler="ddim",
    ),
]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    # Else transformers 5 leaves the text encoder in the half precision of its file.
    pipe = StableDiffusionPipeline.from_pretrained(ROOT / "public/models/trinket", torch_dtype=torch.float32)
    pipe.set_progress_bar_config(disable=True)
    for i, run in enumerate(RUNS):
        image = pipe(
            run["prompt"],
            negative_prompt=run["negative"],
            width=run["width"],
            height=run["height"],
            num_inference_steps=run["steps"],
            guidance_scale=run["guidance"],
            generator=torch.Generator().manual_seed(run["seed"]),
        ).images[0]
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
    versions = {"command": "python golden/trinket.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
