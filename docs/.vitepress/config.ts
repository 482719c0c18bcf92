import { readdirSync } from 'node:fs';
import { type DefaultTheme, defineConfig } from 'vitepress';

/** Links to pages, by their titles. */
const links = (folder: string, pages: Readonly<Record<string, string>>): DefaultTheme.SidebarItem[] =>
  Object.entries(pages).map(([name, text]) => ({ text, link: `/${folder}${name}` }));

const errorCodes = readdirSync(new URL('../errors', import.meta.url))
  .filter((name) => /^[A-Z_]+\.md$/.test(name))
  .map((name) => name.replace('.md', ''));

export default defineConfig({
  title: 'agora-session',
  description: 'Keeps web apps logged in to Agora Signaling.',
  // For this repository's developers; its links go to sources.
  srcExclude: ['ARCHITECTURE.md', 'deviations.md', 'mutation-survivors.md', 'api/**'],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Start',
        items: links('start/', { '': 'Which one?', vite: 'Vite', next: 'Next.js', 'no-framework': 'No framework' }),
      },
      {
        text: 'Understand',
        items: links('', {
          concepts: 'Concepts',
          migration: 'Migration',
          troubleshooting: 'Troubleshooting',
          benchmarks: 'Benchmarks',
          faq: 'FAQ',
        }),
      },
      {
        text: 'Guides',
        items: links('guides/', {
          backend: 'Backend',
          'next-cookies': 'Cookies with Next.js',
          react: 'React',
          vue: 'Vue',
          svelte: 'Svelte',
          nuxt: 'Nuxt',
          tabs: 'Tabs',
          'missed-messages': 'Missed messages',
          csp: 'Content security policy',
          sentry: 'Sentry',
          testing: 'Tests',
        }),
      },
      {
        text: 'Reference',
        items: links('reference/', {
          options: 'Options',
          events: 'Events',
          exports: 'Exports',
          emulator: 'Emulator',
          cli: 'CLI',
          devtools: 'Devtools',
          'api/': 'API',
        }),
      },
      {
        text: 'Errors',
        collapsed: true,
        items: links('errors/', {
          '': 'All codes',
          ...Object.fromEntries(errorCodes.map((code) => [code, code])),
        }),
      },
    ],
  },
});
