import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { FITS, type Fields, fieldLabel, NOISE_SOURCES, WEIGHTS_CHOICES } from '../../state/fields.ts';
import { HIRES_CHOICES } from '../../state/hires.ts';
import { INPAINT_AREAS, MASKED_CONTENTS } from '../../state/inpaint.ts';
import { FIELD_OF, type OfferNote } from '../../state/offered-settings.ts';

/** What a field holds, as the form words it. */
export function valueText<K extends keyof Fields>(field: K, fields: Pick<Fields, K>): string {
  const value = fields[field];
  switch (field) {
    case 'sampler':
      return SCHEDULERS[value as Fields['sampler']].label;
    case 'hires':
      return HIRES_CHOICES[value as Fields['hires']];
    case 'noise':
      return NOISE_SOURCES[value as Fields['noise']];
    case 'fit':
      return FITS[value as Fields['fit']];
    case 'maskedContent':
      return MASKED_CONTENTS[value as Fields['maskedContent']];
    case 'inpaintArea':
      return INPAINT_AREAS[value as Fields['inpaintArea']];
    case 'weights':
      return WEIGHTS_CHOICES[value as Fields['weights']];
    case 'model':
      return modelLabel(value as Fields['model']);
    case 'vae':
    case 'unet':
    case 'textEncoder':
      return value === '' ? 'The model’s own' : modelLabel(value as string);
    case 'preview':
      return value === '' ? 'Quick colours' : modelLabel(value as string);
    default:
      return value === '' ? 'none' : String(value);
  }
}

/** What a note says to a person. Names in it are a stranger's. */
export function noteText(note: OfferNote, tool: PictureSettings['tool']): string {
  switch (note.kind) {
    case 'unknown-sampler':
      return `Its sampler, ${note.name || 'unnamed'}, is not known here.`;
    case 'other-schedule':
      return `Its schedule, ${note.name}, is not known here: ${SCHEDULERS[note.scheduler].label} keeps its own.`;
    case 'refused': {
      const field = FIELD_OF[note.name as keyof typeof FIELD_OF];
      return `${field ? fieldLabel(field) : note.name} ${note.value} cannot be set here.`;
    }
    case 'no-counterpart':
      return `${note.name} has no counterpart here.`;
    case 'not-here':
      return `${fieldLabel(note.field)} ${note.name} is not on this device.`;
    case 'embedding':
      return `It used the embedding ${note.name}, which is not here.`;
    case 'began-with-picture':
      return 'It began with a picture, which is not inside it.';
    case 'other-syntax':
      return `Its prompt has weights in ${tool}’s way (${note.name}), which are plain words here.`;
    case 'newer':
      return 'It was made by a newer Safelight; what is known of it was read.';
  }
}
