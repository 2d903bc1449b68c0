/** `daytrade definitions`: prints exchanges, queues, bindings and policies as a file to import. */
import { Option, type Command } from 'commander';
import { topologyOf } from '../../shared/messages/topology.ts';
import { readConfig } from '../../shared/runtime/config.ts';
import { definitionsOf } from '../rabbitmq/definitions.ts';
import { virtualHostOf } from '../../shared/amqp/broker-addresses.ts';

const OWN_VIRTUAL_HOST = 'daytrade';

export function registerDefinitions(program: Command): void {
  program
    .command('definitions')
    .description(
      'print exchanges, queues, bindings and policies in the format that RabbitMQ imports',
    )
    .addOption(new Option('--vhost <name>', 'the virtual host (default: that of AMQP_URL)'))
    .action(({ vhost }: { readonly vhost?: string }) => {
      const { amqpUrl, shards } = readConfig(process.env);
      const given = amqpUrl === undefined ? OWN_VIRTUAL_HOST : virtualHostOf(amqpUrl);
      const definitions = definitionsOf(topologyOf(shards), vhost ?? given);
      process.stdout.write(`${JSON.stringify(definitions, undefined, 2)}\n`);
    });
}
