"""A small random Swin2SR as the Hub has them for onnxruntime, and what PyTorch makes of pictures with it.

`python golden/upscaler.py` from the project's root. Writes src/pipeline/golden/upscaler/: config.json and onnx/model.onnx, height and width left open as in Xenova's exports, and per picture
what goes in and what comes out of Swin2SRForImageSuperResolution, 8-bit, row by row.
"""

import json
import shutil

import numpy as np
import torch
import transformers
from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

from models import ROOT

OUT = ROOT / "src/pipeline/golden/upscaler"
# Of one tile, and of several that overlap.
SIZES = [(64, 64), (88, 136)]


def picture(height: int, width: int) -> np.ndarray:
    """Waves, an edge and a little noise."""
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 5) + 1, np.cos(y / 7) + 1, np.sin((x + y) / 9) + 1], -1) * 100
    waves[(x > width / 2) & (y > height / 3)] += 40
    return np.clip(waves + np.random.default_rng(1).normal(0, 4, waves.shape), 0, 255).round().astype(np.uint8)


def main() -> None:
    torch.manual_seed(3)
    config = Swin2SRConfig(
        image_size=64,
        embed_dim=12,
        depths=[2, 2],
        num_heads=[2, 2],
        window_size=8,
        mlp_ratio=2.0,
        upscale=2,
        upsampler="pixelshuffledirect",
    )
    config.architectures = ["Swin2SRForImageSuperResolution"]
    model = Swin2SRForImageSuperResolution(config).eval()
    # A random network answers grey: let the residual path carry the picture, and the attention something to add.
    for name, weight in model.named_parameters():
        if weight.dim() > 1 and "logit" not in name:
            weight.data = torch.randn_like(weight) * (0.55 / weight[0].numel() ** 0.5)
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "onnx").mkdir(parents=True)
    (OUT / "config.json").write_text(json.dumps(config.to_dict(), indent=1, default=str) + "\n")
    open_sides = {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"}
    torch.onnx.export(
        model,
        (torch.rand(1, 3, 64, 64),),
        OUT / "onnx/model.onnx",
        input_names=["pixel_values"],
        output_names=["reconstruction"],
        dynamic_axes={"pixel_values": open_sides},
        opset_version=17,
        dynamo=False,
    )
    for height, width in SIZES:
        given = picture(height, width)
        with torch.no_grad():
            made = model(torch.from_numpy(given).permute(2, 0, 1)[None].float() / 255).reconstruction[0]
        made = (made.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
        print((height, width), made.shape, "std", made.std(), "clipped", ((made == 0) | (made == 255)).mean())
        (OUT / f"{width}x{height}.rgb").write_bytes(given.tobytes())
        (OUT / f"{width}x{height}-upscaled.rgb").write_bytes(made.tobytes())
    versions = {"command": "python golden/upscaler.py", "transformers": transformers.__version__, "torch": torch.__version__}
    (OUT / "versions.json").write_text(json.dumps(versions) + "\n")


if __name__ == "__main__":
    main()
