/**
 * The commands of a workload by number, to be found in a log in any order. It takes 13 bytes a command:
 * the number, a hash of the command, and whether it was seen.
 */

/** `known`: the log may have the command there; the others are faults. */
type Seen = 'known' | 'twice' | 'differs' | 'unknown';

export interface WorkloadIndex {
  /** Adds a command; the numbers must grow. */
  add(number: number, shown: string): void;
  readonly size: number;
  /** Notes that the log has a command. */
  see(number: number, shown: string): Seen;
  /** Yields the numbers of the commands that were never seen. */
  unseen(): Iterable<number>;
}

const FIRST_CAPACITY = 1_024;

export function openWorkloadIndex(): WorkloadIndex {
  let numbers = new Float64Array(FIRST_CAPACITY);
  let hashes = new Uint32Array(FIRST_CAPACITY);
  let seen = new Uint8Array(FIRST_CAPACITY);
  let size = 0;

  const grow = (): void => {
    const [fewNumbers, fewHashes, fewSeen] = [numbers, hashes, seen];
    numbers = new Float64Array(size * 2);
    hashes = new Uint32Array(size * 2);
    seen = new Uint8Array(size * 2);
    numbers.set(fewNumbers);
    hashes.set(fewHashes);
    seen.set(fewSeen);
  };
  return {
    add: (number, shown) => {
      if (size === numbers.length) grow();
      numbers[size] = number;
      hashes[size] = hashOf(shown);
      size += 1;
    },
    get size() {
      return size;
    },
    see: (number, shown) => {
      const index = indexIn(numbers, size, number);
      if (index === -1) return 'unknown';
      const isTwice = seen[index] === 1;
      seen[index] = 1;
      if (hashes[index] !== hashOf(shown)) return 'differs';
      return isTwice ? 'twice' : 'known';
    },
    *unseen() {
      for (let index = 0; index < size; index += 1) {
        if (seen[index] === 0) yield numbers[index] ?? 0;
      }
    },
  };
}

/** Returns the index of a number among the first `size`, which are sorted; −1 if it is not there. */
function indexIn(numbers: Float64Array, size: number, number: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low < size && numbers[low] === number ? low : -1;
}

/** FNV-1a over the UTF-16 units of a text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
