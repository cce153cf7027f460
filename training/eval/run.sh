#!/bin/sh
# Measures a Trinket: run.sh MODEL_FOLDER DIR writes training/RESULTS.md. DIR holds emoji.npz (emoji.py) and keeps the classifier
# and the pictures: called again, it goes on where it was. PYTHON is the interpreter. One painter on each core: two cores paint
# more as two painters of one thread than as one of two.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
model=$1 data=$2 python=${PYTHON:-python3} cores=$(nproc)

[ -f "$data/classifier.pt" ] || "$python" "$here/classifier.py" "$data" --minutes 10
rm -f "$data"/eval-*.json
"$python" "$here/jobs.py" "$data" "$data/eval" "$cores"
# Other weights, prompts or defaults of the app are other pictures.
key=$(cat "$model/manifest.json" "$data"/eval-*.json "$here/../../src/catalog/models.ts" | sha256sum | cut -c1-12)
painters= pictures=
for core in $(seq 0 $((cores - 1))); do
  taskset -c "$core" node "$here/paint.mjs" "$model" "$data/eval-$core.json" "$data/eval-$key-$core.rgb" &
  painters="$painters $!" pictures="$pictures $data/eval-$key-$core.rgb"
done
for painter in $painters; do wait "$painter"; done
cat $pictures > "$data/eval-$key.rgb"
"$python" "$here/score.py" "$model" "$data" "$data/eval-$key.rgb" "$here/../RESULTS.md"
