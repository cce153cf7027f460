#!/usr/bin/env bash
# Where a CLIP tokenizer pads with "!", every "!" that somebody writes in a prompt becomes padding, one id for each mark.
#
# Behaviour: transformers looks for its special tokens in a text before it splits the text into words, and the padding token is one
#   of them. OpenCLIP pads with id 0, which is "!" in CLIP's vocabulary, so Stable Diffusion 2 and SDXL's second tokenizer say
#   pad_token "!": there "hello!" and "!!!" become the word and one id 0 for each mark, and not the tokens "!" and "!!!" at the end
#   of a word that the vocabulary has and the models were trained with. With the end token as padding, as in Stable Diffusion 1,
#   the same files give those.
# Seen with: transformers 5.23.0, tokenizers 0.23.3, on 2026-11-28.
# Why a good guess is wrong: padding is thought to stand only after the end of a text; a port that gets the id of the padding right,
#   and tokenizes as OpenCLIP does, is right for every prompt without an exclamation mark.
# Whom it hurts: whoever compares prompts between diffusers and tools that tokenize as OpenCLIP does, and
#   whoever wants the pictures of either.
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
words = ["!", "!</w>", "!!", "!!!</w>", "a", "a</w>", START, END]
json.dump({word: i for i, word in enumerate(words)}, open("vocab.json", "w"))
open("merges.txt", "w").write("#version: 0.2\n! !\n!! !</w>\n")

def marks(padding):
    json.dump(dict(tokenizer_class="CLIPTokenizer", model_max_length=8, pad_token=padding), open("tokenizer_config.json", "w"))
    tokenizer = CLIPTokenizer.from_pretrained(".")
    found = [tokenizer.convert_ids_to_tokens(tokenizer(text, add_special_tokens=False).input_ids) for text in ("a!", "a !!!")]
    print(f"padding {padding!r}: 'a!' is {found[0]}, 'a !!!' is {found[1]}")
    return found

print(f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}")
as_described = marks(END) == [["a</w>", "!</w>"], ["a</w>", "!!!</w>"]] and marks("!") == [["a</w>", "!"], ["a</w>", "!", "!", "!"]]
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
