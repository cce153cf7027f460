#!/usr/bin/env bash
# A word added by textual inversion takes over CLIP's pooled text, if the configuration says "eos_token_id": 2.
#
# Behaviour: CLIPTextModelWithProjection pools the state at the end of the text. Under eos_token_id 2, which configurations from
#   before 2023 hold though CLIP's real end token is the last of the vocabulary, it pools at the largest id instead. A token that
#   was added afterwards has a larger id than the end token: the pooled text is then the state at the added word, and what
#   follows it does not count. With the real eos_token_id the end is found.
# Seen with: transformers 5.23.0, torch 2.15.0, on 2026-11-27.
# Why a good guess is wrong: the 2 looks like a mistake without effect, as every prompt without added tokens is pooled rightly.
# Whom it hurts: textual inversions with encoders whose pooled text is used, SDXL's second one above all; and ports that search for
#   the end token, or for the largest id, in all cases alike.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 transformers==5.23.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, logging, sys
logging.disable(logging.WARNING)
import torch, transformers
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer

json.dump({"a</w>": 0, "b</w>": 1, "a": 2, "b": 3, "<|startoftext|>": 4, "<|endoftext|>": 5}, open("vocab.json", "w"))
open("merges.txt", "w").write("#version: 0.2\n")
tokenizer = CLIPTokenizer("vocab.json", "merges.txt", model_max_length=8)
tokenizer.add_tokens("<mine>")

def pooled_at(prompt, eos_token_id):
    config = CLIPTextConfig(hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, vocab_size=6,
                            projection_dim=32, max_position_embeddings=8, bos_token_id=4, eos_token_id=eos_token_id, pad_token_id=5)
    torch.manual_seed(0)
    encoder = CLIPTextModelWithProjection(config).eval()
    encoder.resize_token_embeddings(len(tokenizer))
    ids = tokenizer(prompt, padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        output = encoder(ids)
        vectors = encoder.text_projection(output.last_hidden_state[0])
    [position] = [i for i in range(ids.shape[1]) if torch.allclose(vectors[i], output.text_embeds[0], atol=1e-6)]
    token = tokenizer.convert_ids_to_tokens(ids[0].tolist())[position]
    print(f"eos_token_id {eos_token_id}, {prompt!r:12}: ids {ids[0].tolist()}, pooled at {position}, {token}")
    return token

print(f"transformers {transformers.__version__}, torch {torch.__version__}")
seen = [pooled_at(prompt, eos) for eos in (2, 5) for prompt in ("a b", "a <mine> b")]
as_described = seen == ["<|endoftext|>", "<mine>", "<|endoftext|>", "<|endoftext|>"]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
