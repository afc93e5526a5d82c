-- What drizzle cannot say about the later tables.

--> statement-breakpoint
create trigger report_filings_append_only before update or delete on report_filings
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger report_filings_no_truncate before truncate on report_filings
  for each statement execute function refuse_change();
--> statement-breakpoint
-- The parts of a presence that count do not overlap.
alter table segments add constraint segments_apart
  exclude using gist (attendance_id with =, tstzrange(starts_at, ends_at) with &&)
  where (superseded_by_id is null);
--> statement-breakpoint
-- One unit, one closed period for a day.
alter table hours_periods add constraint hours_periods_apart
  exclude using gist (unit_id with =, daterange(from_on, to_on) with &&);
--> statement-breakpoint
create trigger hours_closes_frozen before update or delete on hours_closes
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger period_lines_frozen before update or delete on period_lines
  for each row execute function refuse_change();
--> statement-breakpoint
-- One unit, one living plan for a day; the seats of a call-out stand beside it.
alter table rosters drop constraint rosters_periods_apart;
--> statement-breakpoint
alter table rosters add constraint rosters_periods_apart
  exclude using gist (unit_id with =, daterange(from_on, to_on) with &&)
  where (kind = 'plan' and state not in ('discarded', 'failed'));
--> statement-breakpoint
-- Nobody is in one crew twice on a day.
alter table crew_members add constraint crew_members_once_at_a_time
  exclude using gist (crew_id with =, volunteer_id with =, daterange(from_on, to_on) with &&);
--> statement-breakpoint
-- What was announced, to whom, and who has answered it, stays as it was.
create trigger announcement_revisions_frozen before update or delete on announcement_revisions
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger announcement_recipients_frozen before update or delete on announcement_recipients
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger announcement_acknowledgements_frozen before update or delete on announcement_acknowledgements
  for each row execute function refuse_change();
