#!/usr/bin/env bash
# With timestep_spacing="trailing", diffusers makes 62 timesteps of 61, and the last one is -1.
#
# Behaviour: of 1000 training steps, "trailing" gives one timestep too many for 61, 103, 121 and 122 steps; it is -1. No error
#   is raised. DDIM reads alphas_cumprod[-1] with it, which is the noisiest level of all, in place of the clean one: a sample
#   in which the model finds no noise at all is multiplied by 1/sqrt(0.0047) = 14.6 by that last step.
#   The list is numpy.arange(1000, 0, -1000/61): in floating point the stop value falls just inside the range.
# Seen with: diffusers 0.42.1, torch 2.15.0, numpy 2.4.6, on 2026-11-27.
# Why a good guess is wrong: 20, 25, 30 and 50 steps are right, and so are all others up to 200. A port that counts the list by
#   steps instead of calling arange gets 61 right, and then differs from diffusers.
# Whom it hurts: models that want "trailing", such as those with zero terminal SNR, at those numbers of steps; and progress bars
#   and time estimates that count on as many evaluations as were asked for.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 numpy==2.4.6
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import diffusers, numpy, torch

TRAINING = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
print(f"diffusers {diffusers.__version__}, torch {torch.__version__}, numpy {numpy.__version__}")
too_many = {}
for name in ("DDIMScheduler", "EulerDiscreteScheduler", "DPMSolverMultistepScheduler", "UniPCMultistepScheduler"):
    scheduler = getattr(diffusers, name)(**TRAINING, timestep_spacing="trailing")
    too_many[name] = []
    for steps in range(1, 201):
        scheduler.set_timesteps(steps)
        if len(scheduler.timesteps) != steps:
            too_many[name].append((steps, len(scheduler.timesteps), int(scheduler.timesteps[-1])))
    print(f"{name:28} (asked for, given, last): {too_many[name]}")

ddim = diffusers.DDIMScheduler(**TRAINING, timestep_spacing="trailing", clip_sample=False)
ddim.set_timesteps(61)
sample = torch.ones(1, 4, 8, 8)
last = ddim.step(torch.zeros_like(sample), ddim.timesteps[-1], sample).prev_sample.max().item()
print(f"DDIM, timestep -1, a sample of ones, a model that finds no noise: {last:.2f}")
expected = [(61, 62, -1), (103, 104, -1), (121, 122, -1), (122, 123, -1)]
as_described = all(found == expected for found in too_many.values()) and last > 14
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
