#!/usr/bin/env bash
# On the machine with the GPU, with the folders that pack.sh has made copied one after another beside where this is called
# from; a folder may be gone when the next one comes.
#
#   bash .gpu-a/there.sh first [sd15] [sdxl] [vae]     unpacks, and starts PyTorch's side in the background
#   bash .gpu-b/there.sh keep                          keeps the first half of Chromium
#   bash .gpu-c/there.sh measure [sd15] [sdxl] [vae]   puts Chromium together, waits for PyTorch, measures
#   bash /tmp/gpu-bench/there.sh measure sdxl          measures again
#
# Results are in $OUT, or where all else is, in $W. `--small` with `measure`, and `small` with `first`, only try this out.
set -euo pipefail
shopt -s nullglob
W=${W:-/tmp/gpu-bench}
OUT=${OUT:-$W/out}
HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$W/stage" "$W/torch" "$OUT"
[ "$HERE" = "$W" ] || cp "$HERE/there.sh" "$W/"
WHAT=$1
shift

first() {
  tar xJf "$HERE/stage.tar.xz" -C "$W/stage"
  python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --target "$W/site" "$HERE"/*.whl
  PYTHONPATH=$W/site setsid nohup python3 "$W/stage/bench/gpu/torch_side.py" "$W/torch" "$@" >"$W/torch.log" 2>&1 &
}

keep() { cp "$HERE"/chromium.deb.* "$W/"; }

chromium() {
  keep
  # What a driver finds at run time is to be in the system itself.
  for deb in "$HERE"/*.deb; do dpkg -x "$deb" /; done
  ldconfig
  cat "$W"/chromium.deb.* >"$W/chromium.deb"
  dpkg -x "$W/chromium.deb" "$W/unpacked"
  tar xzf "$HERE/chromium.tgz" -C "$W/stage"
  cp "$W/unpacked/usr/lib/chromium/chromium" "$W/stage/chromium/"
  cat >"$W/fonts.conf" <<XML
<?xml version="1.0"?><fontconfig><dir>$W/stage/fonts</dir><cachedir>$W/font-cache</cachedir></fontconfig>
XML
}

measure() {
  [ -x "$W/stage/chromium/chromium" ] || chromium
  # PyTorch is not to compute meanwhile; where it failed, made-up weights do.
  for _ in $(seq 180); do
    if grep -q '"done"' "$W/torch/torch.json" 2>/dev/null || ! pgrep -f "torch_side.py $W/torch" >/dev/null; then break; fi
    sleep 1
  done
  tail -3 "$W/torch.log" || true
  driver=$(find /etc/vulkan /usr/share/vulkan /usr/local -name 'nvidia_icd*.json' 2>/dev/null | head -1 || true)
  if [ -n "$driver" ]; then export VK_DRIVER_FILES=$driver VK_ICD_FILENAMES=$driver; fi
  export LD_LIBRARY_PATH=$W/stage/libs FONTCONFIG_FILE=$W/fonts.conf HOME=$W TMPDIR=$W CHROME_PATH=$W/stage/chromium/chromium
  # Without the switch of Dawn Chromium has no shader-f16 on NVIDIA under Linux; Windows has it.
  export CHROME_FLAGS=${CHROME_FLAGS---use-gl=angle --enable-dawn-features=vulkan_enable_f16_on_nvidia,allow_unsafe_apis}
  cd "$W/stage"
  ./node/bin/node bench/gpu/there.mjs "$@" --torch "$W/torch" --out "$OUT"
  if [ -f "$W/torch/torch.json" ]; then cp "$W/torch/torch.json" "$OUT/"; fi
}

"$WHAT" "$@"
