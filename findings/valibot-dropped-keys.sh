#!/usr/bin/env bash
# valibot's `record` and `looseObject` leave out entries called "constructor" or "prototype", and call the input valid.
#
# Behaviour: of an object as JSON.parse gives it, with keys of its own, `record`, `looseObject` and `objectWithRest` give back all
#   but those called constructor, prototype and __proto__: success, no issue, the entries gone. "toString" and "hasOwnProperty" stay.
#   `strictObject` names them as issues, and `map` keeps them all.
# Seen with: valibot 1.5.0, Node 20.20.2, on 2026-11-28.
# Why a good guess is wrong: `looseObject` is the schema that lets unknown keys through, a record's key is any string, and what does not
#   fit is an issue everywhere else; an input that is refused could be seen, one that has become smaller cannot.
# Whom it hurts: whoever checks dictionaries of other people's words with it: a tokenizer's vocabulary, counts of tags, a list of
#   dependencies. "constructor" and "prototype" are words and tags like any other: use the input, not the output, or a Map.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --ignore-scripts --prefix "$dir" valibot@1.5.0
node --input-type=module - <<'JS'
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const { version } = JSON.parse(readFileSync('node_modules/valibot/package.json', 'utf8'));
console.log(`valibot ${version}, Node ${process.versions.node}`);

const counts = JSON.parse('{"cat": 5, "constructor": 3, "prototype": 2, "toString": 1}');
const schemas = {
  record: v.record(v.string(), v.number()),
  looseObject: v.looseObject({}),
  objectWithRest: v.objectWithRest({}, v.number()),
  strictObject: v.strictObject({ cat: v.number(), toString: v.number() }),
};
const seen = Object.entries(schemas).map(([name, schema]) => {
  const { success, issues, output } = v.safeParse(schema, counts);
  const text = success ? `valid, ${Object.keys(output).join(' ')}` : `refused, ${issues[0].message}`;
  console.log(`${name}: ${text}`);
  return text;
});
const map = v.parse(v.map(v.string(), v.number()), new Map(Object.entries(counts)));
console.log(`map: ${[...map.keys()].join(' ')}`);

const dropped = 'valid, cat toString';
const asBefore =
  seen.slice(0, 3).every((text) => text === dropped) && seen[3].includes('"constructor"') && map.size === 4;
if (!asBefore) {
  console.error('This is no longer so.');
  process.exit(1);
}
JS
