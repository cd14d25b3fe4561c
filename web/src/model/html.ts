/**
 * HTML from outside, handled as what it is: hostile. The server has sanitised it already; this is the second look, and
 * the only place of the client that turns such text into nodes. Kept out of the first load: it comes with the first message.
 */
import DOMPurify from 'dompurify';
import type { EmailBodyPart, EmailDetail, Id, Identity } from '../jmap';
import { emptyDraft, identityFor, QUOTE_CLASS, type DraftContent, type Quote } from './draft';
import { RECEIPT_HEADER } from './receipts';

const FORBIDDEN = ['style', 'form', 'input', 'button', 'textarea', 'select', 'option', 'video', 'audio', 'picture', 'source', 'link', 'meta'];
const EDITABLE = ['a', 'b', 'i', 'u', 's', 'strong', 'em', 'div', 'p', 'br', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'img', 'span', 'h1', 'h2', 'h3', 'table', 'tbody', 'thead', 'tr', 'td', 'th'];

// The sanitiser holds every attribute's value against this, so plain values must pass; addresses are looked at again below.
const VALUES = /^(?:(?:https?|mailto|tel|cid):|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;
const LINKS = /^(?:https?:|mailto:|tel:|#)/i;
const SOURCES = /^(?:https?:|cid:|data:image\/(?:png|jpe?g|gif|webp|avif|bmp)[;,]|\/jmap\/download\/)/i;

/** What is safe to hand to the message frame; scripts, forms and anything that loads from elsewhere are gone. */
function clean(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: ['srcset', 'background', 'poster', 'ping', 'autofocus', 'tabindex', 'contenteditable'],
    ALLOW_DATA_ATTR: false,
    ADD_ATTR: ['data-pirab-src', 'target'],
    ALLOWED_URI_REGEXP: VALUES,
    RETURN_DOM_FRAGMENT: true,
  });
  keepAddresses(fragment, 'href', LINKS);
  keepAddresses(fragment, 'src', SOURCES);
  return fragment;
}

function keepAddresses(fragment: DocumentFragment, attribute: string, allowed: RegExp): void {
  for (const element of fragment.querySelectorAll(`[${attribute}]`)) {
    if (!allowed.test((element.getAttribute(attribute) ?? '').trim())) element.removeAttribute(attribute);
  }
}

/** Only the plain marks the editor knows; looks are left behind. */
function cleanForEditor(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: EDITABLE,
    ALLOWED_ATTR: ['href', 'src', 'alt', 'colspan', 'rowspan'],
    ALLOWED_URI_REGEXP: VALUES,
    RETURN_DOM_FRAGMENT: true,
  });
  keepAddresses(fragment, 'href', LINKS);
  keepAddresses(fragment, 'src', /^cid:/i);
  return fragment;
}

export function editorFragment(html: string): DocumentFragment {
  return cleanForEditor(html);
}

function serialize(fragment: DocumentFragment): string {
  const holder = document.implementation.createHTMLDocument('').createElement('div');
  holder.append(fragment);
  return holder.innerHTML;
}

/** A picture of the message itself, to be fetched here and handed to the frame as bytes. */
export interface FramePicture {
  key: string;
  url: string;
}

export interface FrameContent {
  html: string;
  pictures: FramePicture[];
}

const OWN_DOWNLOAD = /^\/jmap\/download\//;

/** Makes a message ready for the frame: own pictures become keys, links open outside, old words fold away. */
export function frameContent(html: string, quoteLabel: string): FrameContent {
  const fragment = clean(html);
  const pictures: FramePicture[] = [];
  for (const image of fragment.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    if (OWN_DOWNLOAD.test(source)) {
      const key = `p${pictures.length}`;
      pictures.push({ key, url: source });
      image.setAttribute('data-picture', key);
    }
    if (!/^data:image\//i.test(source)) image.removeAttribute('src');
    if (image.hasAttribute('data-pirab-src')) hideRemotePicture(image);
  }
  for (const link of fragment.querySelectorAll('a[href]')) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
  foldQuotes(fragment, quoteLabel);
  return { html: serialize(fragment), pictures };
}

/** A picture that stays outside: its description in its place, or nothing at all for one that only spies. */
function hideRemotePicture(image: HTMLImageElement): void {
  const words = (image.getAttribute('alt') ?? '').trim();
  if (words === '') {
    image.remove();
    return;
  }
  const place = document.createElement('span');
  place.className = 'pirab-hidden-picture';
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', words);
  place.textContent = words;
  image.replaceWith(place);
}

const QUOTES = `blockquote, .gmail_quote, .${QUOTE_CLASS}, .moz-cite-prefix + blockquote`;

/** Puts the first old message quoted at the end of the text behind a summary. Text after it stays in sight. */
function foldQuotes(fragment: DocumentFragment, label: string): void {
  const quote = [...fragment.querySelectorAll(QUOTES)].find((element) => !element.parentElement?.closest(QUOTES));
  if (!quote || !hasWordsBefore(fragment, quote)) return;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.setAttribute('aria-label', label);
  summary.textContent = '•••';
  quote.replaceWith(details);
  details.append(summary, quote);
}

function hasWordsBefore(fragment: DocumentFragment, quote: Element): boolean {
  const range = document.createRange();
  range.setStart(fragment, 0);
  range.setEndBefore(quote);
  return (range.cloneContents().textContent ?? '').trim() !== '';
}

/** Server addresses of the message's own pictures become `cid:` again, as they must travel (rfc2392). */
export function withCids(html: string, attachments: readonly EmailBodyPart[]): string {
  const fragment = clean(html);
  for (const image of fragment.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    const part = attachments.find((candidate) => candidate.cid !== null && candidate.blobId !== null && source.includes(candidate.blobId));
    if (part) image.setAttribute('src', `cid:${part.cid}`);
    else if (OWN_DOWNLOAD.test(source)) image.remove();
    const remote = image.getAttribute('data-pirab-src');
    if (remote !== null) {
      image.removeAttribute('data-pirab-src');
      if (/^https?:/i.test(remote)) image.setAttribute('src', remote);
    }
  }
  return serialize(fragment);
}

/** `cid:` pictures become addresses on our server, for showing a quote while a message is written. */
export function withDownloads(html: string, urlOf: (cid: string) => string | null): string {
  const fragment = clean(html);
  for (const image of fragment.querySelectorAll('img')) {
    const cid = /^cid:(.+)$/i.exec(image.getAttribute('src') ?? '')?.[1];
    const url = cid === undefined ? null : urlOf(cid);
    if (url !== null) image.setAttribute('src', url);
  }
  return serialize(fragment);
}

/** The message as a quote below an answer. */
export function quoteOf(email: EmailDetail, attribution: string, text: string): Quote {
  const safe = email['pirab:safeHtml'];
  const body = typeof safe === 'string' && safe !== '' ? withCids(safe, email.attachments) : textAsHtml(bodyText(email));
  const holder = document.implementation.createHTMLDocument('').createElement('div');
  const line = holder.ownerDocument.createElement('div');
  attribution.split('\n').forEach((part, index) => {
    if (index > 0) line.append(holder.ownerDocument.createElement('br'));
    line.append(part);
  });
  const block = holder.ownerDocument.createElement('blockquote');
  block.setAttribute('type', 'cite');
  block.setAttribute('style', 'margin:0 0 0 8px;padding-left:12px;border-left:2px solid #c5d3d6');
  block.append(clean(body));
  holder.append(line, block);
  return { html: holder.innerHTML, text };
}

/** The words of a message as plain text. */
export function bodyText(email: EmailDetail): string {
  const text = email.textBody
    .filter((part) => part.type === 'text/plain')
    .map((part) => (part.partId === null ? '' : (email.bodyValues[part.partId]?.value ?? '')))
    .join('\n');
  if (text.trim() !== '') return text;
  const html = email['pirab:safeHtml'];
  return typeof html === 'string' ? textOfFragment(clean(html)) : '';
}

export function textAsHtml(text: string): string {
  const holder = document.implementation.createHTMLDocument('').createElement('div');
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const block = holder.ownerDocument.createElement('div');
    if (line === '') block.append(holder.ownerDocument.createElement('br'));
    else block.textContent = line;
    holder.append(block);
  }
  return holder.innerHTML;
}

const BLOCKS = new Set(['DIV', 'P', 'LI', 'TR', 'BLOCKQUOTE', 'PRE', 'H1', 'H2', 'H3', 'H4', 'UL', 'OL', 'TABLE', 'HR']);

/** The text version of what was written: a line per block, `- ` before list items, `> ` before quotes. */
export function textOfFragment(root: Node): string {
  const lines: string[] = [''];
  const breakLine = (): void => {
    if (lines.at(-1) !== '') lines.push('');
  };
  const walk = (node: Node): void => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) lines[lines.length - 1] += (child.textContent ?? '').replace(/[\t\n\r\u200b ]+/g, ' ');
      if (!(child.nodeType === 1)) continue;
      const element = child as Element;
      const name = element.tagName.toUpperCase();
      if (name === 'BR') {
        // A line break that only holds an empty block open is that block's own empty line.
        lines.push('');
        continue;
      }
      const isBlock = BLOCKS.has(name);
      if (isBlock) breakLine();
      if (name === 'LI') lines[lines.length - 1] += '- ';
      if (name === 'BLOCKQUOTE') {
        lines.push(...textOfFragment(element).split('\n').map((line) => `> ${line}`), '');
        continue;
      }
      walk(element);
      if (name === 'A') lines[lines.length - 1] += linkSuffix(element);
      if (isBlock) breakLine();
    }
  };
  walk(root);
  return lines.map((line) => line.trimEnd()).join('\n').trim();
}

function linkSuffix(link: Element): string {
  const href = link.getAttribute('href') ?? '';
  const words = (link.textContent ?? '').trim();
  return /^https?:/i.test(href) && !words.includes('://') && href !== words ? ` <${href}>` : '';
}

/** A draft that lies on the server, as this client writes them or any other does. */
export function contentOfDraft(email: EmailDetail, identities: readonly Identity[]): DraftContent {
  const htmlPart = email.htmlBody.find((part) => part.type === 'text/html');
  const raw = htmlPart?.partId == null ? undefined : email.bodyValues[htmlPart.partId]?.value;
  const { written, quoted } = splitQuote(raw ?? textAsHtml(bodyText(email)));
  const fromId = identities.find((identity) => identity.email.toLowerCase() === email.from?.[0]?.email.toLowerCase())?.id;
  return {
    ...emptyDraft(fromId ?? identityFor(email, identities)),
    wantsReceipt: (email[RECEIPT_HEADER]?.length ?? 0) > 0,
    to: email.to ?? [],
    cc: email.cc ?? [],
    bcc: email.bcc ?? [],
    subject: email.subject ?? '',
    html: serialize(cleanForEditor(written)),
    text: textOfFragment(cleanForEditor(written)),
    quote: quoted === null ? null : { html: quoted, text: textOfFragment(clean(quoted)) },
    attachments: email.attachments.flatMap((part) =>
      part.blobId === null ? [] : [{ blobId: part.blobId as Id, name: part.name ?? '', type: part.type, size: part.size, cid: part.cid }],
    ),
    inReplyTo: email.inReplyTo ?? [],
    references: email.references ?? [],
  };
}

function splitQuote(html: string): { written: string; quoted: string | null } {
  const fragment = clean(html);
  const quote = fragment.querySelector(`.${QUOTE_CLASS}`);
  if (!quote) return { written: serialize(fragment), quoted: null };
  const quoted = quote.innerHTML;
  quote.remove();
  return { written: serialize(fragment), quoted };
}
