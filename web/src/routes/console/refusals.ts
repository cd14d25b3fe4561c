import { problemName } from '../../api/rest';
import { consoleWords } from '../../i18n/console';
import { RequestRefused } from '../../jmap';
import { errorKind } from '../../model';
import { errorText } from '../../ui/texts';

/** Why the server refused, in words of the language in use. */
export function refusalText(error: unknown): string {
  const refusals: Readonly<Record<string, string>> = consoleWords.t.refusals;
  const known = error instanceof RequestRefused ? refusals[problemName(error.type)] : undefined;
  return known ?? errorText(errorKind(error));
}

/** The fields the server named as wrong, as the client writes their names; none where it said something else. */
export function wrongFields(error: unknown): readonly string[] {
  if (!(error instanceof RequestRefused) || error.status !== 422) return [];
  const places = Array.isArray(error.fields['errors']) ? (error.fields['errors'] as { place?: unknown }[]) : [];
  if (places.length > 0) return places.map(({ place }) => camel(String(place).split('.').pop() ?? ''));
  const named = /: ([a-z]\w*)$/i.exec(error.detail)?.[1];
  return named === undefined ? [] : [camel(named)];
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Whether an edit lost against somebody else's. */
export function isLostRace(error: unknown): boolean {
  return error instanceof RequestRefused && (error.status === 412 || problemName(error.type) === 'edited-meanwhile');
}
