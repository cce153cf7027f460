#!/usr/bin/env bash
# LyCORIS merges LoHa and LoKr at another strength than its own layers compute with.
#
# Behaviour: merge_to of LohaModule and LokrModule applies alpha / rank twice, since get_weight has applied it already; LoConModule
#   and every module's forward apply it once. With alpha at half the rank, what is merged is half as strong.
# Seen with: lycoris-lora 4.1.3, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: one expects a merged layer to compute what it computed before, and takes merge_to for the reference.
# Whom it hurts: whoever makes reference numbers, or merged checkpoints, with merge_to: nothing fails, and the picture is only weaker
#   (or, with alpha above the rank, stronger) than the one trained for.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q lycoris-lora==4.1.3 torch==2.15.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import importlib.metadata, sys
import torch
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule

print(f"lycoris-lora {importlib.metadata.version('lycoris-lora')}, torch {torch.__version__}; rank 4, alpha 2")
torch.manual_seed(0)
x, seen = torch.randn(3, 64), {}
for kind in (LoConModule, LohaModule, LokrModule):
    layer = torch.nn.Linear(64, 64, bias=False)
    module = kind("", layer, lora_dim=4, alpha=2, factor=2)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    plain = layer(x)
    change = module(x) - plain
    module.merge_to()
    seen[kind.__name__] = ((layer(x) - plain).norm() / change.norm()).item()
    print(f"{kind.__name__}: what merge_to changes is {seen[kind.__name__]:.3f} of what forward changes")
as_described = [round(ratio, 3) for ratio in seen.values()] == [1.0, 0.5, 0.5]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
