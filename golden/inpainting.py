"""What inpainting does beside diffusers' plain pipeline: `python golden/inpainting.py` from the project's root, after families.py.

Writes src/pipeline/golden/inpainting/: masks blurred by VaeImageProcessor.blur (Pillow), crop regions by
VaeImageProcessor.get_crop_region, a picture filled by AUTOMATIC1111's masking.fill, and whole pictures by
StableDiffusionInpaintPipeline with blurred masks and other masked content.
"""

import json
import shutil

import diffusers
import numpy as np
import PIL
import torch
from diffusers import StableDiffusionInpaintPipeline
from diffusers.image_processor import VaeImageProcessor
from PIL import Image, ImageFilter, ImageOps

from families import CLASSES, ROOT, inputs
from families import OUT as FAMILIES

OUT = ROOT / "src/pipeline/golden/inpainting"
RADII = [0.5, 1, 2.5, 4, 9.3, 64, 256]
RUNS = [
    dict(
        family="sd2",
        prompt="a red apple",
        negative="",
        width=64,
        height=64,
        steps=6,
        guidance=5.0,
        seed=31,
        scheduler="ddim",
        strength=0.6,
        mask=True,
        mask_blur=4,
    ),
    dict(
        family="bk-sdm",
        prompt="a fox",
        negative="text",
        width=64,
        height=48,
        steps=6,
        guidance=1.0,
        seed=32,
        scheduler="euler",
        strength=0.7,
        mask=True,
        mask_blur=2,
        content="noise",
    ),
    dict(
        family="bk-sdm",
        prompt="a fox",
        negative="",
        width=64,
        height=64,
        steps=8,
        guidance=3.0,
        seed=33,
        scheduler="pndm",
        strength=0.5,
        mask=True,
        mask_blur=0,
        content="noise",
    ),
    dict(
        family="sd2",
        prompt="a blue book",
        negative="",
        width=48,
        height=64,
        steps=5,
        guidance=4.0,
        seed=34,
        scheduler="ddim",
        strength=0.8,
        mask=True,
        mask_blur=0,
        content="fill",
    ),
    dict(
        family="inpaint",
        prompt="a red apple",
        negative="blurry",
        width=64,
        height=64,
        steps=6,
        guidance=7.5,
        seed=35,
        scheduler="ddim",
        strength=0.6,
        mask=True,
        mask_blur=3,
        content="noise",
    ),
    dict(
        family="inpaint",
        prompt="a fox",
        negative="",
        width=48,
        height=72,
        steps=5,
        guidance=2.0,
        seed=36,
        scheduler="pndm",
        strength=0.8,
        mask=True,
        mask_blur=3,
        content="fill",
    ),
]
# Mask: width, height, marked rectangle; then the size to be painted and the margin.
REGIONS = [
    ((61, 47), (10, 8, 20, 12), (64, 64), 0),
    ((61, 47), (10, 8, 20, 12), (64, 64), 5),
    ((61, 47), (0, 0, 5, 40), (64, 64), 3),
    ((61, 47), (55, 40, 61, 47), (96, 64), 8),
    ((61, 47), (30, 0, 31, 1), (64, 128), 0),
    ((61, 47), (0, 20, 61, 22), (64, 64), 2),
    ((200, 300), (20, 250, 90, 290), (512, 512), 32),
    ((300, 200), (250, 5, 298, 12), (768, 512), 16),
    ((64, 64), (0, 0, 64, 64), (64, 72), 0),
]


def fill(image: Image.Image, mask: Image.Image) -> Image.Image:
    """AUTOMATIC1111's stable-diffusion-webui, modules/masking.py, as it stands there."""
    image_mod = Image.new("RGBA", (image.width, image.height))
    image_masked = Image.new("RGBa", (image.width, image.height))
    image_masked.paste(image.convert("RGBA").convert("RGBa"), mask=ImageOps.invert(mask.convert("L")))
    image_masked = image_masked.convert("RGBa")
    for radius, repeats in [(256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)]:
        blurred = image_masked.filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")
        for _ in range(repeats):
            image_mod.alpha_composite(blurred)
    return image_mod.convert("RGB")


class NoiseMasked(StableDiffusionInpaintPipeline):
    """AUTOMATIC1111's masked content "latent noise" (modules/processing.py, StableDiffusionProcessingImg2Img.init): the seed's
    own noise in the place of the masked latents, before the noise is added."""

    small_mask: torch.Tensor

    def prepare_latents(self, *args, image=None, timestep=None, is_strength_max=True, **kwargs):
        latents, noise, *rest = super().prepare_latents(
            *args,
            image=image,
            timestep=timestep,
            is_strength_max=is_strength_max,
            **{**kwargs, "return_noise": True, "return_image_latents": True},
        )
        if not is_strength_max:
            masked = rest[0] * (1 - self.small_mask) + noise * self.small_mask
            latents = self.scheduler.add_noise(masked, noise, timestep)
        return (latents, noise, *rest) if kwargs.get("return_image_latents") else (latents, noise)


def picture(run: dict) -> Image.Image:
    base = diffusers.DiffusionPipeline.from_pretrained(FAMILIES / run["family"], torch_dtype=torch.float32)
    base.scheduler = CLASSES[run["scheduler"]].from_config(base.scheduler.config)
    kind = NoiseMasked if run.get("content") == "noise" else StableDiffusionInpaintPipeline
    pipe = kind(**base.components, requires_safety_checker=False)
    pipe.set_progress_bar_config(disable=True)
    image, mask = inputs(run["width"], run["height"])
    mask = pipe.mask_processor.blur(mask, run["mask_blur"])
    binary = mask.point(lambda value: 255 if value >= 127.5 else 0)
    if run.get("content") == "fill":
        image = fill(image, binary)
    scale = pipe.vae_scale_factor
    pipe.small_mask = torch.from_numpy(np.asarray(binary)[::scale, ::scale] / 255)[None, None].to(pipe.unet.dtype)
    return pipe(
        run["prompt"],
        image=image,
        mask_image=mask,
        strength=run["strength"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        negative_prompt=run["negative"] or None,
        generator=torch.Generator().manual_seed(run["seed"]),
        width=run["width"],
        height=run["height"],
    ).images[0]


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    colours, mask = inputs(61, 47)
    (OUT / "mask-61x47.grey").write_bytes(mask.tobytes())
    for radius in RADII:
        (OUT / f"blurred-{radius}.grey").write_bytes(VaeImageProcessor.blur(mask, radius).tobytes())
    (OUT / "picture-61x47.rgb").write_bytes(colours.tobytes())
    (OUT / "filled-61x47.rgb").write_bytes(fill(colours, mask).tobytes())
    regions = []
    for (width, height), marked, size, margin in REGIONS:
        drawn = Image.new("L", (width, height))
        drawn.paste(255, marked)
        regions.append(
            dict(
                width=width,
                height=height,
                marked=marked,
                size=size,
                margin=margin,
                region=VaeImageProcessor.get_crop_region(drawn, *size, pad=margin),
            )
        )
    for i, run in enumerate(RUNS):
        (OUT / f"{i}.rgb").write_bytes(picture(run).tobytes())
        for kind, given in zip(("picture", "mask"), inputs(run["width"], run["height"])):
            (OUT / f"{kind}-{run['width']}x{run['height']}.rgb").write_bytes(given.convert("RGB").tobytes())
    versions = {
        "command": "python golden/inpainting.py",
        "diffusers": diffusers.__version__,
        "torch": torch.__version__,
        "pillow": PIL.__version__,
    }
    (OUT / "cases.json").write_text(
        json.dumps({"versions": versions, "radii": RADII, "regions": regions, "runs": RUNS}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
