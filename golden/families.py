"""A small random repository of each family, saved by diffusers itself, and whole pictures by its own pipeline.

`python golden/families.py` from the project's root. Writes src/pipeline/golden/families/{name}/ (save_pretrained, float16),
and per run an 8-bit picture, row by row; runs.json holds the requests. Computed in float32 from the weights as stored.
"""

import json
import shutil

import diffusers
import numpy as np
import torch
from diffusers import (
    AutoencoderTiny,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    HeunDiscreteScheduler,
    LatentConsistencyModelPipeline,
    LCMScheduler,
    PNDMScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionInpaintPipeline,
    StableDiffusionPipeline,
    StableDiffusionXLImg2ImgPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from models import ROOT, TINY, kl_model, randomize, text_model, unet_model

OUT = ROOT / "src/pipeline/golden/families"
BETAS = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
LEGACY = dict(**BETAS, steps_offset=1, set_alpha_to_one=False)
TURBO = dict(**BETAS, timestep_spacing="trailing", steps_offset=1)
NARROW = dict(layers_per_block=1, use_linear_projection=True)
CROSS = dict(down_block_types=("CrossAttnDownBlock2D",) * 3, up_block_types=("CrossAttnUpBlock2D",) * 3)
XL = dict(
    down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * 2, up_block_types=("CrossAttnUpBlock2D",) * 2 + ("UpBlock2D",)
)
KL = dict(block_out_channels=(4, 4, 8, 8), layers_per_block=1)


def tokenizer(**special) -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(TINY / "tokenizer", **special)


def words(seed: int, model=CLIPTextModel, **config):
    size = len(tokenizer())
    return randomize(text_model(size, model, num_hidden_layers=2, **{"hidden_size": 16, "intermediate_size": 32, **config}), seed)


def plain(unet: UNet2DConditionModel, scheduler, vae=None, text=None, tokens=None, pipeline=StableDiffusionPipeline, **parts):
    return pipeline(
        vae=vae or randomize(kl_model(**KL), 42),
        text_encoder=text or words(41, projection_dim=16),
        tokenizer=tokens or tokenizer(),
        unet=randomize(unet, 43),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
        **parts,
    )


def sd2():
    """OpenCLIP's gelu, "!" for padding, a number of heads per level, linear projections, v-prediction, attention in float32."""
    unet = unet_model(
        **NARROW,
        **CROSS,
        block_out_channels=(8, 16, 16),
        attention_head_dim=(2, 4, 4),
        cross_attention_dim=16,
        upcast_attention=True,
    )
    scheduler = DDIMScheduler(**LEGACY, prediction_type="v_prediction", clip_sample=False)
    return plain(unet, scheduler, text=words(44, hidden_act="gelu", projection_dim=16), tokens=tokenizer(pad_token="!"))


def sdxl():
    """Two text encoders, the penultimate states of both, pooled text and sizes, a VAE that asks for float32."""
    unet = unet_model(
        **NARROW,
        **XL,
        block_out_channels=(8, 16, 16),
        attention_head_dim=(2, 4, 4),
        transformer_layers_per_block=(1, 1, 2),
        cross_attention_dim=40,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=68,
    )
    second = words(46, CLIPTextModelWithProjection, hidden_act="gelu", hidden_size=24, intermediate_size=48, projection_dim=20)
    return StableDiffusionXLPipeline(
        vae=randomize(kl_model(**KL, scaling_factor=0.13025), 42),
        text_encoder=words(45, projection_dim=16),
        text_encoder_2=second,
        tokenizer=tokenizer(),
        tokenizer_2=tokenizer(pad_token="!"),
        unet=randomize(unet, 47),
        scheduler=EulerDiscreteScheduler(**BETAS, timestep_spacing="leading", steps_offset=1),
        force_zeros_for_empty_prompt=True,
        add_watermarker=False,
    )


def bk_sdm():
    """No mid block, three levels with cross-attention all the way down."""
    unet = unet_model(
        **CROSS,
        layers_per_block=1,
        block_out_channels=(8, 16, 16),
        attention_head_dim=4,
        cross_attention_dim=16,
        mid_block_type=None,
    )
    return plain(unet, PNDMScheduler(**LEGACY, skip_prk_steps=True))


def sdxs():
    """BK-SDM's shape for one step, with a tiny autoencoder in the repository itself."""
    unet = unet_model(
        **CROSS,
        layers_per_block=1,
        block_out_channels=(8, 16, 16),
        attention_head_dim=4,
        cross_attention_dim=16,
        mid_block_type=None,
    )
    vae = AutoencoderTiny(
        encoder_block_out_channels=(8,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(0, 0, 0, 1),
        num_decoder_blocks=(1, 0, 0, 0),
    )
    randomize(vae, 48).decoder.layers[-1].weight.data.mul_(0.2)  # or every pixel is black or white
    return plain(unet, EulerDiscreteScheduler(**TURBO), vae=vae)


def lcm():
    """The guidance scale as an input of the UNet."""
    unet = unet_model(
        layers_per_block=1,
        block_out_channels=(8, 16),
        attention_head_dim=4,
        cross_attention_dim=16,
        time_cond_proj_dim=12,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    return plain(
        unet,
        LCMScheduler(**BETAS, original_inference_steps=50, clip_sample=False, set_alpha_to_one=True),
        pipeline=LatentConsistencyModelPipeline,
    )


def inpaint():
    """Nine channels in: the sample, the mask, and the picture with what is repainted hidden."""
    unet = unet_model(
        **NARROW, **CROSS, block_out_channels=(8, 16, 16), attention_head_dim=4, cross_attention_dim=16, in_channels=9
    )
    return plain(unet, PNDMScheduler(**LEGACY, skip_prk_steps=True), pipeline=StableDiffusionInpaintPipeline)


FAMILIES = {"sd2": sd2, "sdxl": sdxl, "bk-sdm": bk_sdm, "sdxs": sdxs, "lcm": lcm, "inpaint": inpaint}
# `scheduler` and `config` are a sampler of the catalogue; without them it is the repository's own.
RUNS = [
    dict(
        family="sd2",
        prompt="a red apple",
        negative="blurry",
        width=64,
        height=64,
        steps=5,
        guidance=7.5,
        seed=1,
        scheduler="ddim",
    ),
    dict(
        family="sd2",
        prompt="a small cat",
        negative="",
        width=96,
        height=40,
        steps=4,
        guidance=1.0,
        seed=2,
        scheduler="ddim",
        clip_skip=1,
    ),
    dict(
        family="sd2",
        prompt="a blue book",
        negative="text",
        width=40,
        height=64,
        steps=6,
        guidance=9.0,
        seed=3,
        scheduler="ddim",
        rescale=0.7,
        eta=0.6,
    ),
    dict(
        family="sd2",
        like="sd-turbo",
        prompt="a red heart",
        negative="",
        width=64,
        height=72,
        steps=2,
        guidance=0.0,
        seed=4,
        scheduler="euler",
        scheduler_config=TURBO,
    ),
    dict(
        family="sdxl",
        prompt="an old house by the sea",
        negative="low quality",
        width=64,
        height=96,
        steps=5,
        guidance=5.0,
        seed=5,
        scheduler="euler",
    ),
    dict(family="sdxl", prompt="a river", negative="", width=72, height=64, steps=4, guidance=6.0, seed=6, scheduler="euler"),
    dict(
        family="sdxl",
        prompt="a pine tree",
        negative="",
        width=64,
        height=64,
        steps=3,
        guidance=1.0,
        seed=7,
        scheduler="ddim",
        clip_skip=0,
    ),
    dict(
        family="sdxl",
        like="sdxl-turbo",
        prompt="a horse",
        negative="",
        width=64,
        height=64,
        steps=3,
        guidance=0.0,
        seed=8,
        scheduler="euler-ancestral",
        scheduler_config=TURBO,
    ),
    dict(
        family="bk-sdm",
        prompt="a fox in the snow",
        negative="text",
        width=64,
        height=72,
        steps=6,
        guidance=7.5,
        seed=9,
        scheduler="pndm",
    ),
    dict(
        family="bk-sdm",
        prompt="a fox in the snow",
        negative="",
        width=64,
        height=64,
        steps=4,
        guidance=0.0,
        seed=10,
        scheduler="pndm",
    ),
    dict(family="sdxs", prompt="a burger", negative="", width=64, height=64, steps=1, guidance=0.0, seed=11, scheduler="euler"),
    dict(
        family="sdxs",
        prompt="a burger",
        negative="blurry",
        width=40,
        height=72,
        steps=2,
        guidance=3.0,
        seed=12,
        scheduler="euler",
    ),
    dict(family="lcm", prompt="a castle", negative="", width=64, height=64, steps=4, guidance=8.5, seed=13, scheduler="lcm"),
    dict(family="lcm", prompt="a castle", negative="", width=48, height=80, steps=2, guidance=1.0, seed=14, scheduler="lcm"),
    # From a picture, and parts of it.
    dict(
        family="sd2",
        prompt="a red apple",
        negative="text",
        width=64,
        height=64,
        steps=6,
        guidance=5.0,
        seed=15,
        scheduler="ddim",
        strength=0.5,
    ),
    dict(
        family="sd2",
        prompt="a red apple",
        negative="",
        width=64,
        height=48,
        steps=5,
        guidance=1.0,
        seed=16,
        scheduler="heun",
        strength=0.7,
    ),
    dict(
        family="bk-sdm",
        prompt="a fox",
        negative="blurry",
        width=48,
        height=64,
        steps=8,
        guidance=7.5,
        seed=17,
        scheduler="pndm",
        strength=0.75,
    ),
    dict(
        family="bk-sdm",
        prompt="a fox",
        negative="",
        width=64,
        height=64,
        steps=6,
        guidance=4.0,
        seed=18,
        scheduler="euler-ancestral",
        strength=1.0,
    ),
    dict(
        family="sdxl",
        prompt="a horse",
        negative="text",
        width=64,
        height=72,
        steps=6,
        guidance=5.0,
        seed=19,
        scheduler="euler",
        strength=0.6,
    ),
    dict(
        family="sdxs",
        prompt="a burger",
        negative="text",
        width=64,
        height=64,
        steps=4,
        guidance=3.0,
        seed=20,
        scheduler="dpmpp-2m-karras",
        strength=0.5,
    ),
    dict(
        family="sd2",
        prompt="a red apple",
        negative="",
        width=64,
        height=64,
        steps=5,
        guidance=5.0,
        seed=21,
        scheduler="ddim",
        strength=1.0,
        mask=True,
    ),
    dict(
        family="bk-sdm",
        prompt="a fox",
        negative="text",
        width=64,
        height=48,
        steps=6,
        guidance=1.0,
        seed=22,
        scheduler="euler",
        strength=0.7,
        mask=True,
    ),
    dict(
        family="inpaint",
        prompt="a red apple",
        negative="blurry",
        width=64,
        height=64,
        steps=5,
        guidance=7.5,
        seed=23,
        scheduler="pndm",
        strength=1.0,
        mask=True,
    ),
    dict(
        family="inpaint",
        prompt="a blue book",
        negative="",
        width=48,
        height=72,
        steps=6,
        guidance=1.0,
        seed=24,
        scheduler="ddim",
        strength=0.6,
        mask=True,
    ),
    dict(
        family="sd2",
        like="sd-turbo",
        prompt="a red heart",
        negative="text",
        width=64,
        height=64,
        steps=3,
        guidance=2.0,
        seed=25,
        scheduler="euler-ancestral",
        scheduler_config=TURBO,
    ),
    dict(
        family="sdxl",
        like="sdxl-turbo",
        prompt="a horse",
        negative="blurry",
        width=48,
        height=64,
        steps=2,
        guidance=1.5,
        seed=26,
        scheduler="euler",
        scheduler_config=TURBO,
    ),
]
CLASSES = {
    "ddim": DDIMScheduler,
    "euler": EulerDiscreteScheduler,
    "euler-ancestral": EulerAncestralDiscreteScheduler,
    "pndm": PNDMScheduler,
    "lcm": LCMScheduler,
    "heun": HeunDiscreteScheduler,
    "dpmpp-2m-karras": DPMSolverMultistepScheduler,
}
CONFIGS = {"dpmpp-2m-karras": dict(use_karras_sigmas=True)}


# diffusers reaches the final norm, for clip_skip, through a module that transformers 5 has not.
CLIPTextModel.text_model = property(lambda model: model)


def inputs(width: int, height: int) -> tuple[Image.Image, Image.Image]:
    """A picture of waves, and a mask with an edge at no multiple of eight, neither black nor white all over."""
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 5) + 1, np.cos(y / 7) + 1, np.sin((x + y) / 9) + 1], -1) * 127.5
    inside = (np.hypot(x - width / 2, y - height / 2) < width / 3.1) * 255
    return Image.fromarray(waves.round().astype(np.uint8)), Image.fromarray(inside.astype(np.uint8))


def picture(pipe, run: dict):
    config = CONFIGS.get(run["scheduler"], {})
    pipe.scheduler = CLASSES[run["scheduler"]].from_config(run.get("scheduler_config", pipe.scheduler.config), **config)
    if "strength" in run:
        return from_picture(pipe, run)
    negative = {} if run["family"] == "lcm" else {"negative_prompt": run["negative"] or None}
    extras = {"guidance_rescale": run["rescale"], "eta": run["eta"]} if "rescale" in run else {}
    return pipe(
        run["prompt"],
        width=run["width"],
        height=run["height"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        clip_skip=run.get("clip_skip"),
        generator=torch.Generator().manual_seed(run["seed"]),
        **negative,
        **extras,
    ).images[0]


def from_picture(pipe, run: dict):
    image, mask = inputs(run["width"], run["height"])
    is_xl = run["family"] == "sdxl"
    kind = (
        StableDiffusionInpaintPipeline
        if "mask" in run
        else StableDiffusionXLImg2ImgPipeline
        if is_xl
        else StableDiffusionImg2ImgPipeline
    )
    pipe = kind(**pipe.components, **({} if is_xl else {"requires_safety_checker": False}))
    pipe.set_progress_bar_config(disable=True)
    size = {"width": run["width"], "height": run["height"], "mask_image": mask} if "mask" in run else {}
    return pipe(
        run["prompt"],
        image=image,
        strength=run["strength"],
        num_inference_steps=run["steps"],
        guidance_scale=run["guidance"],
        negative_prompt=run["negative"] or None,
        generator=torch.Generator().manual_seed(run["seed"]),
        **size,
    ).images[0]


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    for name, build in FAMILIES.items():
        build().to(torch.float16).save_pretrained(OUT / name)
    for i, run in enumerate(RUNS):
        pipe = diffusers.DiffusionPipeline.from_pretrained(OUT / run["family"], torch_dtype=torch.float32)
        pipe.set_progress_bar_config(disable=True)
        image = picture(pipe, run)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        if "strength" in run:
            for kind, given in zip(("picture", "mask"), inputs(run["width"], run["height"])):
                (OUT / f"{kind}-{run['width']}x{run['height']}.rgb").write_bytes(given.convert("RGB").tobytes())
        print(
            i,
            run.get("like", run["family"]),
            run["scheduler"],
            image.size,
            "std",
            torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).float().std().item(),
        )
    versions = {"command": "python golden/families.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
