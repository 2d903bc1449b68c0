// The browser application: hashed files below assets/, no inline code, nothing from elsewhere.
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
    // A data: URL would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
