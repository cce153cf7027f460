"""Whole pictures where the tokenizer lies in the layout that is published: `python golden/tokenizer_pictures.py` from the root.

The repositories of golden/families.py, whose tokenizer is transformers' own tokenizer.json, with e2e/tiny-model's vocab.json and
merges.txt in its place and beside them the other files of golden/tokenizer_layouts.py; prompts that end in "!". Writes
src/pipeline/golden/tokenizers/{family}.rgb and runs.json.
"""

import json
import shutil
import tempfile
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

from models import ROOT, TINY
from tokenizer_layouts import LAYOUTS

OUT = ROOT / "src/pipeline/golden/tokenizers"
RUNS = [
    dict(
        family="sd2",
        layouts=dict(tokenizer="sd2"),
        **dict(
            prompt="a red apple!", negative="blurry!! text", width=64, height=48, steps=4, guidance=7.5, seed=27, scheduler="ddim"
        ),
    ),
    dict(
        family="sdxl",
        layouts=dict(tokenizer="sdxl", tokenizer_2="sdxl-2"),
        **dict(
            prompt="wow!!! an old house", negative="low!", width=48, height=64, steps=3, guidance=5.0, seed=28, scheduler="euler"
        ),
    ),
]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for run in RUNS:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / run["family"]
            shutil.copytree(ROOT / "src/pipeline/golden/families" / run["family"], folder)
            for name, layout in run["layouts"].items():
                shutil.rmtree(folder / name)
                (folder / name).mkdir()
                for file in ("vocab.json", "merges.txt"):
                    shutil.copy(TINY / "tokenizer" / file, folder / name / file)
                for file, content in LAYOUTS[layout].items():
                    (folder / name / file).write_text(json.dumps(content))
            pipeline = StableDiffusionXLPipeline if run["family"] == "sdxl" else StableDiffusionPipeline
            pipe = pipeline.from_pretrained(folder).to(torch.float32)
        pipe.set_progress_bar_config(disable=True)
        picture = pipe(
            run["prompt"],
            negative_prompt=run["negative"],
            width=run["width"],
            height=run["height"],
            num_inference_steps=run["steps"],
            guidance_scale=run["guidance"],
            generator=torch.Generator("cpu").manual_seed(run["seed"]),
            output_type="np",
        ).images[0]
        (OUT / f"{run['family']}.rgb").write_bytes(np.round(picture * 255).astype(np.uint8).tobytes())
        print(run["family"], picture.shape, picture.std())
    versions = {"command": "python golden/tokenizer_pictures.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
