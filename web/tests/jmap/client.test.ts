import { describe, expect, test } from 'vitest';
import { Client, expandTemplate, NetworkError, ownOrigin, RequestRefused, requireSet, SessionExpired, SetRefused, type Session, type SetResponse } from '../../src/jmap';

const session: Session = {
  capabilities: { 'urn:ietf:params:jmap:core': { maxSizeUpload: 7 }, 'urn:ietf:params:jmap:mail': {}, 'https://pirab.go.th/jmap/mail-safety': {} },
  accounts: { a1: { name: 'a', isPersonal: true, isReadOnly: false, accountCapabilities: { 'urn:ietf:params:jmap:submission': { maxDelayedSend: 30, submissionExtensions: {} } } } },
  primaryAccounts: { 'urn:ietf:params:jmap:mail': 'a1' },
  username: 'somchai@opm.test',
  apiUrl: 'https://mail.pirab.test/jmap/',
  downloadUrl: '/jmap/download/{accountId}/{blobId}/{name}?type={type}',
  uploadUrl: '/jmap/upload/{accountId}/',
  eventSourceUrl: '/jmap/eventsource?types={types}&closeafter={closeafter}&ping={ping}',
  state: 's',
};

/** A fetch that answers once as told and keeps what it was asked. */
function fake(status: number, body: string, headers: Record<string, string> = {}): { fetch: typeof fetch; asked: [string, RequestInit][] } {
  const asked: [string, RequestInit][] = [];
  return {
    asked,
    fetch: async (url, init) => {
      asked.push([String(url), init ?? {}]);
      return Promise.resolve(new Response(body, { status, headers }));
    },
  };
}

describe('the client', () => {
  test('talks to the page’s own origin whatever name the server gives itself', () => {
    expect(new Client(session).session.apiUrl).toBe('/jmap/');
    expect(ownOrigin('HTTP://other:8080/jmap/?a={b}')).toBe('/jmap/?a={b}');
    expect(ownOrigin('/jmap/')).toBe('/jmap/');
  });

  test('goes from account to account of one person, the own one first', () => {
    const mail = { 'urn:ietf:params:jmap:mail': {} };
    const accounts = {
      a3: { name: 'saraban@opm.test', isPersonal: false, isReadOnly: false, accountCapabilities: { ...mail, 'urn:ietf:params:jmap:submission': {} } },
      a2: { name: 'registry@opm.test', isPersonal: false, isReadOnly: false, accountCapabilities: mail },
      a1: { name: 'somchai@opm.test', isPersonal: true, isReadOnly: false, accountCapabilities: { ...mail, 'urn:ietf:params:jmap:submission': {} } },
      a4: { name: 'no mail here', isPersonal: false, isReadOnly: false, accountCapabilities: {} },
    };
    const own = new Client({ ...session, accounts });
    expect(own.accounts.map(({ id }) => id)).toEqual(['a1', 'a2', 'a3']);
    expect([own.isOwn, own.mayWrite]).toEqual([true, true]);
    const read = own.forAccount('a2');
    expect([read.accountId, read.isOwn, read.mayWrite]).toEqual(['a2', false, false]);
    expect(read.uploadUrl()).toBe('/jmap/upload/a2/');
    expect(read.forAccount('a3').mayWrite).toBe(true);
  });

  test('marks every request as its own and names the capabilities the server has', async () => {
    const { fetch, asked } = fake(200, JSON.stringify({ methodResponses: [['Core/echo', { hello: 1 }, 'c0']] }));
    expect(await new Client(session, fetch).call('Core/echo', { hello: 1 })).toEqual({ hello: 1 });
    const [url, init] = asked[0] ?? ['', {}];
    expect(url).toBe('/jmap/');
    expect(init.headers).toMatchObject({ 'X-Pirab-Request': '1', 'Content-Type': 'application/json' });
    expect((JSON.parse(String(init.body)) as { using: string[] }).using).toContain('https://pirab.go.th/jmap/mail-safety');
  });

  test.each([
    [401, '', SessionExpired],
    [500, '', RequestRefused],
    [400, '{"type":"urn:ietf:params:jmap:error:limit","detail":"too much"}', RequestRefused],
    [503, '<html>', NetworkError],
    [200, 'this is not JSON', NetworkError],
  ])('makes an error with a next step of status %i', async (status, body, kind) => {
    await expect(new Client(session, fake(status, body).fetch).call('Core/echo', {})).rejects.toBeInstanceOf(kind);
  });

  test('keeps the server’s words and its wish to be asked later', async () => {
    const { fetch } = fake(429, '{"type":"about:blank","detail":"slow down"}', { 'Retry-After': '30' });
    await expect(new Client(session, fetch).call('Core/echo', {})).rejects.toMatchObject({ status: 429, detail: 'slow down', retryAfter: 30 });
  });

  test('says so when there is no network', async () => {
    const dead: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(new Client(session, dead).call('Core/echo', {})).rejects.toBeInstanceOf(NetworkError);
  });

  test('takes limits from the session and the rest from the standard’s suggestions', () => {
    const { limits, submission } = new Client(session);
    expect([limits.maxSizeUpload, limits.maxObjectsInGet, submission.maxDelayedSend]).toEqual([7, 500, 30]);
  });

  test('writes Thai names and hostile ones safely into addresses', () => {
    const url = new Client(session).downloadUrl('b1', 'หนังสือ ที่ นร ๐๑๐๗/ว ๒.pdf', 'application/pdf; x="?&"');
    expect(url).not.toMatch(/[ "]|\/ว/);
    expect(decodeURIComponent(url)).toContain('หนังสือ ที่ นร ๐๑๐๗/ว ๒.pdf');
    expect(expandTemplate('/{a}/{missing}', { a: '../x' })).toBe('/..%2Fx/');
  });

  test('throws the first refusal of a set', () => {
    const refused = { notUpdated: { e1: { type: 'forbidden', description: 'no' } } } as unknown as SetResponse<unknown>;
    expect(() => requireSet(refused)).toThrow(SetRefused);
  });
});
