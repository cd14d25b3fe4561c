import { checkDomain, readDomain, type DnsRecord, type Domain } from '../../../api/domains';
import { problemName } from '../../../api/rest';
import { domainWords } from '../../../i18n/domains';
import { RequestRefused } from '../../../jmap';
import type { Console } from '../console.svelte';

/** One domain with its records, and the look at them that goes on. */
export class Overview {
  domain = $state.raw<Domain | null>(null);
  records = $state.raw<readonly DnsRecord[]>([]);
  /** How many records were looked at; null while nobody looks. */
  checked = $state<number | null>(null);
  /** The record that is being looked at. */
  asking = $state<string | null>(null);
  /** Why the last wish was refused, where that is about domains. */
  refusal = $state('');

  constructor(
    private readonly shared: Console,
    private readonly agencyId: string,
    private readonly id: string,
  ) {}

  async read(): Promise<void> {
    const { domain, records } = await readDomain(this.agencyId, this.id);
    this.domain = domain;
    this.records = records;
  }

  /** One record after the other, so that each shows as soon as it is known. */
  async checkAll(): Promise<void> {
    if (this.checked !== null) return;
    const wasClaimed = this.domain?.state === 'claimed';
    this.checked = 0;
    try {
      for (const { key } of [...this.records]) {
        await this.check(key);
        this.checked += 1;
      }
      // The proof brings more records: the server looked at them with it.
      if (wasClaimed) await this.read();
      this.shared.say(domainWords.t.checkedNow);
    } catch (error) {
      this.fail(error);
    } finally {
      this.checked = null;
    }
  }

  async checkOne(key: string): Promise<void> {
    try {
      await this.check(key);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Tells why something was not done. */
  fail(error: unknown): void {
    const text = domainRefusal(error);
    this.refusal = text ?? '';
    if (text === null) this.shared.problem(error);
  }

  private async check(key: string): Promise<void> {
    this.asking = key;
    try {
      const { domain, records } = await checkDomain({ agencyId: this.agencyId, id: this.id }, key);
      this.domain = domain;
      this.records = records;
    } finally {
      this.asking = null;
    }
  }
}

/** Why the server refused, where it is about domains; null for everything else. */
export function domainRefusal(error: unknown): string | null {
  if (!(error instanceof RequestRefused)) return null;
  const refusals: Readonly<Record<string, string>> = domainWords.t.refusals;
  return refusals[problemName(error.type)] ?? null;
}
