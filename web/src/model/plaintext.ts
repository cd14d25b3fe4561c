/** Plain text messages, cut into what they are made of. No markup is built here: the screen shows text as text. */

export type Inline = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

export interface Block {
  /** Old words somebody quoted (`> `) are folded away. */
  kind: 'words' | 'quote' | 'signature';
  text: string;
}

/** Runs of quoted lines, the signature after `-- ` (rfc3676#4.3), and everything else. */
export function textBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let kind: Block['kind'] = 'words';
  let lines: string[] = [];
  const close = (): void => {
    const joined = lines.join('\n');
    if (joined.trim() !== '') blocks.push({ kind, text: joined.replace(/^\n+|\s+$/g, '') });
    lines = [];
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const next: Block['kind'] = kind === 'signature' || line === '-- ' ? 'signature' : line.startsWith('>') ? 'quote' : 'words';
    if (next !== kind) {
      close();
      kind = next;
    }
    lines.push(line);
  }
  close();
  return blocks;
}

// Lengths are bounded (rfc5321#4.5.3.1 for addresses), or hostile text would be read again from each of its letters.
const LINK =
  /(?:https?:\/\/|www\.)[^\s<>"'“”]{1,2000}|[^\s<>"'()[\],;:@]{1,64}@[^\s<>"'()[\],;:@]{1,253}\.[a-z\u0e00-\u0e7f]{2,63}/giu;

/** Links and addresses inside running text. A full stop or bracket after a link belongs to the sentence. */
export function inlines(text: string): Inline[] {
  const parts: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const raw = match[0];
    const link = trimLink(raw);
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    const href = link.includes('@') && !/^(https?:|www\.)/i.test(link) ? `mailto:${link}` : /^www\./i.test(link) ? `https://${link}` : link;
    parts.push({ kind: 'link', text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function trimLink(raw: string): string {
  let link = raw.replace(/[.,;:!?…ฯ]+$/u, '');
  while (/[)\]]$/.test(link) && count(link, /[([]/g) < count(link, /[)\]]/g)) link = link.slice(0, -1);
  return link;
}

function count(text: string, letter: RegExp): number {
  return text.match(letter)?.length ?? 0;
}
