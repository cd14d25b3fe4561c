import { consoleWords as words } from '../../../i18n/console';
import { domainWords } from '../../../i18n/domains';

/** What a proposal is about; the server writes offices and acts by their codes. */
export function subjectOf({ subject }: { subject: string }): string {
  const names: Readonly<Record<string, string>> = { ...words.t.dutyKinds, ...domainWords.t.acts };
  return subject
    .split(' · ')
    .map((part) => names[part] ?? part)
    .join(' · ');
}
