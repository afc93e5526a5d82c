ALTER TABLE "codes" DROP CONSTRAINT "codes_purpose_known";--> statement-breakpoint
ALTER TABLE "links" DROP CONSTRAINT "links_purpose_known";--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD COLUMN "conspicuous" text;--> statement-breakpoint
ALTER TABLE "offers" ADD COLUMN "conspicuous" text;--> statement-breakpoint
CREATE INDEX "confirmation_items_conspicuous" ON "confirmation_items" USING btree ("request_id") WHERE "confirmation_items"."conspicuous" is not null;--> statement-breakpoint
CREATE INDEX "offers_conspicuous" ON "offers" USING btree ("gap_id") WHERE "offers"."conspicuous" is not null;--> statement-breakpoint
ALTER TABLE "confirmation_items" ADD CONSTRAINT "confirmation_items_conspicuous_known" CHECK ("confirmation_items"."conspicuous" in ('quick', 'hosting'));--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_conspicuous_known" CHECK ("offers"."conspicuous" in ('quick', 'hosting'));--> statement-breakpoint
ALTER TABLE "codes" ADD CONSTRAINT "codes_purpose_known" CHECK ("codes"."purpose" in ('confirmation', 'offer', 'attendance', 'swap', 'handover', 'report', 'announcement', 'campaign', 'callout', 'standing', 'correction', 'messages'));--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_purpose_known" CHECK ("links"."purpose" in ('confirmation', 'offer', 'attendance', 'swap', 'handover', 'report', 'announcement', 'campaign', 'callout', 'standing', 'correction', 'messages'));