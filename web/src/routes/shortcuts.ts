import type { Desk } from './desk.svelte';
import type { Writing } from './writing';

/** Gmail's keys. `?` shows them. */
export function runShortcut(key: string, desk: Desk, writing: Writing): boolean {
  const commands: Record<string, () => void> = {
    j: () => desk.step(1),
    k: () => desk.step(-1),
    o: () => desk.openRow(desk.current),
    u: () => desk.back(),
    e: () => desk.moveToRole('archive'),
    '#': () => desk.trash(),
    Delete: () => desk.trash(),
    '!': () => desk.toggleJunk(),
    s: () => desk.toggleStar(),
    U: () => desk.toggleRead(),
    v: () => (desk.isMoveOpen = true),
    l: () => (desk.isLabelOpen = true),
    r: () => writing.answer('reply'),
    a: () => writing.answer('replyAll'),
    f: () => writing.answer('forward'),
    c: () => writing.compose(),
    z: () => desk.mail.notices.undoLast(),
    '/': () => (desk.searchFocus += 1),
    '?': () => (desk.isHelpOpen = true),
    Escape: () => desk.back(),
  };
  const command = commands[key] ?? commands[THAI_LAYOUT[key] ?? ''];
  command?.();
  return command !== undefined;
}

/** The same keys while the keyboard writes Thai (Kedmanee): nobody should have to switch layouts to read mail. */
const THAI_LAYOUT: Record<string, string> = {
  '\u0e48': 'j',
  '\u0e32': 'k',
  '\u0e19': 'o',
  '\u0e35': 'u',
  '\u0e33': 'e',
  '\u0e2b': 's',
  '\u0e2d': 'v',
  '\u0e2a': 'l',
  '\u0e1e': 'r',
  '\u0e1f': 'a',
  '\u0e14': 'f',
  '\u0e41': 'c',
  '\u0e1c': 'z',
  '\u0e4a': 'U',
  '\u0e1d': '/',
  '\u0e26': '?',
  '\u0e52': '#',
};

/** Keys typed into a field, or with a modifier, are the field's and the browser's. */
export function isForShortcuts(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return false;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return true;
  if (target.isContentEditable || target.closest('dialog, [role="dialog"]')) return false;
  return !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Every key with the word that names it, for the help. */
export const SHORTCUT_HELP = [
  ['j / k', 'shortcutMove'],
  ['o', 'shortcutOpen'],
  ['u', 'shortcutBack'],
  ['e', 'archiveAction'],
  ['#', 'deleteAction'],
  ['!', 'junkAction'],
  ['v', 'moveTo'],
  ['l', 'labels'],
  ['s', 'star'],
  ['Shift+u', 'markUnread'],
  ['r', 'reply'],
  ['a', 'replyAll'],
  ['f', 'forward'],
  ['c', 'compose'],
  ['z', 'shortcutUndo'],
  ['/', 'searchMail'],
  ['?', 'shortcuts'],
] as const;
