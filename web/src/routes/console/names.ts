import type { AgencyKind } from '../../api/agencies';
import type { DutyKind } from '../../api/duties';
import { dayOf } from '../../i18n/dates';
import { i18n } from '../../i18n/index.svelte';
import { consoleWords as words } from '../../i18n/console';

/** A name in the language in use; the Thai one where there is no other. */
export function nameOf(named: { nameTh: string; nameEn: string }): string {
  return (i18n.language === 'en' && named.nameEn) || named.nameTh;
}

export const agencyName = nameOf;

export function agencyKindName(kind: AgencyKind): string {
  return words.t.agencyKinds[kind];
}

export function dutyName(kind: DutyKind): string {
  return words.t.dutyKinds[kind];
}

/** A day of the calendar in use: `24 พ.ย. 2569`. */
export function day(iso: string | null): string {
  return iso === null ? '' : dayOf(new Date(iso), i18n.language);
}
