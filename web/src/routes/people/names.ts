import type { HeldPost, Person, Unit } from '../../api/directory';
import { i18n } from '../../i18n/index.svelte';

interface Named {
  nameTh: string;
  nameEn: string;
}

/** The name in the language in use, or the other where there is none. */
export function nameOf(named: Named): string {
  return i18n.language === 'en' ? named.nameEn || named.nameTh : named.nameTh || named.nameEn;
}

/** The name in the language not in use, where it says something new. */
export function otherNameOf(named: Named): string {
  const other = i18n.language === 'en' ? named.nameTh : named.nameEn;
  return other === nameOf(named) ? '' : other;
}

/** With the title before it; an English name has none, for titles are Thai. */
export function fullNameOf(person: Person): string {
  const name = nameOf(person);
  return name === person.nameTh ? `${person.title}${/[a-z.]$/i.test(person.title) ? ' ' : ''}${name}` : name;
}

export function titleOf(post: Pick<HeldPost, 'titleTh' | 'titleEn'>): string {
  return i18n.language === 'en' ? post.titleEn || post.titleTh : post.titleTh || post.titleEn;
}

/** The units above `id` and itself, from the root. */
export function pathOfUnit(id: string | null, units: ReadonlyMap<string, Unit>): Unit[] {
  const unit = id === null ? undefined : units.get(id);
  return (unit?.path ?? []).flatMap((key) => units.get(key) ?? []);
}

export function byId(units: readonly Unit[]): Map<string, Unit> {
  return new Map(units.map((unit) => [unit.id, unit]));
}
