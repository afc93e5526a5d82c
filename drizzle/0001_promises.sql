-- What drizzle cannot say. Each constraint's name reads as the promise it keeps.
create extension if not exists btree_gist;
--> statement-breakpoint
-- Nobody stands at two posts at once.
alter table assignments add constraint assignments_nobody_at_two_posts
  exclude using gist (volunteer_id with =, tstzrange(starts_at, ends_at) with &&)
  where (state in ('pending', 'confirmed', 'serving', 'completed'));
--> statement-breakpoint
-- One unit, one living roster for a day.
alter table rosters add constraint rosters_periods_apart
  exclude using gist (unit_id with =, daterange(from_on, to_on) with &&)
  where (state not in ('discarded', 'failed'));
--> statement-breakpoint
-- Within one set a person belongs to one echelon at a time.
alter table echelon_members add constraint echelon_members_one_echelon_at_a_time
  exclude using gist (set_id with =, volunteer_id with =, daterange(from_on, to_on) with &&)
  where (not excluded);
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger ledger_append_only before update or delete on ledger
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger ledger_no_truncate before truncate on ledger
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger roster_version_lines_frozen before update or delete on roster_version_lines
  for each row execute function refuse_change();
