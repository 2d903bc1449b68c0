/** The hash by which a run recognises its workload file again. */
import { createHash } from 'node:crypto';
import { readChunks } from './read-chunks.ts';

/** Hashes a file of any size, as 64 hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of readChunks(path)) hash.update(bytes);
  return hash.digest('hex');
}
