"""Goes on where a published Trinket stopped: `python restore.py ../public/models/trinket DIR`.

Writes DIR/tokenizer, vae-fixed.pt and diffusion.pt (without the optimizer's memory, which is not published) from the
repository's f16 weights; DIR/emoji.npz must be there (emoji.py). Then `pool.py DIR` paints scenes and `diffusion.py DIR`
trains on.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file

import diffusion
import tokenizer as bpe


def tensors(folder: Path, name: str) -> dict[str, torch.Tensor]:
    (file,) = (folder / name).glob("*.safetensors")
    return {k: v.float() for k, v in load_file(file).items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repository", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    shutil.copytree(args.repository / "tokenizer", args.folder / "tokenizer", dirs_exist_ok=True)

    config = json.loads((args.repository / "vae/config.json").read_text())
    factors = torch.tensor([*config["latent_rgb_factors"], config["latent_rgb_factors_bias"]])
    torch.save({"vae": tensors(args.repository, "vae"), "rgb_factors": factors}, args.folder / "vae-fixed.pt")

    text, unet = diffusion.build(bpe.load(args.folder))
    text.load_state_dict({k.removeprefix("text_model."): v for k, v in tensors(args.repository, "text_encoder").items()})
    unet.load_state_dict(tensors(args.repository, "unet"))
    average = diffusion.Average([text, unet]).shadow
    state = {"text": text.state_dict(), "unet": unet.state_dict(), "average": average, "steps": 0, "minutes": 0.0}
    torch.save(state, args.folder / "diffusion.pt")


if __name__ == "__main__":
    main()
