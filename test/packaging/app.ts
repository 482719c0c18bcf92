import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** An app in a folder of its own, with the package and tools installed by npm. */
export class App {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder and installs; `packages` are what npm is asked for, by the name to install each under. */
  static async install(packages: Readonly<Record<string, string>>): Promise<App> {
    const app = new App(await mkdtemp(join(tmpdir(), 'agora-session-packaging-')));
    await app.write(
      'package.json',
      JSON.stringify({ name: 'app', private: true, type: 'module', dependencies: packages }),
    );
    await execute('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: app.#folder });
    return app;
  }

  path(file: string): string {
    return join(this.#folder, file);
  }

  async write(file: string, content: string): Promise<void> {
    await writeFile(this.path(file), content);
  }

  /** Runs a script of the app's; gives what it printed, and rejects with that where it fails. */
  node(...args: string[]): Promise<string> {
    return this.run(process.execPath, ...args);
  }

  /** Runs a program; as {@link node}. */
  run(program: string, ...args: string[]): Promise<string> {
    // A tool that adds missing packages by itself elsewhere does not where the environment says CI.
    const env = { ...process.env, NODE_ENV: 'production', CI: 'true' };
    const options = { cwd: this.#folder, env, maxBuffer: 1e8, timeout: 300_000 };
    return execute(program, args, options).then(
      ({ stdout, stderr }) => stdout + stderr,
      ({ stdout, stderr, message }: { stdout?: string; stderr?: string; message: string }) => {
        throw new Error(`${stdout ?? ''}${stderr ?? ''}` || message);
      },
    );
  }

  /** Empties what a tool made, for the next one. */
  async clean(): Promise<void> {
    for (const folder of ['out', '.parcel-cache']) await rm(this.path(folder), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
