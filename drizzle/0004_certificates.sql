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
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_check_code" ON "certificates" USING btree ("check_code");--> statement-breakpoint
CREATE INDEX "certificates_volunteer" ON "certificates" USING btree ("volunteer_id","issued_at");