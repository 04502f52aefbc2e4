-- Customers with their addresses, consents and tickets. :scale is 1 for about 40 MB.
create schema crm;
create schema marketing;
create schema support;

create table crm.customers (
  customer_id bigint primary key,
  email text not null unique,
  full_name text not null,
  born date,
  segment text not null,
  credit_limit numeric(12, 2) not null,
  created_at timestamptz not null,
  preferences jsonb not null
);
insert into crm.customers
select n, format('customer.%s@example.com', n),
       (array['Ada','Bela','Chidi','Dana','Emre','Fatima','Goran','Hana'])[1 + n % 8] || ' ' ||
       (array['Meyer','Okafor','Silva','Novak','Tanaka','Rossi','Haddad'])[1 + n / 8 % 7],
       date '1940-01-01' + (n * 37 % 24000)::int,
       (array['private', 'business', 'wholesale'])[1 + n % 3],
       (n * 7919 % 1000000) / 100.0, timestamptz '2019-01-01 00:00Z' + n * interval '7 minutes',
       jsonb_build_object('language', (array['de', 'en', 'fr', 'tr'])[1 + n % 4],
                          'newsletter', n % 5 = 0, 'tags', jsonb_build_array(n % 11, n % 13))
from generate_series(1, 60000 * :scale) n;

create table crm.addresses (
  address_id bigint primary key,
  customer_id bigint not null references crm.customers,
  kind text not null,
  street text not null, city text not null, postcode text not null, country char(2) not null
);
insert into crm.addresses
select n, 1 + n % (60000 * :scale), case when n % 2 = 0 then 'billing' else 'delivery' end,
       format('%s Street %s', (array['Oak', 'Mill', 'Harbour', 'Station'])[1 + n % 4], n % 240),
       (array['Wien', 'Lyon', 'Porto', 'Izmir', 'Lagos', 'Osaka'])[1 + n % 6],
       lpad((n * 31 % 100000)::text, 5, '0'), (array['AT', 'FR', 'PT', 'TR', 'NG', 'JP'])[1 + n % 6]
from generate_series(1, 90000 * :scale) n;
create index on crm.addresses (customer_id);

create table marketing.consents (
  customer_id bigint not null references crm.customers,
  channel text not null, granted boolean not null, at timestamptz not null,
  primary key (customer_id, channel)
);
insert into marketing.consents
select 1 + n / 2, case when n % 2 = 0 then 'mail' else 'phone' end, n % 3 <> 0,
       timestamptz '2020-05-25 00:00Z' + n * interval '3 minutes'
from generate_series(0, 60000 * :scale - 1) n;

create table support.tickets (
  ticket_id bigint generated always as identity primary key,
  customer_id bigint not null references crm.customers,
  opened_at timestamptz not null, subject text not null, body text not null
);
insert into support.tickets (customer_id, opened_at, subject, body)
select 1 + n * 13 % (60000 * :scale), timestamptz '2023-01-01 00:00Z' + n * interval '11 minutes',
       'Question about delivery ' || n, repeat(md5(n::text) || ' ', 8)
from generate_series(1, 20000 * :scale) n;
