// `npm run build`: dist from nothing.
import { setUpClean } from './set-up.mjs';

await setUpClean();
