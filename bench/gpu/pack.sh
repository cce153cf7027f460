#!/usr/bin/env bash
# Packs the GPU bench into .gpu-a, .gpu-b and .gpu-c, of at most 60 MB each, for a machine that has an NVIDIA GPU, its driver
# and CUDA's PyTorch, but no network, no Node and no browser (there.sh says how it goes on). On Debian 12 or newer, as root,
# after `npm ci`.
set -euo pipefail
cd "$(dirname "$0")/../.."
ROOT=$PWD
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
STAGE=$T/stage
mkdir -p "$T/debs/partial" "$T/gl" "$T/root" "$STAGE"/{chromium,libs,fonts,node/bin,node_modules,bench/gpu,e2e}

# Chromium and every library it needs, taken apart rather than installed there.
apt-get update -qq
(cd "$T/debs" && apt-get download -qq chromium chromium-common fonts-dejavu-core)
apt-get install -y -qq --no-install-recommends --download-only -o Dir::Cache::archives="$T/debs" chromium >"$T/apt.log"
(cd "$T/gl" && apt-get download -qq libvulkan1 libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2)
for deb in "$T"/debs/*.deb; do dpkg -x "$deb" "$T/root"; done
cp -r "$T/root/usr/lib/chromium/." "$STAGE/chromium/"
rm -f "$STAGE"/chromium/{chromium,*.TOC,libVkLayer*}
find "$STAGE/chromium/locales" -type f ! -name 'en-US*' -delete
cp "$(readlink -f "$(command -v node)")" "$STAGE/node/bin/node"
cp "$(find "$T/root" / -xdev -name DejaVuSans.ttf -not -path '/proc/*' 2>/dev/null | head -1)" "$STAGE/fonts/"
# Those that the browser links, and those of NSS that it opens by name. glibc is the machine's own.
NSS=$(find "$T/root" / -xdev \( -name libsoftokn3.so -o -name libfreeblpriv3.so -o -name libfreebl3.so -o -name libnssckbi.so \) \
  -not -path '/proc/*' 2>/dev/null | head -8)
(
  export LD_LIBRARY_PATH=$T/root/usr/lib/x86_64-linux-gnu:$T/root/usr/lib/x86_64-linux-gnu/pulseaudio
  for binary in "$T/root/usr/lib/chromium/chromium" $NSS; do ldd "$binary"; done
) | awk '$3 ~ /^\// { print $3 }' | grep -vE '/(libc|libm|libdl|libpthread|librt|libresolv|libstdc\+\+|libgcc_s)\.so' | sort -u |
  xargs -I{} cp -L {} "$STAGE/libs/"
for library in $NSS; do cp -L "$library" "$STAGE/libs/"; done

# The page and what drives it.
node --input-type=module -e "
import { buildPage } from '$ROOT/bench/build-page.mjs';
await buildPage('$ROOT/bench/gpu/gpu.html', '$STAGE/page');"
rm -f "$STAGE"/page/assets/*asyncify*.wasm "$STAGE"/page/assets/ort-wasm-simd-threaded-*.wasm
cp -rL node_modules/playwright-core "$STAGE/node_modules/"
cp bench/gpu/{run.mjs,tables.mjs,there.mjs,torch_side.py} "$STAGE/bench/gpu/"
cp e2e/{launch-args,server}.mjs "$STAGE/e2e/"
echo '{ "type": "module" }' >"$STAGE/package.json"

rm -rf .gpu-{a,b,c}
mkdir .gpu-{a,b,c}
cp bench/gpu/there.sh .gpu-a/
cp bench/gpu/there.sh .gpu-b/
cp bench/gpu/there.sh .gpu-c/
tar c -C "$STAGE" node libs node_modules bench e2e page package.json | xz -T0 -6 >.gpu-a/stage.tar.xz
python3 -m pip download -q --no-deps --only-binary=:all: -d .gpu-a diffusers importlib_metadata
split -b 59000000 "$T"/debs/chromium_*.deb "$T/chromium.deb."
mv "$T/chromium.deb.aa" .gpu-b/
mv "$T"/chromium.deb.* .gpu-c/
tar czf .gpu-c/chromium.tgz -C "$STAGE" chromium fonts
cp "$T"/gl/*.deb .gpu-c/
du -sb .gpu-?
