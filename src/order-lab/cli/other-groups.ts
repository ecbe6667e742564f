/** Groups that the client says do not exist, since they are no consumer groups. */
import type { GroupState } from '../../kafka/groups/group-state.ts';
import type { ListedGroup } from '../../lab/answers/groups.ts';
import { listGroups } from '../../lab/broker/group-types.ts';
import type { ToolSettings } from '../../lab/broker/transaction-owner.ts';
import { elsewhere } from '../../lab/commands/other-group.ts';

export class OtherGroups {
  readonly #settings: ToolSettings;
  #listed: Promise<ListedGroup[]> | undefined;

  /** @param settings where Kafka is; it is asked once, and only where a group seems not to exist, since that takes seconds */
  constructor(settings: ToolSettings) {
    this.#settings = settings;
  }

  /** @returns the group as Kafka lists it where it is a share group or a streams group; undefined too where Kafka's tool cannot be run */
  async find({ group, state }: Pick<GroupState, 'group' | 'state'>): Promise<ListedGroup | undefined> {
    if (state !== 'Dead') return undefined;
    this.#listed ??= listGroups(this.#settings).catch(() => []);
    return (await this.#listed).find((one) => one.group === group && elsewhere(one, 'look') !== undefined);
  }
}
