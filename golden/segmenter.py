"""A small random SAM as the Hub has SlimSAM for onnxruntime, and the masks that transformers makes with it.

`python golden/segmenter.py` from the project's root. Writes src/loaders/golden/segmenter/: config.json, preprocessor_config.json and
the two graphs with the names and open sizes of Xenova/slimsam-77-uniform; the pictures, 8-bit RGB, row by row; and masks.json: for each
case the picture, the points in its pixels, and the mask of the best predicted IoU as SamProcessor post-processes it, in lengths of runs
(row by row, the first run is not marked). Pictures are resized by Pillow, as SAM's own code does it; torchvision's resize, which
transformers takes where it is installed, rounds 0.3 % of the colours the other way, and then up to 0.09 % of a mask's pixels.
"""

import json
import shutil

import numpy as np
import torch
import transformers
from PIL import Image
from torch import nn
from transformers import SamConfig, SamModel, SamProcessor
from transformers.models.sam.image_processing_pil_sam import SamImageProcessorPil

from models import ROOT

OUT = ROOT / "src/loaders/golden/segmenter"
SIDE = 128
# Width and height: larger than what the model sees, smaller, and as large.
PICTURES = {"wide": (210, 90), "tall": (60, 100), "square": (128, 128)}
# Points in pixels with their labels: 1 on the thing, 0 beside it.
CASES = [
    ("wide", [(60, 40, 1)]),
    ("wide", [(150, 20, 1), (30, 70, 1), (100, 45, 1)]),
    ("wide", [(60, 40, 1), (120, 60, 0)]),
    ("tall", [(30, 30, 1)]),
    ("tall", [(10, 80, 1), (50, 10, 0), (30, 60, 0)]),
    ("square", [(64, 64, 1)]),
    ("square", [(64, 64, 1), (20, 100, 0)]),
    # What stands for the box from 30, 20 to 89, 99: its middle, and a point beyond each of its edges.
    ("square", [(60, 60, 1), (60, 14, 0), (60, 105, 0), (24, 60, 0), (95, 60, 0)]),
]


def picture(width: int, height: int) -> np.ndarray:
    """Waves, and a disc and a bar of other colours."""
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 9) + 1, np.cos(y / 11) + 1, np.sin((x + y) / 13) + 1], -1) * 60 + 60
    waves[np.hypot(x - width * 0.3, y - height * 0.45) < min(width, height) * 0.25] = (230, 40, 30)
    waves[(x > width * 0.65) & (x < width * 0.85) & (y > height * 0.2)] = (20, 60, 220)
    return np.clip(waves + np.random.default_rng(2).normal(0, 3, waves.shape), 0, 255).round().astype(np.uint8)


class VisionEncoder(nn.Module):
    """What the Hub's vision_encoder.onnx gives."""

    def __init__(self, model: SamModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: torch.Tensor):
        return (
            self.model.vision_encoder(pixel_values).last_hidden_state,
            self.model.get_image_wide_positional_embeddings().expand(pixel_values.shape[0], -1, -1, -1),
        )


class Decoder(nn.Module):
    """What the Hub's prompt_encoder_mask_decoder.onnx gives."""

    def __init__(self, model: SamModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_points, input_labels, image_embeddings, image_positional_embeddings):
        sparse, dense = self.model.prompt_encoder(input_points, input_labels, None, None)
        masks, scores = self.model.mask_decoder(
            image_embeddings=image_embeddings,
            image_positional_embeddings=image_positional_embeddings,
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
        )[:2]
        return scores, masks


def tiny() -> SamModel:
    torch.manual_seed(5)
    hidden = 16
    vision = dict(
        hidden_size=24, output_channels=hidden, num_hidden_layers=2, num_attention_heads=2, image_size=SIDE, patch_size=16
    )
    config = SamConfig(
        vision_config=dict(**vision, window_size=3, global_attn_indexes=[1], mlp_dim=32, num_pos_feats=hidden // 2),
        prompt_encoder_config=dict(
            hidden_size=hidden, image_size=SIDE, patch_size=16, mask_input_channels=4, image_embedding_size=8
        ),
        mask_decoder_config=dict(hidden_size=hidden, mlp_dim=32, num_attention_heads=2, iou_head_hidden_dim=16),
    )
    config.architectures = ["SamModel"]
    model = SamModel(config).eval()
    # A random network's masks would hardly depend on picture and points.
    for name, weight in model.named_parameters():
        if weight.dim() > 1 and "norm" not in name:
            weight.data = torch.randn_like(weight) * (1.2 / weight[0].numel() ** 0.5)
    return model


def runs(mask: np.ndarray) -> list[int]:
    flat = np.concatenate([[False], mask.reshape(-1)])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    return np.diff(np.concatenate([[0], edges, [mask.size]])).tolist()


def main() -> None:
    model = tiny()
    processor = SamProcessor(SamImageProcessorPil(size={"longest_edge": SIDE}, pad_size={"height": SIDE, "width": SIDE}))
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "onnx").mkdir(parents=True)
    (OUT / "config.json").write_text(json.dumps(model.config.to_dict(), indent=1, default=str) + "\n")
    settings = processor.image_processor.to_dict()
    keys = ("do_normalize", "do_pad", "do_rescale", "do_resize", "image_mean", "image_std", "pad_size", "rescale_factor", "size")
    kept = {key: settings[key] for key in keys} | {"image_processor_type": "SamImageProcessor", "resample": 2}
    (OUT / "preprocessor_config.json").write_text(json.dumps(kept, indent=1, default=dict) + "\n")
    open_batch = {0: "batch_size"}
    prompt = {0: "batch_size", 1: "point_batch_size", 2: "nb_points_per_image"}
    options = dict(opset_version=17, dynamo=False)
    with torch.no_grad():
        pixels = torch.rand(1, 3, SIDE, SIDE)
        embeddings, positions = VisionEncoder(model)(pixels)
        torch.onnx.export(
            VisionEncoder(model),
            (pixels,),
            OUT / "onnx/vision_encoder.onnx",
            input_names=["pixel_values"],
            output_names=["image_embeddings", "image_positional_embeddings"],
            dynamic_axes={"pixel_values": open_batch},
            **options,
        )
        torch.onnx.export(
            Decoder(model),
            (torch.rand(1, 1, 2, 2) * SIDE, torch.ones(1, 1, 2, dtype=torch.int64), embeddings, positions),
            OUT / "onnx/prompt_encoder_mask_decoder.onnx",
            input_names=["input_points", "input_labels", "image_embeddings", "image_positional_embeddings"],
            output_names=["iou_scores", "pred_masks"],
            dynamic_axes={"input_points": prompt, "input_labels": prompt},
            **options,
        )
    for name, size in PICTURES.items():
        (OUT / f"{name}.rgb").write_bytes(picture(*size).tobytes())
    cases = []
    for name, points in CASES:
        image = Image.fromarray(picture(*PICTURES[name]))
        inputs = processor(
            image,
            input_points=[[[list(map(float, point[:2])) for point in points]]],
            input_labels=[[[point[2] for point in points]]],
            return_tensors="pt",
        )
        with torch.no_grad():
            out = model(
                pixel_values=inputs["pixel_values"],
                input_points=inputs["input_points"].float(),
                input_labels=inputs["input_labels"],
                multimask_output=True,
            )
        masks = processor.image_processor.post_process_masks(
            out.pred_masks, inputs["original_sizes"], inputs["reshaped_input_sizes"]
        )
        best = int(out.iou_scores[0, 0].argmax())
        mask = masks[0][0, best].numpy()
        print(
            name,
            points,
            "best",
            best,
            out.iou_scores[0, 0].numpy().round(3),
            "marked",
            mask.mean().round(3),
            "runs",
            len(runs(mask)),
        )
        width, height = PICTURES[name]
        cases.append(
            {
                "picture": name,
                "width": width,
                "height": height,
                "points": points,
                "score": float(out.iou_scores.max()),
                "runs": runs(mask),
            }
        )
    (OUT / "masks.json").write_text(json.dumps(cases) + "\n")
    versions = {"command": "python golden/segmenter.py", "transformers": transformers.__version__, "torch": torch.__version__}
    (OUT / "versions.json").write_text(json.dumps(versions) + "\n")


if __name__ == "__main__":
    main()
