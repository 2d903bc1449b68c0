/** A generated workload as a file. */
import { writeFileSync } from 'node:fs';
import { generateWorkload } from '../../producers/workload/generate.ts';
import { parseShape, type GenerateOptions } from '../../producers/workload/run-generate.ts';

export function generatedFile(path: string, options: GenerateOptions): void {
  writeFileSync(path, [...generateWorkload(parseShape(options)), ''].join('\n'));
}
