"""Writes src/checkpoint/golden/gguf: blocks of every type that Safelight reads, and what ggml's own Python makes of them.

`python golden/gguf_blocks.py` in the project's root, with golden/requirements.txt (gguf 0.19.0, numpy 2). gguf cannot quantise
to K types, so all blocks are random bytes, their float16 scales random numbers of either sign, zero and subnormal ones among
them. expected.safetensors is float32.
"""

from pathlib import Path

import gguf
import numpy as np
import torch
from gguf.constants import GGML_QUANT_SIZES
from gguf.constants import GGMLQuantizationType as Type
from safetensors.numpy import save_file

OUT = Path(__file__).resolve().parent.parent / "src/checkpoint/golden/gguf"
# Where the float16 numbers of a block are.
HALVES = {
    Type.Q4_0: [0],
    Type.Q4_1: [0, 2],
    Type.Q5_0: [0],
    Type.Q5_1: [0, 2],
    Type.Q8_0: [0],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
}
SHAPE = (6, 256)


def blocks(kind: Type, rng: np.random.Generator) -> np.ndarray:
    """Raw bytes, [rows, bytes of a row]."""
    numbers, size = GGML_QUANT_SIZES[kind]
    count = SHAPE[0] * SHAPE[1] // numbers
    raw = rng.integers(0, 256, (count, size), dtype=np.uint8)
    for at in HALVES[kind]:
        scales = (rng.standard_normal(count) * 10.0 ** rng.integers(-7, 3, count)).astype(np.float16)
        scales[0] = 0
        raw[:, at : at + 2] = scales.reshape(count, 1).view(np.uint8)
    return raw.reshape(SHAPE[0], -1)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20)
    writer = gguf.GGUFWriter(OUT / "blocks.gguf", "sd1")
    # A value of every type that metadata may have.
    for name, value in [("uint8", 200), ("int8", -3), ("uint16", 60_000), ("int16", -300), ("uint32", 2**31), ("int32", -9)]:
        getattr(writer, f"add_{name}")(f"test.{name}", value)
    for name, value in [
        ("uint64", 2**40),
        ("int64", -(2**40)),
        ("float32", 0.5),
        ("float64", 0.1),
        ("bool", True),
        ("string", "ä"),
    ]:
        getattr(writer, f"add_{name}")(f"test.{name}", value)
    writer.add_array("test.strings", ["a", "", "größer"])
    writer.add_array("test.floats", [0.5, 1.5])
    writer.add_array("test.nested", [[1, 2], [3]])
    expected = {}
    for kind in HALVES:
        raw = blocks(kind, rng)
        writer.add_tensor(kind.name, raw, raw_dtype=kind)
        expected[kind.name] = gguf.dequantize(raw, kind)
    plain = rng.standard_normal((3, 5)).astype(np.float32)
    writer.add_tensor("F32", plain)
    writer.add_tensor("F16", plain.astype(np.float16))
    bfloat = torch.from_numpy(plain).bfloat16()
    writer.add_tensor("BF16", bfloat.view(torch.uint8).numpy(), raw_dtype=Type.BF16)
    # As ComfyUI-GGUF's tools/convert.py reshapes what has rows of no whole blocks.
    raw = blocks(Type.Q4_K, rng)
    writer.add_tensor("reshaped", raw, raw_dtype=Type.Q4_K)
    writer.add_array("comfy.gguf.orig_shape.reshaped", [4, 16, 12, 2])
    expected |= {"F32": plain, "F16": plain.astype(np.float16).astype(np.float32), "BF16": bfloat.float().numpy()}
    expected["reshaped"] = gguf.dequantize(raw, Type.Q4_K).reshape(4, 16, 12, 2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, OUT / "expected.safetensors")


if __name__ == "__main__":
    main()
