#!/usr/bin/env bash
# An old scheduler_config.json is mended by the pipeline that is built, each pipeline in its own way, and a switch forgets it.
#
# Behaviour: a DDIM configuration without steps_offset and clip_sample gets steps_offset 1 and clip_sample False from
#   StableDiffusionPipeline, steps_offset 1 only from StableDiffusionInpaintPipeline, and nothing from
#   StableDiffusionXLPipeline, so the same sampler clips latents to -1 … 1 in the one and not in the other.
#   DDIMScheduler.from_config(pipe.scheduler.config) forgets what was mended, because it was mended in a default; had the file
#   said "clip_sample": true, it would have been mended for good.
# Seen with: diffusers 0.42.1, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: the file is what a sampler is expected to be made from; a pipeline that changes it warns, and then
#   prints a configuration that looks as if the file had said so.
# Whom it hurts: whoever reads scheduler_config.json outside diffusers, or compares pictures of a text and an inpainting
#   pipeline: with Stable Diffusion's first repositories every pixel is another.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0
"$FINDINGS_VENV/bin/python" - <<'PY'
import inspect, logging, sys, warnings
logging.disable(logging.WARNING)
warnings.filterwarnings("ignore")
import diffusers, torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from diffusers import StableDiffusionInpaintPipeline, StableDiffusionPipeline, StableDiffusionXLPipeline

FILE = dict(_class_name="DDIMScheduler", beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", set_alpha_to_one=False)

def built(kind, file):
    names = inspect.signature(kind.__init__).parameters
    parts = {"vae": AutoencoderKL(), "scheduler": DDIMScheduler.from_config(file)}
    parts["unet"] = UNet2DConditionModel(sample_size=8, block_out_channels=(32, 32), down_block_types=("DownBlock2D",) * 2, up_block_types=("UpBlock2D",) * 2)
    empty = {name: None for name in ("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "safety_checker", "feature_extractor")}
    checked = {"requires_safety_checker": False} if "requires_safety_checker" in names else {}
    pipe = kind(**parts, **{k: v for k, v in empty.items() if k in names}, **checked)
    found = []
    for scheduler in (pipe.scheduler, DDIMScheduler.from_config(pipe.scheduler.config)):
        scheduler.set_timesteps(4)
        found.append((scheduler.timesteps.tolist(), scheduler.config.clip_sample))
    return found

print(f"diffusers {diffusers.__version__}, torch {torch.__version__}")
results = []
for kind, file in ((StableDiffusionPipeline, FILE), (StableDiffusionInpaintPipeline, FILE), (StableDiffusionXLPipeline, FILE),
                   (StableDiffusionPipeline, {**FILE, "clip_sample": True, "steps_offset": 0})):
    own, switched = built(kind, file)
    print(f"{kind.__name__:30} clip_sample {file.get('clip_sample')!s:5} timesteps, clips: {own}; from_config of it: {switched}")
    results.append((own, switched))
at = lambda offset: [750 + offset, 500 + offset, 250 + offset, offset]
as_described = results == [
    ((at(1), False), (at(0), True)), ((at(1), True), (at(0), True)), ((at(0), True), (at(0), True)), ((at(1), False), (at(1), False)),
]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
