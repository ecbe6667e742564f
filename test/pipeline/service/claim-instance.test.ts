import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { claimInstance } from '../../../src/pipeline/service/claim-instance.ts';
import { readSettings } from '../../../src/pipeline/settings/read-settings.ts';

describe('the instance of a service that is started by hand', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const claim = (service: string, most: number, env: NodeJS.ProcessEnv = {}, home = 'lab') => {
    const whole = { LAB_HOME: join(folder, home), ...env };
    return claimInstance(service, most)(readSettings(whole), whole).instance;
  };

  it('is the first that no other process of the same LAB_HOME has', () => {
    assert.equal(claim('inventory-service', 100), '1');
    assert.equal(claim('inventory-service', 100), '2');
    assert.equal(claim('inventory-service', 100, { LAB_INSTANCE: '3' }), '3');
    assert.equal(claim('inventory-service', 100), '4');
    assert.equal(claim('inventory-service', 100, {}, 'another-lab'), '1');
  });

  it('is refused in one line where LAB_INSTANCE names one that runs', () => {
    assert.throws(() => claim('inventory-service', 100, { LAB_INSTANCE: '1' }), {
      code: 'instance-taken',
      message: `inventory-service.1 runs already in ${join(folder, 'lab')}: set LAB_INSTANCE to another name, or leave it out`,
    });
  });

  it('is refused to a second analytics-service: there is one view in a LAB_HOME', () => {
    assert.equal(claim('analytics-service', 1), '1');
    assert.throws(() => claim('analytics-service', 1), { code: 'instance-taken', message: /stop analytics-service/ });
  });
});
