"""A small random Depth Anything as the Hub has them for onnxruntime, and the maps that transformers and OpenCV make with it.

`python golden/depth.py` from the project's root, after golden/maps.py. Writes src/pipeline/golden/depth/: config.json, preprocessor_config.json and onnx/model.onnx, sizes left open as
in onnx-community/depth-anything-v2-small, whose config.json says no more than the model's type; per picture the depth by transformers' depth-estimation pipeline, float32, its map,
8-bit grey, and the normal map of the same depth, 8-bit RGB.
"""

import json
import math
import shutil

import cv2
import numpy as np
import torch
import transformers
from PIL import Image
from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config, DPTImageProcessor, pipeline
from transformers.models.depth_anything import modeling_depth_anything
from transformers.utils import torch_int

from models import ROOT

OUT = ROOT / "src/pipeline/golden/depth"
MAPS = ROOT / "src/image/golden/maps"
PATCH = 14
# In patches. The published models have 37.
SIDE = 5


def tiny_model() -> DepthAnythingForDepthEstimation:
    torch.manual_seed(5)
    backbone = Dinov2Config(
        hidden_size=24,
        num_hidden_layers=4,
        num_attention_heads=2,
        mlp_ratio=2,
        image_size=PATCH * SIDE,
        patch_size=PATCH,
        out_indices=[1, 2, 3, 4],
        reshape_hidden_states=False,
        apply_layernorm=True,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=24,
        neck_hidden_sizes=[8, 12, 16, 24],
        fusion_hidden_size=8,
        head_hidden_size=8,
    )
    model = DepthAnythingForDepthEstimation(config).eval()
    # A random network answers alike everywhere: weights as large as their sums allow.
    for name, weight in model.named_parameters():
        if weight.dim() > 1 and "embeddings" not in name:
            weight.data = torch.randn_like(weight) * (1.2 / weight[0].numel() ** 0.5)
    model.head.conv3.weight.data.abs_()
    model.head.conv3.bias.data.fill_(0.5)
    return model


def normal_map(depth: np.ndarray) -> np.ndarray:
    """The normal map of ControlNet's annotators for MiDaS: Sobel's slopes of the depth, here of 0 … 255, as if a picture had 512 x 512 pixels, over a constant height."""
    near = (depth - depth.min()) / (depth.max() - depth.min())
    scale = 255 * math.sqrt(depth.size) / 512
    x, y = (cv2.Sobel(near.astype(np.float32), cv2.CV_32F, *order, ksize=3) * scale for order in ((1, 0), (0, 1)))
    x[near < 0.1] = 0
    y[near < 0.1] = 0
    normal = np.stack([x, y, np.full_like(x, math.pi * 2)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return (normal * 127.5 + 127.5).clip(0, 255).astype(np.uint8)


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "onnx").mkdir(parents=True)
    model = tiny_model()
    processor = DPTImageProcessor(
        size={"height": PATCH * SIDE, "width": PATCH * SIDE},
        keep_aspect_ratio=True,
        ensure_multiple_of=PATCH,
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
        resample=3,
    )
    processor.save_pretrained(OUT)
    (OUT / "config.json").write_text(json.dumps({"model_type": model.config.model_type}) + "\n")
    # Traced with Python's int, the graph would give every picture the size that it was exported with.
    modeling_depth_anything.int = torch_int
    torch.onnx.export(
        model,
        (torch.rand(1, 3, PATCH * 5, PATCH * 4),),
        OUT / "onnx/model.onnx",
        input_names=["pixel_values"],
        output_names=["predicted_depth"],
        dynamic_axes={
            "pixel_values": {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"},
            "predicted_depth": {0: "batch_size", 1: "height", 2: "width"},
        },
        opset_version=17,
        dynamo=False,
    )
    estimate = pipeline("depth-estimation", model=model, image_processor=processor)
    pictures = []
    for case in json.loads((MAPS / "cases.json").read_text())["cases"]:
        name, width, height = case["name"], case["width"], case["height"]
        if name not in ("photo", "grey-photo", "text"):
            continue
        image = Image.frombytes("RGB", (width, height), (MAPS / f"{name}.rgb").read_bytes())
        size = processor(images=image, return_tensors="pt")["pixel_values"].shape[2:]
        made = estimate(image)
        depth = made["predicted_depth"].numpy()
        print(name, tuple(size), "depth", depth.min(), depth.max(), "map's deviation", np.array(made["depth"]).std())
        (OUT / f"{name}.f32").write_bytes(depth.tobytes())
        (OUT / f"{name}-depth.grey").write_bytes(made["depth"].tobytes())
        (OUT / f"{name}-normal.rgb").write_bytes(normal_map(depth).tobytes())
        pictures.append({"name": name, "width": width, "height": height, "seen": [size[1], size[0]]})
    about = {"command": "python golden/depth.py", "transformers": transformers.__version__, "torch": torch.__version__}
    (OUT / "cases.json").write_text(json.dumps({**about, "opencv": cv2.__version__, "pictures": pictures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
