"""What is remembered: tables, migrations, `stores/` (writes) and `reads/` (page queries)."""
