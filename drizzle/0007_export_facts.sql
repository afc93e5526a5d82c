ALTER TABLE "hours_exports" ADD COLUMN "rows" integer;--> statement-breakpoint
ALTER TABLE "hours_exports" ADD COLUMN "purpose" text;--> statement-breakpoint
ALTER TABLE "hours_exports" ADD COLUMN "recipient" text;--> statement-breakpoint
ALTER TABLE "period_lines" ADD COLUMN "verified_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "period_lines" ADD COLUMN "recorded_by" text;--> statement-breakpoint
ALTER TABLE "period_lines" ADD COLUMN "status" text;