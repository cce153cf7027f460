"""Writes src/models/golden/unet-addends: what UNets compute with a ControlNet's residuals and a T2I-Adapter's feature maps added.

`python golden/unet_addends.py` in the project's root, after golden/models.py, with golden/requirements.txt (torch 2.15, diffusers 0.42.1).

The UNets, their samples and texts are those of golden/models.py; what is added is noise of the shapes that diffusers asks for.
"""

import json
from pathlib import Path

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "src/models/golden"

# Name → the folder of the UNet, its weights' file, the golden of one evaluation.
UNETS = {
    "tiny-model": (ROOT / "e2e/tiny-model/unet", "diffusion_pytorch_model", GOLDEN / "tiny-model/unet"),
    "unet-sdxl": (GOLDEN / "unet-sdxl", "model", GOLDEN / "unet-sdxl/golden"),
}


def read_unet(folder: Path, file: str) -> UNet2DConditionModel:
    unet = UNet2DConditionModel.from_config(json.loads((folder / "config.json").read_text()))
    unet.load_state_dict({name: tensor.float() for name, tensor in load_file(folder / f"{file}.safetensors").items()})
    return unet.eval()


def evaluate(unet, inputs: dict[str, torch.Tensor], **addends) -> torch.Tensor:
    added = {name: inputs[name] for name in ("text_embeds", "time_ids") if name in inputs}
    sample = inputs["sample"].repeat(2, 1, 1, 1)
    return unet(sample, inputs["timestep"].item(), inputs["encoder_hidden_states"], added_cond_kwargs=added, **addends).sample


def skip_shapes(unet, inputs: dict[str, torch.Tensor]) -> tuple[list[torch.Size], torch.Size]:
    """Of every skip connection and of the mid block's result, two samples in each."""
    skips: list[torch.Size] = []
    mid: list[torch.Size] = []
    hooks = [
        unet.conv_in.register_forward_hook(lambda _m, _i, out: skips.append(out.shape)),
        unet.mid_block.register_forward_hook(lambda _m, _i, out: mid.append(out.shape)),
    ]
    hooks += [
        block.register_forward_hook(lambda _m, _i, out: skips.extend(skip.shape for skip in out[1])) for block in unet.down_blocks
    ]
    evaluate(unet, inputs)
    for hook in hooks:
        hook.remove()
    return skips, mid[0]


def feature_shapes(unet, inputs: dict[str, torch.Tensor]) -> list[torch.Size]:
    """Of an adapter's four feature maps: what comes out of each down block, before the downsampler of one with attention; then the mid block's result."""
    skips, mid = skip_shapes(unet, inputs)
    shapes, at = [], 0
    for block in unet.down_blocks:
        has_attention = hasattr(block, "attentions")
        at += len(block.resnets) + (0 if has_attention or not block.downsamplers else 1)
        shapes.append(skips[at])
        at += 1 if has_attention and block.downsamplers else 0
    return [*shapes, mid][:4]


@torch.no_grad()
def golden(unet, inputs: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)

    def noise(shape) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    skips, mid = skip_shapes(unet, inputs)
    down_residuals, mid_residual = [noise(shape) for shape in skips], noise(mid)
    # An adapter sees one picture, whatever the text.
    features = [noise((1, *shape[1:])) for shape in feature_shapes(unet, inputs)]
    control = dict(down_block_additional_residuals=down_residuals, mid_block_additional_residual=mid_residual)

    def adapter() -> dict:
        # diffusers empties the list, and adds to the samples in place.
        return dict(down_intrablock_additional_residuals=[feature.repeat(2, 1, 1, 1) for feature in features])

    return {
        **{f"down_block_additional_residuals_{i}": residual for i, residual in enumerate(down_residuals)},
        "mid_block_additional_residual": mid_residual,
        **{f"down_intrablock_additional_residuals_{i}": feature for i, feature in enumerate(features)},
        "control": evaluate(unet, inputs, **control),
        "adapter": evaluate(unet, inputs, **adapter()),
        "both": evaluate(unet, inputs, **control, **adapter()),
    }


if __name__ == "__main__":
    folder = GOLDEN / "unet-addends"
    folder.mkdir(exist_ok=True)
    for seed, (name, (checkpoint, file, evaluation)) in enumerate(UNETS.items(), 41):
        unet, inputs = read_unet(checkpoint, file), load_file(f"{evaluation}.safetensors")
        # The file is read right when it computes what golden/models.py wrote.
        with torch.no_grad():
            assert torch.allclose(evaluate(unet, inputs), inputs["out_sample"], atol=1e-5)
        tensors = golden(unet, inputs, seed)
        save_file({key: value.contiguous() for key, value in tensors.items()}, folder / f"{name}.safetensors")
        print(name, {key: tuple(value.shape) for key, value in tensors.items()})
