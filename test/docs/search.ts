import { readdirSync, readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import { allMemberNames, exportsOf, program } from './described.js';

// Asks the search of the built site for every export, event and option, as somebody does who has seen the name in code: among the first
// hits has to be a place that is about it. `npm run docs` ends with this.

const FIRST_HITS = 8;
const docs = new URL('../../docs/', import.meta.url);

/** The site's search, with the settings of its search box. */
async function siteSearch(): Promise<(name: string) => string[]> {
  const folder = new URL('.vitepress/dist/assets/chunks/', docs);
  const file = readdirSync(folder).find((name) => name.startsWith('@localSearchIndexroot'));
  if (!file) throw new Error('The site has no search index.');
  const { default: index } = (await import(new URL(file, folder).href)) as { default: string };
  const search = MiniSearch.loadJSON(index, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } },
  });
  return (name) =>
    search
      .search(name)
      .slice(0, FIRST_HITS)
      .map(({ id }) => String(id));
}

/** Whether a page has a name in code or as a heading; a word of prose is not about it. */
function isAbout(address: string, name: string): boolean {
  const [path = ''] = address.split('#');
  const page = path
    .replace(/^\//, '')
    .replace(/\/$/, '/index')
    .replace(/\.html$/, '');
  const text = readFileSync(new URL(`${page}.md`, docs), 'utf8').replaceAll('\\_', '_');
  return new RegExp(`(?:\`|^#.*)\\b${name}\\b`, 'm').test(text);
}

/** Every name that can be met in code, with what it is. */
function names(): Map<string, string> {
  const { entryPoints } = JSON.parse(readFileSync(new URL('../typedoc.json', docs), 'utf8')) as {
    entryPoints: string[];
  };
  const compiled = program(entryPoints);
  const found = new Map<string, string>();
  for (const entry of entryPoints) {
    for (const { name } of exportsOf(compiled, entry)) {
      found.set(name, `export of ${entry}`);
      if (!/(?:Options|Policy|Events)$/.test(name)) continue;
      for (const member of allMemberNames(compiled, name, entry)) found.set(member, `member of ${name}`);
    }
  }
  return found;
}

const search = await siteSearch();
const all = names();
const lost = [...all].filter(([name]) => !search(name).some((address) => isAbout(address, name)));
for (const [name, what] of lost) console.log(`not found: ${name}, ${what}; one finds ${search(name).join(', ')}`);
console.log(`The site's search finds ${all.size - lost.length} of ${all.size} exports, events and options.`);
if (lost.length > 0 || all.size < 200) process.exitCode = 1;
