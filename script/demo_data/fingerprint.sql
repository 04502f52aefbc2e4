-- One line for each table: its rows counted, and a sum over their text that no order changes.
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from %I.%I t',
              schemaname || '.' || tablename, schemaname, tablename)
from pg_tables
where schemaname not in ('pg_catalog', 'information_schema')
order by schemaname, tablename
\gexec
