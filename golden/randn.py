"""torch's CPU generator: `python golden/randn.py` from the project's root → src/numerics/golden/random.json."""

import json
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "src/numerics/golden/random.json"


def draw(seed: int, sizes: list[int]) -> dict:
    """Successive randn calls of one generator: each whole up to 40 values, else its ends and its sums."""
    generator = torch.Generator().manual_seed(seed)
    draws = []
    for size in sizes:
        x = torch.randn(size, generator=generator)
        values = x.tolist() if size <= 40 else None
        draws.append(
            {
                "size": size,
                "values": values,
                "head": x[:8].tolist(),
                "tail": x[-8:].tolist(),
                "sum": x.double().sum().item(),
                "squares": x.double().square().sum().item(),
            }
        )
    return {"seed": seed, "draws": draws}


def main() -> None:
    sizes = [1, 2, 15, 16, 17, 31, 33, 3, 1000, 5, 4 * 64 * 64]
    cases = [draw(seed, sizes) for seed in (0, 1, 193, 2**31, 2**32 - 1)] + [draw(193, [1 * 4 * 64 * 64])]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(
        json.dumps({"versions": {"command": "python golden/randn.py", "torch": torch.__version__}, "cases": cases}) + "\n"
    )


if __name__ == "__main__":
    main()
