-- Orders with their items, payments and shipments. :scale is 1 for about 40 MB.
create schema sales;
create schema billing;
create schema shipping;

create table sales.orders (
  order_id bigint primary key,
  customer_id bigint not null, placed_at timestamptz not null, status text not null,
  total numeric(14, 2) not null, note text
);
insert into sales.orders
select n, 1 + n * 17 % 60000, timestamptz '2025-01-01 00:00Z' + n * interval '5 minutes',
       (array['placed', 'paid', 'shipped', 'delivered', 'returned'])[1 + n % 5],
       (n * 271 % 500000) / 100.0, case when n % 10 = 0 then 'Leave it with the neighbours' end
from generate_series(1, 60000 * :scale) n;
create index on sales.orders (customer_id, placed_at);

create table sales.order_items (
  order_id bigint not null references sales.orders,
  line int not null, product_id bigint not null, quantity int not null,
  unit_price numeric(12, 2) not null,
  primary key (order_id, line)
);
insert into sales.order_items
select n, line, 1 + (n * 7 + line) % 40000, 1 + n % 4, (n * 131 % 90000) / 100.0 + 1
from generate_series(1, 60000 * :scale) n, generate_series(1, 3) line;

create table billing.payments (
  payment_id uuid primary key,
  order_id bigint not null references sales.orders,
  method text not null, amount numeric(14, 2) not null, paid_at timestamptz not null
);
insert into billing.payments
select md5('payment' || n)::uuid, n, (array['card', 'invoice', 'wallet'])[1 + n % 3],
       (n * 271 % 500000) / 100.0, timestamptz '2025-01-01 01:00Z' + n * interval '5 minutes'
from generate_series(1, 50000 * :scale) n;

create table shipping.shipments (
  shipment_id bigint generated always as identity primary key,
  order_id bigint not null references sales.orders,
  carrier text not null, tracking text not null, events jsonb not null
);
insert into shipping.shipments (order_id, carrier, tracking, events)
select n, (array['swift', 'post', 'bike'])[1 + n % 3], upper(md5('track' || n)),
       jsonb_build_array(jsonb_build_object('at', n, 'what', 'picked'),
                         jsonb_build_object('at', n + 1, 'what', 'handed over'))
from generate_series(1, 40000 * :scale) n;
