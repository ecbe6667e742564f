import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameHere } from '../../../src/order-lab/cli/other-names.ts';
import { serviceHere } from '../../../src/order-lab/cli/other-service-names.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

const groups = ['inventoryGroupId', 'analyticsGroupId'] as const;
const topics = ['ordersTopic', 'inventoryTopic'] as const;

describe('the names that other write-ups use', () => {
  const names = readSettings({});
  it('stand for the topics and groups of this lab', () => {
    assert.equal(nameHere('inventory-consumer-group', groups, names), 'inventory-service-group');
    assert.equal(nameHere('analytics-consumer', groups, names), 'analytics-group');
    assert.equal(nameHere('analytics-consumer-group', groups, names), 'analytics-group');
    assert.equal(nameHere('orders', topics, names), 'order-events');
  });

  it('stand for themselves where the lab uses them', () => {
    const renamed = readSettings({ ORDERS_TOPIC: 'orders', INVENTORY_GROUP_ID: 'inventory-consumer-group' });
    assert.equal(nameHere('orders', topics, renamed), undefined);
    assert.equal(nameHere('inventory-consumer-group', groups, renamed), undefined);
    assert.equal(nameHere('inventory-service-group', groups, renamed), 'inventory-consumer-group');
  });

  it('stand for services too, with or without the number of an instance', () => {
    assert.equal(serviceHere('producer'), 'order-service');
    assert.equal(serviceHere('inventory-consumer.2'), 'inventory-service.2');
    assert.equal(serviceHere('inventory-consumer=3'), 'inventory-service=3');
    assert.equal(serviceHere('analytics-consumer'), 'analytics-service');
    for (const name of ['kafka', 'order-service', 'inventory-service.1', 'constructor', 'x.y']) assert.equal(serviceHere(name), name);
  });

  it('are no guesses: another name stands for itself', () => {
    assert.equal(nameHere('my-group', groups, names), undefined);
    assert.equal(nameHere('orders', groups, names), undefined);
  });
});
