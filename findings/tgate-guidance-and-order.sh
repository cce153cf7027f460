#!/usr/bin/env bash
# T-GATE fails without guidance, and never stores what it reuses with samplers of second order.
#
# Behaviour: at gate_step − 1 tgate stores attention to the text as the mean of two halves, whatever the batch is: with
#   guidance_scale 1 there is one, and the call ends in "not enough values to unpack". With Heun, of two evaluations a step, the
#   schedule is only looked at in every second evaluation; an even gate_step, 10 by default, so passes without the evaluation that
#   stores. Nothing is reused then: attention to the text is computed on, and of the negative prompt alone, without a word.
# Seen with: tgate 1.0.0, diffusers 0.42.1, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: the README offers T-GATE for every sampler and for few-step models, which run without guidance; only
#   SDXL has a switch for that (lcm=True). With Heun a picture comes out, of another prompt.
# Whom it hurts: whoever uses T-GATE with Heun or DPM2, or with guidance off, or ports it by its description.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 tgate==1.0.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import diffusers, torch
from diffusers import AutoencoderTiny, DDIMScheduler, HeunDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel
from tgate import TgateSDLoader

def run(scheduler, guidance):
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, attention_head_dim=4, cross_attention_dim=8, sample_size=8,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    pipe = StableDiffusionPipeline(
        vae=AutoencoderTiny(), text_encoder=None, tokenizer=None, unet=unet, scheduler=scheduler,
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    TgateSDLoader(pipe).tgate(
        prompt_embeds=torch.randn(1, 3, 8), negative_prompt_embeds=torch.randn(1, 3, 8), guidance_scale=guidance,
        num_inference_steps=12, gate_step=10, height=64, width=64, output_type="latent",
    )
    attention = [module for name, module in unet.named_modules() if name.endswith("attn2")]
    return sum(module.cache is not None for module in attention), len(attention)

print(f"tgate 1.0.0, diffusers {diffusers.__version__}, torch {torch.__version__}")
ddim, heun = run(DDIMScheduler(), 5.0), run(HeunDiscreteScheduler(), 5.0)
print(f"stored attentions to the text: DDIM {ddim[0]} of {ddim[1]}, Heun {heun[0]} of {heun[1]}")
try:
    run(DDIMScheduler(), 1.0)
    failure = ""
except ValueError as error:
    failure = str(error)
print(f"without guidance: {failure!r}")
as_described = ddim[0] == ddim[1] > 0 and heun[0] == 0 and "unpack" in failure
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
