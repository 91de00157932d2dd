import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/**
 * Builds the page into dist/dashboards, where the API serves it from `/`.
 * Nothing is inlined (no data: URL, no inline script or style), so that it runs under
 * `default-src 'self'`.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  build: {
    outDir: fileURLToPath(new URL('../dist/dashboards', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
