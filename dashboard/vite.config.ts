/** Builds the page to dashboard/dist: files of our own only, so that it works without a network and under default-src 'self'. */
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [svelte({ preprocess: vitePreprocess() })],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false } },
  server: { proxy: { '/api': process.env.LAB_URL ?? 'http://127.0.0.1:8080' } },
});
