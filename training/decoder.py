"""Trains the decoder alone, on the latents that the UNet makes: `python decoder.py DIR --minutes 12` resumes DIR/vae-fixed.pt.

The latents of painted scenes are noised and denoised by DIR/diffusion.pt in a few of DDIM's steps, so that the decoder learns to
see past the UNet's own errors. What L1 would average away, a patch discriminator with feature matching (Isola et al. 2017, Wang
et al. 2018) keeps sharp. The latents themselves do not change: the encoder and the UNet stay as they are.
"""

import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny, DDIMScheduler
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

import diffusion
import emoji
import latents
import scenes
import sheet
from vae import CROP, NOISE, cut_out, gradients, painted, psnr, random_places

SCENES, BATCH = 6000, 250
STEPS, MOST_STEPS = 20, 7  # of DDIM's 20 so many at most are done again: what a scene shows stays
ADVERSARIAL, MATCHING = 0.05, 1.0  # weights beside L1


def build_discriminator() -> nn.ModuleList:
    """[N, 3, S, S] → a logit for each patch of 38 pixels, [N, 1, S/8, S/8]; stages, whose results are the features."""
    convolved = lambda a, b, size, stride: spectral_norm(nn.Conv2d(a, b, size, stride, size // 2 - (size % 2 == 0)))
    stage = lambda a, b: nn.Sequential(convolved(a, b, 4, 2), nn.LeakyReLU(0.2))
    return nn.ModuleList([stage(3, 32), stage(32, 64), stage(64, 128), convolved(128, 1, 3, 1)])


def judged(discriminator: nn.ModuleList, x: torch.Tensor) -> list[torch.Tensor]:
    """The features of each stage, the logits last. A little noise hides that real pictures have 256 levels."""
    x, results = x + 0.02 * torch.randn_like(x), []
    for stage in discriminator:
        x = stage(x)
        results.append(x)
    return results


@torch.no_grad()
def repainted(folder: Path, seed: int, device: str) -> tuple[torch.Tensor, torch.Tensor, AutoencoderTiny]:
    """Scenes uint8 [SCENES, 3, S, S], their latents as the UNet repaints them [SCENES, 4, S/8, S/8], the autoencoder."""
    sprites, things = emoji.load(folder)
    text, unet, vae, words = (m.to(device) if isinstance(m, nn.Module) else m for m in sheet.load(folder))
    vae.to(memory_format=torch.channels_last)
    painter, rng = scenes.Painter(sprites, device), random.Random(seed)
    torch.manual_seed(seed)
    scheduler = DDIMScheduler(**diffusion.SCHEDULER)
    scheduler.set_timesteps(STEPS)
    pictures, made = [], []
    for _ in range(0, SCENES, BATCH):
        drawn = [scenes.sample(things, rng) for _ in range(BATCH)]
        said = [scenes.caption(scene, things, rng) for scene in drawn]
        shown = painter.paint(drawn)
        x = latents.encode(vae, shown) / latents.SPREAD
        steps = scheduler.timesteps[-rng.randint(1, MOST_STEPS) :]
        x = scheduler.add_noise(x, torch.randn_like(x), steps[:1].expand(len(x)).to(device))
        with diffusion.precision(device):
            x = sheet.denoised(text, unet, words, said, x, scheduler, steps, guidance=rng.uniform(1, 3))
        pictures.append(shown)
        made.append(x * latents.SPREAD)
    return torch.cat(pictures), torch.cat(made), vae


def crops(pictures: torch.Tensor, made: torch.Tensor, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The same random parts of pictures [batch, 3, CROP, CROP] in [-1, 1] and of latents."""
    places = random_places(len(pictures), batch, emoji.SIZE // 8, CROP // 8)
    seen = cut_out(pictures, [(i, 8 * top, 8 * left) for i, top, left in places], CROP)
    return seen.float().div(127.5).sub(1), cut_out(made, places, CROP // 8)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=16, help="half of it latents of the encoder, half of the UNet")
    parser.add_argument("--lr", type=float, default=6e-4)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    path = args.folder / "vae-fixed.pt"
    saved = torch.load(path, map_location=device)
    steps = saved.get("steps", 0)
    start = last = time.time()
    pictures, made, vae = repainted(args.folder, steps + 1, device)
    print(f"{len(pictures)} scenes repainted in {time.time() - start:.0f} s", flush=True)
    held = painted(args.folder, 64, 0).to(device)
    discriminator = build_discriminator().to(device, memory_format=torch.channels_last)
    painter = torch.optim.AdamW(vae.decoder.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    judge = torch.optim.AdamW(discriminator.parameters(), lr=args.lr, betas=(0.5, 0.99))

    def save() -> None:
        torch.save({**saved, "vae": vae.state_dict(), "steps": steps}, path)

    first, start, losses = steps, time.time(), []
    while (spent := (time.time() - start) / 60 / args.minutes) < 1:
        for optimizer in (painter, judge):
            optimizer.param_groups[0]["lr"] = args.lr * min(1, (steps - first + 1) / 100) * (1 - spent) + 1e-6
        x, repaint = crops(pictures, made, args.batch)
        x, repaint = (part.contiguous(memory_format=torch.channels_last) for part in (x, repaint))
        half = args.batch // 2
        with torch.autocast(device, torch.bfloat16):
            with torch.no_grad():
                clean = vae.encoder(x[:half])
            y = vae.decoder(torch.cat([clean + NOISE * torch.randn_like(clean), repaint[half:]])).float()
            real = [r.detach() for r in judged(discriminator, x)]
            discriminator.requires_grad_(False)
            fake = judged(discriminator, y)
            discriminator.requires_grad_(True)
            matching = sum(F.l1_loss(a, b) for a, b in zip(fake[:-1], real[:-1]))
            plain = F.l1_loss(y, x) + 2 * F.mse_loss(y, x) + 0.5 * gradients(y, x)
            (plain + MATCHING * matching - ADVERSARIAL * fake[-1].mean()).backward()
            nn.utils.clip_grad_norm_(vae.decoder.parameters(), 1)
            painter.step()
            painter.zero_grad()
            hinge = F.relu(1 - judged(discriminator, x)[-1]).mean() + F.relu(1 + judged(discriminator, y.detach())[-1]).mean()
            hinge.backward()
            judge.step()
            judge.zero_grad()
        steps += 1
        losses.append([plain.item(), matching.item(), hinge.item()])
        if time.time() - last > 30:
            last = time.time()
            means = "  ".join(f"{value:.4f}" for value in torch.tensor(losses).mean(0))
            print(f"{spent * args.minutes:5.1f} min  step {steps}  loss {means}  PSNR {psnr(vae, held):.2f} dB", flush=True)
            losses = []
            save()
    save()
    print(f"done: step {steps}, PSNR {psnr(vae, held):.2f} dB")


if __name__ == "__main__":
    main()
