// `npm run build`: installs the packages and compiles everything anew.
import { readOptions } from './options.mjs';
import { prepareClean } from './prepare.mjs';

readOptions('Usage: npm run build\n\nInstalls the packages and compiles everything anew.');
await prepareClean();
