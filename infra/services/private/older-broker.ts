/** Recognises data of a RabbitMQ that the installed one cannot open. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError } from '../../../shared/runtime/errors.ts';
import { OWN_COMMAND } from '../../../shared/runtime/own-command.ts';

/** Holds one folder, `rabbitmq_server-VERSION`. */
const INSTALLED = '/usr/lib/rabbitmq/lib';
/** A feature that 3.13 introduced and that 4.0 takes for granted: it opens no data without it. */
const NEEDED_BY_4 = 'message_containers';

/**
 * Throws a `SetUpError` if the node's data is of RabbitMQ before 3.13 and RabbitMQ 4 or later is
 * installed.
 */
export function refuseOlderBroker(folder: string, installed: string = INSTALLED): void {
  const version = newerBroker(folder, installed);
  if (version === undefined) return;
  throw new SetUpError([
    `An older RabbitMQ than 3.13 made the data in ${folder}. This machine has ${version}, which cannot open it.`,
    `Nothing was changed. If no message waited when the system stopped: ${OWN_COMMAND} upgrade`,
    `Or restore a backup into another DAYTRADE_HOME: ${OWN_COMMAND} restore FILE`,
  ]);
}

/** Returns the installed version if it cannot open the node's data. */
export function newerBroker(folder: string, installed: string = INSTALLED): string | undefined {
  const version = installedVersion(installed);
  if (version === undefined || Number.parseInt(version, 10) < 4) return undefined;
  const features = featuresIn(join(folder, 'data'));
  return features === undefined || features.includes(NEEDED_BY_4) ? undefined : version;
}

function installedVersion(installed: string): string | undefined {
  const names = existsSync(installed) ? readdirSync(installed) : [];
  return names.flatMap((name) => /^rabbitmq_server-(\d+\.\d+.*)$/.exec(name)?.[1] ?? [])[0];
}

/** Returns the list of features that a node has stored; undefined if it has never started. */
function featuresIn(data: string): string | undefined {
  const names = existsSync(data) ? readdirSync(data) : [];
  const file = names.find((name) => name.endsWith('-feature_flags'));
  return file === undefined ? undefined : readFileSync(join(data, file), 'utf8');
}
