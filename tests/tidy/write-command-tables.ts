/** `npm run tables`: writes the parts of documents that follow from the catalogue of commands. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/runtime/package-root.ts';
import { MADE_PARTS, makePart } from './command-tables.ts';

for (const part of MADE_PARTS) {
  const { present, wanted } = await makePart(part);
  if (wanted === present) continue;
  writeFileSync(join(packageRoot, part.document), wanted);
  console.log(`wrote ${part.name} in ${part.document}`);
}
