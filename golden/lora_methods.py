"""Random LoRA files of every method, and the weights that LyCORIS' and PEFT's own layers compute with.

`python golden/lora_methods.py` from the project's root. Writes src/loaders/golden/lora-methods/: model.safetensors, a linear layer, two convolutions,
a norm and a table of embeddings; per case {case}.{f32|f16}.safetensors, a LoRA file, with {case}.json where PEFT writes an adapter_config.json;
{case}.{f32|f16}.expected.safetensors, every tensor that it changes, at strength 1.

The weights are read off the layers' forward: of a linear layer with an identity as input, of a convolution with single pixels. LyCORIS 4.1.3's merge_to
is no reference: it applies alpha / rank twice to LoHa and LoKr.
"""

import json
import re
import shutil
from pathlib import Path

import torch
from lycoris.modules.boft import ButterflyOFTModule
from lycoris.modules.diag_oft import DiagOFTModule
from lycoris.modules.full import FullModule
from lycoris.modules.glora import GLoRAModule
from lycoris.modules.ia3 import IA3Module
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from lycoris.modules.norms import NormModule
from peft import IA3Config, LoHaConfig, LoKrConfig, LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch import nn

OUT = Path(__file__).parent.parent / "src/loaders/golden/lora-methods"
LINEAR = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
POINT = "mid_block.attentions.0.proj_in"
CONV = "mid_block.resnets.0.conv1"
NORM = "mid_block.resnets.0.norm1"
TABLE = "embeddings.token_embedding"
LAYERS = (LINEAR, POINT, CONV)
# LyCORIS' keyword arguments. The widths below are odd, or odd multiples of a power of two, as BOFT needs them.
LYCORIS = {
    "lora": (LoConModule, dict(lora_dim=3, alpha=2)),
    "lora-rank-1": (LoConModule, dict(lora_dim=1, alpha=0.5)),
    "lora-tucker": (LoConModule, dict(lora_dim=5, alpha=3, use_tucker=True)),
    "lora-rs": (LoConModule, dict(lora_dim=5, alpha=2, rs_lora=True)),
    "dora-out": (LoConModule, dict(lora_dim=3, alpha=2, weight_decompose=True, wd_on_out=True)),
    "dora-in": (LoConModule, dict(lora_dim=3, alpha=2, weight_decompose=True, wd_on_out=False)),
    "dora-tucker": (LoConModule, dict(lora_dim=3, alpha=2, use_tucker=True, weight_decompose=True, wd_on_out=False)),
    "loha": (LohaModule, dict(lora_dim=3, alpha=2)),
    "loha-tucker": (LohaModule, dict(lora_dim=3, alpha=1, use_tucker=True)),
    "loha-dora-in": (LohaModule, dict(lora_dim=5, alpha=2, weight_decompose=True, wd_on_out=False)),
    "lokr": (LokrModule, dict(lora_dim=1, alpha=0.5)),
    "lokr-factor-2": (LokrModule, dict(lora_dim=3, alpha=2, factor=2)),
    "lokr-factor-4": (LokrModule, dict(lora_dim=2, alpha=3, factor=4)),
    "lokr-both": (LokrModule, dict(lora_dim=1, alpha=2, factor=4, decompose_both=True)),
    "lokr-full": (LokrModule, dict(lora_dim=3, alpha=2, factor=4, full_matrix=True)),
    "lokr-unbalanced": (LokrModule, dict(lora_dim=1, alpha=2, factor=4, unbalanced_factorization=True)),
    "lokr-tucker": (LokrModule, dict(lora_dim=2, alpha=1, factor=2, use_tucker=True)),
    "lokr-dora-out": (LokrModule, dict(lora_dim=2, alpha=1, factor=2, weight_decompose=True, wd_on_out=True)),
    "full": (FullModule, {}),
    "norm": (NormModule, {}),
    "ia3-out": (IA3Module, dict(train_on_input=False)),
    "ia3-in": (IA3Module, dict(train_on_input=True)),
    "oft": (DiagOFTModule, dict(lora_dim=4)),
    "oft-limited": (DiagOFTModule, dict(lora_dim=5, constraint=0.01)),
    "oft-rescaled": (DiagOFTModule, dict(lora_dim=4, rescaled=True)),
    "boft": (ButterflyOFTModule, dict(lora_dim=10)),
    "boft-limited": (ButterflyOFTModule, dict(lora_dim=24, constraint=0.02)),
    "boft-rescaled": (ButterflyOFTModule, dict(lora_dim=10, rescaled=True)),
    "glora": (GLoRAModule, dict(lora_dim=3, alpha=2)),
    "glora-old": (GLoRAModule, dict(lora_dim=3, alpha=2)),
}
TARGETS = r".*(to_q|proj_in|conv1)"
PEFT = {
    "peft-lora": LoraConfig(r=3, lora_alpha=8, target_modules=TARGETS, alpha_pattern={"conv1": 2}),
    "peft-rslora": LoraConfig(r=3, lora_alpha=2, use_rslora=True, target_modules=TARGETS),
    "peft-bias": LoraConfig(r=3, lora_alpha=2, lora_bias=True, target_modules=TARGETS),
    "peft-bias-twice": LoraConfig(r=3, lora_alpha=2, lora_bias=True, bias="lora_only", target_modules=TARGETS),
    "peft-biases": LoraConfig(r=3, lora_alpha=2, bias="all", target_modules=TARGETS),
    "peft-saved": LoraConfig(r=3, lora_alpha=2, target_modules=["to_q"], modules_to_save=["conv1"]),
    "peft-dora": LoraConfig(r=3, lora_alpha=2, use_dora=True, target_modules=TARGETS),
    "peft-embedding": LoraConfig(r=3, lora_alpha=2, target_modules=["token_embedding"]),
    "peft-loha": LoHaConfig(r=3, alpha=2, target_modules=TARGETS, use_effective_conv2d=True),
    "peft-loha-flat": LoHaConfig(r=3, alpha=2, target_modules=TARGETS),
    "peft-ia3": IA3Config(target_modules=TARGETS, feedforward_modules="never"),
    "peft-ia3-in": IA3Config(target_modules=TARGETS, feedforward_modules=TARGETS),
    "peft-lokr": LoKrConfig(r=1, alpha=2, target_modules=TARGETS, use_effective_conv2d=True, decompose_factor=4),
    "peft-lokr-full": LoKrConfig(r=40, alpha=10, target_modules=TARGETS, decompose_factor=4),
    "peft-lokr-ranks": LoKrConfig(r=40, alpha=10, rank_pattern={"conv1": 25}, target_modules=TARGETS, decompose_factor=4),
}


class Tree(nn.Module):
    """Modules at dotted names."""

    def __init__(self, modules: dict[str, nn.Module]):
        super().__init__()
        for name, module in modules.items():
            head, *rest = name.split(".")
            if not rest:
                self.add_module(head, module)
        heads = {name.split(".")[0] for name in modules if "." in name}
        for head in heads:
            inner = {name.removeprefix(f"{head}."): module for name, module in modules.items() if name.startswith(f"{head}.")}
            self.add_module(head, Tree(inner))

    def forward(self):
        """PEFT only wraps modules that can be called."""


def model() -> Tree:
    torch.manual_seed(1)
    tree = Tree(
        {
            LINEAR: nn.Linear(21, 48),
            POINT: nn.Conv2d(15, 24, 1),
            CONV: nn.Conv2d(10, 40, 3, padding=1),
            NORM: nn.GroupNorm(2, 10),
            TABLE: nn.Embedding(17, 6),
        }
    )
    for parameter in tree.parameters():
        nn.init.normal_(parameter, std=0.2)
    return tree


def weights(layer, base: nn.Module) -> dict[str, torch.Tensor]:
    """What a layer computes with, read off its forward."""
    bias = None
    if isinstance(base, nn.Embedding):
        return {"weight": layer(torch.arange(base.num_embeddings))}
    dtype = base.weight.dtype
    if isinstance(base, nn.Linear):
        bias = layer(torch.zeros(1, base.in_features, dtype=dtype))[0]
        return {"weight": (layer(torch.eye(base.in_features, dtype=dtype)) - bias).T, "bias": bias}
    if isinstance(base, nn.GroupNorm):
        # Of a constant, a norm leaves its bias; of alternating signs in each group, it leaves ± its weight.
        x = torch.ones(1, base.num_channels, 2, 1, dtype=dtype)
        x[:, :, 1] = -1
        base.eps = 0.0
        bias = layer(x).mean(dim=2)[0, :, 0]
        return {"weight": layer(x)[0, :, 0, 0] - bias, "bias": bias}
    k, width = base.kernel_size[0], base.in_channels
    x = torch.zeros(width, width, 2 * k - 1, 2 * k - 1, dtype=dtype)
    x[range(width), range(width), k - 1, k - 1] = 1
    middle = slice(k - 1 - k // 2, k + k // 2)
    bias = layer(torch.zeros_like(x[:1]))[0, :, k - 1, k - 1]
    y = layer(x)[:, :, middle, middle] - bias[None, :, None, None]
    return {"weight": y.flip(2, 3).transpose(0, 1), "bias": bias}


def randomise(named_parameters, dtype: torch.dtype, seed: int) -> None:
    """Numbers that the file's type can hold, whatever the layer was initialised with."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in named_parameters:
        start = parameter.data if any(part in name for part in ("dora_scale", "magnitude", "rescale")) else 0
        # A DoRA magnitude stays positive; a product of two or four factors becomes about as large as the weights.
        noise = torch.randn(parameter.shape, generator=generator) * 0.4
        parameter.data = (start + noise * (0.3 if isinstance(start, torch.Tensor) else 1)).to(dtype).to(parameter.dtype)


def changed(base: dict[str, torch.Tensor], found: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Those that differ by more than the reading off does."""
    return {name: value.float().contiguous() for name, value in found.items() if (value - base[name]).abs().max() > 1e-5}


def parts(module) -> dict[str, torch.Tensor]:
    """What LyCORIS saves of a module. A FullModule that is not applied holds the differences themselves."""
    if isinstance(module, FullModule):
        return {"diff": module.weight, "diff_b": module.bias}
    return module.custom_state_dict() or module.state_dict()


def lycoris_case(name: str, dtype: torch.dtype) -> tuple[dict, dict]:
    kind, options = LYCORIS[name]
    # Its inverse is in float32.
    precise = torch.float32 if "oft" in name else torch.float64
    tree = model().to(precise)
    base = dict(tree.state_dict())
    state, expected = {}, {}
    for i, path in enumerate((NORM,) if name == "norm" else LAYERS):
        layer = tree.get_submodule(path)
        module = kind(path, layer, multiplier=1.0, **options)
        module.to(precise)
        randomise(module.named_parameters(), dtype, 100 + i)
        key = f"lora_unet_{path.replace('.', '_')}"
        for part, value in parts(module).items():
            # In halves, an alpha of 4.47 would not be the one that the layer computes with.
            kept = value.detach().float() if part == "alpha" else value.detach()
            state[f"{key}.{part}"] = kept.to(dtype).contiguous() if kept.ndim else kept
        module.eval()
        with torch.no_grad():
            for part, value in weights(module, layer).items():
                expected[f"{path}.{part}"] = value
    # The names of files from before they were turned round.
    if name == "glora-old":
        other = {"a1": "a2", "a2": "a1", "b1": "b2", "b2": "b1"}
        state = {re.sub(r"\b[ab][12]\b", lambda old: other[old[0]], key): value for key, value in state.items()}
    return state, changed(base, expected)


def peft_case(name: str, dtype: torch.dtype) -> tuple[dict, dict]:
    tree = model()
    base = {key: value.clone() for key, value in tree.state_dict().items()}
    wrapped = get_peft_model(tree, PEFT[name])
    randomise([(key, value) for key, value in wrapped.named_parameters() if value.requires_grad], dtype, 200)
    folder = OUT / "saved"
    wrapped.save_pretrained(folder)
    state = {key: value.to(dtype) for key, value in load_file(folder / "adapter_model.safetensors").items()}
    config = json.loads((folder / "adapter_config.json").read_text())
    (OUT / f"{name}.json").write_text(json.dumps(config, indent=1) + "\n")
    shutil.rmtree(folder)
    wrapped.eval().double()
    expected = {}
    with torch.no_grad():
        for path in (*LAYERS, NORM, TABLE):
            layer = wrapped.base_model.model.get_submodule(path)
            own = getattr(layer, "original_module", getattr(layer, "base_layer", layer))
            for part, value in weights(layer, own).items():
                expected[f"{path}.{part}"] = value
    return state, changed(base, expected)


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    base = model().state_dict()
    save_file(base, OUT / "model.safetensors")
    for name in (*LYCORIS, *PEFT):
        for label, dtype in (("f32", torch.float32), ("f16", torch.float16)):
            state, expected = (lycoris_case if name in LYCORIS else peft_case)(name, dtype)
            save_file(state, OUT / f"{name}.{label}.safetensors")
            save_file(expected, OUT / f"{name}.{label}.expected.safetensors")
        size = max((value - base[key]).abs().max().item() for key, value in expected.items())
        print(f"{name}: {len(expected)} tensors, changed by up to {size:.2g}")


if __name__ == "__main__":
    main()
