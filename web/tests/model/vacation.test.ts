import { expect, test } from 'vitest';
import { dayAfter, dayIn, lastDayOf, readVacation, saveVacation } from '../../src/model/vacation';
import { FakeServer } from './fake-server';

test('days go to the server as moments and come back as the same days', async () => {
  const server = new FakeServer();
  let kept: Record<string, unknown> = {};
  server.methods['VacationResponse/set'] = (args) => {
    kept = (args['update'] as { singleton: Record<string, unknown> }).singleton;
    return { updated: { singleton: null } };
  };
  server.methods['VacationResponse/get'] = () => ({ list: [{ id: 'singleton', ...kept }], notFound: [] });
  const draft = { isEnabled: true, firstDay: '2026-12-30', lastDay: '2026-12-31', subject: '', text: ' ลาพักผ่อน ' };
  await saveVacation(server.client, draft);
  expect(kept).toMatchObject({ isEnabled: true, subject: null, textBody: 'ลาพักผ่อน', htmlBody: null });
  expect(new Date(kept['toDate'] as string).getTime() - new Date(kept['fromDate'] as string).getTime()).toBe(2 * 86_400_000);
  expect(kept['fromDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(await readVacation(server.client)).toEqual({ ...draft, text: 'ลาพักผ่อน' });
});

test('no day is no moment', () => {
  expect([dayAfter(''), dayIn(null), lastDayOf(null)]).toEqual([null, '', '']);
});

test('a refusal is an error', async () => {
  const server = new FakeServer();
  server.methods['VacationResponse/set'] = () => ({ notUpdated: { singleton: { type: 'forbidden' } } });
  const draft = { isEnabled: false, firstDay: '', lastDay: '', subject: '', text: '' };
  await expect(saveVacation(server.client, draft)).rejects.toMatchObject({ type: 'forbidden' });
});
