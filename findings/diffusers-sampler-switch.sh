#!/usr/bin/env bash
# Switching the sampler with from_config gives other timesteps after the same model was saved and loaded.
#
# Behaviour: a scheduler_config.json that does not name timestep_spacing is loaded into PNDM, which then says "leading", its
#   default. EulerDiscreteScheduler.from_config(pndm.config) does not get "leading" but its own default, "linspace": what was
#   never written down is marked as a default and left behind. save_pretrained writes every default into the file without
#   that mark, so after one round trip through the disk the same two lines give "leading", and other pictures.
# Seen with: diffusers 0.42.1, torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: pndm.config.timestep_spacing reads "leading" both times, and the two configurations look the same
#   when printed; saving a model is not expected to change what it paints.
# Whom it hurts: everybody who compares pictures across programs or re-saved copies of Stable Diffusion 1 and 2, whose
#   configurations are older than the setting; whoever ports samplers must treat "absent" and "the default" as two things.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, logging, os, sys
logging.disable(logging.WARNING)
import diffusers, torch
from diffusers import EulerDiscreteScheduler, PNDMScheduler

os.mkdir("published")
with open("published/scheduler_config.json", "w") as file:
    json.dump(dict(_class_name="PNDMScheduler", beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
                   num_train_timesteps=1000, skip_prk_steps=True, steps_offset=1, set_alpha_to_one=False), file)

def switched(folder):
    pndm = PNDMScheduler.from_pretrained(folder)
    euler = EulerDiscreteScheduler.from_config(pndm.config)
    euler.set_timesteps(4)
    print(f"{folder:10} PNDM says {pndm.config.timestep_spacing!r}, Euler made of it {euler.config.timestep_spacing!r}: {euler.timesteps.tolist()}")
    return pndm, euler.config.timestep_spacing, euler.timesteps.tolist()

print(f"diffusers {diffusers.__version__}, torch {torch.__version__}")
pndm, before, timesteps_before = switched("published")
pndm.save_pretrained("saved")
again, after, timesteps_after = switched("saved")
as_described = (
    pndm.config.timestep_spacing == again.config.timestep_spacing == "leading"
    and (before, after) == ("linspace", "leading") and timesteps_before != timesteps_after
)
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
