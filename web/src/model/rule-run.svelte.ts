import type { Client, GetResponse, FilterRules, Id, RuleRun } from '../jmap';
import { applyRules } from './rules';

/** Milliseconds between two looks at a run. */
const LOOK_EVERY = 700;
const MOST_FAILURES = 60;

/** The rules applied to mail that is there, and taken back: work of the server's that is followed from here. */
export class RuleRunWatch {
  run = $state.raw<RuleRun | null>(null);
  /** Whether a screen shows the run: its end is then no news. */
  isShown = false;
  private isFollowing = false;

  /** @param onEnd hears of a run that ended while it was followed. */
  constructor(
    private readonly client: Client,
    private readonly onEnd: (run: RuleRun) => void,
  ) {}

  get isBusy(): boolean {
    return this.run?.state === 'running' || this.run?.state === 'undoing';
  }

  /** Looks whether something goes on, and follows it. @throws when the server cannot be reached. */
  async look(): Promise<void> {
    await this.read();
    void this.follow();
  }

  /** @throws when the server cannot be reached or is at it already. */
  async apply(mailboxId: Id): Promise<void> {
    this.run = await applyRules(this.client, mailboxId);
    void this.follow();
  }

  /** Takes the latest run back, but for letters moved since. @throws when there is none that is done. */
  async undo(): Promise<void> {
    this.run = (await this.client.call<{ run: RuleRun | null }>('FilterRules/undo', {})).run;
    void this.follow();
  }

  private async read(): Promise<void> {
    const answer = await this.client.call<GetResponse<Pick<FilterRules, 'run'>>>('FilterRules/get', { ids: null, properties: ['run'] });
    this.run = answer.list[0]?.run ?? null;
  }

  private async follow(): Promise<void> {
    if (this.isFollowing || !this.isBusy) return;
    this.isFollowing = true;
    let failures = 0;
    try {
      while (this.isBusy) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
        // A look that failed is no news: the next one follows, for a while.
        failures = await this.read().then(() => 0, () => failures + 1);
        if (failures === MOST_FAILURES) return;
      }
      if (this.run) this.onEnd(this.run);
    } finally {
      this.isFollowing = false;
    }
  }
}
