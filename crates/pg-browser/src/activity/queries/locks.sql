-- Locks that come in the way of reading or writing rows, and all that are waited for.
SELECT coalesce(json_agg(json_build_object(
           'pid', l.pid,
           'table', json_build_object('schema', n.nspname, 'name', c.relname),
           'mode', l.mode,
           'is_granted', l.granted
       ) ORDER BY n.nspname, c.relname, l.granted DESC, l.pid), '[]')::text
  FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE l.locktype = 'relation'
   AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND (NOT l.granted OR l.mode NOT IN ('AccessShareLock', 'RowShareLock'))
