import type { InputPort, Program, Step } from './program.ts';

/**
 * The steps with those first that depend on steady inputs and on weights alone, such as the keys and values of a text for all
 * attentions; each part in the order it had. What they make is kept from run to run (memory.ts).
 */
export function steadyFirst(
  steps: readonly Step[],
  inputs: readonly InputPort[],
): Pick<Program, 'steps' | 'steadySteps'> {
  const changing = new Set(inputs.flatMap(({ isSteady, tensor }) => (isSteady ? [] : [tensor])));
  const changes = ({ reads, writes }: Step) =>
    changing.has(writes) || reads.some((operand) => 'tensor' in operand && changing.has(operand.tensor));
  // Of several steps that write parts of one tensor a later one may be the first that changes it.
  for (let known = -1; known < changing.size; ) {
    known = changing.size;
    for (const step of steps) if (changes(step)) changing.add(step.writes);
  }
  const steady = steps.filter((step) => !changes(step));
  return { steps: [...steady, ...steps.filter(changes)], steadySteps: steady.length };
}
