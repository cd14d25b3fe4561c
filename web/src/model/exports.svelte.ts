import { beginExport, deleteExport, listExports, type Client, type Id, type MailExport } from '../jmap';
import { Looking } from './looking';

/** The files of an account's mail that are there or in the making. */
export class Exports {
  list = $state.raw<readonly MailExport[] | null>(null);
  private readonly looking = new Looking(
    () => this.read(),
    () => this.list?.some((item) => item.state === 'planning') ?? false,
  );

  constructor(
    private readonly client: Client,
    private readonly onReady: () => void,
  ) {}

  /** Follows what goes on until `leave`. @throws when the server cannot be reached. */
  async watch(): Promise<void> {
    this.looking.begin();
    await this.read();
  }

  leave(): void {
    this.looking.end();
  }

  async begin(format: MailExport['format'], mailboxIds: readonly Id[] | null): Promise<void> {
    const made = await beginExport(this.client, format, mailboxIds);
    this.list = [made, ...(this.list ?? [])];
    this.looking.later();
  }

  async delete(id: Id): Promise<void> {
    await deleteExport(this.client, id);
    this.list = (this.list ?? []).filter((item) => item.id !== id);
  }

  private async read(): Promise<void> {
    const before = new Map((this.list ?? []).map((item) => [item.id, item.state]));
    this.list = await listExports(this.client);
    if (this.list.some((item) => item.state === 'ready' && before.get(item.id) === 'planning')) this.onReady();
    this.looking.later();
  }
}
