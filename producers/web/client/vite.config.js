// Builds the browser application: hashed files in assets/, no inline code, nothing from other hosts.
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { preserveSymlinks: true },
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: {
    outDir: '../../../dist/web-client',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined assets would be data: URLs, which the policy 'self' refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
