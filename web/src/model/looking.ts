/** Milliseconds between two looks at work that goes on. */
const LOOK_EVERY = 1_000;

/** Looks again and again at work of the server's, while it goes on and somebody watches. */
export class Looking {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isWatched = false;

  constructor(
    private readonly look: () => Promise<void>,
    private readonly goesOn: () => boolean,
  ) {}

  begin(): void {
    this.isWatched = true;
  }

  end(): void {
    this.isWatched = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Has one more look taken in a moment, unless that is so already or there is nothing to see. */
  later(): void {
    if (!this.isWatched || this.timer !== null || !this.goesOn()) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      // A look that failed is no news: the next one follows.
      this.look().catch(() => this.later());
    }, LOOK_EVERY);
  }
}
