import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { appCertificate, appId } from '../runtimes/kit.js';
import { freePort } from '../support/free-port.js';
import { type Agora, hasEmulator, replaceSdk } from './agora.js';
import { carryOut, type StartedServer } from './command.js';
import { stepsOf, textOf } from './steps.js';
import { Tab } from './tab.js';

/** A page that is followed. */
export interface Followed {
  readonly page: string;
  /** The part of it; default: all. */
  readonly heading?: string;
  /** What the app shows or writes into the console, as the page says it. */
  readonly shows: readonly string[];
  /** A second page that the reader opens in development: behind the address of the first, which then shows this. */
  readonly second?: { readonly path: string; readonly shows: string };
  /** How many servers the reader starts: each has to serve a login. */
  readonly servers: number;
  /** Where the build puts what pages get. */
  readonly built: string;
}

/** What a reader has. */
export interface Desk {
  /** The packed package. */
  readonly pack: string;
  readonly browser: Browser;
  readonly agora: Agora;
}

/** Does what a page says, word for word, in an empty folder. @throws Error that says what did not hold. */
export async function follow(followed: Followed, desk: Desk): Promise<void> {
  const { page, shows, second } = followed;
  const told = [...shows, ...(second ? [second.path, second.shows] : [])];
  const untold = told.filter((words) => !textOf(page).includes(`\`${words}\``));
  if (untold.length > 0) throw new Error(`The page does not say: ${untold.join(', ')}.`);
  const folder = mkdtempSync(join(tmpdir(), 'agora-session-following-'));
  try {
    await new Reader({ followed, desk, folder, port: await freePort() }).read();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Reader {
  readonly #followed: Followed;
  readonly #desk: Desk;
  readonly #folder: string;
  readonly #port: number;
  /** Whether the app is one for Agora by now. */
  #built = false;

  constructor({ followed, desk, folder, port }: { followed: Followed; desk: Desk; folder: string; port: number }) {
    this.#followed = followed;
    this.#desk = desk;
    this.#folder = folder;
    this.#port = port;
  }

  async read(): Promise<void> {
    const { page, heading, servers } = this.#followed;
    let started = 0;
    for (const step of stepsOf(page, heading)) {
      if (step.do === 'write') this.#write(step.file, step.text);
      else started += await this.#run(step.command);
    }
    if (started !== servers) throw new Error(`${started} servers were started, not ${servers}.`);
  }

  #write(file: string, text: string): void {
    const path = join(this.#folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, filledIn(text));
  }

  /** Answers how many servers the command started. */
  async #run(written: string): Promise<number> {
    const command = written
      .replace(/^npm install\b.*? agora-session(?= |$)/, (install) =>
        install.replace(/agora-session$/, this.#desk.pack),
      )
      .replaceAll('localhost:3000', `localhost:${this.#port}`);
    const server = await this.#carryOut(command);
    if (!server) {
      if (/^npx (?:\S+ build|esbuild)\b/.test(command)) await this.#buildForAgora(command);
      return 0;
    }
    try {
      await this.#look(server);
    } finally {
      await server.stop();
    }
    return 1;
  }

  #carryOut(command: string): Promise<StartedServer | null> {
    return carryOut(command, this.#folder, { PORT: String(this.#port), NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' });
  }

  /** What was built with Agora's SDK holds no emulator; the build that is then looked at reaches a Signaling all the same. */
  async #buildForAgora(command: string): Promise<void> {
    const built = join(this.#folder, this.#followed.built);
    const code = codeBelow(built);
    if (!code.includes('renewToken')) throw new Error('The session is not in what was built.');
    if (hasEmulator(code)) throw new Error('The emulator is in what was built.');
    replaceSdk(this.#folder);
    await this.#carryOut(command);
    this.#built = true;
  }

  /** Opens the app: it has to show what the page says, and the console no error. */
  async #look({ url }: StartedServer): Promise<void> {
    const { shows, second } = this.#followed;
    const tab = await Tab.open(this.#desk.browser, url, this.#desk.agora.script);
    try {
      await tab.untilShown(shows);
      if (this.#built && !this.#desk.agora.users().includes('alice')) throw new Error('Nobody is logged in.');
      if (second && !this.#built) {
        const other = await Tab.open(this.#desk.browser, url + second.path, this.#desk.agora.script);
        await tab.untilShown([second.shows]);
        await other.close();
      }
    } finally {
      await tab.close();
    }
  }
}

/** A text with what the reader is to fill in. */
function filledIn(text: string): string {
  return text
    .replace('AGORA_APP_ID=…', `AGORA_APP_ID=${appId}`)
    .replace('AGORA_APP_CERTIFICATE=…', `AGORA_APP_CERTIFICATE=${appCertificate}`)
    .replace("appId: '…'", `appId: '${appId}'`);
}

function codeBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}
