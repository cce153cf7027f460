"""Pictures made, enlarged and refined, by diffusers' own pipelines one after the other, on e2e/tiny-model.

`python golden/hires.py` from the project's root. Writes src/pipeline/golden/hires/*.rgb (8-bit, row by row), and runs.json with each
one's request; and enlarged.json, what torch and Pillow make of small arrays.

Random numbers, in the order they are drawn: a generator of the run's seed for the first pass, which draws what the pipeline
draws (noise; or, from a picture, its latents and then the noise); then a new generator of the same seed for the second,
which draws the latents where the enlarged thing is a picture, and then the noise.
"""

import json
from math import ceil

import diffusers
import numpy as np
import PIL
import torch
from diffusers import (
    AutoencoderKL,
    PNDMScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from transformers import CLIPTokenizer

from families import CLASSES, CONFIGS, inputs
from pipeline import ROOT, TINY, text_encoder

OUT = ROOT / "src/pipeline/golden/hires"
# `steps` of `hires` are those done in the second pass, whatever its strength.
RUNS = [
    dict(
        prompt="a red apple",
        negative="blurry",
        width=48,
        height=64,
        steps=5,
        guidance=4.0,
        seed=31,
        scheduler="ddim",
        hires=dict(scale=1.5, upscaler="latent", strength=0.6, steps=4),
    ),
    dict(
        prompt="an old house",
        negative="",
        width=64,
        height=40,
        steps=4,
        guidance=1.0,
        seed=32,
        scheduler="euler",
        hires=dict(scale=2, upscaler="image", strength=0.5, steps=5),
    ),
    dict(
        prompt="a cat",
        negative="",
        width=64,
        height=64,
        steps=4,
        guidance=3.0,
        seed=33,
        scheduler="euler-ancestral",
        hires=dict(scale=1.25, upscaler="image", strength=0.7, steps=7),
    ),
    dict(
        prompt="a river",
        negative="text",
        width=40,
        height=72,
        steps=6,
        guidance=5.0,
        seed=34,
        scheduler="pndm",
        hires=dict(scale=1.6, upscaler="latent", strength=1.0, steps=3),
    ),
    dict(
        prompt="a blue book",
        negative="",
        width=64,
        height=48,
        steps=6,
        guidance=5.0,
        seed=35,
        scheduler="heun",
        strength=0.5,
        hires=dict(scale=2, upscaler="latent", strength=0.75, steps=1),
    ),
    dict(
        prompt="a fox",
        negative="text",
        width=48,
        height=64,
        steps=5,
        guidance=4.0,
        seed=36,
        scheduler="dpmpp-2m-karras",
        strength=0.8,
        mask=True,
        hires=dict(scale=2, upscaler="image", strength=0.5, steps=3),
    ),
]


def size(run: dict) -> tuple[int, int]:
    return tuple(int(run[side] * run["hires"]["scale"]) // 8 * 8 for side in ("width", "height"))


def asked(run: dict) -> dict:
    return dict(
        prompt=run["prompt"],
        negative_prompt=run["negative"] or None,
        guidance_scale=run["guidance"],
        generator=torch.Generator().manual_seed(run["seed"]),
    )


def first(pipes: dict, run: dict, output: str):
    more = dict(num_inference_steps=run["steps"], output_type=output)
    image, mask = inputs(run["width"], run["height"])
    if "mask" in run:
        return pipes["inpaint"](
            **asked(run), **more, image=image, mask_image=mask, strength=run["strength"], width=run["width"], height=run["height"]
        ).images
    if "strength" in run:
        return pipes["image"](**asked(run), **more, image=image, strength=run["strength"]).images
    return pipes["text"](**asked(run), **more, width=run["width"], height=run["height"]).images


def second(pipes: dict, run: dict):
    (width, height), hires = size(run), run["hires"]
    steps = ceil(hires["steps"] / hires["strength"])
    # So that int(steps * strength) is the number asked for.
    again = dict(num_inference_steps=steps, strength=min(1.0, (hires["steps"] + 0.5) / steps))
    if hires["upscaler"] == "latent":
        enlarged = torch.nn.functional.interpolate(first(pipes, run, "latent"), size=(height // 8, width // 8), mode="bilinear")
    else:
        enlarged = first(pipes, run, "pil")[0].resize((width, height), Image.Resampling.LANCZOS)
    if "mask" in run:
        image, mask = inputs(width, height)
        enlarged.paste(image, mask=Image.fromarray(255 - np.asarray(mask)))
        return pipes["inpaint"](**asked(run), **again, image=enlarged, mask_image=mask, width=width, height=height).images[0]
    return pipes["image"](**asked(run), **again, image=enlarged).images[0]


def arrays() -> dict:
    generator = torch.Generator().manual_seed(1)
    latents = torch.randn(1, 4, 5, 7, generator=generator)
    pixels = torch.randint(0, 256, (9, 6, 3), generator=generator, dtype=torch.uint8).numpy()
    return {
        "latents": latents.flatten().tolist(),
        "interpolated": torch.nn.functional.interpolate(latents, size=(8, 18), mode="bilinear").flatten().tolist(),
        "pixels": pixels.flatten().tolist(),
        "lanczos": np.asarray(Image.fromarray(pixels).resize((11, 20), Image.Resampling.LANCZOS)).flatten().tolist(),
    }


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    pipe = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(TINY / "vae"),
        text_encoder=text_encoder(),
        tokenizer=CLIPTokenizer.from_pretrained(TINY / "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
        scheduler=PNDMScheduler.from_pretrained(TINY / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    base = pipe.scheduler.config
    kinds = {"image": StableDiffusionImg2ImgPipeline, "inpaint": StableDiffusionInpaintPipeline}
    pipes = {"text": pipe, **{name: kind(**pipe.components, requires_safety_checker=False) for name, kind in kinds.items()}}
    for i, run in enumerate(RUNS):
        for each in pipes.values():
            each.scheduler = CLASSES[run["scheduler"]].from_config(base, **CONFIGS.get(run["scheduler"], {}))
            each.set_progress_bar_config(disable=True)
        image = second(pipes, run)
        assert image.size == size(run)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        print(run["scheduler"], image.size, "std", np.asarray(image).std())
        if "strength" in run:
            written = ("picture", "mask") if "mask" in run else ("picture",)
            for width, height in [(run["width"], run["height"])] + [size(run)] * ("mask" in run):
                for kind, given in zip(written, inputs(width, height)):
                    (OUT / f"{kind}-{width}x{height}.rgb").write_bytes(given.convert("RGB").tobytes())
    versions = {
        "command": "python golden/hires.py",
        "diffusers": diffusers.__version__,
        "torch": torch.__version__,
        "pillow": PIL.__version__,
    }
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")
    (OUT / "enlarged.json").write_text(json.dumps({"versions": versions, **arrays()}) + "\n")


if __name__ == "__main__":
    main()
