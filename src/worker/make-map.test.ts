import { expect, test, vi } from 'vitest';
import type { FoundModel } from '../loaders/find-model.ts';
import type { Model } from '../loaders/loader.ts';
import { MAP_DEFAULTS, type MapRequest } from '../protocol/map-request.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createEngine, type EngineWorld } from './engine.ts';
import type { MakeMap } from './make-map.ts';

const MAP = { picture: new Blob(), ...MAP_DEFAULTS, width: 64, height: 64, device: 'wasm' } as const;
const CONTEXT = { signal: new AbortController().signal, waits: () => {}, progress: () => {} };

/** An engine that paints until it is let go, on a runtime that computes nothing. */
function engine() {
  const runtime = { target: { provider: 'wasm' }, usedDevice: {}, dispose: () => {} } as unknown as Runtime;
  let end = () => {};
  const made = vi.fn<MakeMap>(async () => ({ map: new Blob() }));
  const world: Partial<EngineWorld> = {
    openRuntime: async () => runtime,
    findModel: async () => ({ fetchAll: () => {} }) as unknown as FoundModel,
    choiceKey: async () => 'any',
    loadModel: async () =>
      ({
        setBits: async () => {},
        setLoras: async () => ({ embeddings: [], notes: [] }),
      }) as unknown as Model,
    findLoras: async () => [],
    findControls: async () => [],
    findIpAdapters: async () => [],
    findBundledEmbeddings: async () => [],
    pipeline: vi.fn(() => new Promise<void>((resolve) => (end = resolve))),
    makeMap: made,
  };
  const { generate, makeMap } = createEngine(world as EngineWorld);
  return {
    made,
    runtime,
    paint: async () => {
      const running = generate(requestWith({ device: 'wasm' }), CONTEXT);
      await vi.waitFor(() => expect(world.pipeline).toHaveBeenCalledOnce());
      const finish = async () => {
        end();
        await running;
      };
      return { finish };
    },
    makeMap: (params: Pick<MapRequest, 'preprocessor' | 'model'>) => makeMap({ ...MAP, ...params }, CONTEXT),
  };
}

test('a map that plain code makes comes while a picture is painted; one by a network waits for its turn', async () => {
  const { paint, makeMap, made, runtime } = engine();
  const { finish } = await paint();
  await makeMap({ preprocessor: 'canny', model: null });
  expect(made.mock.lastCall?.[2]).toBeNull();

  const depth = makeMap({ preprocessor: 'depth', model: 'owner/depth' });
  await new Promise((resolve) => setTimeout(resolve));
  expect(made).toHaveBeenCalledOnce();
  await finish();
  await depth;
  expect(made.mock.lastCall?.[2]).toBe(runtime);
});

test.each([
  ['depth', null],
  ['canny', 'owner/depth'],
] as const)('%s with the model %s is refused', async (preprocessor, model) => {
  const { makeMap, made } = engine();
  await expect(makeMap({ preprocessor, model })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { field: 'model' },
  });
  expect(made).not.toHaveBeenCalled();
});
