-- Products with their prices, stock and reviews. :scale is 1 for about 40 MB.
create schema catalog;
create schema pricing;
create schema inventory;

create table catalog.categories (
  category_id int primary key, parent_id int references catalog.categories, name text not null
);
insert into catalog.categories
select n, case when n > 12 then 1 + n % 12 end, 'Category ' || n from generate_series(1, 240) n;

create table catalog.products (
  product_id bigint primary key,
  category_id int not null references catalog.categories,
  sku text not null unique, name text not null, description text not null,
  attributes jsonb not null, weight_grams int not null
);
insert into catalog.products
select n, 1 + n % 240, format('SKU-%s-%s', lpad(n::text, 8, '0'), n % 97),
       (array['Kettle', 'Lamp', 'Rucksack', 'Notebook', 'Chair'])[1 + n % 5] || ' no. ' || n,
       repeat(md5(n::text) || ' ', 5),
       jsonb_build_object('colour', (array['red', 'green', 'blue', 'black'])[1 + n % 4],
                          'size', n % 60, 'recycled', n % 7 = 0),
       50 + n * 17 % 20000
from generate_series(1, 40000 * :scale) n;
create index on catalog.products (category_id);

create table pricing.prices (
  product_id bigint not null references catalog.products,
  currency char(3) not null, valid_from date not null, amount numeric(12, 2) not null,
  primary key (product_id, currency, valid_from)
);
insert into pricing.prices
select n, currency, date '2026-01-01', (n * 131 % 90000) / 100.0 + 1
from generate_series(1, 40000 * :scale) n, unnest(array['EUR', 'USD', 'JPY']) currency;

create table inventory.warehouses (warehouse_id int primary key, name text, region text not null);
insert into inventory.warehouses
select n, 'Warehouse ' || n, (array['north', 'south', 'east'])[1 + n % 3]
from generate_series(1, 12) n;

create table inventory.stock (
  warehouse_id int not null references inventory.warehouses,
  product_id bigint not null references catalog.products,
  quantity int not null, counted_at timestamptz not null,
  primary key (warehouse_id, product_id)
);
insert into inventory.stock
select 1 + n % 12, 1 + n / 2, n * 7 % 500, timestamptz '2026-10-01 06:00Z' + n * interval '1 s'
from generate_series(0, 80000 * :scale - 1) n;
