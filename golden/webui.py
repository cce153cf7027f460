"""Pictures with what only AUTOMATIC1111's web UI has: clip skip for both texts, kinds of emphasis, prompt editing over two passes.

`python golden/webui.py` from the project's root. The web UI's rules in Python over transformers' encoders, given to diffusers'
own pipelines as prompt_embeds. Writes src/pipeline/golden/webui/*.rgb (8-bit, row by row), and runs.json with each one's request.
"""

import json

import diffusers
import numpy as np
import PIL
import torch
import transformers
from diffusers import (
    AutoencoderKL,
    DiffusionPipeline,
    PNDMScheduler,
    StableDiffusionImg2ImgPipeline,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextModelWithProjection, CLIPTokenizer

import hires
from families import CLASSES
from families import OUT as FAMILIES
from pipeline import ROOT, TINY, text_encoder
from prompt import chunks

OUT = ROOT / "src/pipeline/golden/webui"
SIZE = dict(width=64, height=64)
RUNS = [
    dict(prompt="a red apple", negative="blurry", **SIZE, steps=5, guidance=5.0, seed=41, scheduler="ddim", clip_skip=1),
    dict(
        prompt="a (red:1.4) apple", negative="(text:1.3)", **SIZE, steps=4, guidance=4.0, seed=42, scheduler="euler", clip_skip=2
    ),
    dict(
        prompt="a (red:1.4) [apple]",
        negative="(text:1.3)",
        **SIZE,
        steps=4,
        guidance=5.0,
        seed=43,
        scheduler="ddim",
        emphasis="no-norm",
    ),
    dict(
        prompt="a (red:1.4) [apple]",
        negative="(text:1.3)",
        **SIZE,
        steps=4,
        guidance=5.0,
        seed=43,
        scheduler="ddim",
        emphasis="ignore",
    ),
    # SDXL leaves out one layer by itself, and A1111's "Clip skip: 2" asks for no more.
    dict(
        family="sdxl", prompt="a river", negative="text", **SIZE, steps=3, guidance=5.0, seed=44, scheduler="euler", clip_skip=1
    ),
    dict(family="sdxl", prompt="a (river:1.5)", negative="[text]", **SIZE, steps=3, guidance=5.0, seed=45, scheduler="euler"),
    dict(
        family="sdxl",
        prompt="a (river:1.5)",
        negative="[text]",
        **SIZE,
        steps=3,
        guidance=5.0,
        seed=45,
        scheduler="euler",
        emphasis="no-norm",
    ),
    dict(
        prompt="a [cat:dog:0.5] in [a garden:snow:1.5]",
        negative="[blur:text:1.25]",
        width=48,
        height=64,
        steps=4,
        guidance=4.0,
        seed=46,
        scheduler="ddim",
        hires=dict(scale=1.5, upscaler="latent", strength=0.6, steps=4),
    ),
    dict(
        prompt="[a red apple:a (blue:1.3) book:7] on [wood|stone]",
        negative="",
        width=64,
        height=40,
        steps=5,
        guidance=3.0,
        seed=47,
        scheduler="euler",
        hires=dict(scale=1.5, upscaler="image", strength=0.5, steps=3),
    ),
]
# What the two texts of a run with prompt editing are, step by step, in its first pass and in its second.
FIRST = {
    7: [("a cat in a garden", "blur")] * 2 + [("a dog in a garden", "blur")] * 2,
    8: [(f"a red apple on {table}", "") for table in ("wood", "stone", "wood", "stone", "wood")],
}
SECOND = {
    7: [("a dog in a garden", "blur"), ("a dog in a garden", "text")] + [("a dog in snow", "text")] * 2,
    8: [("a red apple on wood", ""), ("a red apple on stone", ""), ("a (blue:1.3) book on wood", "")],
}


@torch.no_grad()
def encode(tokenizer, encoder, text: str, run: dict) -> tuple[torch.Tensor, torch.Tensor | None]:
    """States [1, T, D] of a text, and the first chunk's vector for all of it, where there is one."""
    states, pooled = [], None
    for chunk in chunks(tokenizer, text):
        ids = [tokenizer.bos_token_id, *(token for token, _ in chunk), tokenizer.eos_token_id]
        weights = [1.0, *(weight for _, weight in chunk)]
        weights += [1.0] * (77 - len(weights))
        output = encoder(torch.tensor([ids + [tokenizer.pad_token_id] * (77 - len(ids))]), output_hidden_states=True)
        pooled = output[0] if pooled is None and isinstance(encoder, CLIPTextModelWithProjection) else pooled
        skip = run.get("clip_skip", 0)
        if run.get("family") == "sdxl":
            z = output.hidden_states[-1 - max(1, skip)]
        else:
            z = encoder.final_layer_norm(output.hidden_states[-1 - skip])
        kind = run.get("emphasis", "original")
        if kind != "ignore":
            mean = z.mean()
            z = z * torch.tensor(weights)[None, :, None]
            z = z if kind == "no-norm" else z * (mean / z.mean())
        states.append(z)
    return torch.cat(states, 1), pooled


def embeds(pipe, run: dict, prompt: str, negative: str) -> dict:
    both = []
    for text in (prompt, negative):
        encoded = [encode(pipe.tokenizer, pipe.text_encoder, text, run)]
        if run.get("family") == "sdxl":
            encoded.append(encode(pipe.tokenizer_2, pipe.text_encoder_2, text, run))
        both.append((torch.cat([states for states, _ in encoded], 2), encoded[-1][1]))
    pooled = {} if both[0][1] is None else dict(pooled_prompt_embeds=both[0][1], negative_pooled_prompt_embeds=both[1][1])
    return dict(prompt_embeds=both[0][0], negative_prompt_embeds=both[1][0], **pooled)


def texts(pipe, run: dict, steps: list[tuple[str, str]]) -> dict:
    """The texts of the first step, and a callback that goes on to those of the others."""

    def change(_, step: int, __, tensors: dict) -> dict:
        now = embeds(pipe, run, *steps[min(step + 1, len(steps) - 1)])
        return {**tensors, "prompt_embeds": torch.cat([now["negative_prompt_embeds"], now["prompt_embeds"]])}

    callback = dict(callback_on_step_end=change, callback_on_step_end_tensor_inputs=["prompt_embeds"])
    return {**embeds(pipe, run, *steps[0]), **(callback if len(steps) > 1 else {})}


def picture(pipe, again, run: dict, i: int):
    asked = lambda: dict(guidance_scale=run["guidance"], generator=torch.Generator().manual_seed(run["seed"]))
    upscaler = run.get("hires", {}).get("upscaler")
    first = pipe(
        **texts(pipe, run, FIRST.get(i, [(run["prompt"], run["negative"])])),
        **asked(),
        width=run["width"],
        height=run["height"],
        num_inference_steps=run["steps"],
        output_type="latent" if upscaler == "latent" else "pil",
    ).images
    if upscaler is None:
        return first[0]
    width, height = hires.size(run)
    image = (
        torch.nn.functional.interpolate(first, size=(height // 8, width // 8), mode="bilinear")
        if upscaler == "latent"
        else first[0].resize((width, height), PIL.Image.Resampling.LANCZOS)
    )
    left, steps = run["hires"]["steps"], int(np.ceil(run["hires"]["steps"] / run["hires"]["strength"]))
    return again(
        **texts(again, run, SECOND[i]),
        **asked(),
        image=image,
        num_inference_steps=steps,
        strength=min(1.0, (left + 0.5) / steps),
    ).images[0]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    tiny = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(TINY / "vae"),
        text_encoder=text_encoder(),
        tokenizer=CLIPTokenizer.from_pretrained(TINY / "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
        scheduler=PNDMScheduler.from_pretrained(TINY / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipes = {"tiny": tiny, "sdxl": DiffusionPipeline.from_pretrained(FAMILIES / "sdxl", torch_dtype=torch.float32)}
    # Made before any scheduler is set: pipelines change the settings of the one that they are made with.
    again = StableDiffusionImg2ImgPipeline(**tiny.components, requires_safety_checker=False)
    base = {name: pipe.scheduler.config for name, pipe in pipes.items()}
    for i, run in enumerate(RUNS):
        family = run.get("family", "tiny")
        pipe = pipes[family]
        for each in (pipe, again):
            each.set_progress_bar_config(disable=True)
            each.scheduler = CLASSES[run["scheduler"]].from_config(base[family])
        image = picture(pipe, again, run, i)
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        print(i, run["scheduler"], image.size, "std", np.asarray(image).std())
    versions = {
        "command": "python golden/webui.py",
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
    }
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
