"""Pictures by diffusers' own pipelines, and the same models as single-file checkpoints: `python golden/single_file_pictures.py`.

Writes src/pipeline/golden/single-file/: {name}.safetensors.gz (float16, in the layout of CompVis and Stability AI, CLIP's whole
vocabulary with every 64th row the same, and few different numbers in a tensor, so that it packs small), {name}.rgb (8-bit, row by row) and runs.json. golden/single_file.py
shows that the files are what diffusers itself reads them as.
"""

import gzip
import json
import tempfile
from pathlib import Path

import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from safetensors.torch import save_file
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from clip_tokenizer import original
from models import ROOT, randomize, text_model
from single_file import OPEN, SD1, TEXT_TIME, VERSIONS, sd1, sdxl, small_unet, small_vae

OUT = ROOT / "src/pipeline/golden/single-file"
RUNS = [
    dict(
        name="sd1",
        prompt="a red apple on a wooden table",
        negative="blurry",
        width=64,
        height=72,
        steps=5,
        guidance=5.0,
        seed=41,
        scheduler="ddim",
    ),
    dict(
        name="sdxl",
        prompt="an old house by the sea",
        negative="low quality",
        width=64,
        height=64,
        steps=4,
        guidance=4.0,
        seed=42,
        scheduler="euler",
    ),
]


def tokenizer(pad: str) -> CLIPTokenizer:
    openai = original.SimpleTokenizer()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.json").write_text(json.dumps(openai.encoder, ensure_ascii=False))
        (Path(folder) / "merges.txt").write_text(
            "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in openai.bpe_ranks) + "\n"
        )
        return CLIPTokenizer.from_pretrained(folder, pad_token=pad, model_max_length=77)


@torch.no_grad()
def words(seed: int, model=CLIPTextModel, **config):
    text = randomize(
        text_model(
            49408,
            model,
            **{
                "hidden_size": 64,
                "intermediate_size": 128,
                "num_attention_heads": config.get("hidden_size", 64) // 64,
                "projection_dim": 64,
                "num_hidden_layers": 2,
                **config,
            },
        ),
        seed,
    )
    rows = text.get_input_embeddings().weight
    rows.copy_(rows[:64].repeat(49408 // 64, 1))
    return coarse(text)


@torch.no_grad()
def coarse(model):
    """At most seventeen numbers in a tensor, all of them float16's."""
    for parameter in model.parameters():
        middle = parameter.mean().round()
        step = 2.0 ** torch.log2(parameter.std() / 2).round().clamp(-12, 0) if parameter.numel() > 1 else 0.25
        parameter.copy_(middle + ((parameter - middle) / step).round().clamp(-8, 8) * step)
    return model


def half(model, seed: int):
    return coarse(randomize(model, seed))


def small_sd1():
    unet, vae = half(small_unet((32, 64), (True, True), **SD1), 51), half(small_vae(), 52)
    text = words(53, hidden_act="quick_gelu")
    file, _, _ = sd1(unet, text, vae)
    pipe = StableDiffusionPipeline(
        unet=unet,
        vae=vae,
        text_encoder=text,
        tokenizer=tokenizer("<|endoftext|>"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
        scheduler=DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            steps_offset=1,
            set_alpha_to_one=False,
            clip_sample=False,
        ),
    )
    return file, pipe


def small_sdxl():
    unet, vae = (
        half(
            small_unet(
                (64, 64),
                (False, True),
                (1, 2),
                **{**TEXT_TIME, "projection_class_embeddings_input_dim": 64 + 6 * 32, "cross_attention_dim": 128},
            ),
            54,
        ),
        half(small_vae(scaling_factor=0.13025), 55),
    )
    first, second = words(56, hidden_act="quick_gelu"), words(57, CLIPTextModelWithProjection, **OPEN)
    file, _, _ = sdxl(unet, first, second, vae)
    pipe = StableDiffusionXLPipeline(
        unet=unet,
        vae=vae,
        text_encoder=first,
        text_encoder_2=second,
        tokenizer=tokenizer("<|endoftext|>"),
        tokenizer_2=tokenizer("!"),
        add_watermarker=False,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, timestep_spacing="leading"
        ),
        force_zeros_for_empty_prompt=True,
    )
    return file, pipe


MODELS = {"sd1": small_sd1, "sdxl": small_sdxl}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for run in RUNS:
        file, pipe = MODELS[run["name"]]()
        pipe.set_progress_bar_config(disable=True)
        image = pipe(
            run["prompt"],
            negative_prompt=run["negative"],
            width=run["width"],
            height=run["height"],
            num_inference_steps=run["steps"],
            guidance_scale=run["guidance"],
            generator=torch.Generator().manual_seed(run["seed"]),
        ).images[0]
        (OUT / f"{run['name']}.rgb").write_bytes(image.convert("RGB").tobytes())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file.safetensors"
            save_file(
                {
                    key: value.contiguous().to(torch.float16 if value.is_floating_point() else value.dtype)
                    for key, value in file.items()
                },
                path,
            )
            packed = gzip.compress(path.read_bytes(), 9, mtime=0)
        (OUT / f"{run['name']}.safetensors.gz").write_bytes(packed)
        print(run["name"], image.size, len(packed), "bytes packed")
    (OUT / "runs.json").write_text(
        json.dumps({"versions": {**VERSIONS, "command": "python golden/single_file_pictures.py"}, "runs": RUNS}, indent=1) + "\n"
    )
