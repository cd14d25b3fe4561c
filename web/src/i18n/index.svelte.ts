/**
 * The client's two languages. Thai comes with the page; English is read when somebody asks for it. Every text on the
 * screen is in `th.ts` and `en.ts`, whose keys the compiler holds together.
 */
import { fileSize, fullDate, listDate, messageDate, timeOf, type Language } from './dates';
import { th } from './th';
import type { Words } from './words';

export type { Language } from './dates';
export type { Words } from './words';

const STORAGE_KEY = 'pirab.language';

// Making a formatter costs milliseconds, using it microseconds. Both languages group digits alike.
const NUMBERS = new Intl.NumberFormat('en');
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

class I18n {
  language = $state<Language>('th');
  /** The words of the language in use. */
  t = $state.raw<Words>(th);

  /** Takes up the language this browser used last. */
  async start(): Promise<void> {
    await this.use(globalThis.localStorage?.getItem(STORAGE_KEY) === 'en' ? 'en' : 'th');
  }

  async use(language: Language): Promise<void> {
    this.t = language === 'en' ? (await import('./en')).en : th;
    this.language = language;
    document.documentElement.lang = language;
    try {
      globalThis.localStorage.setItem(STORAGE_KEY, language);
    } catch {
      // Storage may be full or forbidden: the choice then lasts as long as the page.
      return;
    }
  }

  number(value: number): string {
    return NUMBERS.format(value);
  }

  percent(part: number): string {
    return PERCENT.format(part);
  }

  time(date: Date): string {
    return timeOf(date, this.language, this.t);
  }

  listDate(iso: string): string {
    return listDate(iso, new Date(), this.language, this.t);
  }

  messageDate(iso: string): string {
    return messageDate(iso, new Date(), this.language, this.t);
  }

  fullDate(iso: string): string {
    return fullDate(iso, this.language, this.t);
  }

  fileSize(octets: number): string {
    return fileSize(octets, this.language);
  }
}

export const i18n = new I18n();
