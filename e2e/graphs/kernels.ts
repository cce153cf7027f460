import { Pipelines } from '../../src/gpu/pipelines.ts';
import { runCase } from '../../src/gpu/run-case.ts';
import { formsOf, randomFrom, wrongKernel } from '../../src/gpu/self-test.ts';
import { variantsOf } from '../../src/gpu/variants.ts';
import { attentionCase } from '../../src/kernels/cases/attention.ts';
import { Draw } from '../../src/kernels/cases/case.ts';
import { elementwiseCase } from '../../src/kernels/cases/elementwise.ts';
import { gemmCase } from '../../src/kernels/cases/gemm.ts';
import { groupNormCase } from '../../src/kernels/cases/group-norm.ts';
import { layerNormCase } from '../../src/kernels/cases/layer-norm.ts';
import { gatherCase, meanCase } from '../../src/kernels/cases/lookups.ts';
import { codesCase, narrowCase } from '../../src/kernels/cases/narrow.ts';
import { normalizeCase } from '../../src/kernels/cases/normalize.ts';
import { quantizedCase } from '../../src/kernels/cases/quantized.ts';
import { softmaxCase } from '../../src/kernels/cases/softmax.ts';
import type { Storage } from '../../src/kernels/kernel.ts';
import { device } from './device.ts';

const CASES = {
  ...{ gemm: gemmCase, quantized: quantizedCase, codes: codesCase, narrow: narrowCase },
  ...{ attention: attentionCase, groupNorm: groupNormCase },
  ...{ normalize: normalizeCase, layerNorm: layerNormCase, softmax: softmaxCase },
  ...{ elementwise: elementwiseCase, gather: gatherCase, mean: meanCase },
};
export type CaseName = keyof typeof CASES;
let pipelines: Pipelines | undefined;

/** Runs a kernel on random small shapes; the error of each, as a part of what is allowed. */
export async function checkKernel(
  name: CaseName,
  storage: Storage,
  seeds: number,
): Promise<Record<string, number>> {
  const { device: gpu } = await device();
  pipelines ??= new Pipelines(gpu);
  const errors: Record<string, number> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const made = CASES[name](new Draw(randomFrom(seed)), storage);
    errors[`${seed}: ${made.title}`] = (await runCase(gpu, pipelines, made)) / (made.tolerance || 1e-9);
  }
  return errors;
}

/** The sums of an invocation: a product's, and attention's. */
const SUMS = [/\bs\d+_\d+ \+= [^;]+;/g, /\bout\d+_\d+ \+= [^;]+;/g];

/** Of many sums the last stays zero; a kernel that has one writes numbers that are one part in twenty too large. */
function broken(code: string): string {
  for (const sums of SUMS) {
    const last = [...code.matchAll(sums)].at(-1);
    if (last) return code.slice(0, last.index) + code.slice(last.index + last[0].length);
  }
  return code.replace(/(fn write_\w+\(i: u32, )value(: [^)]+\) \{)/g, '$1right$2 let value = right * 1.05;');
}

/** What the self-test says, as it is and with each kind of kernel broken: by a part of the kernel's name. */
export async function checkSelfTest(names: readonly string[]): Promise<Record<string, string | undefined>> {
  const { device: gpu } = await device();
  const right = new Pipelines(gpu);
  const variants = variantsOf(gpu.limits.maxComputeWorkgroupStorageSize, true);
  const found: Record<string, string | undefined> = {
    none: await wrongKernel(gpu, right, 'packed16', variants),
  };
  for (const name of names) {
    const pipelines: Pick<Pipelines, 'get'> = {
      get: (kernel) =>
        right.get(kernel.name.includes(name) ? { ...kernel, code: broken(kernel.code) } : kernel),
    };
    found[name] = await wrongKernel(gpu, pipelines as Pipelines, 'packed16', variants);
  }
  return found;
}

/** Of the forms that only GPUs run, how many there are, which compute wrongly, and which pass though their kernel is broken. */
export async function checkForms(): Promise<{ count: number; wrong: string[]; missed: string[] }> {
  const { device: gpu } = await device();
  const right = new Pipelines(gpu);
  const forms = formsOf('packed16', variantsOf(gpu.limits.maxComputeWorkgroupStorageSize, false));
  const wrong: string[] = [];
  const missed: string[] = [];
  for (const form of forms) {
    const pipelines: Pick<Pipelines, 'get'> = {
      get: (kernel) =>
        right.get(kernel === form.steps[0]?.kernel ? { ...kernel, code: broken(kernel.code) } : kernel),
    };
    if (!((await runCase(gpu, right, form)) <= form.tolerance)) wrong.push(form.title);
    if ((await runCase(gpu, pipelines as Pipelines, form)) <= form.tolerance) missed.push(form.title);
  }
  return { count: forms.length, wrong, missed };
}
