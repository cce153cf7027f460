"""CUDA's noise on a CPU, by torch's own headers: `python golden/philox.py` from the project's root → src/numerics/golden.

Needs g++. The generator is ATen/core/PhiloxRNGEngine.h; which thread makes which value is ATen/native/cuda/DistributionTemplates.h,
and how two words become two normal values curand_normal.h.
"""

import ctypes
import json
import subprocess
import tempfile
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "src/numerics/golden/philox.json"
# Streaming multiprocessors × threads each (CUDA C++ Programming Guide, "Compute Capabilities"): one wave of threads.
GPUS = {"H100": 132 * 2048, "RTX 4090": 128 * 1536, "RTX 3060": 28 * 1536, "T4": 40 * 1024}
SHAPE = (4, 128, 128)  # SDXL at 1024 × 1024
SOURCE = """
#include <ATen/core/PhiloxRNGEngine.h>
#include <algorithm>
#include <cmath>
extern "C" void draw(uint64_t seed, uint64_t calls, uint64_t threads, uint64_t count, float* out) {
  const uint64_t stride = std::min(threads, (count + 255) / 256 * 256);
  for (uint64_t i = 0; i < count; i++) {
    const uint64_t thread = i % stride, turn = i / stride;
    at::Philox4_32 engine(seed, thread, calls * ((count - 1) / (stride * 4) + 1) + turn / 4);
    uint32_t words[4];
    for (uint32_t& word : words) word = engine();
    const uint32_t *pair = words + turn % 4 / 2 * 2;
    const float u = pair[0] * 2.3283064e-10f + 2.3283064e-10f / 2;
    const float v = pair[1] * (2.3283064e-10f * 6.2831855f) + 2.3283064e-10f * 6.2831855f / 2;
    out[i] = std::sqrt(-2.0f * std::log(u)) * (turn % 2 ? std::cos(v) : std::sin(v));
  }
}
"""


def library() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draw.so"
        include = Path(torch.__file__).parent / "include"
        command = ["g++", "-O1", "-std=c++20", "-shared", "-fPIC", f"-I{include}", "-x", "c++", "-", "-o", str(path)]
        subprocess.run([*command, f"-L{include.parent / 'lib'}", "-lc10"], input=SOURCE, text=True, check=True)
        torch.zeros(1)
        return ctypes.CDLL(str(path))


def draw(lib: ctypes.CDLL, seed: int, calls: int, threads: int) -> dict:
    x = torch.empty(SHAPE)
    lib.draw(*map(ctypes.c_uint64, (seed, calls, threads, x.numel())), ctypes.c_void_p(x.data_ptr()))
    x = x.flatten()
    second = x[threads : threads + 8].tolist()
    return {"head": x[:8].tolist(), "tail": x[-8:].tolist(), "secondWave": second, "sum": x.double().sum().item()}


def main() -> None:
    lib = library()
    gpus = [
        {"gpu": gpu, "threads": threads, "draws": [draw(lib, 193, calls, threads) for calls in (0, 1)]}
        for gpu, threads in GPUS.items()
    ]
    versions = {"command": "python golden/philox.py", "torch": torch.__version__}
    OUT.write_text(json.dumps({"versions": versions, "seed": 193, "shape": SHAPE, "gpus": gpus}) + "\n")


if __name__ == "__main__":
    main()
