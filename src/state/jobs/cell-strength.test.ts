import { expect, test } from 'vitest';
import { type Axes, cellRequest } from '../../experiments/axes.ts';
import { parametersText } from '../../metadata/a1111/a1111.ts';
import { readSettingsJson, settingsJson } from '../../metadata/safelight.ts';
import type { ControlLayer } from '../../protocol/control.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';

test('the picture of each cell says the strength that it was steered with', () => {
  const layer = (scale: number): ControlLayer => ({
    ...{ model: 'c', map: new Blob(['map']), preprocessor: 'canny', controlMode: null, scale },
    ...{ start: 0, end: 1, isGuess: false },
  });
  const base = requestWith({ controls: [layer(1), layer(0.3)] });
  const axes: Axes = [{ kind: 'controlScale', values: [0, 0.5] }];
  for (const [cell, scale] of [0, 0.5].entries()) {
    const request = cellRequest(base, axes, cell);
    const said = readSettingsJson(settingsJson(request, 1))?.settings.controls;
    expect(said?.map((one) => one.scale)).toEqual([scale, scale]);
    expect(parametersText(request, 1)).toContain(`Model: c, Weight: ${scale}, `);
  }
});
