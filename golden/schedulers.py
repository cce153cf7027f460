"""Every step of diffusers' schedulers over a grid of configurations: `python golden/schedulers.py` from the project's root.

Writes src/schedulers/golden/*.json: config, timesteps, sigmas, and the sample after every step, for the model functions
of diffusers' own tests (sample · t / (t + 1)) and for sin(sample + t / 100). And timesteps.json: for every number of
steps up to 150 the sum of k · timestep over the k-th of them, k from 1.
"""

import inspect
import json
from pathlib import Path

import diffusers
import torch

OUT = Path(__file__).resolve().parent.parent / "src/schedulers/golden"
SD1 = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)
TRINKET = dict(SD1, prediction_type="v_prediction", rescale_betas_zero_snr=True, timestep_spacing="trailing", clip_sample=False, set_alpha_to_one=True)
LEGACY = dict(SD1, steps_offset=1, set_alpha_to_one=False, clip_sample=False, skip_prk_steps=True)
LINEAR = dict(num_train_timesteps=1000, beta_start=0.0001, beta_end=0.02, beta_schedule="linear", skip_prk_steps=True)
COSINE = dict(num_train_timesteps=1000, beta_schedule="squaredcos_cap_v2", skip_prk_steps=True, clip_sample=False)
SPACINGS = [dict(LEGACY, timestep_spacing=s) for s in ("linspace", "leading", "trailing")]
COMMON = [LEGACY, LINEAR, COSINE, *SPACINGS, dict(LEGACY, prediction_type="v_prediction"), dict(TRINKET, skip_prk_steps=True)]
KARRAS = dict(use_karras_sigmas=True)
GRID = {
    "DDIMScheduler": [*COMMON, dict(LEGACY, prediction_type="sample"), dict(LEGACY, clip_sample=True), dict(LEGACY, set_alpha_to_one=True), dict(LEGACY, eta=1), dict(TRINKET, eta=0.4)],
    "EulerAncestralDiscreteScheduler": COMMON,
    "LCMScheduler": [LEGACY, LINEAR, dict(LEGACY, prediction_type="v_prediction"), dict(LEGACY, prediction_type="sample"), dict(LEGACY, clip_sample=True), dict(TRINKET, original_inference_steps=40)],
    "PNDMScheduler": [*COMMON, dict(LEGACY, set_alpha_to_one=True)],
    "EulerDiscreteScheduler": [*COMMON, dict(LEGACY, prediction_type="sample"), dict(LEGACY, **KARRAS), dict(TRINKET, **KARRAS), dict(LEGACY, final_sigmas_type="sigma_min")],
    "DPMSolverMultistepScheduler": [*COMMON, dict(LEGACY, prediction_type="sample"), dict(LEGACY, **KARRAS), dict(TRINKET, **KARRAS),
                                    dict(LEGACY, final_sigmas_type="sigma_min"), dict(LEGACY, solver_type="heun"), dict(LEGACY, solver_order=1), dict(LEGACY, euler_at_final=True), dict(LEGACY, lower_order_final=False)],
}
# Sixteen values and more are drawn another way than fewer.
VALUES = {"EulerAncestralDiscreteScheduler": 16, "LCMScheduler": 18}
STEPS = [7, 20]
FEW_STEPS = [1, 2, 3]
MODELS = {"ratio": lambda x, t: x * t / (t + 1), "sine": lambda x, t: torch.sin(x + t / 100)}


def run(name: str, config: dict, steps: int, model: str) -> dict:
    config, eta = dict(config), config.get("eta", 0)
    scheduler = getattr(diffusers, name).from_config({"_class_name": name, **{k: v for k, v in config.items() if k != "eta"}})
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(11)
    accepted = inspect.signature(scheduler.step).parameters
    extras = {k: v for k, v in {"generator": generator, "eta": eta}.items() if k in accepted}
    noise = torch.randn(VALUES.get(name, 6), generator=torch.Generator().manual_seed(7))
    sample, samples = noise * scheduler.init_noise_sigma, []
    for t in scheduler.timesteps:
        output = MODELS[model](scheduler.scale_model_input(sample, t), t.float())
        sample = scheduler.step(output, t, sample, **extras).prev_sample
        samples.append([float(f"{v:.9g}") for v in sample.tolist()])
    sigmas = scheduler.sigmas.tolist() if len(getattr(scheduler, "sigmas", [])) == len(scheduler.timesteps) + 1 else None
    return {"config": config, "steps": steps, "model": model, "noise": noise.tolist(), "initNoiseSigma": float(scheduler.init_noise_sigma),
            "timesteps": scheduler.timesteps.tolist(), "sigmas": sigmas, "samples": samples}


def timestep_sums(name: str, spacing: str, offset: int) -> list[float]:
    scheduler = getattr(diffusers, name)(timestep_spacing=spacing, steps_offset=offset, **({"skip_prk_steps": True} if name.startswith("PNDM") else {}))
    sums = []
    for steps in range(1, 151):
        scheduler.set_timesteps(steps)
        # With 61, 103, … trailing steps numpy.arange gives one more, timestep −1.
        sums.append(sum(k * t for k, t in enumerate(scheduler.timesteps.double().tolist(), 1) if t >= 0))
    return sums


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    versions = {"command": "python golden/schedulers.py", "diffusers": diffusers.__version__, "torch": torch.__version__}
    for name, configs in GRID.items():
        runs = [run(name, config, steps, model) for config in configs for steps, model in zip(STEPS, MODELS)]
        runs += [run(name, LEGACY, steps, "ratio") for steps in FEW_STEPS]
        path = OUT / f"{name}.json"
        path.write_text(json.dumps({"versions": versions, "runs": runs}, separators=(",", ":")) + "\n")
        print(f"{name}: {len(runs)} runs, {path.stat().st_size / 1e3:.0f} kB")
    sums = [{"name": n, "spacing": s, "offset": o, "sums": timestep_sums(n, s, o)} for n in GRID if n != "LCMScheduler" for s, o in (("linspace", 0), ("leading", 1), ("trailing", 0))]
    (OUT / "timesteps.json").write_text(json.dumps({"versions": versions, "sums": sums}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
