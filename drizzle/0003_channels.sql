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
CREATE TABLE "channel_paces" (
	"channel" text PRIMARY KEY NOT NULL,
	"free_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contact_points" DROP CONSTRAINT "contact_points_channel_known";--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "via" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "ways" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "reserved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_volunteer_id_volunteers_id_fk" FOREIGN KEY ("volunteer_id") REFERENCES "public"."volunteers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_post_id_posts_id_fk" FOREIGN KEY ("post_id") REFERENCES "public"."posts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_feeds_token_hash" ON "calendar_feeds" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "calendar_feeds_volunteer" ON "calendar_feeds" USING btree ("volunteer_id","created_at");--> statement-breakpoint
CREATE INDEX "calendar_feeds_post" ON "calendar_feeds" USING btree ("post_id","created_at");--> statement-breakpoint
CREATE INDEX "messages_volunteer_sent" ON "messages" USING btree ("volunteer_id","sent_at");--> statement-breakpoint
ALTER TABLE "contact_points" ADD CONSTRAINT "contact_points_channel_known" CHECK ("contact_points"."channel" in ('email', 'sms', 'wecom', 'log'));