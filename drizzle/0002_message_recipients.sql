ALTER TABLE "messages" DROP CONSTRAINT "messages_purpose_once";--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "volunteer_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "unit_id" uuid;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_unit_id_units_id_fk" FOREIGN KEY ("unit_id") REFERENCES "public"."units"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "offers_volunteer" ON "offers" USING btree ("volunteer_id","asked_at");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_purpose_once" UNIQUE NULLS NOT DISTINCT("volunteer_id","unit_id","purpose");--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_one_recipient" CHECK (num_nonnulls("messages"."volunteer_id", "messages"."unit_id") = 1);