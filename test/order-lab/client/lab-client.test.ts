import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOfRunningLab } from '../../../src/order-lab/client/lab-client.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';
import { startStandInLab, tempHome } from '../fixtures/running-lab.ts';

test('a verb in another terminal means the topics and groups that the lab was started with', async (t) => {
  const names = { ORDERS_TOPIC: 'orders', INVENTORY_GROUP_ID: 'inventory-consumer-group' };
  const { home } = await startStandInLab(t, tempHome(t), names);
  const { ordersTopic, inventoryGroupId, analyticsGroupId } = await settingsOfRunningLab(readSettings({ LAB_HOME: home }));
  assert.deepEqual([ordersTopic, inventoryGroupId, analyticsGroupId], ['orders', 'inventory-consumer-group', 'analytics-group']);
});
