import { describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.js';
import { browserBundle } from '../../bench/browser-bundle.js';
import { insertSection, pageSectionOf, reportSection } from '../../bench/page-section.js';

/** Everything but the numbers. */
const skeleton = (section: string): string => section.replaceAll(/\d[\d,.]*/g, '#');

describe('the page of benchmarks', () => {
  it('takes a section between its markers', () => {
    const [begin, end] = ['<!-- x:begin -->', '<!-- x:end -->'];
    expect(insertSection(`before ${begin} old ${end} after`, 'x', 'new')).toBe(
      `before ${begin}\n\nnew\n\n${end} after`,
    );
    expect(insertSection('no markers', 'x', 'new')).toBeNull();
  });

  it('shows every benchmark, and each meets its goals', () => {
    const section = pageSectionOf('bench');
    for (const { title } of BENCHMARKS) expect(section).toContain(`**${title}**`);
    expect(section).toMatch(/^- met: /m);
    expect(section).not.toMatch(/^- missed: /m);
  });

  it('shows the rows and goals of a fresh build of the browser entry', async () => {
    const section = reportSection(browserBundle.title, await browserBundle.run());
    expect(skeleton(pageSectionOf('bench'))).toContain(skeleton(section));
  }, 120_000);
});
