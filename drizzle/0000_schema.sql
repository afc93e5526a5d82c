CREATE TABLE "attendances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"checked_in_at" timestamp (3) with time zone NOT NULL,
	"checked_out_at" timestamp (3) with time zone,
	"in_source" text NOT NULL,
	"out_source" text,
	"verified_by" text,
	"verified_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "attendances_one_per_assignment" UNIQUE("assignment_id"),
	CONSTRAINT "attendances_order" CHECK ("attendances"."checked_out_at" is null or "attendances"."checked_out_at" > "attendances"."checked_in_at")
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"attendance_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "segments_kind_known" CHECK ("segments"."kind" in ('standby', 'active', 'travel', 'handover', 'training')),
	CONSTRAINT "segments_order" CHECK ("segments"."ends_at" > "segments"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"year" integer NOT NULL,
	"serial" integer NOT NULL,
	"check_code" text NOT NULL,
	"lang" text NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date NOT NULL,
	"facts" jsonb NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"issued_by" text NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	"revoked_reason" text,
	CONSTRAINT "certificates_number" UNIQUE("year","serial"),
	CONSTRAINT "certificates_kind_known" CHECK ("certificates"."kind" in ('service', 'duty')),
	CONSTRAINT "certificates_period_order" CHECK ("certificates"."to_on" > "certificates"."from_on"),
	CONSTRAINT "certificates_revoked_with_reason" CHECK (num_nonnulls("certificates"."revoked_at", "certificates"."revoked_by", "certificates"."revoked_reason") in (0, 3))
);
--> statement-breakpoint
CREATE TABLE "confirmation_items" (
	"request_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	CONSTRAINT "confirmation_items_pk" PRIMARY KEY("request_id","assignment_id")
);
--> statement-breakpoint
CREATE TABLE "confirmation_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"version_number" integer NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"confirm_by" timestamp (3) with time zone NOT NULL,
	"reminded_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"superseded_at" timestamp (3) with time zone,
	CONSTRAINT "confirmation_requests_one_per_version" UNIQUE("roster_id","version_number","volunteer_id")
);
--> statement-breakpoint
CREATE TABLE "echelon_members" (
	"id" uuid PRIMARY KEY NOT NULL,
	"set_id" uuid NOT NULL,
	"echelon_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date,
	"excluded" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "echelon_members_order" CHECK ("echelon_members"."to_on" is null or "echelon_members"."to_on" > "echelon_members"."from_on")
);
--> statement-breakpoint
CREATE TABLE "echelon_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "echelon_sets_name_in_unit" UNIQUE("unit_id","name"),
	CONSTRAINT "echelon_sets_kind_known" CHECK ("echelon_sets"."kind" in ('rotation', 'reserve', 'specialist'))
);
--> statement-breakpoint
CREATE TABLE "echelons" (
	"id" uuid PRIMARY KEY NOT NULL,
	"set_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"rule" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "echelons_position_in_set" UNIQUE("set_id","position"),
	CONSTRAINT "echelons_name_in_set" UNIQUE("set_id","name")
);
--> statement-breakpoint
CREATE TABLE "rotation_patterns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"set_id" uuid NOT NULL,
	"effective_from" date NOT NULL,
	"anchor_local" text NOT NULL,
	"zone" text NOT NULL,
	"period" text NOT NULL,
	"order" uuid[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rotation_patterns_one_per_day" UNIQUE("set_id","effective_from")
);
--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid,
	"post_id" uuid,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_read_at" timestamp (3) with time zone,
	CONSTRAINT "calendar_feeds_one_subject" CHECK (num_nonnulls("calendar_feeds"."volunteer_id", "calendar_feeds"."post_id") = 1)
);
--> statement-breakpoint
CREATE TABLE "cascades" (
	"id" uuid PRIMARY KEY NOT NULL,
	"gap_id" uuid NOT NULL,
	"state" text NOT NULL,
	"wave" integer DEFAULT 0 NOT NULL,
	"history" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "cascades_state_known" CHECK ("cascades"."state" in ('open', 'filled', 'exhausted', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "gaps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"slot_id" uuid NOT NULL,
	"vacated_id" uuid,
	"cause" text NOT NULL,
	"state" text NOT NULL,
	"filled_by_id" uuid,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "gaps_state_known" CHECK ("gaps"."state" in ('open', 'filled', 'closed')),
	CONSTRAINT "gaps_cause_known" CHECK ("gaps"."cause" in ('unfilled', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'no_show', 'hand'))
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cascade_id" uuid NOT NULL,
	"gap_id" uuid NOT NULL,
	"slot_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"echelon_id" uuid,
	"wave" integer NOT NULL,
	"rank" integer NOT NULL,
	"state" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "offers_once_per_gap_and_person" UNIQUE("gap_id","volunteer_id"),
	CONSTRAINT "offers_state_known" CHECK ("offers"."state" in ('open', 'accepted', 'declined', 'expired', 'superseded', 'contact_error'))
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"unit_id" uuid NOT NULL,
	"person_class" text NOT NULL,
	"assignment_id" uuid NOT NULL,
	"segment_id" uuid,
	"post_id" uuid NOT NULL,
	"role" text NOT NULL,
	"kind" text NOT NULL,
	"local_day" date NOT NULL,
	"zone" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"minutes" integer NOT NULL,
	"night_minutes" integer NOT NULL,
	"weekend_minutes" integer NOT NULL,
	"planned_minutes" integer NOT NULL,
	"verified_by" text,
	"reverses_id" uuid,
	"reason" text,
	"entered_by" text NOT NULL,
	"booked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_reversed_once" UNIQUE("reverses_id"),
	CONSTRAINT "ledger_kind_known" CHECK ("ledger"."kind" in ('standby', 'active', 'travel', 'handover', 'training'))
);
--> statement-breakpoint
CREATE TABLE "channel_paces" (
	"channel" text PRIMARY KEY NOT NULL,
	"free_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid,
	"unit_id" uuid,
	"template" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text NOT NULL,
	"via" text,
	"channel" text,
	"address" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"provider_id" text,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"send_after" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"ways" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"reserved_at" timestamp (3) with time zone,
	CONSTRAINT "messages_purpose_once" UNIQUE NULLS NOT DISTINCT("volunteer_id","unit_id","purpose"),
	CONSTRAINT "messages_one_recipient" CHECK (num_nonnulls("messages"."volunteer_id", "messages"."unit_id") = 1),
	CONSTRAINT "messages_state_known" CHECK ("messages"."state" in ('queued', 'sending', 'accepted', 'delivered', 'failed', 'unknown', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"prefix" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_role_known" CHECK ("api_keys"."role" in ('admin', 'organizer', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "unit_responsibles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"title" text,
	"phone" text,
	"email" text,
	CONSTRAINT "unit_responsibles_position" UNIQUE("unit_id","position")
);
--> statement-breakpoint
CREATE TABLE "units" (
	"id" uuid PRIMARY KEY NOT NULL,
	"parent_id" uuid,
	"path" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"code" text,
	"zone" text NOT NULL,
	"locale" text NOT NULL,
	"policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "units_name_among_siblings" UNIQUE NULLS NOT DISTINCT("parent_id","name"),
	CONSTRAINT "units_locale_known" CHECK ("units"."locale" in ('zh', 'en'))
);
--> statement-breakpoint
CREATE TABLE "cover_requirements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"post_id" uuid NOT NULL,
	"role" text NOT NULL,
	"position" integer NOT NULL,
	"minimum" integer NOT NULL,
	"desired" integer NOT NULL,
	"maximum" integer NOT NULL,
	"qualification_ids" uuid[] DEFAULT '{}' NOT NULL,
	"grades" text[] DEFAULT '{}' NOT NULL,
	"person_classes" text[] DEFAULT '{}' NOT NULL,
	"unit_ids" uuid[] DEFAULT '{}' NOT NULL,
	"echelon_set_id" uuid,
	"reserve_set_ids" uuid[] DEFAULT '{}' NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cover_requirements_role_at_post" UNIQUE("post_id","role"),
	CONSTRAINT "cover_requirements_order" CHECK (0 <= "cover_requirements"."minimum" and "cover_requirements"."minimum" <= "cover_requirements"."desired" and "cover_requirements"."desired" <= "cover_requirements"."maximum" and "cover_requirements"."maximum" between 1 and 200)
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"address" text,
	"latitude" double precision,
	"longitude" double precision,
	"priority" integer DEFAULT 3 NOT NULL,
	"phone" text,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "posts_name_in_unit" UNIQUE("unit_id","name"),
	CONSTRAINT "posts_priority_range" CHECK ("posts"."priority" between 1 and 9)
);
--> statement-breakpoint
CREATE TABLE "shift_exceptions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template_id" uuid NOT NULL,
	"original_start" text NOT NULL,
	"kind" text NOT NULL,
	"start_local" text,
	"length" text,
	"reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "shift_exceptions_one_per_occurrence" UNIQUE("template_id","original_start"),
	CONSTRAINT "shift_exceptions_kind_known" CHECK ("shift_exceptions"."kind" in ('skip', 'move'))
);
--> statement-breakpoint
CREATE TABLE "shift_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"post_id" uuid NOT NULL,
	"name" text NOT NULL,
	"rule" text NOT NULL,
	"start_time" text NOT NULL,
	"length" text NOT NULL,
	"zone" text NOT NULL,
	"effective_from" date NOT NULL,
	"effective_to" date,
	"requirement_ids" uuid[],
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "shift_templates_name_at_post" UNIQUE("post_id","name"),
	CONSTRAINT "shift_templates_effective_order" CHECK ("shift_templates"."effective_to" is null or "shift_templates"."effective_to" > "shift_templates"."effective_from")
);
--> statement-breakpoint
CREATE TABLE "shifts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template_id" uuid,
	"post_id" uuid NOT NULL,
	"original_start" text NOT NULL,
	"start_local" text NOT NULL,
	"end_local" text NOT NULL,
	"zone" text NOT NULL,
	"local_day" date NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"nominal_minutes" integer NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "shifts_state_known" CHECK ("shifts"."state" in ('planned', 'cancelled')),
	CONSTRAINT "shifts_not_empty" CHECK ("shifts"."ends_at" > "shifts"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"shift_id" uuid NOT NULL,
	"requirement_id" uuid NOT NULL,
	"role" text NOT NULL,
	"seat" integer NOT NULL,
	"mandatory" boolean NOT NULL,
	CONSTRAINT "slots_one_per_seat" UNIQUE("shift_id","requirement_id","seat")
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"shift_id" uuid NOT NULL,
	"slot_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"state" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"source" text NOT NULL,
	"confirm_by" timestamp (3) with time zone,
	"decided_at" timestamp (3) with time zone,
	"decline_reason" text,
	"override" jsonb,
	"replaces_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "assignments_state_known" CHECK ("assignments"."state" in ('pending', 'confirmed', 'serving', 'completed', 'declined', 'lapsed', 'withdrawn', 'cancelled', 'replaced', 'no_show', 'excused'))
);
--> statement-breakpoint
CREATE TABLE "draft_assignments" (
	"slot_id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"source" text NOT NULL,
	"override" jsonb,
	"why" jsonb
);
--> statement-breakpoint
CREATE TABLE "generation_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"state" text NOT NULL,
	"seed" bigint NOT NULL,
	"budget_ms" integer NOT NULL,
	"iterations" integer,
	"progress" jsonb,
	"outcome" jsonb,
	"error" text,
	"requested_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "generation_runs_state_known" CHECK ("generation_runs"."state" in ('queued', 'running', 'done', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "roster_version_lines" (
	"version_id" uuid NOT NULL,
	"slot_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	CONSTRAINT "roster_version_lines_pk" PRIMARY KEY("version_id","slot_id")
);
--> statement-breakpoint
CREATE TABLE "roster_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"roster_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" text NOT NULL,
	"note" text,
	"summary" jsonb NOT NULL,
	CONSTRAINT "roster_versions_number" UNIQUE("roster_id","number")
);
--> statement-breakpoint
CREATE TABLE "rosters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"from_on" date NOT NULL,
	"to_on" date NOT NULL,
	"state" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"published_version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "rosters_state_known" CHECK ("rosters"."state" in ('generating', 'draft', 'published', 'discarded', 'failed')),
	CONSTRAINT "rosters_period_order" CHECK ("rosters"."to_on" > "rosters"."from_on")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"name" text NOT NULL,
	"params" jsonb NOT NULL,
	"weight" integer,
	"scope" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "absences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"note" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "absences_kind_known" CHECK ("absences"."kind" in ('sick', 'leave', 'training', 'work', 'family', 'other')),
	CONSTRAINT "absences_order" CHECK ("absences"."ends_at" > "absences"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "availabilities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"rule" text,
	"start_local" text NOT NULL,
	"length" text NOT NULL,
	"zone" text NOT NULL,
	"until_on" date,
	"weight" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "availabilities_kind_known" CHECK ("availabilities"."kind" in ('available', 'unavailable', 'preferred', 'undesired'))
);
--> statement-breakpoint
CREATE TABLE "contact_points" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"position" integer NOT NULL,
	"verified_at" timestamp (3) with time zone,
	CONSTRAINT "contact_points_once" UNIQUE("volunteer_id","channel","address"),
	CONSTRAINT "contact_points_channel_known" CHECK ("contact_points"."channel" in ('email', 'sms', 'wecom', 'log'))
);
--> statement-breakpoint
CREATE TABLE "qualifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "volunteer_qualifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"qualification_id" uuid NOT NULL,
	"valid_from" date,
	"valid_to" date,
	CONSTRAINT "volunteer_qualifications_once" UNIQUE NULLS NOT DISTINCT("volunteer_id","qualification_id","valid_from"),
	CONSTRAINT "volunteer_qualifications_order" CHECK ("volunteer_qualifications"."valid_to" is null or "volunteer_qualifications"."valid_from" is null or "volunteer_qualifications"."valid_to" > "volunteer_qualifications"."valid_from")
);
--> statement-breakpoint
CREATE TABLE "volunteers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"person_number" text,
	"display_name" text NOT NULL,
	"sort_name" text NOT NULL,
	"person_class" text NOT NULL,
	"grade" text,
	"birth_on" date,
	"languages" text[] DEFAULT '{}' NOT NULL,
	"locale" text NOT NULL,
	"joined_on" date,
	"left_on" date,
	"share" real DEFAULT 1 NOT NULL,
	"limits" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"do_not_contact" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "volunteers_class_known" CHECK ("volunteers"."person_class" in ('volunteer', 'staff', 'secondedCadre', 'police', 'medical')),
	CONSTRAINT "volunteers_share_sane" CHECK ("volunteers"."share" >= 0 and "volunteers"."share" <= 10),
	CONSTRAINT "volunteers_leave_after_joining" CHECK ("volunteers"."left_on" is null or "volunteers"."joined_on" is null or "volunteers"."left_on" > "volunteers"."joined_on")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"webhook_id" uuid NOT NULL,
	"event" text NOT NULL,
	"data" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"last_status" integer,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_deliveries_state_known" CHECK ("webhook_deliveries"."state" in ('waiting', 'sending', 'delivered', 'failed')),
	CONSTRAINT "webhook_deliveries_event_known" CHECK ("webhook_deliveries"."event" in ('roster.published', 'assignment.moved', 'assignment.seated', 'assignment.no-show', 'gap.opened', 'gap.filled', 'gap.exhausted'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unit_id" uuid NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"secret" text NOT NULL,
	"old_secret" text,
	"old_secret_until" timestamp (3) with time zone,
	"state" text NOT NULL,
	"state_reason" text,
	"failing_since" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "webhooks_state_known" CHECK ("webhooks"."state" in ('active', 'disabled'))
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"door" text NOT NULL,
	"request_id" text,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"unit_id" uuid,
	"from_state" text,
	"to_state" text,
	"reason" text,
	"facts" jsonb
);
--> statement-breakpoint
CREATE TABLE "links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"purpose" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"volunteer_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "links_purpose_known" CHECK ("links"."purpose" in ('confirmation', 'offer', 'attendance'))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"actor_id" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" integer,
	"headers" text,
	"body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"locked_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pk" PRIMARY KEY("actor_id","key")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"queue" text NOT NULL,
	"payload" jsonb NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"nudges" integer DEFAULT 0 NOT NULL,
	"nudged_at" timestamp (3) with time zone,
	"locked_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"error" text,
	CONSTRAINT "tasks_state_known" CHECK ("tasks"."state" in ('waiting', 'running', 'done', 'dead', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_attendance_id_attendances_id_fk" FOREIGN KEY ("attendance_id") REFERENCES "public"."attendances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD CONSTRAINT "confirmation_items_request_id_confirmation_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."confirmation_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD CONSTRAINT "confirmation_items_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD CONSTRAINT "confirmation_requests_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmation_requests" ADD CONSTRAINT "confirmation_requests_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "echelon_members" ADD CONSTRAINT "echelon_members_set_id_echelon_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."echelon_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "echelon_members" ADD CONSTRAINT "echelon_members_echelon_id_echelons_id_fk" FOREIGN KEY ("echelon_id") REFERENCES "public"."echelons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "echelon_members" ADD CONSTRAINT "echelon_members_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "echelon_sets" ADD CONSTRAINT "echelon_sets_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "echelons" ADD CONSTRAINT "echelons_set_id_echelon_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."echelon_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rotation_patterns" ADD CONSTRAINT "rotation_patterns_set_id_echelon_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."echelon_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cascades" ADD CONSTRAINT "cascades_gap_id_gaps_id_fk" FOREIGN KEY ("gap_id") REFERENCES "public"."gaps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_slot_id_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_vacated_id_assignments_id_fk" FOREIGN KEY ("vacated_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gaps" ADD CONSTRAINT "gaps_filled_by_id_assignments_id_fk" FOREIGN KEY ("filled_by_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_cascade_id_cascades_id_fk" FOREIGN KEY ("cascade_id") REFERENCES "public"."cascades"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_gap_id_gaps_id_fk" FOREIGN KEY ("gap_id") REFERENCES "public"."gaps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_slot_id_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_echelon_id_echelons_id_fk" FOREIGN KEY ("echelon_id") REFERENCES "public"."echelons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_segment_id_segments_id_fk" FOREIGN KEY ("segment_id") REFERENCES "public"."segments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_reverses_id_ledger_id_fk" FOREIGN KEY ("reverses_id") REFERENCES "public"."ledger"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unit_responsibles" ADD CONSTRAINT "unit_responsibles_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "units" ADD CONSTRAINT "units_parent_id_units_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_requirements" ADD CONSTRAINT "cover_requirements_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cover_requirements" ADD CONSTRAINT "cover_requirements_echelon_set_id_echelon_sets_id_fk" FOREIGN KEY ("echelon_set_id") REFERENCES "public"."echelon_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shift_exceptions" ADD CONSTRAINT "shift_exceptions_template_id_shift_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."shift_templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD CONSTRAINT "shift_templates_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_template_id_shift_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."shift_templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_shift_id_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slots" ADD CONSTRAINT "slots_requirement_id_cover_requirements_id_fk" FOREIGN KEY ("requirement_id") REFERENCES "public"."cover_requirements"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_shift_id_shifts_id_fk" FOREIGN KEY ("shift_id") REFERENCES "public"."shifts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_slot_id_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_replaces_id_assignments_id_fk" FOREIGN KEY ("replaces_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_assignments" ADD CONSTRAINT "draft_assignments_slot_id_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_assignments" ADD CONSTRAINT "draft_assignments_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_assignments" ADD CONSTRAINT "draft_assignments_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "generation_runs" ADD CONSTRAINT "generation_runs_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_version_lines" ADD CONSTRAINT "roster_version_lines_version_id_roster_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."roster_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_version_lines" ADD CONSTRAINT "roster_version_lines_slot_id_slots_id_fk" FOREIGN KEY ("slot_id") REFERENCES "public"."slots"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_version_lines" ADD CONSTRAINT "roster_version_lines_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster_versions" ADD CONSTRAINT "roster_versions_roster_id_rosters_id_fk" FOREIGN KEY ("roster_id") REFERENCES "public"."rosters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rosters" ADD CONSTRAINT "rosters_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rules" ADD CONSTRAINT "rules_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "absences" ADD CONSTRAINT "absences_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "availabilities" ADD CONSTRAINT "availabilities_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_points" ADD CONSTRAINT "contact_points_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_qualifications" ADD CONSTRAINT "volunteer_qualifications_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteer_qualifications" ADD CONSTRAINT "volunteer_qualifications_qualification_id_qualifications_id_fk" FOREIGN KEY ("qualification_id") REFERENCES "public"."qualifications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "volunteers" ADD CONSTRAINT "volunteers_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "segments_attendance" ON "segments" USING btree ("attendance_id");--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_check_code" ON "certificates" USING btree ("check_code");--> statement-breakpoint
CREATE INDEX "certificates_volunteer" ON "certificates" USING btree ("volunteer_id","issued_at");--> statement-breakpoint
CREATE INDEX "confirmation_items_assignment" ON "confirmation_items" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "confirmation_requests_volunteer" ON "confirmation_requests" USING btree ("volunteer_id");--> statement-breakpoint
CREATE INDEX "echelon_members_echelon" ON "echelon_members" USING btree ("echelon_id");--> statement-breakpoint
CREATE INDEX "echelon_members_volunteer" ON "echelon_members" USING btree ("volunteer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_feeds_token_hash" ON "calendar_feeds" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "calendar_feeds_volunteer" ON "calendar_feeds" USING btree ("volunteer_id","created_at");--> statement-breakpoint
CREATE INDEX "calendar_feeds_post" ON "calendar_feeds" USING btree ("post_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "cascades_one_open_per_gap" ON "cascades" USING btree ("gap_id") WHERE "cascades"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "gaps_one_open_per_slot" ON "gaps" USING btree ("slot_id") WHERE "gaps"."state" = 'open';--> statement-breakpoint
CREATE INDEX "gaps_roster" ON "gaps" USING btree ("roster_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "offers_one_winner_per_gap" ON "offers" USING btree ("gap_id") WHERE "offers"."state" = 'accepted';--> statement-breakpoint
CREATE UNIQUE INDEX "offers_one_open_per_person" ON "offers" USING btree ("volunteer_id") WHERE "offers"."state" = 'open';--> statement-breakpoint
CREATE INDEX "offers_cascade" ON "offers" USING btree ("cascade_id","state");--> statement-breakpoint
CREATE INDEX "offers_volunteer" ON "offers" USING btree ("volunteer_id","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_segment_once" ON "ledger" USING btree ("segment_id") WHERE "ledger"."reverses_id" is null;--> statement-breakpoint
CREATE INDEX "ledger_day" ON "ledger" USING btree ("local_day","id");--> statement-breakpoint
CREATE INDEX "ledger_volunteer" ON "ledger" USING btree ("volunteer_id","local_day");--> statement-breakpoint
CREATE INDEX "ledger_unit" ON "ledger" USING btree ("unit_id","local_day");--> statement-breakpoint
CREATE INDEX "messages_state" ON "messages" USING btree ("state","send_after");--> statement-breakpoint
CREATE INDEX "messages_subject" ON "messages" USING btree ("subject_id");--> statement-breakpoint
CREATE INDEX "messages_volunteer_sent" ON "messages" USING btree ("volunteer_id","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "api_keys_unit" ON "api_keys" USING btree ("unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "units_path" ON "units" USING btree ("path");--> statement-breakpoint
CREATE INDEX "units_path_prefix" ON "units" USING btree ("path" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "units_parent" ON "units" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "units_code" ON "units" USING btree ("code") WHERE "units"."code" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "shifts_one_per_occurrence" ON "shifts" USING btree ("template_id","original_start");--> statement-breakpoint
CREATE INDEX "shifts_post_day" ON "shifts" USING btree ("post_id","local_day");--> statement-breakpoint
CREATE INDEX "shifts_starts" ON "shifts" USING btree ("starts_at");--> statement-breakpoint
CREATE INDEX "slots_requirement" ON "slots" USING btree ("requirement_id");--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_one_live_per_slot" ON "assignments" USING btree ("slot_id") WHERE "assignments"."state" in ('pending', 'confirmed', 'serving', 'completed');--> statement-breakpoint
CREATE INDEX "assignments_volunteer" ON "assignments" USING btree ("volunteer_id","starts_at");--> statement-breakpoint
CREATE INDEX "assignments_roster" ON "assignments" USING btree ("roster_id","state");--> statement-breakpoint
CREATE INDEX "assignments_shift" ON "assignments" USING btree ("shift_id");--> statement-breakpoint
CREATE INDEX "draft_assignments_roster" ON "draft_assignments" USING btree ("roster_id");--> statement-breakpoint
CREATE INDEX "draft_assignments_volunteer" ON "draft_assignments" USING btree ("volunteer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "generation_runs_one_at_a_time" ON "generation_runs" USING btree ("roster_id") WHERE "generation_runs"."state" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "generation_runs_roster" ON "generation_runs" USING btree ("roster_id","created_at");--> statement-breakpoint
CREATE INDEX "rosters_unit_period" ON "rosters" USING btree ("unit_id","from_on");--> statement-breakpoint
CREATE INDEX "rules_unit" ON "rules" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "absences_volunteer" ON "absences" USING btree ("volunteer_id","starts_at");--> statement-breakpoint
CREATE INDEX "availabilities_volunteer" ON "availabilities" USING btree ("volunteer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "qualifications_code" ON "qualifications" USING btree ("code");--> statement-breakpoint
CREATE INDEX "volunteer_qualifications_by_kind" ON "volunteer_qualifications" USING btree ("qualification_id");--> statement-breakpoint
CREATE UNIQUE INDEX "volunteers_person_number" ON "volunteers" USING btree ("person_number") WHERE "volunteers"."person_number" is not null;--> statement-breakpoint
CREATE INDEX "volunteers_unit_name" ON "volunteers" USING btree ("unit_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "volunteers_name" ON "volunteers" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "volunteers_birth" ON "volunteers" USING btree ("birth_on");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook" ON "webhook_deliveries" USING btree ("webhook_id","created_at");--> statement-breakpoint
CREATE INDEX "webhooks_unit" ON "webhooks" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject_type","subject_id","at");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "links_token_hash" ON "links" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "links_subject" ON "links" USING btree ("subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_one_waiting_per_key" ON "tasks" USING btree ("name","key") WHERE "tasks"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "tasks_due" ON "tasks" USING btree ("due_at") WHERE "tasks"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "tasks_running" ON "tasks" USING btree ("locked_until") WHERE "tasks"."state" = 'running';--> statement-breakpoint
CREATE INDEX "tasks_dead" ON "tasks" USING btree ("finished_at") WHERE "tasks"."state" = 'dead';