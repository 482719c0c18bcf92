import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('nothing in the emulator takes time or chance from anywhere but its clock', () => {
  const root = new URL('../../src/emulator/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const source = readFileSync(new URL(file, root), 'utf8');
    expect(source, file).not.toMatch(
      /Date\.now|(?<![.\w])(?:setTimeout|setInterval|clearTimeout)\(|Math\.random\(|performance\./,
    );
  }
});
