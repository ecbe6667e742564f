/**
 * Builds the page to dashboard/dist: files of our own only, so that it works without a network and under default-src 'self'.
 * `--mode recording` builds the same page as one script and one style sheet, which a recording carries in itself.
 */
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig(({ mode }) => {
  const isRecording = mode === 'recording';
  return {
    root: import.meta.dirname,
    base: './',
    plugins: [svelte({ preprocess: vitePreprocess() })],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      assetsInlineLimit: isRecording ? 1_000_000 : 0,
      cssCodeSplit: !isRecording,
      target: 'es2023',
      modulePreload: isRecording ? false : { polyfill: false },
      // Licences of what is bundled: they go where the page goes.
      license: { fileName: 'THIRD-PARTY.md' },
      ...(isRecording && { rolldownOptions: { output: { codeSplitting: false } } }),
    },
    server: { proxy: { '/api': process.env.LAB_URL ?? 'http://127.0.0.1:8080' } },
  };
});
