#!/usr/bin/env bash
# The same tokenizer.json gives other ids in JavaScript than in Python, for a Greek word in capitals that ends in Σ.
#
# Behaviour: CLIP's tokenizer lower-cases first. Hugging Face's tokenizers, in Rust, lower-cases character by character: Σ is always σ.
#   @huggingface/tokenizers uses JavaScript's toLowerCase, which knows that a Σ at the end of a word is ς. So does Python's
#   str.lower(), and with it OpenAI's original CLIP. The two packages, of one maker and for one file format, give different ids.
# Seen with: tokenizers 0.23.3, @huggingface/tokenizers 0.2.0, Node 20.20.2, on 2026-11-27.
# Why a good guess is wrong: "Lowercase" in the file takes no options, and the two agree on all other letters that were tried.
# Whom it hurts: whoever wants the ids of Python's transformers in a browser, and tests with Latin text only.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q tokenizers==0.23.3
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" @huggingface/tokenizers@0.2.0
"$FINDINGS_VENV/bin/python" - <<'PY'
import json, tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

letters = sorted(pre_tokenizers.ByteLevel.alphabet())
tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
tokenizer.normalizer = normalizers.Lowercase()
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.save("tokenizer.json")
texts = ["ΟΔΟΣ", "Οδός", "İSTANBUL", "GRÖẞE", "ÅNGSTRÖM", "a house"]
seen = [dict(text=text, python=tokenizer.encode(text).ids, lower=tokenizer.encode(text.lower()).ids) for text in texts]
json.dump(dict(version=tokenizers.__version__, seen=seen), open("python.json", "w"))
PY
node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { version, seen } = json('python.json');
const tokenizer = new Tokenizer(json('tokenizer.json'), {});
console.log(`tokenizers ${version}, @huggingface/tokenizers ${json('node_modules/@huggingface/tokenizers/package.json').version}, Node ${process.version}`);
const equal = (a, b) => a.join() === b.join();
const differing = [];
let likePythonsLower = true;
for (const { text, python, lower } of seen) {
  const { ids } = tokenizer.encode(text);
  if (!equal(ids, python)) differing.push(text);
  likePythonsLower &&= equal(ids, lower);
  console.log(`${text}: Rust ${python.join(' ')} · JavaScript ${ids.join(' ')}${equal(ids, python) ? '' : '  differ'}`);
}
if (!equal(differing, ['ΟΔΟΣ']) || !likePythonsLower) {
  console.error('The behaviour is no longer as described.');
  process.exit(1);
}
JS
