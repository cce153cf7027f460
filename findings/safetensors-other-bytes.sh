#!/usr/bin/env bash
# The same tensors with the same metadata, saved twice by safetensors, are two files with two hashes.
#
# Behaviour: the entries of __metadata__ are written in an order that changes from process to process, so the header's bytes, and the
#   SHA-256 of the whole file, change too. The tensors themselves are ordered and stay where they are. With one entry, such
#   as transformers' {"format": "pt"}, nothing can change places, and the file is the same every time.
# Seen with: safetensors 0.8.0, on 2026-11-27.
# Why a good guess is wrong: the format sorts tensors, forbids gaps and double keys, so one takes its files to be reproducible; a
#   test with plain {"format": "pt"} says that they are.
# Whom it hurts: stores that know files by their hash, build caches, tests that compare files, and LoRAs above all: their trainers write
#   dozens of metadata entries.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q safetensors==0.8.0 numpy==2.4.6
"$FINDINGS_VENV/bin/python" - <<'PY'
import subprocess, sys
import safetensors

SAVE = """
import hashlib, json, numpy, sys
from safetensors.numpy import save
file = save({"a": numpy.ones(4, "float32"), "b": numpy.zeros(2, "float16")}, json.loads(sys.argv[1]))
length = int.from_bytes(file[:8], "little")
print(hashlib.sha256(file).hexdigest()[:16], hashlib.sha256(file[8 + length:]).hexdigest()[:16], file[8:8 + length].decode())
"""

def runs(metadata):
    for _ in range(5):
        yield subprocess.run([sys.executable, "-c", SAVE, metadata], capture_output=True, text=True, check=True).stdout.split(maxsplit=2)

print(f"safetensors {safetensors.__version__}")
many = list(runs('{"rank": "8", "alpha": "4", "base": "sd1", "steps": "900", "author": "none", "format": "pt"}'))
for file, data, header in many:
    print(f"file {file}, data {data}: {header[:100]}…")
one = list(runs('{"format": "pt"}'))
files, datas, single = ({run[i] for run in group} for group, i in ((many, 0), (many, 1), (one, 0)))
print(f"five files with six entries: {len(files)} hashes of the file, {len(datas)} of the tensors; five with one entry: {len(single)}")
as_described = len(files) > 1 and len(datas) == 1 and len(single) == 1
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
