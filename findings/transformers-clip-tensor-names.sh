#!/usr/bin/env bash
# transformers 5 saves a new CLIPTextModel under other tensor names than every CLIP file on the Hub has.
#
# Behaviour: the tensors of a saved CLIPTextModel begin with "embeddings." and "encoder."; those of a saved
#   CLIPTextModelWithProjection still with "text_model.", as both do in Stable Diffusion's text_encoder/model.safetensors. A file of the
#   old names is read rightly, and what was read from it is saved under the old names again: the layout of a file tells its history.
# Seen with: transformers 5.23.0, torch 2.15.0, safetensors 0.8.0, on 2026-11-27.
# Why a good guess is wrong: config.json is the same in both, and re-saving a published model shows the old names, so a test with one
#   finds nothing; only a model made or trained from its configuration has the new ones.
# Whom it hurts: everything that reads the tensors by name: other runtimes, converters, tools for LoRAs, whose keys hold "text_model".
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 transformers==5.23.0 safetensors==0.8.0 numpy==2.4.6
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import safetensors, torch, transformers
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

transformers.utils.logging.disable_progress_bar()
print(f"transformers {transformers.__version__}, torch {torch.__version__}, safetensors {safetensors.__version__}")
config = CLIPTextConfig(hidden_size=32, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, vocab_size=8, projection_dim=32)
names = {}
for model in (CLIPTextModel, CLIPTextModelWithProjection):
    model(config).save_pretrained(model.__name__)
    names[model] = sorted(load_file(f"{model.__name__}/model.safetensors"))
    print(f"{model.__name__:28} {names[model][0]}, …, {names[model][-1]}")

# The layout of the published files: read back, and saved again.
tensors = load_file("CLIPTextModel/model.safetensors")
save_file({f"text_model.{name}": value for name, value in tensors.items()}, "CLIPTextModel/model.safetensors", {"format": "pt"})
read = CLIPTextModel.from_pretrained("CLIPTextModel")
same = all(torch.equal(value, tensors[name]) for name, value in read.state_dict().items() if name in tensors)
read.save_pretrained("again")
again = sorted(load_file("again/model.safetensors"))
print(f"with text_model. before each name it is read {'rightly' if same else 'wrongly'}, and saved again as {again[0]}, …")
as_described = (
    same and all(name.startswith("text_model.") for name in again)
    and not any(name.startswith("text_model.") for name in names[CLIPTextModel])
    and any(name.startswith("text_model.") for name in names[CLIPTextModelWithProjection])
)
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
