#!/usr/bin/env bash
# "force_zeros_for_empty_prompt" of SDXL's pipeline does nothing for an empty prompt.
#
# Behaviour: with the setting on, as in SDXL's published model_index.json, negative_prompt=None gives states and pooled text of
#   zero. negative_prompt="" is encoded like any other text, and gives numbers that are not zero.
# Seen with: diffusers 0.42.1, transformers 5.23.0, torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: the setting's name says "empty prompt"; only a missing one counts.
# Whom it hurts: a form's empty text field arrives as "", so a web page or node graph around SDXL paints other pictures than the
#   same settings in a script that leaves the argument out. A port has to choose one of the two on purpose.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 diffusers==0.42.1 transformers==5.23.0 accelerate==1.15.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, logging, sys
logging.disable(logging.WARNING)
import diffusers, torch, transformers
from diffusers import StableDiffusionXLPipeline
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

json.dump({"<|startoftext|>": 0, "<|endoftext|>": 1, "a</w>": 2, "a": 3}, open("vocab.json", "w"))
open("merges.txt", "w").write("#version: 0.2\n")
tokenizer = CLIPTokenizer("vocab.json", "merges.txt", model_max_length=8)
config = CLIPTextConfig(hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, vocab_size=4,
                        projection_dim=32, max_position_embeddings=8, bos_token_id=0, eos_token_id=1, pad_token_id=1)
torch.manual_seed(0)
pipeline = StableDiffusionXLPipeline(
    vae=None, unet=None, scheduler=None, tokenizer=tokenizer, tokenizer_2=tokenizer,
    text_encoder=CLIPTextModel(config), text_encoder_2=CLIPTextModelWithProjection(config),
    force_zeros_for_empty_prompt=True, add_watermarker=False,
)
print(f"diffusers {diffusers.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")
largest = {}
for negative in (None, ""):
    _, states, _, pooled = pipeline.encode_prompt("a", device="cpu", do_classifier_free_guidance=True, negative_prompt=negative)
    largest[negative] = states.abs().max().item(), pooled.abs().max().item()
    print(f"negative_prompt={negative!r:5} largest of the states: {largest[negative][0]:.3f}, of the pooled text: {largest[negative][1]:.3f}")
as_described = largest[None] == (0, 0) and min(largest[""]) > 0.1
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
