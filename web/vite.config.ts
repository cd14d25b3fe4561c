import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The client is served from one origin only; a development server passes the API through to the running system.
const backend = process.env['PIRAB_BACKEND'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // Fonts and pictures stay files of our own: the page's policy allows no data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    proxy: {
      '/jmap': backend,
      '/.well-known/jmap': backend,
      '/api': backend,
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
  },
});
