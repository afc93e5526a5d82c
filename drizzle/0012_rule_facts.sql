ALTER TABLE "cover_requirements" ADD COLUMN "languages" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "qualifications" ADD COLUMN "kind" text DEFAULT 'skill' NOT NULL;--> statement-breakpoint
ALTER TABLE "volunteers" ADD COLUMN "home" jsonb;--> statement-breakpoint
ALTER TABLE "qualifications" ADD CONSTRAINT "qualifications_kind_known" CHECK ("qualifications"."kind" in ('skill', 'clearance'));--> statement-breakpoint
ALTER TABLE "volunteers" ADD CONSTRAINT "volunteers_home_on_earth" CHECK ("volunteers"."home" is null or coalesce(abs(("volunteers"."home"->>'latitude')::float8) <= 90 and abs(("volunteers"."home"->>'longitude')::float8) <= 180, false));