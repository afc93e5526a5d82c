ALTER TABLE "attendances" ADD COLUMN "entered_late_by" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "hours_closes" ADD COLUMN "unverified_lines" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "hours_closes" ADD COLUMN "unverified_minutes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "attendances" ADD CONSTRAINT "attendances_second_person" CHECK (not ("attendances"."verified_by" = any("attendances"."entered_late_by")));