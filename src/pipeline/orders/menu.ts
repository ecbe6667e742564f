/** What the campus sells: the generated orders are made of this. */

export type Dish = { sku: string; cents: number };

/** Prices in cents, so that sums are exact. */
export const menu: readonly Dish[] = [
  { sku: 'burger', cents: 899 },
  { sku: 'veggie-burger', cents: 949 },
  { sku: 'pizza-slice', cents: 450 },
  { sku: 'burrito', cents: 825 },
  { sku: 'ramen', cents: 1095 },
  { sku: 'caesar-salad', cents: 775 },
  { sku: 'falafel-wrap', cents: 725 },
  { sku: 'soup', cents: 395 },
  { sku: 'fries', cents: 325 },
  { sku: 'fruit-cup', cents: 350 },
  { sku: 'bagel', cents: 275 },
  { sku: 'muffin', cents: 295 },
  { sku: 'coffee', cents: 250 },
  { sku: 'iced-tea', cents: 225 },
  { sku: 'smoothie', cents: 595 },
  { sku: 'water', cents: 150 },
];
