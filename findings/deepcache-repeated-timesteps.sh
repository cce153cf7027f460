#!/usr/bin/env bash
# DeepCache misses whole evaluations with samplers that evaluate a timestep twice.
#
# Behaviour: DeepCacheSDHelper takes the number of an evaluation from list(scheduler.timesteps).index(t). Where a timestep stands
#   twice in the list, both evaluations get the number of the first. Heun's five steps at cache_interval 2 evaluate the UNet whole
#   at its evaluations 0 alone of nine (every later pair has an odd number), PNDM's six at 0, 4 and 6 of seven; counted, every second
#   evaluation would be whole. DDIM, whose timesteps differ, is as described.
# Seen with: DeepCache 0.1.1, diffusers 0.42.1, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: the README says that the cache is refreshed every cache_interval steps, and names no sampler; there is
#   no warning, and the picture only has less detail.
# Whom it hurts: whoever uses DeepCache with Heun, DPM2 or PNDM (Stable Diffusion 1's own sampler), compares samplers with it on, or
#   ports it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 DeepCache==0.1.1
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
from types import SimpleNamespace
logging.disable(logging.WARNING)
import diffusers, torch
from DeepCache import DeepCacheSDHelper
from diffusers import DDIMScheduler, HeunDiscreteScheduler, PNDMScheduler, UNet2DConditionModel

def whole(scheduler, steps):
    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, attention_head_dim=4, cross_attention_dim=8, sample_size=8,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )
    seen, count = [], [0]
    forward = unet.mid_block.forward
    def counted(*args, **kwargs):
        seen.append(count[0])
        return forward(*args, **kwargs)
    unet.mid_block.forward = counted
    scheduler.set_timesteps(steps)
    helper = DeepCacheSDHelper(pipe=SimpleNamespace(unet=unet, scheduler=scheduler))
    helper.set_params(cache_interval=2, cache_branch_id=0)
    helper.enable()
    with torch.no_grad():
        for i, t in enumerate(scheduler.timesteps):
            count[0] = i
            unet(torch.zeros(1, 4, 8, 8), t, torch.zeros(1, 3, 8))
    print(f"{type(scheduler).__name__:22} whole at {seen} of {len(scheduler.timesteps)} evaluations")
    return seen

print(f"DeepCache 0.1.1, diffusers {diffusers.__version__}, torch {torch.__version__}")
ddim, heun = whole(DDIMScheduler(), 6), whole(HeunDiscreteScheduler(), 5)
pndm = whole(PNDMScheduler(skip_prk_steps=True), 6)
as_described = ddim == [0, 2, 4] and heun != [0, 2, 4, 6, 8] and pndm != [0, 2, 4, 6]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
