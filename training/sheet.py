"""A contact sheet from the training's current state: `python sheet.py DIR OUT.png`, DDIM 20 steps, guidance 2.5."""

import argparse
from pathlib import Path

import numpy as np
import torch
from diffusers import DDIMScheduler
from PIL import Image, ImageDraw

import diffusion
import emoji
import latents
import tokenizer as bpe
import vae as autoencoder

PROMPTS = [
    "a red apple",
    "a cat face",
    "a rocket",
    "a penguin",
    "a hamburger",
    "a guitar",
    "a grinning face",
    "an owl",
    "a purple dog",
    "a green heart",
    "a blue banana",
    "a pink elephant",
    "a black rabbit",
    "a red frog",
    "a yellow car",
    "an orange fish",
    "a rocket on a blue background",
    "a rose, black background",
    "a ghost on a pink to orange gradient",
    "a tree on dark green",
    "a small house, top left",
    "a tiny ant",
    "a big lemon",
    "an upside-down snail",
    "a cat next to a pizza",
    "a dog and a robot",
    "a key above a heart",
    "a strawberry beside a whale on yellow",
    "three red apples",
    "two ducks on a blue background",
    "a flat bicycle",
    "a cat, a pizza and a rocket",
]


@torch.no_grad()
def denoised(text, unet, words, prompts, x, scheduler, timesteps, guidance) -> torch.Tensor:
    """Latents [N, 4, S/8, S/8] of unit variance, one a prompt, taken through these steps."""
    ids = torch.tensor([e.ids for e in words.encode_batch([*prompts, *[""] * len(prompts)])], device=x.device)
    context = text(ids).last_hidden_state
    for t in timesteps:
        cond, uncond = unet(torch.cat([x, x]), t, context).sample.float().chunk(2)
        x = scheduler.step(uncond + guidance * (cond - uncond), t, x).prev_sample
    return x


@torch.no_grad()
def sample(text, unet, vae, words, prompts, steps=20, guidance=2.5, seed=0) -> np.ndarray:
    """uint8 [N, S, S, 3], one picture a prompt."""
    scheduler = DDIMScheduler(**diffusion.SCHEDULER)
    scheduler.set_timesteps(steps)
    x = torch.randn(len(prompts), 4, 16, 16, generator=torch.Generator().manual_seed(seed))
    x = denoised(text, unet, words, prompts, x, scheduler, scheduler.timesteps, guidance)
    pictures = vae.decoder(x * latents.SPREAD).clamp(-1, 1)
    return ((pictures + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()


def sheet(pictures: np.ndarray, labels: list[str], columns: int = 8) -> Image.Image:
    cell = emoji.SIZE + 14
    out = Image.new("RGB", (columns * emoji.SIZE, -(-len(labels) // columns) * cell), "white")
    draw = ImageDraw.Draw(out)
    for i, (picture, label) in enumerate(zip(pictures, labels)):
        left, top = i % columns * emoji.SIZE, i // columns * cell
        out.paste(Image.fromarray(picture), (left, top))
        draw.text((left + 4, top + emoji.SIZE), label, fill="black")
    return out


def load(folder: Path):
    """Text encoder and UNet at their averages, the autoencoder, the vocabulary."""
    words = bpe.load(folder)
    text, unet = diffusion.build(words)
    saved = torch.load(folder / "diffusion.pt", map_location="cpu")
    with torch.no_grad():
        for parameter, value in zip([*text.parameters(), *unet.parameters()], saved["average"]):
            parameter.copy_(value)
    vae = autoencoder.build()
    vae.load_state_dict(torch.load(folder / "vae-fixed.pt", map_location="cpu")["vae"])
    return text.eval(), unet.eval(), vae.eval(), words


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    sheet(sample(*load(args.folder), PROMPTS), PROMPTS).save(args.out)
