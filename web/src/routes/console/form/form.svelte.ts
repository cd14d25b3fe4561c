import { isLostRace, refusalText, wrongFields } from '../refusals';

/** One field that somebody else changed while it was edited here. */
export interface Difference {
  field: string;
  theirs: unknown;
  mine: unknown;
}

interface Lost<T> {
  theirs: T;
  version: number;
  differences: readonly Difference[];
}

export interface Versioned<T> {
  values: T;
  version: number;
}

interface Door<T, Saved> {
  save: (values: T, version: number) => Promise<Saved>;
  /** The values as they are on the server now; asked after a lost race. */
  reread?: () => Promise<Versioned<T>>;
  saved: (answer: Saved) => void;
}

/** Values being edited: what is wrong with them, and what to do when somebody else was faster. */
export class Form<T extends object, Saved = unknown> {
  values = $state() as T;
  /** Fields the server would not take. */
  wrong = $state.raw<ReadonlySet<string>>(new Set());
  /** Why it could not be saved, where no field says it. */
  problem = $state('');
  isBusy = $state(false);
  lost = $state.raw<Lost<T> | null>(null);
  private base: T;

  constructor(
    given: T,
    private version: number,
    private readonly door: Door<T, Saved>,
  ) {
    this.values = { ...given };
    this.base = given;
  }

  get isChanged(): boolean {
    return differencesOf(this.base, this.values, this.values).length > 0;
  }

  async submit(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = '';
    this.wrong = new Set();
    try {
      this.door.saved(await this.door.save($state.snapshot(this.values) as T, this.version));
    } catch (error) {
      if (isLostRace(error) && this.door.reread) await this.compare(this.door.reread);
      else this.explain(error);
    } finally {
      this.isBusy = false;
    }
  }

  /** What the other person wrote stands; nothing is saved. */
  takeTheirs(): void {
    const lost = this.take();
    if (lost) this.values = { ...lost.theirs };
  }

  /** Over what the other person wrote. */
  async keepMine(): Promise<void> {
    if (this.take()) await this.submit();
  }

  explain(error: unknown): void {
    const fields = wrongFields(error).filter((field) => field in this.values);
    this.wrong = new Set(fields);
    if (fields.length === 0) this.problem = refusalText(error);
    // To where something has to be mended, once it is marked.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus());
  }

  private async compare(reread: () => Promise<Versioned<T>>): Promise<void> {
    try {
      const { values, version } = await reread();
      this.lost = { theirs: values, version, differences: differencesOf(this.base, values, this.values) };
      // Nothing one of the two could not live with: the edit goes through on what is there now.
      if (this.lost.differences.length === 0) {
        this.take();
        this.door.saved(await this.door.save($state.snapshot(this.values) as T, this.version));
      }
    } catch (error) {
      this.explain(error);
    }
  }

  private take(): Lost<T> | null {
    const { lost } = this;
    this.lost = null;
    if (lost) {
      this.version = lost.version;
      this.base = lost.theirs;
    }
    return lost;
  }
}

/** The fields that are other now than they were when the edit began, with what stands here. */
function differencesOf<T extends object>(base: T, theirs: T, mine: T): Difference[] {
  return (Object.keys(base) as (keyof T & string)[])
    .filter((field) => JSON.stringify(theirs[field]) !== JSON.stringify(base[field]))
    .map((field) => ({ field, theirs: theirs[field], mine: mine[field] }));
}
