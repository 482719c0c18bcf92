/** Where the documentation is published: package.json's `homepage`; null where there is none. */
const HOMEPAGE: string | null = null;

/** The address of the page about an error code, below a site; undefined without one. */
export function helpUrl(code: string, homepage: string | null = HOMEPAGE): string | undefined {
  return homepage === null ? undefined : `${homepage.replace(/\/$/, '')}/errors/${code}.html`;
}
