import { readFileSync } from 'node:fs';
import { execSync } from 'node:child_process';
import { parseSync } from 'rolldown/utils';
const files = execSync("git ls-files -co --exclude-standard src/onnx src/graph src/models src/checkpoint src/numerics src/runtime src/schedulers src/tokenizer src/prompt bench e2e/graphs golden").toString().split('\n').filter((f) => /\.(ts|mjs)$/.test(f));
const rows = [];
for (const f of files) {
  let text; try { text = readFileSync(f, 'utf8'); } catch { continue; }
  const { program } = parseSync(f, text, { lang: 'ts' });
  const lineOf = (o) => text.slice(0, o).split('\n').length;
  const walk = (node, name, depth) => {
    if (!node || typeof node !== 'object') return;
    if (Array.isArray(node)) { for (const n of node) walk(n, name, depth); return; }
    let nm = name;
    if (node.type === 'VariableDeclarator' || node.type==='FunctionDeclaration' || node.type==='MethodDefinition' || node.type==='Property') nm = node.id?.name ?? node.key?.name ?? name;
    if (/Function/.test(node.type ?? '') && node.body) rows.push([lineOf(node.end) - lineOf(node.start) + 1, f, nm]);
    for (const k in node) if (k !== 'type') walk(node[k], nm, depth + 1);
  };
  walk(program.body, '', 0);
  rows.push([0,f,'']);
  const n = text.split('\n').length - 1;
  if (n > 170) console.log('lines', n, f);
}
rows.sort((a, b) => b[0] - a[0]);
for (const r of rows.filter(([n, f]) => n > 48 ).slice(0, 30)) console.log(r.join(' '));
