// Builds the browser application: hashed files in assets/, no inline code, nothing from other hosts.
// `--mode report` builds the script that the pages of commands contain: one file with the chart library.
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const COMMON = { emptyOutDir: true, target: 'es2022', sourcemap: false };

const REPORT = {
  ...COMMON,
  outDir: '../../../dist/report-script',
  lib: {
    entry: 'src/report/draw-timelines.ts',
    formats: ['iife'],
    name: 'drawTimelines',
    fileName: () => 'timelines.js',
  },
};

const APPLICATION = {
  ...COMMON,
  outDir: '../../../dist/web-client',
  // Inlined assets would be data: URLs, which the policy 'self' refuses.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
};

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  resolve: { preserveSymlinks: true },
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  build: mode === 'report' ? REPORT : APPLICATION,
}));
