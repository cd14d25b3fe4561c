import { requireSet, type Client, type FilterRule, type FilterRules, type GetResponse, type Id, type RuleRun, type SetResponse } from '../jmap';

/** @throws when the server cannot be reached. */
export async function readRules(client: Client): Promise<FilterRules> {
  const [found] = (await client.call<GetResponse<FilterRules>>('FilterRules/get', { ids: null })).list;
  return found ?? { id: 'singleton', rules: [], problems: [] };
}

/** All rules at once, in their order. @throws when the server cannot be reached or refuses. */
export async function saveRules(client: Client, rules: readonly FilterRule[]): Promise<void> {
  requireSet(await client.call<SetResponse<FilterRules>>('FilterRules/set', { update: { singleton: { rules } } }));
}

/** Sorts the mail of a mailbox again. @throws when the server cannot be reached or is at it already. */
export async function applyRules(client: Client, mailboxId: Id): Promise<RuleRun | null> {
  return (await client.call<{ run: RuleRun | null }>('FilterRules/apply', { mailboxId })).run;
}

export function newRule(): FilterRule {
  return {
    name: '',
    isEnabled: true,
    match: 'all',
    conditions: [{ field: 'from', operator: 'contains', value: '', header: null }],
    actions: { labels: [], moveTo: null, star: false, markRead: false, neverJunk: false, delete: false, forwardTo: [], reply: null },
    stop: false,
  };
}

/** `rules` with the one at `index` one place nearer to the start or the end. */
export function moved(rules: readonly FilterRule[], index: number, by: -1 | 1): FilterRule[] {
  const result = [...rules];
  const [rule] = result.splice(index, 1);
  if (rule) result.splice(Math.max(0, index + by), 0, rule);
  return result;
}

/** The addresses of a line of text. */
export function addressesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((address) => address !== '');
}
