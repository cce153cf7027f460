"""Writes src/schedulers/golden/switches.json: what a solver made from another one's configuration goes by.

`python golden/scheduler_switches.py` from the project's root. A solver replaces types that only others know when it is built
(register_to_config), so that the next one, made `from_config`, reads the replacement.
"""

import inspect
import itertools
import json
from pathlib import Path

import diffusers

OUT = Path(__file__).parent.parent / "src/schedulers/golden"
SOLVERS = [
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "UniPCMultistepScheduler",
]
KEYS = {
    "solver_type": ["midpoint", "heun", "logrho", "bh1", "bh2"],
    "algorithm_type": ["deis", "dpmsolver", "dpmsolver++", "sde-dpmsolver++"],
}
# DPM-Solver takes "deis" and "dpmsolver" with this end only.
END = {"final_sigmas_type": "sigma_min"}


def switched(first: str, second: str, key: str, value: str) -> str | None:
    """The value in the second; None where it cannot be built, or has no such key."""
    own = getattr(diffusers, first).from_config({key: value, **END})
    made = getattr(diffusers, second).from_config({**own.config, **END})
    return made.config.get(key) if key in inspect.signature(type(made).__init__).parameters else None


def main() -> None:
    cases = []
    for first, second in itertools.product(SOLVERS, SOLVERS):
        for key, value in ((key, value) for key, listed in KEYS.items() for value in listed):
            try:
                cases.append({"first": first, "second": second, key: value, "read": switched(first, second, key, value)})
            except NotImplementedError:
                continue
    versions = {"command": "python golden/scheduler_switches.py", "diffusers": diffusers.__version__}
    lines = ",\n".join(json.dumps(case) for case in cases if case["read"] is not None)
    (OUT / "switches.json").write_text(f'{{"versions":{json.dumps(versions)},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
