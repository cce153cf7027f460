import { activationBytes } from '../memory.ts';
import type { Program, Step } from '../program.ts';
import { weightsBytes } from '../upload.ts';

interface Kind {
  count: number;
  flops: number;
  bytes: number;
  ms: number;
  readonly workgroups: number[];
}

/**
 * A program as Markdown: its steps by kernel, with what they compute, read and write.
 * @param msOf how long a step took on a GPU, in milliseconds, where that was measured
 */
export function stepTable(name: string, program: Program, msOf?: (step: Step) => number): string {
  const kinds = new Map<string, Kind>();
  for (const step of program.steps) {
    const { kernel } = step;
    const kind = kinds.get(kernel.name) ?? { count: 0, flops: 0, bytes: 0, ms: 0, workgroups: [] };
    kind.count++;
    kind.flops += kernel.flops;
    kind.bytes += kernel.bytes;
    kind.ms += msOf?.(step) ?? 0;
    kind.workgroups.push(kernel.workgroups.reduce((product, size) => product * size, 1));
    kinds.set(kernel.name, kind);
  }
  const sorted = [...kinds].sort(([, a], [, b]) => b.ms - a.ms || b.flops - a.flops || b.bytes - a.bytes);
  const rows = sorted.map(([kernel, { count, flops, bytes, ms, workgroups }]) => {
    const range = `${Math.min(...workgroups)}–${Math.max(...workgroups)}`;
    const measured = msOf ? ` ${ms.toFixed(2)} | ${(flops / ms / 1e9).toFixed(1)} |` : '';
    return `| ${kernel} | ${count} | ${(flops / 1e9).toFixed(1)} | ${(bytes / 1e6).toFixed(1)} | ${range} |${measured}`;
  });
  const sum = (key: 'flops' | 'bytes') => program.steps.reduce((all, { kernel }) => all + kernel[key], 0);
  const pipelines = new Set(program.steps.map(({ kernel }) => kernel.code)).size;
  return [
    `\n${name}: ${program.steps.length} dispatches, ${program.steadySteps} of them not in every run, ${pipelines} pipelines, ${(sum('flops') / 1e9).toFixed(0)} GFLOP, ${(sum('bytes') / 1e9).toFixed(2)} GB read and written;`,
    `${(weightsBytes(program.weights) / 1e6).toFixed(0)} MB of weights, ${(activationBytes(program) / 1e6).toFixed(1)} MB beside them.`,
    `\n| kernel | dispatches | GFLOP | MB | workgroups |${msOf ? ' ms, each by itself | TFLOP/s |' : ''}\n|---|---|---|---|---|${msOf ? '---|---|' : ''}`,
    ...rows,
  ].join('\n');
}
