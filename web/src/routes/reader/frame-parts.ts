import latin400 from '@fontsource/sarabun/files/sarabun-latin-400-normal.woff2?url';
import latin600 from '@fontsource/sarabun/files/sarabun-latin-600-normal.woff2?url';
import thai400 from '@fontsource/sarabun/files/sarabun-thai-400-normal.woff2?url';
import thai600 from '@fontsource/sarabun/files/sarabun-thai-600-normal.woff2?url';
import type { Client } from '../../jmap';

/** Only types a browser draws without running anything. SVG is a document, so it is left out. */
const DRAWN = /^image\/(?:png|jpe?g|gif|webp|avif|bmp)$/i;

/** The message's own pictures as bytes, by key. One that cannot be had stays an empty box. */
export async function framePictures(client: Client, pictures: readonly { key: string; url: string }[]): Promise<Record<string, Blob>> {
  const found: Record<string, Blob> = {};
  await Promise.all(
    pictures.slice(0, 200).map(async ({ key, url }) => {
      const blob = await client.downloadFrom(url).catch(() => null);
      if (blob && DRAWN.test(blob.type)) found[key] = blob;
    }),
  );
  return found;
}

export interface FrameFont {
  weight: string;
  range: string;
  bytes: ArrayBuffer;
}

const THAI = 'U+02D7, U+0303, U+0331, U+0E01-0E5B, U+200C-200D, U+25CC';
const FONTS: readonly (readonly [string, string, string])[] = [
  [thai400, '400', THAI],
  [latin400, '400', 'U+0000-00FF, U+2000-206F'],
  [thai600, '600 700', THAI],
  [latin600, '600 700', 'U+0000-00FF, U+2000-206F'],
];

let fonts: Promise<FrameFont[]> | null = null;

/** The page's own letters for the frame, which may load nothing itself. They are in the browser's cache already. */
export function frameFonts(): Promise<FrameFont[]> {
  fonts ??= Promise.all(
    FONTS.map(async ([url, weight, range]) => ({ weight, range, bytes: await (await fetch(url)).arrayBuffer() })),
  ).catch(() => {
    fonts = null;
    return [];
  });
  return fonts;
}
