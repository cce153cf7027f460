import { expect, test } from 'vitest';
import { AXIS_KINDS } from '../../experiments/axes.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { settingOf } from '../../protocol/settings.ts';
import { isChosen, readDraft, usualDraft } from './axis-draft.ts';

test.each(AXIS_KINDS.filter((kind) => kind !== 'prompt'))('a fresh axis of %s has values', (kind) => {
  const { values, fault } = readDraft(usualDraft(kind, requestWith()));
  expect(fault).toBeNull();
  if (kind === 'size' || settingOf(kind).kind !== 'choice') return;
  expect(settingOf(kind)).toMatchObject({ choices: expect.arrayContaining([...(values ?? [])]) });
});

test('samplers, schedules and models are ticked, all else is typed', () => {
  expect(AXIS_KINDS.filter(isChosen)).toEqual(['model', 'scheduler', 'schedule']);
});
