import {
  Push,
  type Client,
  type EmailSubmission,
  type EmailSummary,
  type GetResponse,
  type Identity,
  type Mailbox,
  type PushStatus,
  type Thread,
} from '../jmap';
import { Actions } from './actions';
import { Composers } from './composers.svelte';
import { Emails } from './emails.svelte';
import { List } from './list.svelte';
import { LocalDrafts } from './local-drafts';
import { Mailboxes } from './mailboxes.svelte';
import { Notices } from './notices.svelte';
import { isUnread } from './patch';
import { Quota } from './quota.svelte';
import { Reader } from './reader.svelte';
import { Submissions } from './submissions.svelte';
import { Sync } from './sync';

/** Seconds between pings of the event stream, so that idle connections are not cut on the way. */
const PING = 60;

/** Where the person is going, as far as it matters to what is read first. */
export type Place = 'inbox' | 'elsewhere';

/** Everything an open account is made of. */
export class Mail {
  readonly emails = new Emails();
  readonly mailboxes = new Mailboxes();
  readonly notices = new Notices();
  readonly list: List;
  readonly reader: Reader;
  readonly submissions: Submissions;
  readonly actions: Actions;
  readonly composers: Composers;
  readonly local: LocalDrafts;
  readonly quota: Quota;
  identities = $state.raw<readonly Identity[]>([]);
  pushStatus = $state<PushStatus>('connecting');
  /** What the browser says about the network; only "no" can be believed. */
  hasNetwork = $state(true);
  private readonly sync: Sync;
  private readonly push: Push;

  constructor(
    readonly client: Client,
    private readonly storage: Storage,
  ) {
    this.list = new List(client, this.emails);
    this.reader = new Reader(client, this.emails);
    this.submissions = new Submissions(client);
    this.quota = new Quota(client);
    this.local = new LocalDrafts(storage, client.accountId);
    this.actions = new Actions(client, this);
    this.composers = new Composers(
      {
        client,
        local: this.local,
        identities: () => this.identities,
        draftsId: () => this.mailboxes.withRole('drafts')?.id ?? null,
      },
      this,
    );
    this.sync = new Sync(client, this);
    this.sync.onArrival = (emails) => this.announce(emails);
    this.sync.onMail = () => this.quota.soon();
    this.sync.onReset = () => this.readAnew();
    this.push = new Push({
      url: client.eventSourceUrl(['Mailbox', 'Email', 'Thread', 'EmailSubmission'], PING),
      onChange: ({ changed }) => {
        if (this.sync.isNews(changed[client.accountId] ?? {})) this.pull();
      },
      onStatus: (status) => this.followPush(status),
    });
  }

  get username(): string {
    return this.client.session.username;
  }

  /**
   * Reads what every screen needs, and follows changes from then on.
   *
   * Whoever comes to the inbox gets it a round trip earlier: its id is remembered from the last time. What changes between
   * the two answers is asked for when the event stream opens.
   */
  async start(place: Place): Promise<void> {
    const inboxId = place === 'inbox' ? this.rememberedInbox() : null;
    // A failure here is no news: the screen opens the list itself and says what is wrong.
    if (inboxId !== null) void this.list.open({ kind: 'mailbox', mailboxId: inboxId }).catch(() => this.list.forget());
    await this.readStates();
    this.rememberInbox();
    this.push.start();
    this.quota.soon();
    await this.composers.restore();
  }

  stop(): void {
    this.push.stop();
    this.quota.stop();
  }

  /** Asks for changes now; used when the page comes back to front or online. */
  pull(): void {
    // A failed pull shows as the connection's state; the next push or retry asks again.
    this.sync.pull().catch(() => undefined);
  }

  hurry(): void {
    this.hasNetwork = true;
    this.push.hurry();
    this.pull();
    for (const composer of this.composers.list) if (composer.isUnsaved) void composer.save();
  }

  loseNetwork(): void {
    this.hasNetwork = false;
  }

  /** Whether what is shown may be behind the server. */
  get isOffline(): boolean {
    return !this.hasNetwork || this.pushStatus === 'waiting';
  }

  private get inboxKey(): string {
    return `pirab.inbox.${this.client.accountId}`;
  }

  private rememberedInbox(): string | null {
    return this.storage.getItem(this.inboxKey);
  }

  private rememberInbox(): void {
    const inbox = this.mailboxes.withRole('inbox');
    try {
      if (inbox) this.storage.setItem(this.inboxKey, inbox.id);
    } catch {
      // A full storage costs a round trip next time, nothing more.
      return;
    }
  }

  private async readStates(): Promise<void> {
    const batch = this.client.batch();
    const mailboxes = batch.add<GetResponse<Mailbox>>('Mailbox/get', { ids: null });
    // Who may not send in an account has no identities and no submissions there.
    const identities = this.client.mayWrite ? batch.add<GetResponse<Identity>>('Identity/get', { ids: null }) : null;
    // Empty gets tell the states from which changes are followed, before anything is read.
    const emails = batch.add<GetResponse<EmailSummary>>('Email/get', { ids: [] });
    const threads = batch.add<GetResponse<Thread>>('Thread/get', { ids: [] });
    const submissions = this.client.mayWrite ? batch.add<GetResponse<EmailSubmission>>('EmailSubmission/get', { ids: [] }) : null;
    await this.client.send(batch);
    this.mailboxes.replace(mailboxes.result().list);
    this.identities = identities?.result().list ?? [];
    this.sync.states = {
      Mailbox: mailboxes.result().state,
      Email: emails.result().state,
      Thread: threads.result().state,
      EmailSubmission: submissions?.result().state ?? null,
    };
  }

  private async readAnew(): Promise<void> {
    this.list.forgetSnapshots();
    await this.readStates();
    await this.list.refresh();
  }

  private followPush(status: PushStatus): void {
    // Whatever happened between the states read and the stream's opening is asked for once it is open.
    if (status === 'open') this.pull();
    this.pushStatus = status;
  }

  private announce(emails: readonly EmailSummary[]): void {
    const inbox = this.mailboxes.withRole('inbox');
    const arrived = emails.filter((email) => inbox && email.mailboxIds[inbox.id] === true && isUnread(email));
    const newest = arrived.at(-1);
    if (!newest) return;
    const from = newest.from?.[0];
    this.notices.show('newMail', { count: arrived.length, name: from?.name ?? from?.email ?? '' });
  }
}
