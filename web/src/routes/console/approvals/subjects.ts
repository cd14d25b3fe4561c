import { consoleWords as words } from '../../../i18n/console';

/** What a proposal is about; the server writes offices by their codes. */
export function subjectOf({ subject }: { subject: string }): string {
  const names: Readonly<Record<string, string>> = words.t.dutyKinds;
  return subject
    .split(' · ')
    .map((part) => names[part] ?? part)
    .join(' · ');
}
