import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { createTokenHandler, RequestRefusedError, verifyAccessToken } from 'agora-session/server';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { certificateFile } from '../../examples/certificate-rotation/certificate-file.js';
import { decisionTelemetry } from '../../examples/opentelemetry/decision-telemetry.js';
import { decisionMetrics } from '../../examples/prometheus/decision-metrics.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { freePort } from '../support/free-port.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  }
});

function startProcess(command: string, args: readonly string[], environment: object = {}): void {
  const env = { ...process.env, AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate, ...environment };
  started.push(spawn(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] }));
}

/** Starts an example; answers where it serves tokens. */
async function startExample(name: string, environment: object = {}): Promise<string> {
  const port = await freePort();
  startProcess(process.execPath, ['--import', 'tsx', `examples/${name}/server.ts`], { ...environment, PORT: port });
  const url = `http://localhost:${port}/api/agora/tokens`;
  await vi.waitFor(() => fetch(url), { timeout: 20_000, interval: 100 });
  return url;
}

/** Asks for a login token as alice. */
const ask = (url: string): Promise<Response> => {
  const headers = { authorization: 'Bearer alice', 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: '{"signaling":true}' });
};

const listens = (port: number): Promise<void> =>
  vi.waitFor(
    async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
    },
    { timeout: 10_000, interval: 50 },
  );

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe('a limit in Redis', () => {
  test.skipIf(!hasRedis())('is one limit for two processes', { timeout: 60_000 }, async () => {
    const port = await freePort();
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    startProcess('redis-server', [...options, '--dir', mkdtempSync(join(tmpdir(), 'agora-session-redis-'))]);
    await listens(port);
    const environment = { REDIS_URL: `redis://127.0.0.1:${port}` };
    const urls = [await startExample('shared-limit', environment), await startExample('shared-limit', environment)];
    const statuses: number[] = [];
    for (let nth = 0; nth < 15; nth += 1) for (const url of urls) statuses.push((await ask(url)).status);
    expect(statuses).toEqual([...Array(20).fill(200), ...Array(10).fill(429)]);
  });

  test('that is away gives no token', { timeout: 60_000 }, async () => {
    const url = await startExample('shared-limit', { REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect((await ask(url)).status).toBe(500);
  });
});

describe('onDecision', () => {
  /** Has four requests end in four ways. */
  const decide = async (onDecision: NonNullable<Parameters<typeof createTokenHandler>[0]['onDecision']>) => {
    const authorize = ({ url }: Request) => {
      if (url.endsWith('denied')) throw new RequestRefusedError(403, 'BANNED', 'No.');
      if (url.endsWith('failed')) throw new Error('out of order');
      return { userId: 'alice' };
    };
    const handler = createTokenHandler({ appId, appCertificate, authorize, onDecision, onError: () => {} });
    for (const path of ['granted', 'granted', 'denied', 'failed']) {
      const headers = { 'content-type': 'application/json' };
      await handler(new Request(`https://a.example/${path}`, { method: 'POST', headers, body: '{"signaling":true}' }));
    }
  };

  test('fills metrics of Prometheus', async () => {
    const registry = new Registry();
    await decide(decisionMetrics(registry));
    const text = await registry.metrics();
    expect(text).toContain('agora_token_requests_total{outcome="granted",code=""} 2');
    expect(text).toContain('agora_token_requests_total{outcome="refused",code="BANNED"} 1');
    expect(text).toContain('agora_token_requests_total{outcome="failed",code="INTERNAL"} 1');
    expect(text).toContain('agora_token_request_seconds_count{outcome="granted"} 2');
    expect(text).not.toContain('alice');
  });

  test('fills metrics of OpenTelemetry', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    await decide(decisionTelemetry(provider));
    await provider.forceFlush();
    const [metric] = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    const points = metric?.dataPoints.map(({ attributes, value }) => [attributes, Reflect.get(Object(value), 'count')]);
    expect([metric?.descriptor.name, metric?.descriptor.unit]).toEqual(['agora.token_request.duration', 's']);
    expect(points).toEqual([
      [{ outcome: 'granted' }, 2],
      [{ outcome: 'refused', 'error.type': 'BANNED' }, 1],
      [{ outcome: 'failed', 'error.type': 'INTERNAL' }, 1],
    ]);
    await provider.shutdown();
  });

  test('is there for Prometheus to read', { timeout: 60_000 }, async () => {
    const metricsPort = await freePort();
    const url = await startExample('prometheus', { METRICS_PORT: metricsPort });
    expect((await ask(url)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${metricsPort}/`)).text()).toContain('outcome="granted"');
  });

  test('needs no OpenTelemetry to be set up', { timeout: 60_000 }, async () => {
    expect((await ask(await startExample('opentelemetry'))).status).toBe(200);
  });
});

test('a certificate is rotated without a failed login', async () => {
  const [before, after] = [appCertificate, '0123456789abcdef0123456789abcdef'];
  const file = join(mkdtempSync(join(tmpdir(), 'agora-session-rotation-')), 'certificate');
  const LIFE_SECONDS = 3600;
  const RENEWED_AFTER_SECONDS = 2700;
  let now = 1_767_225_600;
  const handler = createTokenHandler({
    appId,
    appCertificate: certificateFile(file),
    authorize: () => ({ userId: 'alice' }),
    now: () => now * 1000,
  });
  const tokenFor = async (): Promise<string> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"signaling":true}' };
    const response = await handler(new Request('https://a.example/', init));
    return ((await response.json()) as { signaling: { token: string } }).signaling.token;
  };
  /** Signaling lets in whose token one of the enabled certificates has made. */
  let enabled = [before];
  const logIn = (token: string): void => {
    const expected = { service: 'rtm', userId: 'alice' } as const;
    verifyAccessToken(token, { appId, appCertificate: enabled, now, expected });
  };

  writeFileSync(file, `${before}\n`);
  let sessions = await Promise.all(
    Array.from({ length: 5 }, async (_, nth) => ({ renewsAt: now + nth * 600, token: await tokenFor() })),
  );
  /** A quarter of an hour in which sessions renew when they must, and each might have to log in at any moment. */
  const goOn = async (seconds: number): Promise<void> => {
    for (const end = now + seconds; now < end; now += 60) {
      sessions = await Promise.all(
        sessions.map(async (session) =>
          session.renewsAt > now ? session : { renewsAt: now + RENEWED_AFTER_SECONDS, token: await tokenFor() },
        ),
      );
      for (const { token } of sessions) logIn(token);
    }
  };
  await goOn(1800);
  enabled = [before, after];
  await goOn(600);
  writeFileSync(file, `${after}\n`);
  await goOn(LIFE_SECONDS);
  enabled = [after];
  await goOn(LIFE_SECONDS);
});

test.each(['express', 'hono', 'fastify'])('the route of %s hands preflights on', { timeout: 60_000 }, async (name) => {
  const response = await fetch(await startExample(name), { method: 'OPTIONS' });
  expect([response.status, await response.json()]).toMatchObject([405, { error: { code: 'METHOD_NOT_ALLOWED' } }]);
});

test('the route of Next.js hands preflights on', async () => {
  const { OPTIONS, POST } = await import('../../examples/nextjs/app/api/agora/tokens/route.js');
  expect(OPTIONS).toBe(POST);
});
