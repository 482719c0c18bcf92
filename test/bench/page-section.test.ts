import { beforeAll, describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.js';
import { browserBundle } from '../../bench/browser-bundle.js';
import { insertSection, pageSectionOf, reportSection } from '../../bench/page-section.js';
import type { Report } from '../../bench/report.js';

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

  describe('shows of the browser entry', () => {
    let fresh: Report;
    beforeAll(async () => {
      fresh = await browserBundle.run();
    }, 120_000);

    it('the rows and goals of a fresh build', () => {
      const section = reportSection(browserBundle.title, fresh);
      expect(skeleton(pageSectionOf('bench'))).toContain(skeleton(section));
    });

    it('the bytes of a fresh build, give or take half a kilobyte', () => {
      const lines = pageSectionOf('bench').split('\n');
      expect(fresh.rows).toHaveLength(4);
      for (const { what, kB } of fresh.rows) {
        const shown = lines.find((line) => line.startsWith(`| ${what} |`))?.match(/[\d.]+(?= \|$)/)?.[0];
        expect(Math.abs(Number(shown) - Number(kB)), `${what}: ${shown}, fresh ${kB} kB`).toBeLessThan(0.5);
      }
    });
  });
});
