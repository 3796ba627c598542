import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';
import { precache } from './build/precache.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/* One HTML file a page; fdvu serves /minside as minside.html and so on. */
const pages = ['index', 'minside', 'field', 'office', 'supplier', 'q', 'docs'];
const input = Object.fromEntries(pages.map((page) => [page, at(`./${page}.html`)]));

/* The service worker keeps its name: its address is its identity. */
const serviceWorker = at('./field/sw.ts');
if (existsSync(serviceWorker)) input['sw'] = serviceWorker;

export default defineConfig({
  appType: 'mpa',
  publicDir: 'static',
  plugins: [react(), precache(), compress()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    rollupOptions: {
      input,
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': process.env['FDVU_URL'] ?? 'http://127.0.0.1:8080' } },
});
