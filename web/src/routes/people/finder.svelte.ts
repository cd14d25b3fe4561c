import { DirectoryClient, type Person, type Unit } from '../../api/directory';
import { byId } from './names';

const PAUSE_MS = 120;

/** What was asked of the directory and what it answered; outlives the page, so that going back finds it again. */
export class Finder {
  readonly client = new DirectoryClient();
  text = $state('');
  people = $state.raw<Person[]>([]);
  units = $state.raw<Map<string, Unit>>(new Map());
  total = $state(0);
  isExact = $state(true);
  /** The question the answers are to; null before the first. */
  answered = $state<string | null>(null);
  error = $state.raw<unknown>(null);
  /** The cursor of the page behind what is shown; null at the end. */
  next = $state<string | null>(null);
  private asking: AbortController | null = null;
  private timer = 0;


  /** Asks when the typing pauses. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  }

  /** Asks now; an answer to an older question is dropped. */
  async ask(): Promise<void> {
    clearTimeout(this.timer);
    const text = this.text.trim();
    this.asking?.abort();
    if (text === this.answered && this.error === null) return;
    if (text === '') return this.forget();
    const asking = (this.asking = new AbortController());
    try {
      const found = await this.client.search(text, null, asking.signal);
      this.people = found.people;
      this.units = byId(found.units);
      this.take(found.total, found.isExact, found.next);
      this.answered = text;
      this.error = null;
    } catch (error) {
      if (!asking.signal.aborted) this.error = error;
    }
  }

  /** The page behind the last one. */
  async more(): Promise<void> {
    const { answered, next } = this;
    if (answered === null || next === null) return;
    try {
      const found = await this.client.search(answered, next);
      if (this.answered !== answered) return;
      this.people = [...this.people, ...found.people];
      this.units = new Map([...this.units, ...byId(found.units)]);
      this.take(found.total, found.isExact, found.next);
    } catch (error) {
      this.error = error;
    }
  }

  private take(total: number, isExact: boolean, next: string | null): void {
    this.total = total;
    this.isExact = isExact;
    this.next = next;
  }

  private forget(): void {
    this.people = [];
    this.answered = null;
    this.next = null;
    this.error = null;
  }
}

export const finder = new Finder();
