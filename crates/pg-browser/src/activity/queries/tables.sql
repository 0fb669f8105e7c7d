SELECT coalesce(json_agg(json_build_object(
           'table', json_build_object('schema', s.schemaname, 'name', s.relname),
           'live_rows', s.n_live_tup,
           'dead_rows', s.n_dead_tup,
           'sequential_scans', coalesce(s.seq_scan, 0),
           'index_scans', coalesce(s.idx_scan, 0),
           'inserted', s.n_tup_ins,
           'updated', s.n_tup_upd,
           'deleted', s.n_tup_del,
           'last_vacuum', greatest(s.last_vacuum, s.last_autovacuum),
           'last_analyze', greatest(s.last_analyze, s.last_autoanalyze),
           'size_bytes', current_setting('block_size')::bigint * (
               SELECT coalesce(sum(greatest(x.relpages, 0)), 0)::bigint FROM pg_class x
                WHERE x.oid IN (c.oid, c.reltoastrelid)
                   OR x.oid IN (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid IN (c.oid, c.reltoastrelid)))
       ) ORDER BY s.schemaname, s.relname), '[]')::text
  FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
