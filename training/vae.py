"""Trains the autoencoder: pictures [B, 3, 128, 128] in [-1, 1] ↔ latents [B, 4, 16, 16].

`python vae.py DIR --minutes 15` resumes DIR/vae.pt when it is there.
"""

import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

import emoji
import scenes

CROP = 64
SCENES = 6000
NOISE = 0.03  # standard deviation of what is added to latents of about 0.5: it keeps them smooth


def build() -> AutoencoderTiny:
    # No residual block at full resolution: that one level would cost as much as all the others together.
    blocks = dict(num_encoder_blocks=(0, 1, 3, 3), num_decoder_blocks=(3, 3, 1, 0))
    return AutoencoderTiny(encoder_block_out_channels=(48,) * 4, decoder_block_out_channels=(48,) * 4, **blocks)


def gradients(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """L1 between horizontal and vertical differences: what keeps outlines sharp."""
    return F.l1_loss(a.diff(dim=2), b.diff(dim=2)) + F.l1_loss(a.diff(dim=3), b.diff(dim=3))


def painted(folder: Path, count: int, seed: int) -> torch.Tensor:
    """uint8 [count, 3, S, S] of random scenes."""
    sprites, things = emoji.load(folder)
    painter, rng = scenes.Painter(sprites), random.Random(seed)
    batches = [min(250, count - i) for i in range(0, count, 250)]
    return torch.cat([painter.paint([scenes.sample(things, rng) for _ in range(n)]) for n in batches])


def random_places(count: int, batch: int, side: int, size: int) -> list[tuple[int, int, int]]:
    """Which of `count` squares of this side, and top and left of a square of `size` within."""
    chosen = torch.randint(count, (batch,)).tolist()
    return [(i, *torch.randint(side - size + 1, (2,)).tolist()) for i in chosen]


def cut_out(x: torch.Tensor, places: list[tuple[int, int, int]], size: int) -> torch.Tensor:
    """[N, C, side, side] → [batch, C, size, size]."""
    return torch.stack([x[i, :, top : top + size, left : left + size] for i, top, left in places])


def crops(pictures: torch.Tensor, batch: int) -> torch.Tensor:
    """Random crops [batch, 3, CROP, CROP]: convolutions need no more, at a quarter of the price."""
    places = random_places(len(pictures), batch, emoji.SIZE, CROP)
    return cut_out(pictures, places, CROP).float().div(127.5).sub(1)


@torch.no_grad()
def psnr(vae: AutoencoderTiny, pictures: torch.Tensor) -> float:
    """Mean over the pictures, dB."""
    x = pictures.float().div(127.5).sub(1)
    y = vae.decoder(vae.encoder(x)).clamp(-1, 1)
    return float((10 * torch.log10(4 / (x - y).square().mean(dim=(1, 2, 3)))).mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    path, steps = args.folder / "vae.pt", 0
    vae = build().to(device, memory_format=torch.channels_last)
    if path.exists():
        saved = torch.load(path, map_location=device)
        vae.load_state_dict(saved["vae"])
        steps = saved["steps"]
    pictures = painted(args.folder, SCENES, steps + 1).to(device)
    held = painted(args.folder, 64, 0).to(device)
    optimizer = torch.optim.AdamW(vae.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    torch.manual_seed(steps)

    def save() -> None:
        torch.save({"vae": vae.state_dict(), "steps": steps}, path)

    start = last = time.time()
    while (spent := (time.time() - start) / 60 / args.minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = args.lr * min(1, (steps + 1) / 100) * (1 - spent) + 1e-6
        x = crops(pictures, args.batch).to(device, memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16):
            z = vae.encoder(x)
            y = vae.decoder(z + NOISE * torch.randn_like(z))
        y, z = y.float(), z.float()
        loss = F.l1_loss(y, x) + 2 * F.mse_loss(y, x) + 0.5 * gradients(y, x) + 0.002 * z.square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1)
        optimizer.step()
        steps += 1
        if time.time() - last > 30:
            last = time.time()
            print(
                f"{spent * args.minutes:5.1f} min  step {steps}  loss {loss:.4f}  z std {z.std():.2f}  PSNR {psnr(vae, held):.2f} dB",
                flush=True,
            )
            save()
    save()
    print(f"done: step {steps}, PSNR {psnr(vae, held):.2f} dB")


if __name__ == "__main__":
    main()
