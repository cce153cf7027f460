#!/usr/bin/env bash
# A box cannot be given to transformers' SAM as two points, as SAM's own code and its ONNX export have it.
#
# Behaviour: SAM's prompt encoder has embeddings for four kinds of points: beside the thing, on it, and a box's two corners (labels
#   0 to 3). SAM's own ONNX export takes a box as two points of labels 2 and 3. transformers' SamModel, and whatever is exported from
#   it, adds an embedding for labels 0 and 1 only: corners of labels 2 and 3 are points of no kind, the same as points of labels 7
#   and 8, and the masks are others than with input_boxes. There is no error.
# Seen with: transformers 5.23.0, torch 2.15.0, on 2026-11-28.
# Why a good guess is wrong: the labels are SAM's, the weights are there (point_embed has four), and a mask comes back.
# Whom it hurts: whoever draws boxes on an export for onnxruntime, such as SlimSAM's on the Hub, which takes points only.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "${FINDINGS_VENV:=$dir/venv}"
"$FINDINGS_VENV/bin/pip" install -q torch==2.15.0 transformers==5.23.0
cd "$dir"
"$FINDINGS_VENV/bin/python" - <<'PY'
import logging, sys
logging.disable(logging.WARNING)
import torch, transformers
from transformers import SamConfig, SamModel

side, hidden = 64, 16
torch.manual_seed(0)
model = SamModel(SamConfig(
    vision_config=dict(hidden_size=16, output_channels=hidden, num_hidden_layers=1, num_attention_heads=2, image_size=side,
                       patch_size=16, window_size=0, global_attn_indexes=[0], mlp_dim=16, num_pos_feats=hidden // 2),
    prompt_encoder_config=dict(hidden_size=hidden, image_size=side, patch_size=16, image_embedding_size=4, mask_input_channels=4),
    mask_decoder_config=dict(hidden_size=hidden, mlp_dim=16, num_attention_heads=2, iou_head_hidden_dim=16),
)).eval()
for weight in model.parameters():
    weight.data += 0.3 * torch.randn_like(weight)
pixels = torch.rand(1, 3, side, side)
corners = [[10.0, 12.0], [50.0, 40.0]]

def masks(**prompt):
    with torch.no_grad():
        return model(pixel_values=pixels, **prompt).pred_masks

def as_points(*labels):
    return masks(input_points=torch.tensor([[corners]]), input_labels=torch.tensor([[labels]]))

print(f"transformers {transformers.__version__}, torch {torch.__version__}")
box = masks(input_boxes=torch.tensor([[corners[0] + corners[1]]]))
points, nonsense = as_points(2, 3), as_points(7, 8)
apart = lambda a, b: (a - b).abs().max().item()
print(f"embeddings for kinds of points: {len(model.prompt_encoder.point_embed)}")
print(f"corners as points of labels 2, 3 differ from input_boxes by {apart(points, box):.3f}, from labels 7, 8 by {apart(points, nonsense):.3f}")
print(f"points of labels 1, 1 differ from those of labels 2, 3 by {apart(as_points(1, 1), points):.3f}")
as_described = apart(points, box) > 1e-3 and apart(points, nonsense) == 0 and apart(as_points(1, 1), points) > 1e-3
sys.exit(0 if as_described else "The behaviour is no longer as described.")
PY
