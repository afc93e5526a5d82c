CREATE TABLE "announcement_acknowledgements" (
	"announcement_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"acknowledged_at" timestamp (3) with time zone NOT NULL,
	"door" text NOT NULL,
	CONSTRAINT "announcement_acknowledgements_pk" PRIMARY KEY("announcement_id","volunteer_id","revision")
);
--> statement-breakpoint
CREATE TABLE "announcement_recipients" (
	"announcement_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	CONSTRAINT "announcement_recipients_pk" PRIMARY KEY("announcement_id","volunteer_id")
);
--> statement-breakpoint
CREATE TABLE "announcement_revisions" (
	"announcement_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"texts" jsonb NOT NULL,
	"material" boolean NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	CONSTRAINT "announcement_revisions_pk" PRIMARY KEY("announcement_id","revision")
);
--> statement-breakpoint
CREATE TABLE "announcements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"state" text NOT NULL,
	"audience" jsonb NOT NULL,
	"urgent" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"required_revision" integer DEFAULT 1 NOT NULL,
	"remind_after_minutes" integer[] NOT NULL,
	"escalate_after_minutes" integer,
	"chased" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "announcements_state_known" CHECK ("announcements"."state" in ('active', 'stopped', 'expired')),
	CONSTRAINT "announcements_required_exists" CHECK ("announcements"."required_revision" between 1 and "announcements"."revision")
);
--> statement-breakpoint
CREATE TABLE "attendance_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"proposed" jsonb,
	"reason" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"requested_by" text NOT NULL,
	"requested_via" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"decision" text,
	CONSTRAINT "attendance_corrections_kind_known" CHECK ("attendance_corrections"."kind" in ('presence', 'absence', 'excuse')),
	CONSTRAINT "attendance_corrections_state_known" CHECK ("attendance_corrections"."state" in ('open', 'approved', 'rejected', 'withdrawn')),
	CONSTRAINT "attendance_corrections_second_person" CHECK ("attendance_corrections"."state" not in ('approved', 'rejected') or "attendance_corrections"."decided_by" <> "attendance_corrections"."requested_by"),
	CONSTRAINT "attendance_corrections_presence_named" CHECK (("attendance_corrections"."kind" = 'presence') = ("attendance_corrections"."proposed" is not null))
);
--> statement-breakpoint
CREATE TABLE "attendance_marks" (
	"attendance_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"cause" text,
	CONSTRAINT "attendance_marks_pk" PRIMARY KEY("attendance_id","at"),
	CONSTRAINT "attendance_marks_kind_known" CHECK ("attendance_marks"."kind" in ('standby', 'active', 'travel', 'handover', 'training'))
);
--> statement-breakpoint
CREATE TABLE "check_in_doors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"post_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "check_in_doors_kind_known" CHECK ("check_in_doors"."kind" in ('display', 'qr'))
);
--> statement-breakpoint
CREATE TABLE "check_in_failures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "call_outs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"roster_id" uuid NOT NULL,
	"shift_id" uuid NOT NULL,
	"requirement_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"role" text NOT NULL,
	"wanted" integer NOT NULL,
	"tiers" jsonb NOT NULL,
	"tiers_done" integer DEFAULT 0 NOT NULL,
	"crew_least" integer,
	"answer_minutes" integer NOT NULL,
	"wave" integer DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"short_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "call_outs_shift" UNIQUE("shift_id"),
	CONSTRAINT "call_outs_state_known" CHECK ("call_outs"."state" in ('open', 'ended', 'cancelled')),
	CONSTRAINT "call_outs_wanted_range" CHECK ("call_outs"."wanted" between 1 and 500)
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"call_out_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"crew_id" uuid,
	"tier" integer NOT NULL,
	"wave" integer NOT NULL,
	"state" text NOT NULL,
	"because" text,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"answer_by" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"decided_at" timestamp (3) with time zone,
	"assignment_id" uuid,
	CONSTRAINT "calls_once_per_person" UNIQUE("call_out_id","volunteer_id"),
	CONSTRAINT "calls_state_known" CHECK ("calls"."state" in ('asked', 'coming', 'not_coming', 'silent', 'spare', 'withdrawn', 'closed', 'contact_error', 'passed_over'))
);
--> statement-breakpoint
CREATE TABLE "campaign_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"item_id" uuid NOT NULL,
	"round_id" uuid NOT NULL,
	"task_id" uuid,
	"state" text DEFAULT 'open' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"note" text,
	"marked_by" text,
	"marked_at" timestamp (3) with time zone,
	"history" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "campaign_entries_once_per_round" UNIQUE("round_id","item_id"),
	CONSTRAINT "campaign_entries_state_known" CHECK ("campaign_entries"."state" in ('open', 'reached', 'not_reached', 'refused', 'problem')),
	CONSTRAINT "campaign_entries_marked" CHECK (("campaign_entries"."state" = 'open') or "campaign_entries"."marked_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "campaign_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"reference" text,
	"name" text,
	"phone" text,
	"address" text,
	"note" text,
	"position" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_rounds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL,
	"deadline" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "campaign_rounds_number" UNIQUE("campaign_id","number"),
	CONSTRAINT "campaign_rounds_order" CHECK ("campaign_rounds"."deadline" > "campaign_rounds"."opens_at")
);
--> statement-breakpoint
CREATE TABLE "campaign_tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "campaign_tasks_once" UNIQUE("campaign_id","volunteer_id"),
	CONSTRAINT "campaign_tasks_state_known" CHECK ("campaign_tasks"."state" in ('asked', 'accepted', 'declined', 'released'))
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"instructions" text,
	"state" text DEFAULT 'preparing' NOT NULL,
	"max_items_per_person" integer,
	"chase_before_minutes" integer[] DEFAULT '{1440,180}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"destroyed_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "campaigns_state_known" CHECK ("campaigns"."state" in ('preparing', 'running', 'finished')),
	CONSTRAINT "campaigns_limit_sane" CHECK ("campaigns"."max_items_per_person" is null or "campaigns"."max_items_per_person" >= 1)
);
--> statement-breakpoint
CREATE TABLE "standing_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"post_id" uuid,
	"unit_id" uuid,
	"from_on" date NOT NULL,
	"to_on" date NOT NULL,
	"source" text NOT NULL,
	"word" text,
	"given_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "standing_consents_source_known" CHECK ("standing_consents"."source" in ('page', 'organizer')),
	CONSTRAINT "standing_consents_one_place" CHECK (num_nonnulls("standing_consents"."post_id", "standing_consents"."unit_id") = 1),
	CONSTRAINT "standing_consents_order" CHECK ("standing_consents"."to_on" > "standing_consents"."from_on"),
	CONSTRAINT "standing_consents_word_kept" CHECK ("standing_consents"."source" = 'page' or "standing_consents"."word" is not null)
);
--> statement-breakpoint
CREATE TABLE "crew_members" (
	"id" uuid PRIMARY KEY NOT NULL,
	"crew_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "crew_members_order" CHECK ("crew_members"."to_on" is null or "crew_members"."to_on" > "crew_members"."from_on")
);
--> statement-breakpoint
CREATE TABLE "crews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"lead_id" uuid,
	"from_on" date NOT NULL,
	"to_on" date,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "crews_name_in_unit" UNIQUE("unit_id","name"),
	CONSTRAINT "crews_order" CHECK ("crews"."to_on" is null or "crews"."to_on" > "crews"."from_on")
);
--> statement-breakpoint
CREATE TABLE "inspection_findings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"inspection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"volunteer_id" uuid,
	"assignment_id" uuid,
	"detail" text,
	"state" text DEFAULT 'open' NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"settled_reason" text,
	CONSTRAINT "inspection_findings_kind_known" CHECK ("inspection_findings"."kind" in ('missing', 'unplanned', 'other')),
	CONSTRAINT "inspection_findings_state_known" CHECK ("inspection_findings"."state" in ('open', 'settled')),
	CONSTRAINT "inspection_findings_settled" CHECK (("inspection_findings"."state" = 'settled') = ("inspection_findings"."settled_at" is not null and "inspection_findings"."settled_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "inspection_sightings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"inspection_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	CONSTRAINT "inspection_sightings_once" UNIQUE("inspection_id","volunteer_id")
);
--> statement-breakpoint
CREATE TABLE "inspections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"inspected_by" text NOT NULL,
	"result" text NOT NULL,
	"expected" integer NOT NULL,
	"present" integer NOT NULL,
	"note" text,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"recorded_by" text NOT NULL,
	CONSTRAINT "inspections_result_known" CHECK ("inspections"."result" in ('in_order', 'with_findings')),
	CONSTRAINT "inspections_counts" CHECK ("inspections"."expected" >= 0 and "inspections"."present" >= 0)
);
--> statement-breakpoint
CREATE TABLE "duty_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"obligation_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"due_local" text NOT NULL,
	"local_day" date NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'due' NOT NULL,
	"is_nil" boolean,
	"first_filed_at" timestamp (3) with time zone,
	"last_filed_at" timestamp (3) with time zone,
	"filings" integer DEFAULT 0 NOT NULL,
	"missing_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "duty_reports_one_per_deadline" UNIQUE("obligation_id","due_local"),
	CONSTRAINT "duty_reports_state_known" CHECK ("duty_reports"."state" in ('due', 'filed', 'late', 'filed_late', 'missing')),
	CONSTRAINT "duty_reports_filed_is_said" CHECK (("duty_reports"."state" in ('filed', 'filed_late')) = ("duty_reports"."filings" > 0 and "duty_reports"."first_filed_at" is not null and "duty_reports"."is_nil" is not null))
);
--> statement-breakpoint
CREATE TABLE "report_filings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"is_nil" boolean NOT NULL,
	"content" jsonb,
	"note" text,
	"filed_at" timestamp (3) with time zone NOT NULL,
	"volunteer_id" uuid,
	"filed_by" text NOT NULL,
	CONSTRAINT "report_filings_number" UNIQUE("report_id","number"),
	CONSTRAINT "report_filings_nil_or_content" CHECK ("report_filings"."is_nil" = ("report_filings"."content" is null))
);
--> statement-breakpoint
CREATE TABLE "report_obligations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"post_id" uuid,
	"name" jsonb NOT NULL,
	"rule" text NOT NULL,
	"due_time" text NOT NULL,
	"zone" text NOT NULL,
	"effective_from" date NOT NULL,
	"effective_to" date,
	"reporters" jsonb NOT NULL,
	"receivers" jsonb NOT NULL,
	"schema" json NOT NULL,
	"feeds_id" uuid,
	"remind_before_minutes" integer[] DEFAULT '{60,15}' NOT NULL,
	"alarm_every_minutes" integer DEFAULT 10 NOT NULL,
	"missing_after_minutes" integer DEFAULT 30 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "report_obligations_effective_order" CHECK ("report_obligations"."effective_to" is null or "report_obligations"."effective_to" > "report_obligations"."effective_from"),
	CONSTRAINT "report_obligations_feeds_another" CHECK ("report_obligations"."feeds_id" <> "report_obligations"."id"),
	CONSTRAINT "report_obligations_patience" CHECK ("report_obligations"."missing_after_minutes" >= 1 and "report_obligations"."alarm_every_minutes" >= 1)
);
--> statement-breakpoint
CREATE TABLE "report_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"receiver" jsonb NOT NULL,
	"receiver_key" text NOT NULL,
	"forwarded_by_id" uuid,
	"sent_number" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"read_at" timestamp (3) with time zone,
	"read_number" integer,
	CONSTRAINT "report_receipts_read_what" CHECK (("report_receipts"."read_at" is null) = ("report_receipts"."read_number" is null))
);
--> statement-breakpoint
CREATE TABLE "cascade_skips" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cascade_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"echelon_id" uuid,
	"unit_id" uuid,
	"wave" integer NOT NULL,
	"rule" text NOT NULL,
	"skipped_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cascade_skips_said_once" UNIQUE("cascade_id","volunteer_id","rule")
);
--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"gap_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"climb" integer NOT NULL,
	"level" integer NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"told_at" timestamp (3) with time zone NOT NULL,
	"react_by" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"reaction" text,
	"reacted_by" text,
	"note" text,
	CONSTRAINT "escalations_level_once" UNIQUE("gap_id","climb","level"),
	CONSTRAINT "escalations_state_known" CHECK ("escalations"."state" in ('told', 'passed', 'answered', 'closed')),
	CONSTRAINT "escalations_reason_known" CHECK ("escalations"."reason" in ('exhausted', 'lapses')),
	CONSTRAINT "escalations_reaction_known" CHECK ("escalations"."reaction" in ('acknowledged', 'filled', 'widened', 'asked-anew', 'restarted', 'stopped'))
);
--> statement-breakpoint
CREATE TABLE "handover_looks" (
	"handover_id" uuid NOT NULL,
	"seen_by" text NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "handover_looks_pk" PRIMARY KEY("handover_id","seen_by")
);
--> statement-breakpoint
CREATE TABLE "handover_matters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"post_id" uuid NOT NULL,
	"opened_in_id" uuid NOT NULL,
	"text" text NOT NULL,
	"owner" text,
	"due_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	"closed_in_id" uuid,
	"closing_note" text
);
--> statement-breakpoint
CREATE TABLE "handovers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"post_id" uuid NOT NULL,
	"outgoing_shift_id" uuid NOT NULL,
	"incoming_shift_id" uuid NOT NULL,
	"state" text DEFAULT 'due' NOT NULL,
	"planned_at" timestamp (3) with time zone NOT NULL,
	"actual_at" timestamp (3) with time zone,
	"supervisor" text,
	"situation" text,
	"people_in" integer,
	"people_out" integer,
	"vehicles_in" integer,
	"vehicles_out" integer,
	"abnormal_events" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"supplies" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"equipment_faults" text,
	"instructions" text,
	"weather" text,
	"nil" boolean DEFAULT false NOT NULL,
	"outgoing_signed_by" uuid,
	"outgoing_signed_at" timestamp (3) with time zone,
	"incoming_signed_by" uuid,
	"incoming_signed_at" timestamp (3) with time zone,
	"incoming_remark" text,
	"relief_missing_at" timestamp (3) with time zone,
	"relief_came_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "handovers_one_per_shift" UNIQUE("outgoing_shift_id"),
	CONSTRAINT "handovers_state_known" CHECK ("handovers"."state" in ('due', 'outgoing_signed', 'complete', 'overdue')),
	CONSTRAINT "handovers_complete_is_signed_twice" CHECK (("handovers"."state" = 'complete') = ("handovers"."outgoing_signed_at" is not null and "handovers"."incoming_signed_at" is not null)),
	CONSTRAINT "handovers_incoming_signs_last" CHECK ("handovers"."incoming_signed_at" is null or "handovers"."outgoing_signed_at" <= "handovers"."incoming_signed_at")
);
--> statement-breakpoint
CREATE TABLE "holidays" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "holidays_day_of_unit" UNIQUE("unit_id","day"),
	CONSTRAINT "holidays_kind_known" CHECK ("holidays"."kind" in ('holiday', 'makeUp', 'ordinary'))
);
--> statement-breakpoint
CREATE TABLE "export_columns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"columns" text[] NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "export_columns_name" UNIQUE("unit_id","name")
);
--> statement-breakpoint
CREATE TABLE "hours_closes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"period_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"closed_at" timestamp (3) with time zone NOT NULL,
	"closed_by" text NOT NULL,
	"note" text,
	"lines" integer NOT NULL,
	"adjusting" integer NOT NULL,
	"minutes" bigint NOT NULL,
	"credited_minutes" bigint NOT NULL,
	CONSTRAINT "hours_closes_version" UNIQUE("period_id","version")
);
--> statement-breakpoint
CREATE TABLE "hours_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid,
	"kind" text NOT NULL,
	"format" text NOT NULL,
	"query" jsonb NOT NULL,
	"period_id" uuid,
	"file_name" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"started_by" text NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"bytes" bigint,
	"sha256" text,
	CONSTRAINT "hours_exports_kind_known" CHECK ("hours_exports"."kind" in ('service-hours', 'duty-hours', 'period')),
	CONSTRAINT "hours_exports_format_known" CHECK ("hours_exports"."format" in ('csv', 'xlsx', 'jsonl'))
);
--> statement-breakpoint
CREATE TABLE "hours_periods" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "hours_periods_once" UNIQUE("unit_id","from_on","to_on"),
	CONSTRAINT "hours_periods_order" CHECK ("hours_periods"."to_on" > "hours_periods"."from_on")
);
--> statement-breakpoint
CREATE TABLE "ledger_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"line_id" uuid NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"decision_reason" text,
	CONSTRAINT "ledger_corrections_state_known" CHECK ("ledger_corrections"."state" in ('requested', 'approved', 'rejected')),
	CONSTRAINT "ledger_corrections_order" CHECK ("ledger_corrections"."ends_at" > "ledger_corrections"."starts_at"),
	CONSTRAINT "ledger_corrections_second_person" CHECK ("ledger_corrections"."state" <> 'approved' or ("ledger_corrections"."decided_by" is not null and "ledger_corrections"."decided_by" <> "ledger_corrections"."requested_by"))
);
--> statement-breakpoint
CREATE TABLE "period_lines" (
	"unit_id" uuid NOT NULL,
	"ledger_id" uuid NOT NULL,
	"period_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"line_no" integer NOT NULL,
	"adjusting" boolean NOT NULL,
	"person_number" text,
	"person_name" text NOT NULL,
	"unit_name" text NOT NULL,
	"post_name" text NOT NULL,
	"verified_by" text,
	CONSTRAINT "period_lines_once" PRIMARY KEY("unit_id","ledger_id"),
	CONSTRAINT "period_lines_number" UNIQUE("period_id","line_no")
);
--> statement-breakpoint
CREATE TABLE "message_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"reference" text NOT NULL,
	"state" text NOT NULL,
	"error" text,
	"received_at" timestamp (3) with time zone NOT NULL,
	"applied_at" timestamp (3) with time zone,
	CONSTRAINT "message_receipts_once" UNIQUE("channel","reference","state"),
	CONSTRAINT "message_receipts_state_known" CHECK ("message_receipts"."state" in ('delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "message_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"template" text NOT NULL,
	"locale" text NOT NULL,
	"channel" text,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "message_templates_once" UNIQUE NULLS NOT DISTINCT("unit_id","template","locale","channel"),
	CONSTRAINT "message_templates_locale_known" CHECK ("message_templates"."locale" in ('zh', 'en', 'bo')),
	CONSTRAINT "message_templates_channel_known" CHECK ("message_templates"."channel" in ('log', 'email', 'sms', 'wecom', 'group'))
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"place" text,
	"latitude" double precision,
	"longitude" double precision,
	"roles" jsonb NOT NULL,
	"state" text NOT NULL,
	"opened_on" date NOT NULL,
	"closed_on" date,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "cases_reference_in_unit" UNIQUE("unit_id","reference"),
	CONSTRAINT "cases_state_known" CHECK ("cases"."state" in ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "standing_duties" (
	"id" uuid PRIMARY KEY NOT NULL,
	"plan_id" uuid,
	"post_id" uuid,
	"case_id" uuid,
	"role" text NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date,
	"state" text NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "standing_duties_one_subject" CHECK (("standing_duties"."plan_id" is not null and "standing_duties"."post_id" is not null and "standing_duties"."case_id" is null) or ("standing_duties"."case_id" is not null and "standing_duties"."plan_id" is null and "standing_duties"."post_id" is null)),
	CONSTRAINT "standing_duties_state_known" CHECK ("standing_duties"."state" in ('proposed', 'active', 'declined', 'withdrawn', 'ended')),
	CONSTRAINT "standing_duties_order" CHECK ("standing_duties"."to_on" is null or "standing_duties"."to_on" >= "standing_duties"."from_on")
);
--> statement-breakpoint
CREATE TABLE "visit_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"rule" text NOT NULL,
	"start_time" text NOT NULL,
	"zone" text NOT NULL,
	"chase_after_minutes" integer NOT NULL,
	"alarm_after_minutes" integer NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "visit_plans_name_in_unit" UNIQUE("unit_id","name"),
	CONSTRAINT "visit_plans_state_known" CHECK ("visit_plans"."state" in ('active', 'ended')),
	CONSTRAINT "visit_plans_order" CHECK ("visit_plans"."to_on" is null or "visit_plans"."to_on" > "visit_plans"."from_on"),
	CONSTRAINT "visit_plans_alarm_last" CHECK ("visit_plans"."alarm_after_minutes" >= "visit_plans"."chase_after_minutes")
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"duty_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"post_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"local_day" date NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"note" text,
	"minutes" integer,
	"filed_at" timestamp (3) with time zone,
	"filed_by" text,
	CONSTRAINT "visits_once_per_day" UNIQUE("duty_id","local_day"),
	CONSTRAINT "visits_state_known" CHECK ("visits"."state" in ('due', 'done', 'nothing', 'problem', 'missing', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "swap_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"swap_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"answer" text NOT NULL,
	"hindrances" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"answered_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "swap_answers_answer_known" CHECK ("swap_answers"."answer" in ('accepted', 'declined', 'hindered'))
);
--> statement-breakpoint
CREATE TABLE "swaps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"assignment_id" uuid NOT NULL,
	"asker_id" uuid NOT NULL,
	"asked_id" uuid,
	"return_id" uuid,
	"taker_id" uuid,
	"cover_starts_at" timestamp (3) with time zone,
	"cover_ends_at" timestamp (3) with time zone,
	"note" text,
	"needs_approval" boolean DEFAULT false NOT NULL,
	"waits_until" timestamp (3) with time zone NOT NULL,
	"override" jsonb,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "swaps_kind_known" CHECK ("swaps"."kind" in ('give', 'trade', 'cover')),
	CONSTRAINT "swaps_state_known" CHECK ("swaps"."state" in ('open', 'accepted', 'approved', 'applied', 'rejected', 'expired', 'withdrawn')),
	CONSTRAINT "swaps_part_of_cover_only" CHECK (("swaps"."kind" = 'cover') = ("swaps"."cover_starts_at" is not null)),
	CONSTRAINT "swaps_part_not_empty" CHECK (num_nonnulls("swaps"."cover_starts_at", "swaps"."cover_ends_at") in (0, 2) and ("swaps"."cover_starts_at" is null or "swaps"."cover_ends_at" > "swaps"."cover_starts_at")),
	CONSTRAINT "swaps_return_of_trade_only" CHECK ("swaps"."kind" = 'trade' or "swaps"."return_id" is null),
	CONSTRAINT "swaps_taker_is_another" CHECK ("swaps"."taker_id" is null or "swaps"."taker_id" <> "swaps"."asker_id"),
	CONSTRAINT "swaps_taken_by_somebody" CHECK ("swaps"."state" not in ('accepted', 'approved', 'applied') or "swaps"."taker_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "code_tries" (
	"key" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"purpose" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"actions" text[] DEFAULT '{}' NOT NULL,
	"path" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"uses" integer DEFAULT 0 NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "codes_purpose_known" CHECK ("codes"."purpose" in ('confirmation', 'offer', 'attendance', 'swap', 'handover', 'report', 'announcement', 'campaign', 'callout', 'standing', 'correction'))
);
--> statement-breakpoint
ALTER TABLE "offers" DROP CONSTRAINT "offers_once_per_gap_and_person";--> statement-breakpoint
ALTER TABLE "units" DROP CONSTRAINT "units_locale_known";--> statement-breakpoint
ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_event_known";--> statement-breakpoint
ALTER TABLE "links" DROP CONSTRAINT "links_purpose_known";--> statement-breakpoint
ALTER TABLE "attendances" ADD COLUMN "late_minutes" integer;--> statement-breakpoint
ALTER TABLE "attendances" ADD COLUMN "early_exit_minutes" integer;--> statement-breakpoint
ALTER TABLE "attendances" ADD COLUMN "stay_on" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attendances" ADD COLUMN "voided_by_id" uuid;--> statement-breakpoint
ALTER TABLE "segments" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "segments" ADD COLUMN "correction_id" uuid;--> statement-breakpoint
ALTER TABLE "segments" ADD COLUMN "superseded_by_id" uuid;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "draft" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "notice_ends_on" date;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD COLUMN "told" jsonb;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD COLUMN "receipt" text;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD COLUMN "stays_on" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD COLUMN "consent_id" uuid;--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD COLUMN "mode" text DEFAULT 'explicit' NOT NULL;--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD COLUMN "sent_again_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD COLUMN "escalated_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "cascades" ADD COLUMN "acceptance" real;--> statement-breakpoint
ALTER TABLE "cascades" ADD COLUMN "paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "gaps" ADD COLUMN "search" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "unit_id" uuid;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "widened" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "willing_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "released_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "holiday_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "clock_change_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "nominal_minutes" integer GENERATED ALWAYS AS (minutes + clock_change_minutes) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "credited_by" text DEFAULT 'elapsed' NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "break_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "top_up_minutes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "credited_minutes" integer GENERATED ALWAYS AS (case when kind = 'travel' then 0 when credited_by = 'nominal' then minutes + clock_change_minutes else minutes end - break_minutes + top_up_minutes) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "corrects_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "contact" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "handed_over_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "delivered_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "merge_key" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "test" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "template_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "template_version" integer;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "locale" text;--> statement-breakpoint
ALTER TABLE "cover_requirements" ADD COLUMN "crew_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "cover_requirements" ADD COLUMN "crew_unit_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "instructions" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "check_in_secret" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD COLUMN "check_in_early_minutes" integer;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD COLUMN "check_in_late_minutes" integer;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD COLUMN "check_out_early_minutes" integer;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD COLUMN "no_show_minutes" integer;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD COLUMN "linked" text;--> statement-breakpoint
ALTER TABLE "shifts" ADD COLUMN "part_of_id" uuid;--> statement-breakpoint
ALTER TABLE "shifts" ADD COLUMN "extra" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "roster_version_lines" ADD COLUMN "starts_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "roster_version_lines" ADD COLUMN "ends_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "rosters" ADD COLUMN "kind" text DEFAULT 'plan' NOT NULL;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "replaced_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "actions" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "links" ADD COLUMN "code_id" uuid;--> statement-breakpoint
ALTER TABLE "announcement_acknowledgements" ADD CONSTRAINT "announcement_acknowledgements_by_recipients" FOREIGN KEY ("announcement_id","volunteer_id") REFERENCES "public"."announcement_recipients"("announcement_id","volunteer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_acknowledgements" ADD CONSTRAINT "announcement_acknowledgements_of_wordings" FOREIGN KEY ("announcement_id","revision") REFERENCES "public"."announcement_revisions"("announcement_id","revision") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_announcement_id_announcements_id_fk" FOREIGN KEY ("announcement_id") REFERENCES "public"."announcements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_recipients" ADD CONSTRAINT "announcement_recipients_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_revisions" ADD CONSTRAINT "announcement_revisions_announcement_id_announcements_id_fk" FOREIGN KEY ("announcement_id") REFERENCES "public"."announcements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendance_corrections" ADD CONSTRAINT "attendance_corrections_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attendance_marks" ADD CONSTRAINT "attendance_marks_attendance_id_attendances_id_fk" FOREIGN KEY ("attendance_id") REFERENCES "public"."attendances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "check_in_doors" ADD CONSTRAINT "check_in_doors_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outs" ADD CONSTRAINT "call_outs_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outs" ADD CONSTRAINT "call_outs_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outs" ADD CONSTRAINT "call_outs_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outs" ADD CONSTRAINT "call_outs_shift_id_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_outs" ADD CONSTRAINT "call_outs_requirement_id_cover_requirements_id_fk" FOREIGN KEY ("requirement_id") REFERENCES "public"."cover_requirements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_call_out_id_call_outs_id_fk" FOREIGN KEY ("call_out_id") REFERENCES "public"."call_outs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_crew_id_crews_id_fk" FOREIGN KEY ("crew_id") REFERENCES "public"."crews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_entries" ADD CONSTRAINT "campaign_entries_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_entries" ADD CONSTRAINT "campaign_entries_item_id_campaign_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."campaign_items"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_entries" ADD CONSTRAINT "campaign_entries_round_id_campaign_rounds_id_fk" FOREIGN KEY ("round_id") REFERENCES "public"."campaign_rounds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_entries" ADD CONSTRAINT "campaign_entries_task_id_campaign_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."campaign_tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_items" ADD CONSTRAINT "campaign_items_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_items" ADD CONSTRAINT "campaign_items_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_rounds" ADD CONSTRAINT "campaign_rounds_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_tasks" ADD CONSTRAINT "campaign_tasks_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_tasks" ADD CONSTRAINT "campaign_tasks_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_consents" ADD CONSTRAINT "standing_consents_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_consents" ADD CONSTRAINT "standing_consents_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_consents" ADD CONSTRAINT "standing_consents_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crew_members" ADD CONSTRAINT "crew_members_crew_id_crews_id_fk" FOREIGN KEY ("crew_id") REFERENCES "public"."crews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crew_members" ADD CONSTRAINT "crew_members_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crews" ADD CONSTRAINT "crews_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crews" ADD CONSTRAINT "crews_lead_id_volunteers_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspection_findings" ADD CONSTRAINT "inspection_findings_inspection_id_inspections_id_fk" FOREIGN KEY ("inspection_id") REFERENCES "public"."inspections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspection_findings" ADD CONSTRAINT "inspection_findings_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspection_findings" ADD CONSTRAINT "inspection_findings_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspection_sightings" ADD CONSTRAINT "inspection_sightings_inspection_id_inspections_id_fk" FOREIGN KEY ("inspection_id") REFERENCES "public"."inspections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspection_sightings" ADD CONSTRAINT "inspection_sightings_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspections" ADD CONSTRAINT "inspections_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inspections" ADD CONSTRAINT "inspections_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_reports" ADD CONSTRAINT "duty_reports_obligation_id_report_obligations_id_fk" FOREIGN KEY ("obligation_id") REFERENCES "public"."report_obligations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_reports" ADD CONSTRAINT "duty_reports_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_filings" ADD CONSTRAINT "report_filings_report_id_duty_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."duty_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_filings" ADD CONSTRAINT "report_filings_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_obligations" ADD CONSTRAINT "report_obligations_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_obligations" ADD CONSTRAINT "report_obligations_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_obligations" ADD CONSTRAINT "report_obligations_feeds_id_report_obligations_id_fk" FOREIGN KEY ("feeds_id") REFERENCES "public"."report_obligations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_receipts" ADD CONSTRAINT "report_receipts_report_id_duty_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."duty_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_receipts" ADD CONSTRAINT "report_receipts_forwarded_by_id_report_receipts_id_fk" FOREIGN KEY ("forwarded_by_id") REFERENCES "public"."report_receipts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cascade_skips" ADD CONSTRAINT "cascade_skips_cascade_id_cascades_id_fk" FOREIGN KEY ("cascade_id") REFERENCES "public"."cascades"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cascade_skips" ADD CONSTRAINT "cascade_skips_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cascade_skips" ADD CONSTRAINT "cascade_skips_echelon_id_echelons_id_fk" FOREIGN KEY ("echelon_id") REFERENCES "public"."echelons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cascade_skips" ADD CONSTRAINT "cascade_skips_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_gap_id_gaps_id_fk" FOREIGN KEY ("gap_id") REFERENCES "public"."gaps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_looks" ADD CONSTRAINT "handover_looks_handover_id_handovers_id_fk" FOREIGN KEY ("handover_id") REFERENCES "public"."handovers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_matters" ADD CONSTRAINT "handover_matters_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_matters" ADD CONSTRAINT "handover_matters_opened_in_id_handovers_id_fk" FOREIGN KEY ("opened_in_id") REFERENCES "public"."handovers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handover_matters" ADD CONSTRAINT "handover_matters_closed_in_id_handovers_id_fk" FOREIGN KEY ("closed_in_id") REFERENCES "public"."handovers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_outgoing_shift_id_shifts_id_fk" FOREIGN KEY ("outgoing_shift_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_incoming_shift_id_shifts_id_fk" FOREIGN KEY ("incoming_shift_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_outgoing_signed_by_volunteers_id_fk" FOREIGN KEY ("outgoing_signed_by") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_incoming_signed_by_volunteers_id_fk" FOREIGN KEY ("incoming_signed_by") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holidays" ADD CONSTRAINT "holidays_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_columns" ADD CONSTRAINT "export_columns_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hours_closes" ADD CONSTRAINT "hours_closes_period_id_hours_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."hours_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hours_exports" ADD CONSTRAINT "hours_exports_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hours_exports" ADD CONSTRAINT "hours_exports_period_id_hours_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."hours_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hours_periods" ADD CONSTRAINT "hours_periods_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_corrections" ADD CONSTRAINT "ledger_corrections_line_id_ledger_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."ledger"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "period_lines" ADD CONSTRAINT "period_lines_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "period_lines" ADD CONSTRAINT "period_lines_ledger_id_ledger_id_fk" FOREIGN KEY ("ledger_id") REFERENCES "public"."ledger"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "period_lines" ADD CONSTRAINT "period_lines_period_id_hours_periods_id_fk" FOREIGN KEY ("period_id") REFERENCES "public"."hours_periods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_templates" ADD CONSTRAINT "message_templates_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_duties" ADD CONSTRAINT "standing_duties_plan_id_visit_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."visit_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_duties" ADD CONSTRAINT "standing_duties_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_duties" ADD CONSTRAINT "standing_duties_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_duties" ADD CONSTRAINT "standing_duties_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_plans" ADD CONSTRAINT "visit_plans_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_duty_id_standing_duties_id_fk" FOREIGN KEY ("duty_id") REFERENCES "public"."standing_duties"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_plan_id_visit_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."visit_plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swap_answers" ADD CONSTRAINT "swap_answers_swap_id_swaps_id_fk" FOREIGN KEY ("swap_id") REFERENCES "public"."swaps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swap_answers" ADD CONSTRAINT "swap_answers_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swaps" ADD CONSTRAINT "swaps_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swaps" ADD CONSTRAINT "swaps_asker_id_volunteers_id_fk" FOREIGN KEY ("asker_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swaps" ADD CONSTRAINT "swaps_asked_id_volunteers_id_fk" FOREIGN KEY ("asked_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swaps" ADD CONSTRAINT "swaps_return_id_assignments_id_fk" FOREIGN KEY ("return_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "swaps" ADD CONSTRAINT "swaps_taker_id_volunteers_id_fk" FOREIGN KEY ("taker_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "announcement_recipients_volunteer" ON "announcement_recipients" USING btree ("volunteer_id");--> statement-breakpoint
CREATE INDEX "announcements_unit" ON "announcements" USING btree ("unit_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "attendance_corrections_one_open" ON "attendance_corrections" USING btree ("assignment_id") WHERE "attendance_corrections"."state" = 'open';--> statement-breakpoint
CREATE INDEX "attendance_corrections_assignment" ON "attendance_corrections" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "attendance_corrections_created" ON "attendance_corrections" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "check_in_doors_post" ON "check_in_doors" USING btree ("post_id","created_at");--> statement-breakpoint
CREATE INDEX "check_in_failures_key" ON "check_in_failures" USING btree ("key","at");--> statement-breakpoint
CREATE INDEX "check_in_failures_at" ON "check_in_failures" USING btree ("at");--> statement-breakpoint
CREATE INDEX "call_outs_unit" ON "call_outs" USING btree ("unit_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_one_open_per_person" ON "calls" USING btree ("volunteer_id") WHERE "calls"."state" = 'asked';--> statement-breakpoint
CREATE INDEX "calls_assignment" ON "calls" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "calls_crew" ON "calls" USING btree ("crew_id");--> statement-breakpoint
CREATE INDEX "campaign_entries_task" ON "campaign_entries" USING btree ("task_id","round_id","id");--> statement-breakpoint
CREATE INDEX "campaign_entries_item" ON "campaign_entries" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "campaign_entries_campaign" ON "campaign_entries" USING btree ("campaign_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_items_reference" ON "campaign_items" USING btree ("campaign_id","reference") WHERE "campaign_items"."reference" is not null;--> statement-breakpoint
CREATE INDEX "campaign_items_campaign" ON "campaign_items" USING btree ("campaign_id","position");--> statement-breakpoint
CREATE INDEX "campaign_tasks_volunteer" ON "campaign_tasks" USING btree ("volunteer_id");--> statement-breakpoint
CREATE INDEX "campaigns_unit" ON "campaigns" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "standing_consents_volunteer" ON "standing_consents" USING btree ("volunteer_id");--> statement-breakpoint
CREATE INDEX "crew_members_crew" ON "crew_members" USING btree ("crew_id");--> statement-breakpoint
CREATE INDEX "crew_members_volunteer" ON "crew_members" USING btree ("volunteer_id");--> statement-breakpoint
CREATE INDEX "inspection_findings_inspection" ON "inspection_findings" USING btree ("inspection_id");--> statement-breakpoint
CREATE INDEX "inspections_unit" ON "inspections" USING btree ("unit_id","at");--> statement-breakpoint
CREATE INDEX "inspections_post" ON "inspections" USING btree ("post_id","at");--> statement-breakpoint
CREATE INDEX "duty_reports_board" ON "duty_reports" USING btree ("local_day","unit_id");--> statement-breakpoint
CREATE INDEX "duty_reports_unit" ON "duty_reports" USING btree ("unit_id","due_at");--> statement-breakpoint
CREATE INDEX "report_obligations_unit" ON "report_obligations" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "report_obligations_feeds" ON "report_obligations" USING btree ("feeds_id");--> statement-breakpoint
CREATE UNIQUE INDEX "report_receipts_once" ON "report_receipts" USING btree ("report_id","receiver_key");--> statement-breakpoint
CREATE UNIQUE INDEX "escalations_one_told_per_gap" ON "escalations" USING btree ("gap_id") WHERE "escalations"."state" = 'told';--> statement-breakpoint
CREATE INDEX "handover_matters_post" ON "handover_matters" USING btree ("post_id","created_at");--> statement-breakpoint
CREATE INDEX "handover_matters_opened" ON "handover_matters" USING btree ("opened_in_id");--> statement-breakpoint
CREATE INDEX "handovers_post" ON "handovers" USING btree ("post_id","planned_at");--> statement-breakpoint
CREATE INDEX "handovers_planned" ON "handovers" USING btree ("planned_at","id");--> statement-breakpoint
CREATE INDEX "handovers_incoming" ON "handovers" USING btree ("incoming_shift_id");--> statement-breakpoint
CREATE INDEX "hours_exports_time" ON "hours_exports" USING btree ("started_at","id");--> statement-breakpoint
CREATE INDEX "hours_exports_period" ON "hours_exports" USING btree ("period_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_corrections_one_open" ON "ledger_corrections" USING btree ("line_id") WHERE "ledger_corrections"."state" = 'requested';--> statement-breakpoint
CREATE INDEX "ledger_corrections_state" ON "ledger_corrections" USING btree ("state","requested_at");--> statement-breakpoint
CREATE INDEX "period_lines_ledger" ON "period_lines" USING btree ("ledger_id");--> statement-breakpoint
CREATE UNIQUE INDEX "standing_duties_one_per_site" ON "standing_duties" USING btree ("plan_id","post_id") WHERE "standing_duties"."state" in ('proposed', 'active');--> statement-breakpoint
CREATE UNIQUE INDEX "standing_duties_one_per_role" ON "standing_duties" USING btree ("case_id","role") WHERE "standing_duties"."state" in ('proposed', 'active');--> statement-breakpoint
CREATE INDEX "standing_duties_volunteer" ON "standing_duties" USING btree ("volunteer_id","state");--> statement-breakpoint
CREATE INDEX "visits_plan_day" ON "visits" USING btree ("plan_id","local_day");--> statement-breakpoint
CREATE INDEX "visits_volunteer_day" ON "visits" USING btree ("volunteer_id","local_day");--> statement-breakpoint
CREATE UNIQUE INDEX "swap_answers_one_taker" ON "swap_answers" USING btree ("swap_id") WHERE "swap_answers"."answer" = 'accepted';--> statement-breakpoint
CREATE INDEX "swap_answers_swap" ON "swap_answers" USING btree ("swap_id","volunteer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "swaps_one_at_a_time" ON "swaps" USING btree ("assignment_id") WHERE "swaps"."state" in ('open', 'accepted', 'approved');--> statement-breakpoint
CREATE INDEX "swaps_asker" ON "swaps" USING btree ("asker_id","state");--> statement-breakpoint
CREATE INDEX "swaps_asked" ON "swaps" USING btree ("asked_id","state");--> statement-breakpoint
CREATE INDEX "swaps_taker" ON "swaps" USING btree ("taker_id","state");--> statement-breakpoint
CREATE INDEX "swaps_return" ON "swaps" USING btree ("return_id");--> statement-breakpoint
CREATE INDEX "swaps_state" ON "swaps" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "code_tries_until" ON "code_tries" USING btree ("until");--> statement-breakpoint
CREATE UNIQUE INDEX "codes_code_hash" ON "codes" USING btree ("code_hash");--> statement-breakpoint
CREATE INDEX "codes_subject" ON "codes" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "codes_volunteer" ON "codes" USING btree ("volunteer_id");--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_voided_by_id_attendance_corrections_id_fk" FOREIGN KEY ("voided_by_id") REFERENCES "public"."attendance_corrections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_correction_id_attendance_corrections_id_fk" FOREIGN KEY ("correction_id") REFERENCES "public"."attendance_corrections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_superseded_by_id_attendance_corrections_id_fk" FOREIGN KEY ("superseded_by_id") REFERENCES "public"."attendance_corrections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD CONSTRAINT "confirmation_items_consent_id_standing_consents_id_fk" FOREIGN KEY ("consent_id") REFERENCES "public"."standing_consents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_corrects_id_ledger_id_fk" FOREIGN KEY ("corrects_id") REFERENCES "public"."ledger"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_part_of_id_shifts_id_fk" FOREIGN KEY ("part_of_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "confirmation_items_receipt" ON "confirmation_items" USING btree ("receipt");--> statement-breakpoint
CREATE UNIQUE INDEX "offers_asked_once_per_gap" ON "offers" USING btree ("gap_id","volunteer_id") WHERE "offers"."released_at" is null;--> statement-breakpoint
CREATE INDEX "offers_gap" ON "offers" USING btree ("gap_id","rank");--> statement-breakpoint
CREATE INDEX "offers_slot" ON "offers" USING btree ("slot_id");--> statement-breakpoint
CREATE INDEX "ledger_assignment" ON "ledger" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "messages_provider" ON "messages" USING btree ("provider_id") WHERE "messages"."provider_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_merging" ON "messages" USING btree ("volunteer_id","merge_key") WHERE "messages"."state" = 'queued' and "messages"."merge_key" is not null;--> statement-breakpoint
CREATE INDEX "shifts_part_of" ON "shifts" USING btree ("part_of_id");--> statement-breakpoint
CREATE INDEX "links_volunteer" ON "links" USING btree ("volunteer_id");--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD CONSTRAINT "confirmation_requests_mode_known" CHECK ("confirmation_requests"."mode" in ('explicit', 'implied', 'acknowledged'));--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_credited_by_known" CHECK ("ledger"."credited_by" in ('elapsed', 'nominal'));--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_locale_known" CHECK ("units"."locale" in ('zh', 'en', 'bo'));--> statement-breakpoint
ALTER TABLE "shift_templates" ADD CONSTRAINT "shift_templates_linked_known" CHECK ("shift_templates"."linked" in ('week', 'period'));--> statement-breakpoint
ALTER TABLE "rosters" ADD CONSTRAINT "rosters_kind_known" CHECK ("rosters"."kind" in ('plan', 'call-out'));--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_known" CHECK ("webhook_deliveries"."event" in ('roster.published', 'assignment.moved', 'assignment.seated', 'assignment.no-show', 'gap.opened', 'gap.filled', 'gap.exhausted', 'handover.relief-missing', 'report.missing', 'call-out.opened', 'call-out.short', 'call-out.closed'));--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_purpose_known" CHECK ("links"."purpose" in ('confirmation', 'offer', 'attendance', 'swap', 'handover', 'report', 'announcement', 'campaign', 'callout', 'standing', 'correction'));