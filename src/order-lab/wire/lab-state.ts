/** What the control API tells about a lab, with the addresses that the order pipeline has. */
import Type, { type Static } from 'typebox';
import { LabState as AnyLab } from '../../lab/wire/lab-state.ts';

export const LabState = Type.Object({
  ...AnyLab.properties,
  urls: Type.Object(
    { ...AnyLab.properties.urls.properties, orders: Type.Optional(Type.String()), analytics: Type.Optional(Type.String()) },
    { description: 'orders and analytics of the order pipeline only' },
  ),
});
export type LabState = Static<typeof LabState>;
