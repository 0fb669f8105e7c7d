SELECT coalesce(json_agg(json_build_object(
           'table', json_build_object('schema', s.schemaname, 'name', s.relname),
           'index', s.indexrelname,
           'scans', s.idx_scan,
           'entries_read', s.idx_tup_read,
           'is_unique', i.indisunique,
           'is_valid', i.indisvalid,
           'size_bytes', greatest(c.relpages, 0) * current_setting('block_size')::bigint
       ) ORDER BY s.schemaname, s.relname, s.indexrelname), '[]')::text
  FROM pg_stat_user_indexes s
  JOIN pg_index i ON i.indexrelid = s.indexrelid
  JOIN pg_class c ON c.oid = s.indexrelid
