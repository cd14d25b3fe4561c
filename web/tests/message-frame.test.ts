import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../public/message-frame.html', import.meta.url), 'utf8');
const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;

test('the frame allows exactly its own script', () => {
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain(`script-src '${hash}'`);
  expect(page).toContain("default-src 'none'");
});

test('the front serves the frame with the policy of the same script', () => {
  const front = readFileSync(new URL('../../engines/templates/nginx/nginx.conf', import.meta.url), 'utf8');
  expect(front).toContain(hash);
});
