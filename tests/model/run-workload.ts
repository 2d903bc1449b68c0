import { Model } from './model.ts';
import type { ModelOptions } from './model.ts';
import { readWorkloadFile } from './workload-file.ts';

/** Runs a whole workload file at one instant: right where no order and no quote expires. */
export function runWorkload(file: Buffer, options: ModelOptions, instant = 0): Model {
  const model = new Model(options);
  for (const line of readWorkloadFile(file)) model.take(line, { instant });
  return model;
}
