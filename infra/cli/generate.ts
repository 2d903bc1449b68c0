/** `daytrade generate`: writes a workload with the mix of the real files. */
import type { Command } from 'commander';
import { parseShape, writeWorkload } from '../../producers/workload/run-generate.ts';
import { checkOutput, writeOutput, writeText } from './output-file.ts';

/** Readable by everyone: a workload is not confidential. */
const FILE_MODE = 0o644;

type Options = {
  readonly users?: string;
  readonly commands?: string;
  readonly seed?: string;
  readonly symbols?: string;
  readonly out: string;
};

export function registerGenerate(program: Command): void {
  program
    .command('generate')
    .description('write a workload with the mix of the real files')
    .option('--users <n>', 'how many users (default: 10)')
    .option('--commands <n>', 'how many commands (default: 10000)')
    .option('--seed <n>', 'the same seed makes the same file (default: 1)')
    .option('--symbols <n>', 'how many stock symbols')
    .option('--out <file>', 'the file to write; - is standard output', '-')
    .action(async (options: Options) => {
      const shape = parseShape(options);
      const place = await checkOutput(options.out, FILE_MODE);
      await writeOutput(place, (stream) =>
        writeWorkload(shape, (piece) => writeText(stream, piece)),
      );
    });
}
