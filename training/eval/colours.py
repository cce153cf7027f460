"""What colour a picture's background has, and what it shows: by measuring, without a model."""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[1]))
import scenes

FRAME = 4  # pixels at the edge: things seldom reach there
DIFFERS = 12  # CIE76 between a thing's pixel and the background
CHROMATIC = 20  # Lab chroma from which on a pixel has a hue
FEW = 0.25  # share of a thing's pixels with a hue below which it counts as black
HUES = tuple(dye for dye in scenes.DYES if dye != "black")
SHADES = tuple(f"{shade} {name}" for name in scenes.SHADED for shade in ("light", "dark"))
BACKGROUNDS = (*scenes.BACKGROUNDS, *SHADES)


def lab(rgb: torch.Tensor) -> torch.Tensor:
    """sRGB [..., 3] in 0…1 → CIE Lab (D65)."""
    linear = torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = torch.tensor([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (linear @ to_xyz.T / torch.tensor([0.9505, 1, 1.089])).unbind(-1)
    f = lambda t: torch.where(t > 0.008856, t.clamp(min=1e-6) ** (1 / 3), 7.787 * t + 16 / 116)
    return torch.stack([116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))], -1)


def frames(pixels: torch.Tensor) -> torch.Tensor:
    """Median [N, 3] of what lies within FRAME of the edge of [N, S, S, 3]."""
    inside = torch.zeros(pixels.shape[1:3], dtype=torch.bool)
    inside[FRAME:-FRAME, FRAME:-FRAME] = True
    return pixels[:, ~inside].median(1).values


def backgrounds(pictures: torch.Tensor) -> list[str]:
    """The nearest of BACKGROUNDS for each of uint8 [N, 3, S, S]."""
    names = torch.stack([lab(scenes.background_rgb(name)) for name in BACKGROUNDS])
    return [BACKGROUNDS[i] for i in torch.cdist(lab(frames(pictures.permute(0, 2, 3, 1)) / 255), names).argmin(1).tolist()]


def tones() -> torch.Tensor:
    """Lab [len(HUES), tones, 3]: each dye in shadow and in light, as scenes.dyed paints it."""
    tone = torch.linspace(0, 2, 13)[:, None]
    return lab(torch.stack([scenes.toned(torch.tensor(scenes.RGB[name]) / 255, tone) for name in HUES]))


def dyes(pictures: torch.Tensor) -> list[tuple[str, float]]:
    """For each of uint8 [N, 3, S, S]: the dye that most of what is no background is nearest to, and by what share of it."""
    curves = tones().flatten(0, 1)
    return [found for batch in pictures.split(64) for found in dyes_of_batch(batch, curves)]


def dyes_of_batch(pictures: torch.Tensor, curves: torch.Tensor) -> list[tuple[str, float]]:
    pixels = lab(F.avg_pool2d(pictures.float() / 255, 2).permute(0, 2, 3, 1))
    thing = (pixels - frames(pixels)[:, None, None]).norm(dim=-1) > DIFFERS
    hued = thing & (pixels[..., 1:].norm(dim=-1) > CHROMATIC)
    nearest = torch.cdist(pixels.flatten(0, 2), curves).argmin(1).view(hued.shape) // (len(curves) // len(HUES))
    found = []
    for has, mine, hue in zip(thing, hued, nearest):
        votes = torch.bincount(hue[mine], minlength=len(HUES)) / has.sum().clamp(min=1)
        found.append((HUES[votes.argmax()], votes.max().item()) if votes.sum() >= FEW else ("black", 1 - votes.sum().item()))
    return found
