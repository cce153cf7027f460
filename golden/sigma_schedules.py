"""Writes src/schedulers/golden/sigma-schedules.json: A1111's schedule types, and k-diffusion's samplers on them.

`python golden/sigma_schedules.py` from the project's root. Noise levels and their timesteps by k-diffusion where it has them
(DiscreteSchedule, get_sigmas_polyexponential), and else by the formula that A1111's modules/sd_schedulers.py names, computed with
numpy and scipy; the tables of Align Your Steps are diffusers' AysSchedules. Then every step of k-diffusion's samplers over some of
them, with the noise of each step from one generator, for a model that gives sin(x + t / 100) as the noise.
"""

import inspect
import json
import math
import sys
import types
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import MagicMock

import diffusers
import numpy as np
import torch
from diffusers.schedulers.scheduling_utils import AysSchedules

# The package's own __init__ imports its training tools, which take much that is not needed here.
package = types.ModuleType("k_diffusion")
package.__path__ = find_spec("k_diffusion").submodule_search_locations
sys.modules["k_diffusion"] = package
sys.modules.setdefault("torchvision", MagicMock())
sys.modules.setdefault("torchvision.transforms", MagicMock())
from k_diffusion import external, sampling  # noqa: E402

OUT = Path(__file__).resolve().parent.parent / "src/schedulers/golden"
SD1 = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear")
LINEAR = dict(num_train_timesteps=1000, beta_start=0.0001, beta_end=0.02, beta_schedule="linear")
STEPS = [1, 2, 3, 5, 10, 11, 16, 20, 30, 37]
AYS = {kind: [*AysSchedules[f"{kind}Sigmas"][:-1], 0.029] for kind in ("StableDiffusion", "StableDiffusionXL")}


def discrete(config: dict) -> external.DiscreteSchedule:
    alphas = diffusers.DDPMScheduler(**config).alphas_cumprod
    return external.DiscreteSchedule(((1 - alphas) / alphas) ** 0.5, quantize=False)


def levels(name: str, n: int, schedule: external.DiscreteSchedule, table: list[float]) -> list[float]:
    """All levels, the last one too: 0 but for KL Optimal."""
    all_sigmas, low, high = schedule.sigmas.double().numpy(), float(schedule.sigma_min), float(schedule.sigma_max)
    top = len(all_sigmas) - 1
    if name == "polyexponential":
        return sampling.get_sigmas_polyexponential(n, low, high, rho=1.0).tolist()
    if name == "normal":
        return schedule.get_sigmas(n).tolist()
    if name == "sgm-uniform":
        return [*schedule.t_to_sigma(torch.linspace(top, 0, n + 1))[:-1].tolist(), 0.0]
    if name == "kl-optimal":
        # Sahoo et al.: evenly spaced angles, all n steps between the two ends.
        return np.tan(np.linspace(math.atan(high), math.atan(low), n + 1)).tolist()
    if name == "simple":
        return [*(float(all_sigmas[top - math.floor(i * len(all_sigmas) / n)]) for i in range(n)), 0.0]
    if name == "ddim-uniform":
        return [*all_sigmas[1 :: max(len(all_sigmas) // n, 1)][::-1].tolist(), 0.0]
    if name == "turbo":
        return [*(float(all_sigmas[round(1000 / n * k - 1)]) for k in range(n, 0, -1)), 0.0]
    if name == "align-your-steps":
        # From the lowest on, so that a single step is the lowest.
        at = np.linspace(0, len(table) - 1, n)
        return [*np.exp(np.interp(at, range(len(table)), np.log(table[::-1])))[::-1].tolist(), 0.0]
    raise ValueError(name)


NAMES = ["polyexponential", "sgm-uniform", "kl-optimal", "align-your-steps", "simple", "normal", "ddim-uniform", "turbo"]


def timesteps(schedule: external.DiscreteSchedule, sigmas: list[float]) -> list[float]:
    return schedule.sigma_to_t(torch.tensor(sigmas, dtype=torch.float32)).tolist()


def values(tensor: torch.Tensor) -> list[float]:
    return [float(f"{v:.9g}") for v in tensor.flatten().tolist()]


SAMPLERS = {
    "EulerDiscreteScheduler": sampling.sample_euler,
    "EulerAncestralDiscreteScheduler": sampling.sample_euler_ancestral,
    "LMSDiscreteScheduler": sampling.sample_lms,
    "DPMSolverMultistepScheduler": sampling.sample_dpmpp_2m,
}


def run(sampler, schedule: external.DiscreteSchedule, sigmas: list[float], count: int) -> dict:
    """Every sample of x0 + sigma * noise from the second level on, and the first."""
    generator = torch.Generator().manual_seed(11)
    noise = torch.randn(count, generator=torch.Generator().manual_seed(7))[None]
    first, seen, denoised = noise * (sigmas[0] ** 2 + 1) ** 0.5, [], []
    stochastic = "noise_sampler" in inspect.signature(sampler).parameters
    extras = {"noise_sampler": lambda *_: torch.randn(1, count, generator=generator)} if stochastic else {}

    def model(x, sigma, **_):
        output = torch.sin(x / (sigma**2 + 1) ** 0.5 + schedule.sigma_to_t(sigma) / 100)
        return x - sigma * output

    def callback(state):
        seen.append(state["x"])
        denoised.append(state["denoised"])

    last = sampler(model, first, torch.tensor(sigmas, dtype=torch.float32), callback=callback, disable=True, **extras)
    return {"noise": values(noise), "samples": [values(x) for x in [*seen[1:], last]]}


def main() -> None:
    versions = {"command": "python golden/sigma_schedules.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    lists, runs = [], []
    for config in (SD1, LINEAR):
        schedule = discrete(config)
        for name in NAMES:
            for kind, table in AYS.items() if name == "align-your-steps" else [(None, [])]:
                for n in STEPS:
                    sigmas = levels(name, n, schedule, table)
                    known = {"config": config, "schedule": name, "table": kind, "steps": n}
                    lists.append({**known, "sigmas": sigmas, "timesteps": timesteps(schedule, sigmas[:-1])})
    schedule = discrete(SD1)
    for className, sampler in SAMPLERS.items():
        for name in NAMES:
            sigmas = levels(name, 16, schedule, AYS["StableDiffusion"])
            runs.append({"className": className, "schedule": name, "steps": 16, **run(sampler, schedule, sigmas, 16)})
    tables = dict(zip(("sd1", "sdxl"), AYS.values()))
    text = json.dumps({"versions": versions, "tables": tables, "lists": lists, "runs": runs}, separators=(",", ":"))
    (OUT / "sigma-schedules.json").write_text(text + "\n")
    print(len(lists), "lists,", len(runs), "runs,", len(text) / 1e3, "kB")


if __name__ == "__main__":
    main()
