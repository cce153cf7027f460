"""Writes src/checkpoint/golden/scaled-float8: weights in ComfyUI's "scaled float8", and what its own library makes of them.

`python golden/scaled_float8.py` in the project's root, with golden/requirements.txt (torch 2.15, comfy-kitchen 0.2.40).
file.safetensors has them under the names of today and of 2024 (`scaled_fp8`, `scale_weight`, `scale_input`);
expected.safetensors is float32.
"""

import json
from pathlib import Path

import torch
from comfy_kitchen.tensor import TensorCoreFP8Layout
from safetensors.torch import save_file

OUT = Path(__file__).resolve().parent.parent / "src/checkpoint/golden/scaled-float8"
CASES = {"now": (torch.float8_e4m3fn, 3.0), "wide": (torch.float8_e5m2, 0.01), "former": (torch.float8_e4m3fn, 700.0)}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(8)
    file = {"scaled_fp8": torch.zeros(2, dtype=torch.float8_e4m3fn), "plain.weight": torch.arange(6.0).half()}
    expected = {"plain.weight": file["plain.weight"].float()}
    for name, (dtype, size) in CASES.items():
        weight = torch.randn(7, 5, generator=generator) * size
        packed, params = TensorCoreFP8Layout.quantize(weight, dtype=dtype)
        expected[f"{name}.weight"] = TensorCoreFP8Layout.dequantize(packed, params)
        assert (expected[f"{name}.weight"] - weight).abs().max() < size / 4
        tensors = TensorCoreFP8Layout.state_dict_tensors(packed, params)
        if name == "former":
            file |= {
                "former.weight": packed,
                "former.scale_weight": params.scale.reshape(1),
                "former.scale_input": torch.ones(()),
            }
            continue
        about = json.dumps({"format": f"float8_{'e5m2' if name == 'wide' else 'e4m3fn'}"}).encode()
        file |= {f"{name}.weight{end}": tensor for end, tensor in tensors.items()}
        file |= {f"{name}.input_scale": torch.ones(()), f"{name}.comfy_quant": torch.tensor(list(about), dtype=torch.uint8)}
    save_file(file, OUT / "file.safetensors")
    save_file(expected, OUT / "expected.safetensors")


if __name__ == "__main__":
    main()
