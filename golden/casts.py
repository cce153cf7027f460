"""Writes src/numerics/golden/casts.json: what torch makes of checkpoints' rarer number types.

`python golden/casts.py` in the project's root, with golden/requirements.txt (torch 2.15).

`float8_e4m3fn` and `float8_e5m2`: each of the 256 codes as the bits of float32, null where it is no number.
`float64`: the bits of numbers (a decimal text, since JSON's numbers are too small), and those of the same as float32.
"""

import json
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "src/numerics/golden/casts.json"


def bits32(values: torch.Tensor) -> list[int | None]:
    words = values.to(torch.float32).view(torch.int32).tolist()
    return [None if nan else word & 0xFFFFFFFF for word, nan in zip(words, values.isnan().tolist(), strict=True)]


def doubles() -> torch.Tensor:
    """Of every size that float32 has and some that it has not, and midway between two of its neighbours."""
    generator = torch.Generator().manual_seed(64)
    sizes = torch.randint(-160, 140, (400,), generator=generator).double().exp2()
    spread = torch.randn(400, generator=generator, dtype=torch.float64) * sizes
    near = torch.randn(100, generator=generator)
    middle = (near.double() + torch.nextafter(near, torch.tensor(9e9)).double()) / 2
    edges = torch.tensor(
        [0.0, -0.0, 1 / 3, 2.0**-150, 2.0**-149, 3.4028235677973366e38, 1e300, -1e300, float("inf"), -float("inf")]
    )
    return torch.cat([spread, middle, edges.double()])


if __name__ == "__main__":
    codes = torch.arange(256, dtype=torch.uint8)
    numbers = doubles()
    golden = {
        "torch": torch.__version__,
        "float8_e4m3fn": bits32(codes.view(torch.float8_e4m3fn).float()),
        "float8_e5m2": bits32(codes.view(torch.float8_e5m2).float()),
        "float64": [
            [str(word & (2**64 - 1)), single]
            for word, single in zip(numbers.view(torch.int64).tolist(), bits32(numbers), strict=True)
        ],
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
