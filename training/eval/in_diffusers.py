"""Trinket is a Stable Diffusion like any other: diffusers' own pipeline paints the pictures that the app paints.

`python in_diffusers.py MODEL_FOLDER` prints the largest difference over all pixels of three pictures and fails above LIMIT.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from diffusers import StableDiffusionPipeline

LIMIT = 2  # of 255, as the repository's parity tests demand
STEPS, GUIDANCE = 20, 4.0
JOBS = [("a red apple", "", 0), ("a cat and a dog", "a dog", 1), ("a small yellow star on a blue background", "", 2)]  # prompt, negative, seed


def by_app(model: Path) -> np.ndarray:
    """uint8 [N, S, S, 3] by paint.mjs."""
    given = [
        {"prompt": prompt, "negativePrompt": negative, "seed": seed, "guidanceScale": GUIDANCE, "numInferenceSteps": STEPS, "scheduler": "ddim"}
        for prompt, negative, seed in JOBS
    ]
    with tempfile.TemporaryDirectory() as folder:
        asked, out = Path(folder, "jobs.json"), Path(folder, "out.rgb")
        asked.write_text(json.dumps(given))
        subprocess.run(["node", Path(__file__).with_name("paint.mjs"), model, asked, out], check=True)
        return np.fromfile(out, np.uint8).reshape(len(JOBS), 128, 128, 3)


def by_diffusers(model: Path) -> np.ndarray:
    # Else transformers 5 leaves the text encoder in the half precision of its file.
    pipeline = StableDiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    pictures = []
    for prompt, negative, seed in JOBS:
        # The app draws a seed's noise as torch does on the CPU.
        latents = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(seed))
        settings = dict(num_inference_steps=STEPS, guidance_scale=GUIDANCE, latents=latents, output_type="np")
        pictures.append(pipeline(prompt, negative_prompt=negative, **settings).images[0])
    return (np.stack(pictures) * 255).round().astype(np.uint8)


def largest_difference(model: Path) -> int:
    return int(np.abs(by_app(model).astype(int) - by_diffusers(model)).max())


if __name__ == "__main__":
    difference = largest_difference(Path(sys.argv[1]))
    print(f"diffusers' pictures differ from the app's by at most {difference} of 255 (allowed: {LIMIT})")
    sys.exit(difference > LIMIT)
