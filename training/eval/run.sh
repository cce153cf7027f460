#!/bin/sh
# Measures a Trinket: run.sh MODEL_FOLDER DIR writes training/RESULTS.md. DIR holds emoji.npz (emoji.py) and keeps the classifier
# and the pictures: called again, it goes on where it was. PYTHON is the interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
model=$1 data=$2 python=${PYTHON:-python3}

[ -f "$data/classifier.pt" ] || "$python" "$here/classifier.py" "$data" --minutes 10
"$python" "$here/jobs.py" "$data" "$data/eval-jobs.json"
# Other weights, prompts or defaults of the app are other pictures.
key=$(cat "$model/manifest.json" "$data/eval-jobs.json" "$here/../../src/catalog/models.ts" | sha256sum | cut -c1-12)
node "$here/paint.mjs" "$model" "$data/eval-jobs.json" "$data/eval-$key.rgb"
"$python" "$here/score.py" "$model" "$data" "$data/eval-$key.rgb" "$here/../RESULTS.md"
