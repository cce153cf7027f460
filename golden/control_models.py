"""What small ControlNets and a T2I-Adapter compute in one evaluation: `python golden/control_models.py` from the project's root.

Writes src/models/golden/controls/*.safetensors: inputs and outputs by the names of our graphs. The models are those of
golden/controls.py and golden/adapters.py, computed in float32 from the weights as stored; two texts at once, odd sizes.
"""

import torch
from diffusers import ControlNetModel, T2IAdapter
from safetensors.torch import save_file

from models import ROOT

PICTURES = ROOT / "src/pipeline/golden"
OUT = ROOT / "src/models/golden/controls"
HEIGHT, WIDTH, TOKENS, SCALE = 9, 6, 7, 0.7


def noise(seed: int):
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(shape, generator=generator)


def controlnet(name: str, seed: int, guess_mode: bool = False) -> dict[str, torch.Tensor]:
    net = ControlNetModel.from_pretrained(PICTURES / "controls" / name, dtype=torch.float32).eval()
    draw = noise(seed)
    given = {
        "sample": draw(1, 4, HEIGHT, WIDTH),
        "timestep": torch.tensor([481.0]),
        "encoder_hidden_states": draw(2, TOKENS, net.config.cross_attention_dim),
        "controlnet_cond": draw(1, 3, HEIGHT * 8, WIDTH * 8).sigmoid(),
        "conditioning_scale": torch.tensor([SCALE]),
    }
    down, mid = net(
        given["sample"].repeat(2, 1, 1, 1),
        given["timestep"].item(),
        given["encoder_hidden_states"],
        given["controlnet_cond"].repeat(2, 1, 1, 1),
        conditioning_scale=SCALE,
        guess_mode=guess_mode,
        return_dict=False,
    )
    return {**given, **{f"down_block_res_samples_{i}": residual for i, residual in enumerate(down)}, "mid_block_res_sample": mid}


def adapter(name: str, seed: int) -> dict[str, torch.Tensor]:
    net = T2IAdapter.from_pretrained(PICTURES / "adapters" / name, dtype=torch.float32).eval()
    image = noise(seed)(1, 3, HEIGHT * 8, WIDTH * 8).sigmoid()
    features = net(image)
    return {"control_image": net.adapter.unshuffle(image), **{f"feature_{i}": feature for i, feature in enumerate(features)}}


@torch.no_grad()
def main() -> None:
    OUT.mkdir(exist_ok=True)
    written = {
        "edges": controlnet("edges", 91),
        "edges-guess": controlnet("edges", 92, guess_mode=True),
        "pooled": controlnet("pooled", 93),
        "light": adapter("light", 94),
    }
    for name, tensors in written.items():
        save_file({key: value.contiguous() for key, value in tensors.items()}, OUT / f"{name}.safetensors")
        print(name, {key: tuple(value.shape) for key, value in tensors.items()})


if __name__ == "__main__":
    main()
