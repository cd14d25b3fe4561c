import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The client is served from one origin only; a development server passes the API through to the running system.
const backend = process.env['PIRAB_BACKEND'] ?? 'http://localhost:8080';

/**
 * Lays a compressed copy beside every text file, once and hard, for the front to hand out as it is. Only when all is
 * written: until then the bundler still changes what it wrote.
 */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(options, bundle) {
        for (const fileName of Object.keys(bundle).filter((name) => /\.(?:js|css)$/.test(name))) {
          const path = join(options.dir ?? 'dist', fileName);
          const source = readFileSync(path);
          writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
          writeFileSync(`${path}.br`, brotliCompressSync(source));
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte(), precompress()],
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
