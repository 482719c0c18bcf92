import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { build } from 'vite';
import { sourceAliases } from '../../vite.config.js';

/** The servers that the benchmark knows. */
export type ServerName = 'ours' | 'expressWithAgoraToken' | 'bare' | 'primitives';

/** What is sent, over and over. */
export interface Load {
  readonly path: string;
  /** Sent as JSON with POST. */
  readonly body: unknown;
  readonly requests: number;
}

/** What a load took. */
export interface LoadResult {
  /** Time of the server's process, user and system, for one request. */
  readonly cpuMicros: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 16;
const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = `${root}/node_modules/.cache/agora-session-bench`;

/** Builds the servers as a backend would run them, without what a development loader adds. Answers the file. */
export async function buildServers(): Promise<string> {
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'silent',
    root,
    resolve: { alias: sourceAliases },
    build: { ssr: fileURLToPath(new URL('servers.ts', import.meta.url)), outDir, target: 'node20', minify: false },
  });
  return `${outDir}/servers.js`;
}

/** A token server in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(file: string, name: ServerName): Promise<ServerProcess> {
    const child = fork(file, [name], { execArgv: ['--expose-gc'] });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ServerProcess(child, port);
  }

  /** Sends a load and measures what it cost the server. */
  async bear({ path, body, requests }: Load): Promise<LoadResult> {
    const before = await this.#ask<NodeJS.CpuUsage>('cpu');
    const sent = await autocannon({
      url: `http://127.0.0.1:${this.port}${path}`,
      connections: CONNECTIONS,
      amount: requests,
      headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
      method: 'POST',
      body: JSON.stringify(body),
    });
    const after = await this.#ask<NodeJS.CpuUsage>('cpu');
    if (sent.errors > 0 || sent.non2xx > 0) throw new Error(`${path} was not answered: ${sent.errors + sent.non2xx}`);
    const micros = after.user + after.system - before.user - before.system;
    return { cpuMicros: micros / sent.requests.total, p99Ms: sent.latency.p99 };
  }

  /** Bytes of the heap that are in use after garbage has been collected. */
  heapBytes(): Promise<number> {
    return this.#ask<number>('heap');
  }

  /** The most bytes of memory that the process has had. */
  peakBytes(): Promise<number> {
    return this.#ask<number>('peak');
  }

  async #ask<T>(question: 'cpu' | 'heap' | 'peak'): Promise<T> {
    this.#child.send(question);
    const [answer] = (await once(this.#child, 'message')) as [T];
    return answer;
  }

  stop(): void {
    this.#child.disconnect();
  }
}
