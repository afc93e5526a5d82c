ALTER TABLE "shift_templates" ADD COLUMN "kind" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "shifts" ADD COLUMN "kind" text DEFAULT 'active' NOT NULL;--> statement-breakpoint
ALTER TABLE "shift_templates" ADD CONSTRAINT "shift_templates_kind_known" CHECK ("shift_templates"."kind" in ('active', 'standby'));--> statement-breakpoint
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_kind_known" CHECK ("shifts"."kind" in ('active', 'standby'));