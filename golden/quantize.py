"""onnxruntime's own quantiser and MatMulNBits: `python golden/quantize.py` from the project's root → src/checkpoint/golden/quantize/matrices.json."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnxruntime.capi import _pybind_state as native

OUT = Path(__file__).resolve().parent.parent / "src/checkpoint/golden/quantize/matrices.json"
ROWS, COLUMNS, BLOCK = 4, 96, 32
BLOCKS = COLUMNS // BLOCK


def on_steps(bits: int, rng: np.random.Generator) -> np.ndarray:
    """Blocks whose scale is a power of two, so that float16 has it, and whose numbers are well off the middle between two steps."""
    top = 2**bits - 1
    zero = np.full((ROWS, BLOCKS, 1), 128) if bits == 8 else rng.integers(0, 16, (ROWS, BLOCKS, 1))
    steps = rng.integers(0, top + 1, (ROWS, BLOCKS, BLOCK)).astype(float)
    steps[..., 0], steps[..., 1] = 0, top
    steps[..., 2:] = np.clip(steps[..., 2:] + rng.uniform(-0.4, 0.4, (ROWS, BLOCKS, BLOCK - 2)), 0, top)
    scale = rng.choice([-1, 1] if bits == 8 else [1], (ROWS, BLOCKS, 1)) * 2.0 ** rng.integers(-6, -1, (ROWS, BLOCKS, 1))
    weight = (steps - zero) * scale
    weight[0, 1], weight[1, 1], weight[2, 1] = 0, 0.9375, -0.9375
    return weight.reshape(ROWS, COLUMNS)


def quantize(weight: np.ndarray, bits: int) -> dict[str, np.ndarray]:
    """Symmetric with 8 bits, asymmetric with 4. The quantiser wants [K, N]."""
    packed = np.zeros((ROWS, BLOCKS, BLOCK * bits // 8), np.uint8)
    scales = np.zeros((ROWS, BLOCKS), np.float32)
    zero_points = np.zeros((ROWS, -(-BLOCKS * bits // 8)), np.uint8)
    call = {4: native.quantize_matmul_4bits, 8: native.quantize_matmul_8bits}[bits]
    call(packed, np.ascontiguousarray(weight.T), scales.reshape(-1), zero_points.reshape(-1), BLOCK, ROWS, COLUMNS, bits == 8)
    return {"packed": packed, "scales": scales} | ({"zero_points": zero_points} if bits == 4 else {})


def product(x: np.ndarray, bias: np.ndarray, parts: dict[str, np.ndarray], bits: int) -> np.ndarray:
    names = ["x", "packed", "scales", "zero_points" if bits == 4 else "", "", "bias"]
    node = helper.make_node("MatMulNBits", names, ["y"], domain="com.microsoft", K=COLUMNS, N=ROWS, bits=bits, block_size=BLOCK)
    inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, None)] for name in ("x", "y"))
    graph = helper.make_graph(
        [node], "product", inputs, outputs, [onnx.numpy_helper.from_array(v, k) for k, v in {**parts, "bias": bias}.items()]
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def numbers(array: np.ndarray) -> list[float]:
    return [float(str(v)) if array.dtype.kind == "f" else int(v) for v in array.ravel()]


def main() -> None:
    rng = np.random.default_rng(17)
    cases = []
    for bits in (4, 8):
        for kind, weight in ("steps", on_steps(bits, rng)), ("normal", rng.standard_normal((ROWS, COLUMNS)) / 8):
            weight = weight.round(6).astype(np.float32)
            x, bias = (rng.standard_normal(shape).round(2).astype(np.float32) for shape in ((3, COLUMNS), ROWS))
            parts = quantize(weight, bits)
            arrays = {"weight": weight, "x": x, "bias": bias, **parts, "y": product(x, bias, parts, bits)}
            cases.append(
                {
                    "bits": bits,
                    "kind": kind,
                    "rows": ROWS,
                    "columns": COLUMNS,
                    **{name: numbers(array) for name, array in arrays.items()},
                }
            )
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(
        json.dumps({"versions": {"command": "python golden/quantize.py", "onnxruntime": onnxruntime.__version__}, "cases": cases})
        + "\n"
    )


if __name__ == "__main__":
    main()
