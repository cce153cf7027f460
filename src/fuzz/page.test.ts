import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { parseNumbers, parseSizes, parseTerms } from '../experiments/values.ts';
import { parseModelRow } from '../hub/model-row.ts';
import { parseEmphasis } from '../prompt/emphasis.ts';
import { takeLoraTags } from '../prompt/lora-tags.ts';
import { promptSchedule } from '../prompt/schedule.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { parseRequest } from '../protocol/request.ts';
import { ownName } from '../protocol/root.ts';
import { anyRequest } from '../protocol/samples/any-request.ts';
import { createSettingsStore } from '../state/form/settings-store.ts';
import { readHash } from '../state/form/url.ts';
import { picturesInZip } from '../storage/gallery-zip.ts';
import { parseRow } from '../storage/picture-row.ts';
import { readSetup } from '../storage/stored-experiments.ts';
import { readStoredJob } from '../storage/stored-queue.ts';
import { fuzz } from './samples/fuzz.ts';
import { anyBytes, anyJson, anyText } from './samples/mutations.ts';

fuzz(
  'links',
  anyText(
    '#prompt=a+red+apple&negative=blue&seed=7&steps=150&guidance=2.5&sampler=euler&width=1024&model=a%2Fb&hires=latent&preview=&run=1',
  ),
  readHash,
);

fuzz(
  'links with layers',
  anyText(
    '#steps=9&control=canny+0.8+0-0.5+guess+kind3+owner%2Fname&control=none+1+0-1+a%2Fb&picturePrompt=style+0.6+2+owner%2Fip',
  ),
  readHash,
);

/** JSON without what JSON does not hold, as a plain value: what has been stored or posted. */
const [request] = fc.sample(anyRequest, { numRuns: 1, seed: 3 });
const plain = { ...request, image: null, embeddings: [], controls: [], picturePrompts: [] };
fuzz('worker requests', anyJson(plain), (text) => parseRequest(parsePythonJson(text)));
fuzz('stored jobs', anyJson({ id: 'a', request: plain }), (text) => readStoredJob(parsePythonJson(text)));
fuzz(
  'stored experiments',
  anyJson({ id: 'a', createdAt: 1, base: plain, axes: [{ kind: 'guidanceScale', values: [1, 2] }] }),
  (text) => readSetup(parsePythonJson(text)),
);
const ROW = {
  ...{ id: 'a', createdAt: 1, hash: 'a'.repeat(64), bytes: 1, width: 8, height: 8, isFavourite: false },
  ...{ seconds: null, device: null, revision: null, image: null, mask: null, deletedAt: null },
  settings: {
    tool: 'A1111',
    settings: {
      ...{ prompt: 'x', seed: 1, hires: { scale: 2 }, border: { left: 8 } },
      controls: [
        {
          ...{ model: 'a/b', preprocessor: 'canny', controlMode: 3, scale: 1, start: 0, end: 1 },
          isGuess: false,
        },
      ],
      picturePrompts: [{ adapter: 'a/c', scale: 0.5, parts: 'style', pictureCount: 2 }],
    },
    notes: [{ kind: 'embedding', name: 'a' }],
  },
};
fuzz('rows of the gallery', anyJson(ROW), (text) => parseRow(parsePythonJson(text)));
fuzz(
  'rows of models',
  anyJson({
    ...{ id: 'a/b', type: 'model', label: 'b', repo: 'a/b', revision: 'c', licence: null, complete: true },
    files: [{ path: 'unet/config.json', size: 9, oid: 'd' }],
    ...{ family: 'sd1', className: null, installedAt: 1, usedAt: null },
    facts: {
      kind: 'diffusion',
      prediction: null,
      defaults: { width: 512, height: 512, numInferenceSteps: 9 },
    },
  }),
  parseModelRow,
);
fuzz(
  'the stored form',
  anyJson({
    state: { fields: { steps: '33', prompt: 'a cat', hires: 'latent', filmstrip: '1' }, seedLocked: true },
    version: 1,
  }),
  (text) =>
    createSettingsStore(
      () => 1,
      () => ({
        getItem: (name) => (name === ownName('settings') ? text : null),
        setItem: () => {},
        removeItem: () => {},
      }),
    )
      .getState()
      .submit(),
);

fuzz(
  'prompts',
  anyText(
    'a (red:1.2) [cat|dog] [a:b:0.5] BREAK <lora:x:0.8:0.5> ((big)) \\(plain\\) [small], <lyco:y:unet=1>',
  ),
  (text) => {
    const { loras } = takeLoraTags(text);
    return [loras, parseEmphasis(text), promptSchedule(text, { steps: 20, stepsBefore: 0 })];
  },
);
fuzz('values of experiments', anyText('1, 2.5, 5-20 (+5), 1-10 [4], a, "b, c", 512x768'), (text) => {
  const limits = { min: 0, max: 1000, step: 1, whole: true };
  return [parseNumbers(text, limits), parseTerms(text), parseSizes(text, limits)];
});

const picture = new Uint8Array(readFileSync(join(import.meta.dirname, '../metadata/golden/novelai.webp')));
const index = new TextEncoder().encode(
  JSON.stringify({ version: 1, pictures: [{ file: 'a.webp', row: { ...ROW, image: 'b' } }] }),
);
const files = { 'a.webp': picture.slice(0, 800), 'inputs/b': picture.slice(0, 200), 'gallery.json': index };
const readZip = async (zip: Blob) => {
  for (const packed of await picturesInZip(zip)) await (await packed.open()).file.arrayBuffer();
};
fuzz('zips', anyBytes(new Uint8Array(zipSync(files))), readZip);
fuzz('zips that are not packed', anyBytes(new Uint8Array(zipSync(files, { level: 0 }))), readZip);
const packedIndex = (text: string) =>
  new Blob([new Uint8Array(zipSync({ ...files, 'gallery.json': new TextEncoder().encode(text) }))]);
fuzz('the gallery’s index in a zip', anyJson(JSON.parse(new TextDecoder().decode(index))), (text) =>
  readZip(packedIndex(text)),
);
