#!/usr/bin/env bash
# diffusers' PNDM and LMS samplers go wrong when a run begins in the middle, as image to image does.
#
# Behaviour: a model that knows the clean picture exactly is asked for its noise. Every sampler should then arrive at that
#   picture. From pure noise all of them do. Begun in the middle, PNDM and LMS leave an error that grows as the run gets
#   shorter; DDIM, Euler and DPM-Solver++ leave none.
#   PNDM counts its evaluations, not its place: the second one is always taken for the repeated first timestep. In the middle
#   of the list nothing is repeated, so one real step is lost and every later one works at the wrong noise level.
#   LMS asks its place in the list for its order: it computes the weights of a fourth-order step, though only one model output
#   is known, and uses the first weight alone. Weights that should add up to the step do not.
# Seen with: diffusers 0.42.1, torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: both samplers start themselves with lower orders in text to image, so one expects the same warm-up
#   wherever a run begins.
# Whom it hurts: image to image with PNDM, the sampler that Stable Diffusion 1 repositories name as their own, and with LMS;
#   and whoever ports these samplers and "mends" them: the pictures then differ from diffusers'.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 accelerate==1.15.0
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys, warnings
from types import SimpleNamespace
logging.disable(logging.WARNING); warnings.filterwarnings("ignore")
import diffusers, numpy, torch
from diffusers import StableDiffusionImg2ImgPipeline

TRAINING = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
SAMPLERS = {
    "PNDMScheduler": dict(skip_prk_steps=True, set_alpha_to_one=True),
    "LMSDiscreteScheduler": {},
    "DDIMScheduler": dict(clip_sample=False),
    "EulerDiscreteScheduler": {},
    "DPMSolverMultistepScheduler": {},
}
STEPS, STRENGTHS = 20, (1.0, 0.5, 0.3)
torch.manual_seed(0)
picture, noise = torch.randn(1, 4, 8, 8).clamp(-1, 1), torch.randn(1, 4, 8, 8)

def error(name, strength):
    scheduler = getattr(diffusers, name)(**TRAINING, **SAMPLERS[name])
    scheduler.set_timesteps(STEPS)
    if strength < 1:  # diffusers' own choice of the timesteps that are left
        pipeline = SimpleNamespace(scheduler=scheduler)
        timesteps, _ = StableDiffusionImg2ImgPipeline.get_timesteps(pipeline, STEPS, strength, "cpu")
    else:
        timesteps = scheduler.timesteps
    sample = scheduler.add_noise(picture, noise, timesteps[:1])
    for t in timesteps:
        signal = numpy.interp(float(t), range(1000), scheduler.alphas_cumprod.numpy())
        exact = (scheduler.scale_model_input(sample, t) - signal**0.5 * picture) / (1 - signal) ** 0.5
        sample = scheduler.step(exact, t, sample).prev_sample
    return (sample - picture).abs().max().item()

print(f"diffusers {diffusers.__version__}, torch {torch.__version__}, {STEPS} steps, worst error of a picture in -1 ... 1")
errors = {name: [error(name, strength) for strength in STRENGTHS] for name in SAMPLERS}
for name, row in errors.items():
    print(f"{name:28}", *(f"strength {s}: {e:.4f}  " for s, e in zip(STRENGTHS, row)))
wrong, right = list(errors.values())[:2], list(errors.values())[2:]
as_described = (
    all(row[0] < 1e-3 and row[2] > 0.01 and row[2] > row[1] for row in wrong)
    and all(e < 1e-3 for row in right for e in row)
)
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
