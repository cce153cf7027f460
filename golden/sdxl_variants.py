"""Writes src/pipeline/golden/sdxl-variants: whole pictures by SDXLs of other shapes, through diffusers' own pipelines.

`python golden/sdxl_variants.py` from the project's root, after golden/families.py, whose SDXL repository it takes all but the
UNet from. {name}/ holds a UNet (save_pretrained, float16); runs.json the requests; per run an 8-bit picture, row by row.
"""

import json
import shutil

import diffusers
import torch
from DeepCache import DeepCacheSDHelper
from diffusers import StableDiffusionXLImg2ImgPipeline, StableDiffusionXLPipeline, UNet2DConditionModel

from families import NARROW, XL, inputs
from families import OUT as FAMILIES
from models import randomize, unet_model

OUT = FAMILIES.parent / "sdxl-variants"
TEXT_TIME = dict(addition_embed_type="text_time", addition_time_embed_dim=8, cross_attention_dim=40)
# Two layers a level, as the real ones have.
DISTILLED = dict(
    **XL,
    **TEXT_TIME,
    block_out_channels=(8, 16, 16),
    layers_per_block=2,
    use_linear_projection=True,
    attention_head_dim=(2, 4, 4),
    projection_class_embeddings_input_dim=20 + 6 * 8,
    mid_block_type="UNetMidBlock2D",
)
UNETS = {
    # The second text encoder alone, and a score in the place of the size: 20 + 5 · 8 numbers.
    "refiner": dict(
        **NARROW,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(8, 16, 16, 16),
        attention_head_dim=(2, 4, 4, 4),
        transformer_layers_per_block=2,
        **dict(TEXT_TIME, cross_attention_dim=24),
        projection_class_embeddings_input_dim=20 + 5 * 8,
    ),
    # segmind/SSD-1B: [[4, 4, 10], [2, 1, 1], 1] on the way up.
    "ssd-1b": dict(
        **DISTILLED,
        transformer_layers_per_block=[1, [2, 2], [2, 2]],
        reverse_transformer_layers_per_block=[[2, 2, 4], [2, 1, 1], 1],
    ),
    # segmind/Segmind-Vega: one and two everywhere.
    "segmind-vega": dict(
        **DISTILLED,
        transformer_layers_per_block=[1, [1, 1], [2, 2]],
        reverse_transformer_layers_per_block=[[2, 2, 2], [1, 1, 1], 1],
    ),
}
RUN = dict(negative="low quality", scheduler="euler")
RUNS = [
    dict(RUN, name="refiner", prompt="a horse", width=64, height=72, steps=6, guidance=5.0, seed=81, strength=0.5),
    dict(
        RUN, name="refiner", prompt="a pine tree", width=72, height=64, steps=7, guidance=7.5, seed=82, strength=0.3, negative=""
    ),
    dict(RUN, name="refiner", prompt="a river", width=64, height=64, steps=5, guidance=1.0, seed=83, strength=0.6),
    dict(RUN, name="ssd-1b", prompt="a castle", width=64, height=96, steps=5, guidance=5.0, seed=84),
    dict(RUN, name="ssd-1b", prompt="two birds", width=64, height=72, steps=6, guidance=4.0, seed=85, strength=0.6),
    dict(RUN, name="segmind-vega", prompt="a blue door", width=72, height=64, steps=4, guidance=6.0, seed=86, negative=""),
    dict(
        **RUN,
        name="refiner",
        prompt="a stone bridge",
        width=64,
        height=72,
        steps=8,
        guidance=5.0,
        seed=87,
        strength=0.5,
        cache_interval=2,
        cache_branch_id=1,
    ),
]


def pipeline(run: dict):
    unet = UNet2DConditionModel.from_pretrained(OUT / run["name"], torch_dtype=torch.float32)
    base = StableDiffusionXLPipeline.from_pretrained(FAMILIES / "sdxl", torch_dtype=torch.float32, add_watermarker=False)
    parts = {**base.components, "unet": unet}
    if run["name"] == "refiner":
        parts.update(text_encoder=None, tokenizer=None)
        return StableDiffusionXLImg2ImgPipeline(
            **parts, requires_aesthetics_score=True, force_zeros_for_empty_prompt=False, add_watermarker=False
        )
    kind = StableDiffusionXLImg2ImgPipeline if "strength" in run else StableDiffusionXLPipeline
    return kind(**parts, add_watermarker=False)


def picture(run: dict):
    pipe = pipeline(run)
    pipe.set_progress_bar_config(disable=True)
    if "cache_interval" in run:
        helper = DeepCacheSDHelper(pipe=pipe)
        helper.set_params(cache_interval=run["cache_interval"], cache_branch_id=run["cache_branch_id"])
        helper.enable()
    size = dict(width=run["width"], height=run["height"])
    start = dict(image=inputs(**size)[0], strength=run["strength"]) if "strength" in run else size
    return pipe(
        run["prompt"],
        **start,
        negative_prompt=run["negative"] or None,
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        generator=torch.Generator().manual_seed(run["seed"]),
    ).images[0]


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    for seed, (name, config) in enumerate(UNETS.items(), 87):
        randomize(unet_model(**config), seed).to(torch.float16).save_pretrained(OUT / name)
    for i, run in enumerate(RUNS):
        (OUT / f"{i}.rgb").write_bytes(picture(run).convert("RGB").tobytes())
        if "strength" in run:
            start = inputs(run["width"], run["height"])[0]
            (OUT / f"picture-{run['width']}x{run['height']}.rgb").write_bytes(start.convert("RGB").tobytes())
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")
