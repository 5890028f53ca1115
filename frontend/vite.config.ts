import { fileURLToPath } from 'node:url'

import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Where `cratewise serve` answers while the page is worked on.
const SERVER = 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    outDir: '../src/cratewise/web',
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the page allows neither fonts nor scripts inside other files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Nearly all of it is called before the first paint: compiled while it is loaded, beside
        // the page's own thread, and not function by function once it is called.
        postBanner: ({ isEntry }) => (isEntry ? '//# allFunctionsCalledOnLoad' : ''),
        // What the first page needs comes in one piece: each more is a request before anything is seen.
        codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      '/readyz': SERVER,
    },
  },
})
