import { expect, test } from 'vitest';
import type { ControlFile } from './control-file.ts';
import { openedNets } from './opened-nets.ts';

const file = (kind: ControlFile['kind'], hash: string): ControlFile => ({
  ...{ kind, name: hash, hash, config: undefined, tensors: new Map() },
});
const [edges, union, other, adapter] = [
  file('ControlNet', 'edges'),
  file('ControlNet Union', 'union'),
  file('ControlNet Union', 'other'),
  file('T2I-Adapter', 'adapter'),
] as const;

test('a Union is opened once for all of its maps, any other ControlNet for each', () => {
  const places = openedNets([union, edges, adapter, union, edges, other]).map((net) => [
    net.file.name,
    net.places,
  ]);
  expect(places).toEqual([
    ['union', [0, 3]],
    ['edges', [1]],
    ['edges', [4]],
    ['other', [5]],
  ]);
});
