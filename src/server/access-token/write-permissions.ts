import type { ByteWriter } from './byte-writer.js';
import { checkNames, checkObject, checkText } from './check-arguments.js';
import { InvalidArgumentError } from './errors.js';
import { RTM2_PERMISSIONS, RTM2_RESOURCE_TYPES } from './services.js';

/** What may be done with some resources, by number, and their names. */
interface PermissionList {
  readonly permission: number;
  readonly resources: readonly string[];
}

/**
 * Writes the permissions of an RTM2 service: kinds of resources, each with lists of what may be read and written.
 *
 * @throws InvalidArgumentError naming what is no such kind or list.
 */
export function writePermissions(writer: ByteWriter, permissions: unknown, argument: string): void {
  checkObject(argument, permissions, RTM2_RESOURCE_TYPES.join(', '));
  checkNames(argument, permissions, RTM2_RESOURCE_TYPES);
  const granted = RTM2_RESOURCE_TYPES.map((type) => permissionLists(`${argument}.${type}`, field(permissions, type)));
  writer.u16(granted.filter((lists) => lists.length > 0).length);
  for (const [type, lists] of granted.entries()) {
    if (lists.length === 0) continue;
    writer.u16(type).u16(lists.length);
    for (const { permission, resources } of lists) {
      writer.u16(permission).u16(resources.length);
      for (const resource of resources) writer.string(resource);
    }
  }
}

function permissionLists(argument: string, ofType: unknown): PermissionList[] {
  if (ofType === undefined) return [];
  checkObject(argument, ofType, RTM2_PERMISSIONS.join(' and '));
  checkNames(argument, ofType, RTM2_PERMISSIONS);
  return RTM2_PERMISSIONS.flatMap((name, permission) => {
    const resources = field(ofType, name);
    return resources === undefined ? [] : [{ permission, resources: checkedTexts(`${argument}.${name}`, resources) }];
  });
}

function checkedTexts(argument: string, texts: unknown): readonly string[] {
  if (!Array.isArray(texts)) throw new InvalidArgumentError(argument, 'must be a list of names.');
  for (const text of texts) checkText(argument, text);
  return texts;
}

function field(from: object, name: string): unknown {
  return Object.hasOwn(from, name) ? Reflect.get(from, name) : undefined;
}
