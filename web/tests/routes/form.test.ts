import { expect, test } from 'vitest';
import { RequestRefused } from '../../src/jmap';
import { Form } from '../../src/routes/console/form/form.svelte';

interface Values {
  name: string;
  code: string;
}

const lost = new RequestRefused(412, 'https://pirab.go.th/problems/edited-meanwhile', 'Somebody else changed it');

function edited(theirs: Values): { form: Form<Values, Values>; sent: [Values, number][]; saved: Values[] } {
  const sent: [Values, number][] = [];
  const saved: Values[] = [];
  const form = new Form<Values, Values>({ name: 'กองคลัง', code: 'กค' }, 1, {
    save: (values, version) => {
      sent.push([values, version]);
      return version === 2 ? Promise.resolve(values) : Promise.reject(lost);
    },
    reread: () => Promise.resolve({ values: theirs, version: 2 }),
    saved: (answer) => saved.push(answer),
  });
  return { form, sent, saved };
}

test('a lost race shows what the other person changed, and mine can go over it', async () => {
  const { form, sent, saved } = edited({ name: 'กองการคลัง', code: 'กค' });
  form.values.name = 'สำนักการคลัง';
  await form.submit();
  expect(form.lost?.differences).toEqual([{ field: 'name', theirs: 'กองการคลัง', mine: 'สำนักการคลัง' }]);
  await form.keepMine();
  expect(sent.at(-1)).toEqual([{ name: 'สำนักการคลัง', code: 'กค' }, 2]);
  expect(saved).toHaveLength(1);
});

test('theirs can be taken, and nothing is sent for it', async () => {
  const { form, sent } = edited({ name: 'กองการคลัง', code: 'กค' });
  form.values.name = 'สำนักการคลัง';
  await form.submit();
  form.takeTheirs();
  expect([form.values.name, form.lost, sent.length]).toEqual(['กองการคลัง', null, 1]);
});

test('where nothing said differs the edit goes through on the newer version', async () => {
  const { form, saved } = edited({ name: 'กองคลัง', code: 'กค' });
  form.values.name = 'สำนักการคลัง';
  await form.submit();
  expect([form.lost, saved.length]).toEqual([null, 1]);
});
