/** Dates as people here write them: Buddhist era in Thai, the common era in English; always the machine's time zone. */

export type Language = 'th' | 'en';

export interface DateWords {
  today: string;
  yesterday: string;
  /** Follows a time of day: ` น.` in Thai. */
  timeUnit: string;
}

const LOCALE: Record<Language, string> = { th: 'th-TH-u-ca-buddhist-nu-latn', en: 'en-GB' };

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE[language], options);
  formats.set(key, known);
  return known;
}

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };

export function timeOf(date: Date, language: Language, words: DateWords): string {
  return format(language, TIME).format(date) + words.timeUnit;
}

/** Whole days between two moments as a calendar on the wall counts them. */
function daysApart(earlier: Date, later: Date): number {
  const day = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(later) - day(earlier)) / 86_400_000);
}

/** Short, for a row: the time today, `เมื่อวาน`, `24 พ.ย.` this year, `24 พ.ย. 2568` before. */
export function listDate(iso: string, now: Date, language: Language, words: DateWords): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const days = daysApart(date, now);
  if (days === 0) return timeOf(date, language, words);
  if (days === 1) return words.yesterday;
  return shortDay(date, now, language);
}

/** For a message: `วันนี้ 09:41 น.`, `เมื่อวาน 09:41 น.`, `24 พ.ย. 2569 09:41 น.` */
export function messageDate(iso: string, now: Date, language: Language, words: DateWords): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const days = daysApart(date, now);
  const day = days === 0 ? words.today : days === 1 ? words.yesterday : dayWithYear(date, language);
  return `${day} ${timeOf(date, language, words)}`;
}

/** In full, for details and quotes: `วันอังคารที่ 24 พฤศจิกายน 2569 เวลา 09:41 น.` */
export function fullDate(iso: string, language: Language, words: DateWords): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  // Intl adds the era ("พ.ศ.") to a long Buddhist date; official letters write the bare year.
  const parts = format(language, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).formatToParts(date);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const time = timeOf(date, language, words);
  if (language === 'en') return `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}, ${time}`;
  const weekday = part('weekday').startsWith('วัน') ? part('weekday') : `วัน${part('weekday')}`;
  return `${weekday}ที่ ${part('day')} ${part('month')} ${part('year')} เวลา ${time}`;
}

function shortDay(date: Date, now: Date, language: Language): string {
  if (date.getFullYear() !== now.getFullYear()) return dayWithYear(date, language);
  return format(language, { day: 'numeric', month: 'short' }).format(date);
}

/** A day alone: `24 พ.ย. 2569`; empty for no date. */
export function dayOf(date: Date | null, language: Language): string {
  return date === null || Number.isNaN(date.getTime()) ? '' : dayWithYear(date, language);
}

function dayWithYear(date: Date, language: Language): string {
  const parts = format(language, { day: 'numeric', month: 'short', year: 'numeric' }).formatToParts(date);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('day')} ${part('month')} ${part('year')}`;
}

/** Octets as people read them, by thousands. */
export function fileSize(octets: number, language: Language): string {
  const units = language === 'th' ? ['ไบต์', 'กิโลไบต์', 'เมกะไบต์', 'กิกะไบต์'] : ['bytes', 'kB', 'MB', 'GB'];
  let value = octets;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value)} ${units[unit]}`;
}
