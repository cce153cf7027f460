import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';
import type { HubAccess } from '../protocol/models.ts';
import { askHub, base } from './hub.ts';
import { refusal } from './refusal.ts';

/** What the Hub's list says of a repository. */
export interface HubEntry {
  /** `owner/name`. */
  readonly id: string;
  /** In the last 30 days. */
  readonly downloads: number;
  readonly isGated: boolean;
  readonly licence: string | null;
  readonly tags: readonly string[];
  /** diffusers' class of the pipeline. */
  readonly pipelineClass: string | null;
  /** The paths of its files; null where the list does not say. */
  readonly paths: readonly string[] | null;
  /** Bytes of all that it stores, of which a model needs a part; null where the list does not say. */
  readonly storedBytes: number | null;
}

/** As many as a person looks through. */
const MOST = 40;
/** Beside its name: huggingface_hub's ExpandModelProperty_T. */
const EXPAND = ['downloads', 'gated', 'tags', 'config', 'siblings', 'usedStorage'] as const;

const Count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));

/** huggingface_hub's ModelInfo, as a list gives it: what a repository lacks is left out. */
const Entry = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/)),
    downloads: Count,
    gated: v.optional(v.union([v.literal(false), v.string()]), false),
    tags: v.optional(v.array(v.string()), []),
    config: v.fallback(
      v.optional(v.object({ diffusers: v.optional(v.object({ _class_name: v.optional(v.string()) })) })),
      undefined,
    ),
    siblings: v.optional(v.array(v.object({ rfilename: v.string() }))),
    usedStorage: v.fallback(Count, undefined),
  }),
  v.transform(
    ({ id, downloads = 0, gated, tags, config, siblings, usedStorage }): HubEntry => ({
      ...{ id, downloads, tags, isGated: gated !== false },
      licence: tagged(tags, 'license:'),
      pipelineClass: config?.diffusers?._class_name ?? tagged(tags, 'diffusers:'),
      paths: siblings?.map(({ rfilename }) => rfilename) ?? null,
      storedBytes: usedStorage ?? null,
    }),
  ),
);

/** What follows a beginning in the first tag that has it. */
export const tagged = (tags: readonly string[], beginning: string): string | null =>
  tags.find((tag) => tag.startsWith(beginning))?.slice(beginning.length) ?? null;

/**
 * Repositories of models that make pictures from text whose names have these words, the most downloaded first; what is no
 * entry of a list is left out.
 * @throws AppError download-failed, token-refused
 */
export async function searchHub(access: HubAccess, words: string, signal: AbortSignal): Promise<HubEntry[]> {
  const url = new URL('api/models', base(access));
  url.search = new URLSearchParams([
    ['search', words],
    ['pipeline_tag', 'text-to-image'],
    ['sort', 'downloads'],
    ['limit', String(MOST)],
    ...EXPAND.map((name) => ['expand', name]),
  ]).toString();
  const { host } = url;
  const { body } = await askHub(access, host, url, signal, async (response, connection) => {
    if (![401, 403].includes(response.status)) return null;
    const reason = await refusal(response, host, access.token, connection);
    return reason?.code === 'token-refused' ? reason : null;
  });
  const list = Array.isArray(body) ? body : [null];
  const entries = list.slice(0, MOST).flatMap((entry) => {
    const { success, output } = v.safeParse(Entry, entry);
    return success ? [output] : [];
  });
  if (list.length === 0 || entries.length > 0) return entries;
  const details = { file: host, url: url.href, status: 'unexpected-response' };
  throw new AppError('download-failed', `${host} gave no list of models.`, details);
}
