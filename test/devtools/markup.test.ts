import { describe, expect, it } from 'vitest';
import { markup } from '../../src/devtools/markup.js';

describe('markup', () => {
  const BAD = '<img src=x onerror=alert(1)>"';

  it('takes markup as it is, one or many, and anything else as text', () => {
    const text = markup`<b>${1.2345}</b>`;
    expect(markup`<p>${text}${[text, text]}</p>`.text).toBe('<p><b>1.23</b><b>1.23</b><b>1.23</b></p>');
    expect(markup`<i title="${BAD}">`.text).toBe('<i title="&#60;img src=x onerror=alert(1)&#62;&#34;">');
  });

  it.each([
    ['an object', { text: BAD }],
    ['a list of objects', [{ text: BAD }]],
    ['a list of texts', [BAD]],
  ])('has nothing but text of %s, as a recording may hold it where a text should be', (_what, value) => {
    expect(markup`${value as unknown as string}`.text).not.toContain('<');
  });
});
