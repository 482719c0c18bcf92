import { InvalidArgumentError } from '../server/index.js';
import { checkFunction, checkObject } from '../server/parts.js';
import type { DevBackendOptions } from './dev-backend-options.js';

/**
 * Refuses options of the wrong type: an `authorize` that is none must not open the server to other machines, as one does.
 *
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function checkBackendOptions(options: Omit<DevBackendOptions, 'environment'>): void {
  checkObject('options', options, 'authorize and others');
  const { authorize, emulator, origins, onRequest } = options;
  if (authorize !== undefined) checkFunction('authorize', authorize);
  if (onRequest !== undefined) checkFunction('onRequest', onRequest);
  if (emulator !== undefined && typeof emulator !== 'boolean') {
    throw new InvalidArgumentError('emulator', `must be true or false, got ${typeof emulator}.`);
  }
  if (origins !== undefined && !Array.isArray(origins)) {
    throw new InvalidArgumentError('origins', `must be a list of origins, got ${typeof origins}.`);
  }
}
