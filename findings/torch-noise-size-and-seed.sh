#!/usr/bin/env bash
# On the CPU, torch.randn of one seed gives other numbers for another size, and the same numbers for 2^32 seeds each.
#
# Behaviour: up to 15 numbers are drawn one by one, from 16 on in groups of 16 by another method: the first of 15 and of 16 numbers
#   differ. Where the size is no multiple of 16, the last 16 numbers are drawn anew: of 24 numbers only the first 8 are also the
#   first of 32. And manual_seed takes 64 bits, and initial_seed() gives all of them back, but the generator reads the lower 32:
#   seeds that differ by a multiple of 2^32 make the same noise.
# Seen with: torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: a random stream is taken to be one sequence of which randn takes the first n; and a seed that is
#   accepted and reported back in full is taken to be used in full.
# Whom it hurts: ports of the generator that were tested on a multiple of 16 numbers, which all usual latents are; whoever draws
#   fewer than 16, as tests of small models do; and galleries with ComfyUI's 64-bit seeds, of which many are the same.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 numpy==2.4.6
"$FINDINGS_VENV/bin/python" - <<'PY'
import sys
import torch

def draw(count, seed=1):
    return torch.randn(count, generator=torch.Generator("cpu").manual_seed(seed))

print(f"torch {torch.__version__}")
for count in (15, 16, 17, 24, 32):
    print(f"{count} numbers of seed 1 begin with", *(f"{x:.4f}" for x in draw(count)[:3].tolist()))
alike = [int((draw(count) == draw(32)[:count]).long().cumprod(0).sum()) for count in (15, 16, 17, 24)]
print(f"of 15, 16, 17 and 24 numbers so many are also the first of 32: {alike}")
seed = 7 + 5 * 2**32
told = torch.Generator("cpu").manual_seed(seed).initial_seed()
same = torch.equal(draw(64, seed), draw(64, 7))
print(f"seed {seed} (told back as {told}) and seed 7: {'the same' if same else 'other'} noise")
as_described = alike == [0, 16, 1, 8] and told == seed and same
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
