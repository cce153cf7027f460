import { describe, expect, test } from 'vitest';
import type { Style } from '../../storage/stored-files.ts';
import { chosenStyles, withStyles } from './styles.ts';
import { LARGEST_CSV, readStylesCsv, stylesCsv } from './styles-csv.ts';

const style = (name: string, prompt: string, negativePrompt = ''): Style => ({
  ...{ name, prompt, negativePrompt },
  settings: null,
});

// What A1111's own functions give (modules/styles.py, merge_prompts, Python 3.13).
test.each([
  ['', 'a cat', 'a cat'],
  ['oil painting', 'a cat', 'a cat, oil painting'],
  ['oil painting', '', 'oil painting'],
  [' oil, ', '  a cat ', 'a cat, oil,'],
  ['photo of {prompt}, 35mm', 'a cat', 'photo of a cat, 35mm'],
  ['{prompt} and {prompt}', 'a $& cat', 'a $& cat and a $& cat'],
  ['{prompt}', '', ''],
  ['  ', 'a cat ', 'a cat'],
])('the style %j makes of %j %j', (text, prompt, expected) => {
  expect(withStyles({ prompt, negativePrompt: '' }, [style('s', text)]).prompt).toBe(expected);
  expect(withStyles({ prompt: '', negativePrompt: prompt }, [style('s', '', text)]).negativePrompt).toBe(
    expected,
  );
});

test('several styles are put in one after the other, and what is not there is none', () => {
  const all = [style('film', 'film still, {prompt}', 'blurry'), style('red', 'red light')];
  const chosen = chosenStyles(all, ['red', 'gone', 'film']);
  expect(withStyles({ prompt: 'a cat', negativePrompt: 'dog', seed: 1 }, chosen)).toEqual({
    prompt: 'film still, a cat, red light',
    negativePrompt: 'dog, blurry',
    seed: 1,
  });
});

const read = async (text: BlobPart, name = 'styles.csv') => {
  const { items, faults } = await readStylesCsv(new File([text], name));
  return {
    styles: Object.fromEntries(items.map((one) => [one.name, [one.prompt, one.negativePrompt]])),
    faults: faults.map(({ kind }) => kind),
  };
};

// Written by Python's csv.DictWriter with A1111's columns, after a byte order mark.
const BY_PYTHON =
  '\uFEFFname,prompt,negative_prompt\r\nFilm,"film still, ""grain"", {prompt}",blurry\r\nZeilen,"one,\ntwo",\r\nümlaut 画,a,"b, c"\r\n';

describe('styles.csv', () => {
  // What Python's csv.DictReader, as A1111 calls it, gives for the same text.
  test.each<[string, object, string[]]>([
    [
      BY_PYTHON,
      {
        Film: ['film still, "grain", {prompt}', 'blurry'],
        Zeilen: ['one,\ntwo', ''],
        'ümlaut 画': ['a', 'b, c'],
      },
      [],
    ],
    ['name,text\r\nOld,some words\r\n', { Old: ['some words', ''] }, []],
    [
      'name, prompt, negative_prompt\nA, "b, c", d\n# off,x,y\n"E ""1""",  f g ,\n',
      { A: ['b, c', 'd'], 'E "1"': ['f g ', ''] },
      [],
    ],
    ['negative_prompt,name,prompt,more\nn,N,p,x\n', { N: ['p', 'n'] }, []],
    [
      'name,prompt,negative_prompt\nTwice,a,\nTwice,b,\nShort,only\n\n,none,\n',
      { Twice: ['b', ''], Short: ['only', ''] },
      ['unnamed', 'twice'],
    ],
  ])('%j is read as by A1111', async (text, styles, faults) => {
    expect(await read(text)).toEqual({ styles, faults });
  });

  test('a spreadsheet’s semicolons are read too, and spaces in a quoted cell stay', async () => {
    expect((await read('name;prompt;negative_prompt\nA;"x; , ""y""";z, w\n')).styles).toEqual({
      A: ['x; , "y"', 'z, w'],
    });
  });

  test('is written as Python writes it', async () => {
    const { items } = await readStylesCsv(new File([BY_PYTHON], 'styles.csv'));
    expect(stylesCsv(items)).toBe(BY_PYTHON);
  });

  test.each([
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2])],
    ['a text', 'once upon a time\nthere was a prompt'],
    ['other columns', 'title,body\na,b\n'],
    ['nothing', ''],
    ['no rows', 'name,prompt,negative_prompt\n'],
  ])('%s has no styles, and says so', async (_, content) => {
    expect(await read(content)).toEqual({ styles: {}, faults: ['no-styles'] });
  });

  test('one that is too large is not read', async () => {
    expect((await read(new Uint8Array(LARGEST_CSV + 1))).faults).toEqual(['too-large']);
  });
});
