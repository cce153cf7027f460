"""Writes src/schedulers/golden/DPMPP3MSDE.json: every step of k-diffusion's sample_dpmpp_3m_sde, which diffusers does not have.

`python golden/dpmpp_3m_sde.py` from the project's root, in the form of golden/schedulers.py. Its levels are those of one step more,
without the last but one, as A1111 gives them (discard_next_to_last_sigma); the noise of each step is from one generator.
"""

import json

import diffusers
import torch

from sigma_schedules import AYS, LINEAR, OUT, SD1, discrete, levels, sampling, values

CURVES = {
    "use_exponential_sigmas": sampling.get_sigmas_exponential,
    "use_karras_sigmas": sampling.get_sigmas_karras,
}
TYPES = ["normal", "sgm-uniform", "simple", "ddim-uniform", "kl-optimal", "align-your-steps", "polyexponential", "turbo"]
EXPONENTIAL, V = dict(use_exponential_sigmas=True), dict(prediction_type="v_prediction")
GRID = [
    dict(SD1, **EXPONENTIAL),
    dict(SD1, use_karras_sigmas=True),
    dict(LINEAR, **EXPONENTIAL, **V),
    dict(SD1, use_karras_sigmas=True, **V, timestep_spacing="leading", steps_offset=1),
    *(dict(SD1, schedule_type=name, align_your_steps=AYS["StableDiffusion"]) for name in TYPES),
]
STEPS, FEW_STEPS, TAIL, COUNT = [6, 21], [2, 3], (9, 0.7), 16
MODELS = {"ratio": lambda x, t: x * t / (t + 1), "sine": lambda x, t: torch.sin(x + t / 100)}


def randn(seed: int) -> torch.Tensor:
    return torch.randn(1, COUNT, generator=torch.Generator().manual_seed(seed))


def all_levels(config: dict, schedule, steps: int) -> torch.Tensor:
    low, high = float(schedule.sigma_min), float(schedule.sigma_max)
    curve = next((curve for key, curve in CURVES.items() if key in config), None)
    found = (
        curve(steps + 1, low, high).tolist()
        if curve
        else levels(config["schedule_type"], steps + 1, schedule, AYS["StableDiffusion"])
    )
    return torch.tensor([*found[:-2], found[-1]])


def run(config: dict, steps: int, name: str, strength: float | None = None) -> dict:
    training = {key: value for key, value in config.items() if key in SD1}
    schedule = discrete(training)
    sigmas = all_levels(config, schedule, steps)
    timesteps = schedule.sigma_to_t(sigmas[:-1])
    generator, seen = torch.Generator().manual_seed(11), []

    def model(x, sigma, **_):
        scale = (sigma**2 + 1) ** 0.5
        output = MODELS[name](x / scale, schedule.sigma_to_t(sigma))
        return x / scale**2 - output * sigma / scale if "prediction_type" in config else x - sigma * output

    begin = 0 if strength is None else steps - int(steps * strength)
    noise, original = randn(7), 0.8 * randn(8)
    sample = noise * sigmas[0] if strength is None else original + noise * sigmas[begin]
    begun = (
        {} if strength is None else {"strength": strength, "begin": begin, "original": values(original), "noised": values(sample)}
    )
    last = sampling.sample_dpmpp_3m_sde(
        model,
        sample,
        sigmas[begin:],
        callback=lambda state: seen.append(state["x"]),
        disable=True,
        noise_sampler=lambda *_: torch.randn(1, COUNT, generator=generator),
    )
    return {
        "config": config,
        "steps": steps,
        "model": name,
        "noise": values(noise),
        "initNoiseSigma": float(sigmas[0]),
        "timesteps": timesteps.tolist(),
        "sigmas": sigmas.tolist(),
        "samples": [values(x) for x in [*seen[1:], last]],
        **begun,
    }


if __name__ == "__main__":
    versions = {"command": "python golden/dpmpp_3m_sde.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    runs = [run(config, steps, name) for config in GRID for steps, name in zip(STEPS, MODELS)]
    runs += [run(GRID[0], steps, "ratio") for steps in FEW_STEPS]
    runs += [run(config, *TAIL[:1], "sine", TAIL[1]) for config in (GRID[0], GRID[3])]
    text = json.dumps({"versions": versions, "runs": runs}, separators=(",", ":"))
    (OUT / "DPMPP3MSDE.json").write_text(text + "\n")
    print(len(runs), "runs,", len(text) / 1e3, "kB")
