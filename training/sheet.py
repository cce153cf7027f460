"""A contact sheet from the training's current state: `python sheet.py DIR OUT.png`, DDIM 20 steps, guidance 4."""

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
    "a red apple", "red heart", "grinning face", "a cat face", "a rocket", "blue book", "a banana", "pizza",
    "a dog face", "a tree", "an owl", "hamburger", "soccer ball", "a car", "the sun", "a guitar",
    "umbrella", "a fish", "green apple", "strawberry", "a penguin", "a house", "key", "light bulb",
    "a frog", "ice cream", "trophy", "rose", "an airplane", "blue heart", "a pink circle", "mushroom",
]


@torch.no_grad()
def sample(text, unet, vae, words, prompts, steps=20, guidance=4.0, seed=0) -> np.ndarray:
    """uint8 [N, S, S, 3], one picture a prompt."""
    scheduler = DDIMScheduler(**diffusion.SCHEDULER)
    scheduler.set_timesteps(steps)
    context = text(torch.tensor([e.ids for e in words.encode_batch([*prompts, *[""] * len(prompts)])])).last_hidden_state
    x = torch.randn(len(prompts), 4, 16, 16, generator=torch.Generator().manual_seed(seed))
    for t in scheduler.timesteps:
        cond, uncond = unet(torch.cat([x, x]), t, context).sample.chunk(2)
        x = scheduler.step(uncond + guidance * (cond - uncond), t, x).prev_sample
    pictures = autoencoder.decode(vae, x * latents.SPREAD).clamp(-1, 1)
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
    vae = autoencoder.build("tiny")
    vae.load_state_dict(torch.load(folder / "vae-fixed.pt", map_location="cpu")["vae"])
    return text.eval(), unet.eval(), vae.eval(), words


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    sheet(sample(*load(args.folder), PROMPTS), PROMPTS).save(args.out)
