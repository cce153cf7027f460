#!/usr/bin/env bash
# Which file tells transformers the padding token of a CLIP tokenizer depends on a key that has nothing to do with padding.
#
# Behaviour: a repository has two places for pad_token, tokenizer_config.json and special_tokens_map.json. Without the key
#   added_tokens_decoder in tokenizer_config.json the map wins, even against a pad_token written in tokenizer_config.json itself;
#   with the key the map is not read at all.
# Seen with: transformers 5.23.0, tokenizers 0.23.3, on 2026-11-27.
# Why a good guess is wrong: one expects the more specific file, or the newer one, to win always; and that a file that is there
#   is read.
# Whom it hurts: Stable Diffusion 2 and SDXL's second encoder pad with "!" (id 0) and not with the end token: read the wrong file
#   and every prompt shorter than 77 tokens gives another picture, with no error. It hurts ports that read only one of the files.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q transformers==5.23.0 tokenizers==0.23.3
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, logging, sys
logging.disable(logging.WARNING)
import tokenizers, transformers
from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
json.dump({START: 0, END: 1, "!": 2, "a</w>": 3, "a": 4}, open("vocab.json", "w"))
open("merges.txt", "w").write("#version: 0.2\n")
json.dump(dict(bos_token=START, eos_token=END, unk_token=END, pad_token="!"), open("special_tokens_map.json", "w"))
DECODER = {str(i): dict(content=token, special=True) for i, token in enumerate((START, END))}

def padding(config):
    json.dump(dict(tokenizer_class="CLIPTokenizer", model_max_length=6, **config), open("tokenizer_config.json", "w"))
    return CLIPTokenizer.from_pretrained(".").pad_token

print(f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}; special_tokens_map.json says '!'")
seen = {}
for said in (END, None):
    for decoder in (False, True):
        config = dict(**({"pad_token": said} if said else {}), **({"added_tokens_decoder": DECODER} if decoder else {}))
        seen[said, decoder] = padding(config)
        print(f"tokenizer_config.json says {said!r:16} and {'has' if decoder else 'lacks'} added_tokens_decoder: pads with {seen[said, decoder]!r}")
as_described = list(seen.values()) == ["!", END, "!", END]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
