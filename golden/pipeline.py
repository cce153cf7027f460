"""Whole pictures by diffusers' StableDiffusionPipeline on e2e/tiny-model: `python golden/pipeline.py` from the project's root.

Writes src/pipeline/golden/*.rgb (8-bit, row by row), and runs.json with each one's request. The noise is the CPU generator's.
"""

import json
from pathlib import Path

import diffusers
import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    PNDMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

import prompt as webui

ROOT = Path(__file__).resolve().parent.parent
TINY, OUT = ROOT / "e2e/tiny-model", ROOT / "src/pipeline/golden"
SCHEDULERS = {
    "pndm": (PNDMScheduler, {"skip_prk_steps": True}),
    "ddim": (DDIMScheduler, {}),
    "euler": (EulerDiscreteScheduler, {}),
    "dpmpp-2m-karras": (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "dpmsolver++", "solver_order": 2, "use_karras_sigmas": True},
    ),
}
# Trinket's: v-prediction, zero terminal SNR, trailing.
TRINKET = dict(
    beta_start=0.00085,
    beta_end=0.012,
    beta_schedule="scaled_linear",
    num_train_timesteps=1000,
    prediction_type="v_prediction",
    rescale_betas_zero_snr=True,
    timestep_spacing="trailing",
    clip_sample=False,
    set_alpha_to_one=True,
    steps_offset=0,
)
TINY_VAE = "src/models/golden/vae-tiny"
# Longer than 77 tokens.
LONG = "a red apple on a wooden table, studio lighting, sharp focus, " * 8
RUNS = [
    dict(prompt="a red apple", negative="", width=64, height=64, steps=6, guidance=7.5, seed=193, scheduler="pndm"),
    dict(
        prompt="a cat in the garden",
        negative="blurry, low quality",
        width=96,
        height=64,
        steps=5,
        guidance=4.0,
        seed=0,
        scheduler="ddim",
    ),
    dict(
        prompt="an old house by the sea",
        negative="",
        width=64,
        height=104,
        steps=7,
        guidance=1.0,
        seed=4294967295,
        scheduler="euler",
    ),
    dict(prompt="", negative="text", width=72, height=64, steps=8, guidance=3.0, seed=7, scheduler="dpmpp-2m-karras"),
    dict(
        prompt=LONG,
        negative="",
        width=64,
        height=96,
        steps=6,
        guidance=2.5,
        seed=11,
        scheduler="ddim",
        scheduler_config=TRINKET,
        vae=TINY_VAE,
    ),
    dict(
        prompt="a blue book",
        negative=LONG,
        width=40,
        height=72,
        steps=8,
        guidance=3.0,
        seed=12,
        scheduler="dpmpp-2m-karras",
        scheduler_config=TRINKET,
    ),
    dict(
        prompt="a (red:1.4) [apple] BREAK on a ((table))",
        negative="(text:1.3), blur",
        width=64,
        height=64,
        steps=5,
        guidance=5.0,
        seed=3,
        scheduler="euler",
    ),
    dict(
        prompt="[a cat:a (dog:1.2) BREAK in a garden:0.5]",
        negative="",
        width=64,
        height=64,
        steps=6,
        guidance=4.0,
        seed=21,
        scheduler="ddim",
    ),
    dict(
        prompt="a [cow|horse] in a field",
        negative="[blur:text:2]",
        width=64,
        height=64,
        steps=5,
        guidance=4.0,
        seed=22,
        scheduler="ddim",
    ),
    dict(
        prompt="a mystyle apple",
        negative="mystyle",
        width=64,
        height=64,
        steps=5,
        guidance=4.0,
        seed=23,
        scheduler="euler",
        embedding="src/pipeline/golden/mystyle.safetensors",
    ),
    # Steps 2, 3 and 4 are guided, counted from 0.
    dict(
        prompt="a green bird",
        negative="blurry",
        width=64,
        height=48,
        steps=6,
        guidance=6.0,
        interval=[0.34, 0.84],
        seed=24,
        scheduler="ddim",
    ),
]
# What the two texts of a run with square brackets are, step by step.
STEPS = {
    7: [("a cat", "")] * 3 + [("a (dog:1.2) BREAK in a garden", "")] * 3,
    8: [
        ("a cow in a field", "blur"),
        ("a horse in a field", "blur"),
        ("a cow in a field", "text"),
        ("a horse in a field", "text"),
        ("a cow in a field", "text"),
    ],
}


def text_encoder() -> CLIPTextModel:
    """transformers 5 expects the tensors without the prefix that files on the Hub have."""
    config = json.loads((TINY / "text_encoder/config.json").read_text())
    model = CLIPTextModel(CLIPTextConfig(**{k: v for k, v in config.items() if k != "architectures"})).eval()
    own = set(model.state_dict())
    state = load_file(TINY / "text_encoder/model.safetensors")
    model.load_state_dict({k if k in own else k.removeprefix("text_model."): v for k, v in state.items()}, strict=False)
    assert torch.equal(model.get_input_embeddings().weight, state["text_model.embeddings.token_embedding.weight"])
    return model


def tiny_vae(folder: Path) -> AutoencoderTiny:
    vae = AutoencoderTiny.from_config(json.loads((folder / "config.json").read_text())).eval()
    vae.load_state_dict({name: value.float() for name, value in load_file(folder / "model.safetensors").items()})
    return vae


def texts(pipe, i: int, run: dict) -> dict:
    """The pipeline's own encode_prompt where a prompt is plain and short; else states made by golden/prompt.py."""
    if not (
        {"(", "[", "BREAK"} & set(run["prompt"] + run["negative"])
        or "BREAK" in run["prompt"]
        or LONG in (run["prompt"], run["negative"])
    ):
        return dict(prompt=run["prompt"], negative_prompt=run["negative"])
    steps = STEPS.get(i, [(run["prompt"], run["negative"])])
    encode = lambda text: webui.embed(pipe.tokenizer, pipe.text_encoder, text)[1]
    length = max(len(encode(text)) for step in steps for text in step)

    def padded(text: str) -> torch.Tensor:
        states = encode(text)
        return torch.cat([states] + [encode("")] * ((length - len(states)) // 77))[None].to(pipe.unet.dtype)

    def change(_, step: int, __, tensors: dict) -> dict:
        prompt, negative = steps[min(step + 1, len(steps) - 1)]
        return {**tensors, "prompt_embeds": torch.cat([padded(negative), padded(prompt)])}

    prompt, negative = steps[0]
    return dict(
        prompt_embeds=padded(prompt),
        negative_prompt_embeds=padded(negative),
        callback_on_step_end=change,
        callback_on_step_end_tensor_inputs=["prompt_embeds"],
    )


def guided_in_part(pipe, run: dict) -> dict:
    """Guidance from a step to another, as diffusers' documentation changes it in a callback; when it is on says
    guiders/classifier_free_guidance.py, `_is_cfg_enabled`."""
    prompt, negative = pipe.encode_prompt(run["prompt"], "cpu", 1, True, run["negative"])
    first, end = (int(part * run["steps"]) for part in run["interval"])

    def change(pipe, step: int, _, tensors: dict) -> dict:
        guided = first <= step + 1 < end
        pipe._guidance_scale = run["guidance"] if guided else 1.0
        return {**tensors, "prompt_embeds": torch.cat([negative, prompt]) if guided else prompt}

    assert first > 0
    return dict(
        prompt_embeds=prompt,
        guidance_scale=1.0,
        callback_on_step_end=change,
        callback_on_step_end_tensor_inputs=["prompt_embeds"],
    )


def pictures(dtype: torch.dtype = torch.float32):
    """The picture of each run, one after another."""
    pipe = StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(TINY / "vae"),
        text_encoder=text_encoder(),
        tokenizer=CLIPTokenizer.from_pretrained(TINY / "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(TINY / "unet"),
        scheduler=PNDMScheduler.from_pretrained(TINY / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).to(dtype)
    pipe.set_progress_bar_config(disable=True)
    base, vae = pipe.scheduler.config, pipe.vae
    for i, run in enumerate(RUNS):
        cls, config = SCHEDULERS[run["scheduler"]]
        pipe.scheduler = cls.from_config(run.get("scheduler_config", base), **config)
        pipe.vae = tiny_vae(ROOT / run["vae"]).to(dtype) if "vae" in run else vae
        if "embedding" in run:
            save_file(
                {
                    "emb_params": 0.05
                    * torch.randn(2, pipe.text_encoder.config.hidden_size, generator=torch.Generator().manual_seed(5))
                },
                ROOT / run["embedding"],
            )
            pipe.load_textual_inversion(str(ROOT / run["embedding"]), token=run["prompt"].split()[1])
        given = guided_in_part(pipe, run) if "interval" in run else texts(pipe, i, run)
        yield pipe(
            **{"guidance_scale": run["guidance"], **given},
            width=run["width"],
            height=run["height"],
            num_inference_steps=run["steps"],
            generator=torch.Generator().manual_seed(run["seed"]),
        ).images[0]


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for i, (run, image) in enumerate(zip(RUNS, pictures())):
        (OUT / f"{i}.rgb").write_bytes(image.convert("RGB").tobytes())
        print(
            run["scheduler"],
            image.size,
            "std",
            torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).float().std().item(),
        )
    versions = {"command": "python golden/pipeline.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    (OUT / "runs.json").write_text(json.dumps({"versions": versions, "runs": RUNS}, indent=1) + "\n")


if __name__ == "__main__":
    main()
