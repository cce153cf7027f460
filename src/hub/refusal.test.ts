import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { authorization, refusal } from './refusal.ts';

const BAD_TOKEN = 'Invalid credentials in Authorization header';
const RESTRICTED = { 'X-Error-Code': 'GatedRepo', 'X-Error-Message': 'Access to model a/b is restricted.' };

// What huggingface_hub 2.4.0 takes an answer for: utils/_http.py, hf_raise_for_status.
test.each([
  ['an expired token', 401, { 'X-Error-Message': BAD_TOKEN }, '', 'token-refused'],
  ['the same, by a mirror that leaves headers out', 401, {}, `{"error":"${BAD_TOKEN}"}`, 'token-refused'],
  [
    'no token for a missing or private repository',
    401,
    {},
    'Invalid username or password.',
    'repo-not-found',
  ],
  ['another’s token for it', 404, { 'X-Error-Code': 'RepoNotFound' }, '', 'repo-not-found'],
  ['no token for a gated one', 401, RESTRICTED, '', 'repo-gated'],
  ['another’s token for that', 403, RESTRICTED, '', 'repo-gated'],
  ['one that was taken down', 403, { 'X-Error-Message': 'Access to this resource is disabled.' }, '', null],
  [
    'an expired token, by its name',
    401,
    {},
    '{"error":"User Access Token \\"mine\\" is expired"}',
    'token-refused',
    'hf_x',
  ],
  ['one without an explanation', 401, {}, '', 'token-refused', 'hf_x'],
  [
    'a missing repository, although there is a token',
    401,
    { 'X-Error-Code': 'RepoNotFound' },
    '',
    'repo-not-found',
    'hf_x',
  ],
  ['a gated one, although there is a token', 401, RESTRICTED, '', 'repo-gated', 'hf_x'],
] as const)('%s', async (_, status, headers, body, code, token?: string) => {
  const connection = new Connection(new AbortController().signal);
  const error = await refusal(
    new Response(body, { status, headers: new Headers(Object.entries(headers)) }),
    'a/b',
    token ?? null,
    connection,
  );
  connection.close();
  expect(error?.code ?? null).toBe(code);
});

test.each([
  ['https://huggingface.co/a', true],
  ['http://localhost:8080/a', true],
  ['http://127.0.0.1:8080/a', true],
  ['http://huggingface.co/a', false],
  ['http://localhost.example/a', false],
  ['http://10.0.0.1/a', false],
])('to %s a token goes: %s', (url, goes) => {
  const header = goes ? { Authorization: 'Bearer hf_x' } : {};
  expect(authorization('hf_x', new URL(url))).toEqual(header);
});
