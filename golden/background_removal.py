"""Small random networks in the layout of those that remove backgrounds, and the alpha channels that rembg's way of running them gives.

`python golden/background_removal.py` from the project's root. Writes src/loaders/golden/background-removal/: u2net and birefnet, each
config.json, preprocessor_config.json and onnx/model.onnx, the one with several outputs of probabilities as BritishWerewolf/U-2-Netp has
them, the other with logits; and the alpha channel of each of the segmenter's pictures, row by row. As rembg 2.0.67 (sessions/base.py,
u2net.py, birefnet_general.py): Pillow's LANCZOS to the model's square, divided by the largest value, mean and standard deviation;
of the first output (its sigmoid where it is logits) the least becomes 0 and the most 255, and Pillow's LANCZOS back.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image
from torch import nn

from models import ROOT
from segmenter import PICTURES, picture

OUT = ROOT / "src/loaders/golden/background-removal"
SIDE = 64
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
# What U-2-Netp's says, which pads pictures where rembg stretches them; and BiRefNet's.
SETTINGS = {"u2net": {"do_pad": True, "size": {"longest_edge": SIDE}}, "birefnet": {"size": {"height": SIDE, "width": SIDE}}}


class Network(nn.Module):
    def __init__(self, seed: int, is_logits: bool) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.net = nn.Sequential(nn.Conv2d(3, 6, 5, padding=2), nn.ReLU(), nn.Conv2d(6, 1, 7, padding=3))
        self.is_logits = is_logits

    def forward(self, pixels: torch.Tensor):
        logits = self.net(pixels) * 6
        return logits if self.is_logits else (torch.sigmoid(logits), torch.sigmoid(-logits))


def resized(image: Image.Image, width: int, height: int) -> Image.Image:
    """Widths before heights, as Pillow did it for all sizes before 13."""
    return image.resize((width, image.height), Image.LANCZOS).resize((width, height), Image.LANCZOS)


def alpha(network: Network, image: Image.Image) -> np.ndarray:
    values = np.array(resized(image, SIDE, SIDE)) / 255.0
    values = values * 255 / max(np.max(values * 255), 1e-6)
    pixels = ((values - MEAN) / STD).transpose(2, 0, 1)[None].astype(np.float32)
    with torch.no_grad():
        out = network(torch.from_numpy(pixels))
    found = (torch.sigmoid(out) if network.is_logits else out[0])[0, 0].numpy()
    found = (found - found.min()) / (found.max() - found.min())
    return np.array(resized(Image.fromarray((found * 255).astype("uint8"), mode="L"), *image.size))


def renamed(path: Path, names: dict[str, str]) -> None:
    """Gives outputs the names of U-2-Netp's, which PyTorch's exporter does not accept."""
    model = onnx.load(path)
    for output in model.graph.output:
        output.name = names[output.name]
    for node in model.graph.node:
        node.output[:] = [names.get(name, name) for name in node.output]
        node.input[:] = [names.get(name, name) for name in node.input]
    onnx.save(model, path)


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    for seed, (name, settings) in enumerate(SETTINGS.items()):
        network = Network(seed, name == "birefnet").eval()
        folder = OUT / name
        (folder / "onnx").mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({"model_type": name}) + "\n")
        (folder / "preprocessor_config.json").write_text(json.dumps({**settings, "image_mean": MEAN, "image_std": STD}) + "\n")
        torch.onnx.export(
            network,
            (torch.rand(1, 3, SIDE, SIDE),),
            folder / "onnx/model.onnx",
            input_names=["input.1" if name == "u2net" else "input_image"],
            output_names=["d0", "d1"] if name == "u2net" else ["output_image"],
            opset_version=17,
            dynamo=False,
        )
        if name == "u2net":
            renamed(folder / "onnx/model.onnx", {"d0": "1959", "d1": "1960"})
        for of, size in PICTURES.items():
            found = alpha(network, Image.fromarray(picture(*size)))
            print(name, of, found.shape, "mean", found.mean().round(1), "std", found.std().round(1))
            (folder / f"{of}.alpha").write_bytes(found.tobytes())
    versions = {"command": "python golden/background_removal.py", "torch": torch.__version__}
    (OUT / "versions.json").write_text(json.dumps(versions) + "\n")


if __name__ == "__main__":
    main()
