"""Ready-made ONNX repositories, exported by PyTorch, and what diffusers computes from the same weights.

`python golden/onnx_repository.py` from the project's root, after golden/families.py. Writes src/pipeline/golden/onnx/{name}/:

- lcm: Optimum's layout, names and axes; float32, sizes free, the UNet's weights in a file of their own, the embedded guidance scale as an input.
- sdxl: as web exports are; float16 throughout, every size fixed, the UNet for both texts at once with a timestep each in int64, no config.json, no encoder.

golden.safetensors holds inputs and outputs in float32, of float32 arithmetic.
"""

import json
import shutil
import warnings
from pathlib import Path

import diffusers
import onnx
import torch
from safetensors.torch import save_file

from families import OUT as FAMILIES
from models import ROOT, randn, text_golden, unet_golden, vae_golden, write_json

OUT = ROOT / "src/pipeline/golden/onnx"
OPSET = 17


class Forward(torch.nn.Module):
    def __init__(self, model: torch.nn.Module, forward):
        super().__init__()
        self.model, self.call = model, forward

    def forward(self, *args):
        return self.call(*args)


def export(
    folder: Path,
    model,
    forward,
    inputs: dict[str, torch.Tensor],
    outputs: list[str],
    axes: dict[str, dict[int, str]],
    external=False,
) -> None:
    folder.mkdir(parents=True)
    path = folder / "model.onnx"
    torch.onnx.export(
        Forward(model, forward).eval(),
        tuple(inputs.values()),
        path,
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    graph = onnx.load(path)
    shorten(graph.graph)
    onnx.save(graph, path, save_as_external_data=external, location="model.onnx_data", size_threshold=256)


def shorten(graph: onnx.GraphProto) -> None:
    """Without names of more than a few letters between the nodes, or half of these small files would be names."""
    stays = {value.name for value in (*graph.input, *graph.output, *graph.initializer)}
    names = {
        name: name if name in stays or not name else f"v{i}"
        for i, name in enumerate(name for node in graph.node for name in node.output)
    }
    for node in graph.node:
        assert not any(attribute.HasField("g") for attribute in node.attribute)
        node.name = node.doc_string = ""
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    del graph.value_info[:]


def load(name: str, dtype: torch.dtype):
    pipe = diffusers.DiffusionPipeline.from_pretrained(FAMILIES / name, torch_dtype=dtype)
    for encoder in (pipe.text_encoder, getattr(pipe, "text_encoder_2", None)):
        if encoder is not None:
            encoder.set_attn_implementation("eager")
    return pipe


def copy(source: Path, target: Path, *names: str) -> None:
    for name in names:
        (shutil.copytree if (source / name).is_dir() else shutil.copy)(source / name, target / name)


def words(encoder, *names: str) -> dict[str, torch.Tensor]:
    tensors = text_golden(encoder, 1, 77)
    return {name: tensors[name] for name in ("input_ids", *names)}


def golden(out: Path, **parts: dict[str, torch.Tensor]) -> None:
    tensors = {
        f"{part}.{name}": tensor.float() if tensor.is_floating_point() else tensor.int()
        for part, given in parts.items()
        for name, tensor in given.items()
    }
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, out / "golden.safetensors")
    print(
        out.name,
        {name: f"{tuple(tensor.shape)} std {tensor.float().std():.3g}" for name, tensor in tensors.items() if tensor.numel() > 1},
    )


@torch.no_grad()
def lcm() -> None:
    out, pipe = OUT / "lcm", load("lcm", torch.float32)
    text, unet, vae = pipe.text_encoder, pipe.unet, pipe.vae
    ids = {"input_ids": torch.ones(2, 77, dtype=torch.int64)}
    batch = {0: "batch_size"}
    export(
        out / "text_encoder",
        text,
        lambda i: (lambda o: (o.last_hidden_state, o.pooler_output))(text(i)),
        ids,
        ["last_hidden_state", "pooler_output"],
        {
            "input_ids": {**batch, 1: "sequence_length"},
            "last_hidden_state": {**batch, 1: "sequence_length"},
            "pooler_output": batch,
        },
    )
    space = {**batch, 2: "height", 3: "width"}
    inputs = {
        "sample": randn(1, 2, 4, 8, 8),
        "timestep": torch.tensor([7]),
        "encoder_hidden_states": randn(2, 2, 77, 16),
        "timestep_cond": randn(7, 2, 12),
    }
    export(
        out / "unet",
        unet,
        lambda s, t, e, c: unet(s, t, e, timestep_cond=c).sample,
        inputs,
        ["out_sample"],
        {
            "sample": space,
            "timestep": {0: "steps"},
            "encoder_hidden_states": {**batch, 1: "sequence_length"},
            "timestep_cond": batch,
            "out_sample": space,
        },
        external=True,
    )
    latent = {**batch, 2: "height_latent", 3: "width_latent"}
    export(
        out / "vae_decoder",
        vae,
        lambda z: vae.decode(z).sample,
        {"latent_sample": randn(1, 1, 4, 8, 8)},
        ["sample"],
        {"latent_sample": latent, "sample": space},
    )
    export(
        out / "vae_encoder",
        vae,
        lambda x: vae.encode(x).latent_dist.parameters,
        {"sample": randn(1, 1, 3, 64, 64)},
        ["latent_parameters"],
        {"sample": space, "latent_parameters": latent},
    )
    copy(FAMILIES / "lcm", out, "tokenizer", "scheduler", "model_index.json", "text_encoder/config.json", "unet/config.json")
    for name in ("vae_decoder", "vae_encoder"):
        shutil.copy(FAMILIES / "lcm/vae/config.json", out / name)
    golden(out, text_encoder=words(text, "last"), unet=unet_golden(unet, 6, 10, 77, 759.0), vae=vae_golden(vae, 5, 7))


@torch.no_grad()
def sdxl() -> None:
    out, pipe = OUT / "sdxl", load("sdxl", torch.float16)
    first, second, unet, vae = pipe.text_encoder, pipe.text_encoder_2, pipe.unet, pipe.vae
    ids = torch.ones(1, 77, dtype=torch.int32)
    export(
        out / "text_encoder",
        first,
        lambda i: first(i.long(), output_hidden_states=True).hidden_states[1],
        {"input_ids": ids},
        ["hidden_states.1"],
        {},
    )
    export(
        out / "text_encoder_2",
        second,
        lambda i: (lambda o: (o.text_embeds, o.last_hidden_state, *o.hidden_states))(second(i, output_hidden_states=True)),
        {"input_ids": ids.long()},
        ["text_embeds", "last_hidden_state", "hidden_states.0", "hidden_states.1", "hidden_states.2"],
        {},
    )
    inputs = {
        "sample": randn(1, 2, 4, 8, 8),
        "timestep": torch.tensor([7, 7]),
        "encoder_hidden_states": randn(2, 2, 77, 40),
        "text_embeds": randn(6, 2, 20),
        "time_ids": torch.ones(2, 6),
    }
    export(
        out / "unet",
        unet,
        lambda s, t, e, p, i: unet(s, t, e, added_cond_kwargs={"text_embeds": p, "time_ids": i}).sample,
        {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in inputs.items()},
        ["out_sample"],
        {},
    )
    export(
        out / "vae_decoder", vae, lambda z: vae.decode(z).sample, {"latent_sample": randn(1, 1, 4, 8, 8).half()}, ["sample"], {}
    )
    copy(FAMILIES / "sdxl", out, "tokenizer", "tokenizer_2", "scheduler")
    ready = ["diffusers", "OnnxRuntimeModel"]
    write_json(
        out / "model_index.json",
        {
            "_class_name": "OnnxStableDiffusionXLPipeline",
            "scheduler": ["diffusers", "EulerDiscreteScheduler"],
            "text_encoder": ready,
            "text_encoder_2": ready,
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "tokenizer_2": ["transformers", "CLIPTokenizer"],
            "unet": ready,
            "vae_decoder": ready,
        },
    )
    first, second, unet, vae = (model.float() for model in (first, second, unet, vae))
    golden(
        out,
        text_encoder=words(first, "penultimate"),
        text_encoder_2=words(second, "penultimate", "text_embeds"),
        unet=unet_golden(unet, 8, 8, 77, 801.0),
        vae={name: tensor for name, tensor in vae_golden(vae, 8, 8).items() if name in ("latent_sample", "decoded")},
    )


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    shutil.rmtree(OUT, ignore_errors=True)
    lcm()
    sdxl()
    versions = {
        "command": "python golden/onnx_repository.py",
        "torch": torch.__version__,
        "onnx": onnx.__version__,
        "diffusers": diffusers.__version__,
    }
    (OUT / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")
