import type { EmailAddress } from '../jmap';

/**
 * A mailbox a person may type: rfc5321 with rfc6531 letters (Thai local parts and domains), without quoted local parts.
 * The server has the last word; this only catches slips of the hand.
 */
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\.]+$/u;

export function isAddress(text: string): boolean {
  return text.length <= 320 && ADDRESS.test(text) && !text.includes('..');
}

/** Splits at commas, semicolons and line ends that stand outside quotes and angle brackets. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let isInAngle = false;
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && letter === '<') isInAngle = true;
    else if (!isQuoted && letter === '>') isInAngle = false;
    if (!isQuoted && !isInAngle && /[,;\n\r]/.test(letter)) {
      parts.push(part);
      part = '';
    } else {
      part += letter;
    }
  }
  parts.push(part);
  return parts.map((item) => item.trim()).filter((item) => item !== '');
}

/**
 * What a person typed or pasted as addresses: `a@b.go.th`, `ชื่อ <a@b.go.th>`, several by comma, semicolon or line.
 * Parts that are no address come back as written in `rejected`.
 */
export function parseAddresses(text: string): { accepted: EmailAddress[]; rejected: string[] } {
  const accepted: EmailAddress[] = [];
  const rejected: string[] = [];
  for (const part of splitList(text)) {
    const angle = /^(.*)<\s*([^<>]+?)\s*>$/su.exec(part);
    const email = (angle?.[2] ?? part).replace(/^mailto:/i, '');
    const name = (angle?.[1] ?? '').trim().replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"').trim();
    if (isAddress(email)) accepted.push({ name: name === '' ? null : name, email });
    else if (!angle && part.includes(' ') && part.split(/\s+/).every(isAddress)) {
      for (const word of part.split(/\s+/)) accepted.push({ name: null, email: word });
    } else rejected.push(part);
  }
  return { accepted, rejected };
}

export function sameAddress(a: EmailAddress, b: EmailAddress): boolean {
  return a.email.toLowerCase() === b.email.toLowerCase();
}

/** Each address once, the first naming wins; addresses in `without` are left out. */
export function uniqueAddresses(list: readonly EmailAddress[], without: readonly EmailAddress[] = []): EmailAddress[] {
  const seen = new Set(without.map((address) => address.email.toLowerCase()));
  return list.filter((address) => {
    const key = address.email.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The name to show for somebody; an address that dresses up as a name is shown as what it is. */
export function displayName(address: EmailAddress): string {
  const name = visible(address.name ?? '');
  return name === '' ? address.email : name;
}

// Direction overrides and zero-width letters let a name or file name read as another one.
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu;

/** Text without letters that hide or reorder others. Thai needs none of them; ZWJ and ZWNJ stay for other scripts. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, '').replace(/[\u0000-\u001f\u007f]/g, ' ').trim();
}

/** A letter that stands for a person: the first consonant of a Thai name, since เ แ โ ใ ไ stand before theirs. */
export function initialOf(address: EmailAddress): string {
  const name = displayName(address).replace(/^(นางสาว|นาง|นาย|ดร\.|น\.ส\.|Mr\.|Mrs\.|Ms\.|Dr\.)\s*/u, '');
  const letter = /[ก-ฮ\p{L}\p{N}]/u.exec(name.replace(/^[เแโใไ"'( ]+/u, ''));
  return letter ? letter[0].toLocaleUpperCase('th') : '?';
}

/** A number 0–7 that is always the same for the same address, to give people a colour. */
export function hueOf(address: EmailAddress): number {
  let hash = 0;
  for (const letter of address.email.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash % 8;
}
