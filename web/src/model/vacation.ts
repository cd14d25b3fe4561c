import { requireSet, type Client, type GetResponse, type SetResponse, type VacationResponse } from '../jmap';

/** The automatic reply as a form shows it: days of the person's own calendar (`2026-12-01`), empty for none. */
export interface VacationDraft {
  isEnabled: boolean;
  firstDay: string;
  lastDay: string;
  subject: string;
  text: string;
}

/** @throws when the server cannot be reached. */
export async function readVacation(client: Client): Promise<VacationDraft> {
  const [response] = (await client.call<GetResponse<VacationResponse>>('VacationResponse/get', { ids: null })).list;
  return {
    isEnabled: response?.isEnabled ?? false,
    firstDay: dayIn(response?.fromDate ?? null),
    lastDay: lastDayOf(response?.toDate ?? null),
    subject: response?.subject ?? '',
    text: response?.textBody ?? '',
  };
}

/** @throws when the server cannot be reached or refuses. */
export async function saveVacation(client: Client, draft: VacationDraft): Promise<void> {
  const update = {
    isEnabled: draft.isEnabled,
    fromDate: draft.firstDay ? utc(startOf(draft.firstDay, 0)) : null,
    toDate: dayAfter(draft.lastDay),
    subject: draft.subject.trim() || null,
    textBody: draft.text.trim() || null,
    // What another program wrote as HTML would say something else than this form shows.
    htmlBody: null,
  };
  requireSet(await client.call<SetResponse<VacationResponse>>('VacationResponse/set', { update: { singleton: update } }));
}

/** The day a moment lies in, here. */
export function dayIn(moment: string | null): string {
  if (moment === null) return '';
  const date = new Date(moment);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last day that is whole before a moment. */
export function lastDayOf(moment: string | null): string {
  return moment === null ? '' : dayIn(new Date(new Date(moment).getTime() - 1).toISOString());
}

/** The first moment after a day, or null for no day. */
export function dayAfter(day: string): string | null {
  return day ? utc(startOf(day, 1)) : null;
}

function startOf(day: string, later: number): Date {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later);
}

/** rfc8620#1.4 UTCDate has no fraction of a second here. */
function utc(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
