import type { SubscribeOptions } from 'agora-rtm-sdk';
import { DUPLICATE_OPERATION, errorClass } from '../sdk/link-policy.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import { plainCause, SessionError, sdkErrorCode } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import { AttemptFailure, KeptItem } from './kept-item.js';

interface Subscription {
  readonly options: SubscribeOptions | undefined;
  readonly item: KeptItem;
}

/** The message channels that the app wants to be subscribed to. */
export class Subscriptions {
  readonly #wanted = new Map<string, Subscription>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get names(): string[] {
    return [...this.#wanted.keys()];
  }

  /** Wants a channel; with other options than before, anew. */
  want(channelName: string, options: SubscribeOptions | undefined): KeptItem {
    const known = this.#wanted.get(channelName);
    if (known && JSON.stringify(known.options) === JSON.stringify(options)) return known.item;
    known?.item.abandon(
      new SessionError('ABORTED', `The subscription of "${channelName}" was replaced by a later one.`),
    );
    const item = new KeptItem({
      attempt: (connection) => subscribe(connection, channelName, options),
      onGivenUp: (_error, dropped) => {
        if (dropped && this.#wanted.get(channelName)?.item === item) this.#wanted.delete(channelName);
        this.#onChange();
      },
    });
    this.#wanted.set(channelName, { options, item });
    this.#onChange();
    return item;
  }

  /** No longer wants a channel. */
  unwant(channelName: string, error: SessionError): void {
    this.#wanted.get(channelName)?.item.abandon(error);
    this.#wanted.delete(channelName);
    this.#onChange();
  }

  lost(): void {
    for (const { item } of this.#wanted.values()) item.lost();
  }

  /** Drops what never worked, as its caller is told; keeps the rest for a later login. */
  abandonPending(error: SessionError): void {
    for (const [name, { item }] of this.#wanted) {
      if (!item.everActive) this.unwant(name, error);
    }
  }

  restore(connection: LiveConnection): Promise<RestoreResult>[] {
    return [...this.#wanted].map(async ([channelName, { item }]): Promise<RestoreResult> => {
      const error = await item.restore(connection);
      return { kind: 'subscription', channelName, ok: error === null, ...(error ? { error } : {}) };
    });
  }
}

async function subscribe(
  connection: LiveConnection,
  channelName: string,
  options: SubscribeOptions | undefined,
): Promise<void> {
  try {
    await connection.call(() => connection.client.subscribe(channelName, options));
  } catch (error) {
    const code = sdkErrorCode(error);
    const kind = code === DUPLICATE_OPERATION ? 'busy' : errorClass(code) === 'configuration' ? 'final' : 'passing';
    const message = `Signaling did not accept the subscription of the message channel "${channelName}".`;
    throw new AttemptFailure(new SessionError('CHANNEL_FAILED', message, plainCause(error)), kind);
  }
}
