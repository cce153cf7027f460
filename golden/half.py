"""What float16 alone costs: every golden of src/models by PyTorch in float16, against its own float32.

`python golden/half.py` prints the relative error of each, to be read beside `node golden/parity.mjs gpu float16`.
"""

import json

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from safetensors.torch import load_file

from models import GOLDEN, TINY


def error(found: torch.Tensor, expected: torch.Tensor) -> str:
    return f"{((found.float() - expected).abs().max() / expected.abs().max()).item():.1e}"


def load(cls, folder, file):
    config = json.loads((folder / "config.json").read_text())
    model = cls.from_config(config)
    state = load_file(folder / file)
    for new, old in {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}.items():
        state = {k.replace(f".{old}.", f".{new}."): v for k, v in state.items()}
    model.load_state_dict({k: v.float() for k, v in state.items()})
    return model.half().eval()


@torch.no_grad()
def unet(folder, file, golden) -> str:
    t = load_file(golden)
    half = {k: v.half() for k, v in t.items()}
    condition = half["timestep_cond"].repeat(2, 1) if "timestep_cond" in t else None
    added = {k: half[k] for k in ("text_embeds", "time_ids") if k in t}
    out = load(UNet2DConditionModel, folder, file)(
        half["sample"].repeat(2, 1, 1, 1),
        t["timestep"],
        half["encoder_hidden_states"],
        timestep_cond=condition,
        added_cond_kwargs=added or None,
    )
    return f"out_sample {error(out.sample, t['out_sample'])}"


@torch.no_grad()
def vae(folder, file, golden) -> str:
    t = load_file(golden)
    cls = (
        AutoencoderTiny if json.loads((folder / "config.json").read_text())["_class_name"] == "AutoencoderTiny" else AutoencoderKL
    )
    model = load(cls, folder, file)
    encoded = model.encode(t["sample"].half())
    moments = encoded.latents if cls is AutoencoderTiny else encoded.latent_dist.parameters
    return (
        f"decoder {error(model.decode(t['latent_sample'].half()).sample, t['decoded'])}, encoder {error(moments, t['encoded'])}"
    )


if __name__ == "__main__":
    for part, measure in (("unet", unet), ("vae", vae)):
        print(
            f"tiny-model/{part}: {measure(TINY / part, 'diffusion_pytorch_model.safetensors', GOLDEN / f'tiny-model/{part}.safetensors')}"
        )
        for folder in sorted(GOLDEN.glob(f"{part}-*")):
            print(f"{folder.name}: {measure(folder, 'model.safetensors', folder / 'golden.safetensors')}")
