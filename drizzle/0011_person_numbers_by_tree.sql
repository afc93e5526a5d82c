DROP INDEX "volunteers_person_number";--> statement-breakpoint
ALTER TABLE "volunteers" ADD COLUMN "root_id" uuid;--> statement-breakpoint
UPDATE volunteers v SET root_id = split_part(u.path, '/', 2)::uuid FROM units u WHERE u.id = v.unit_id;--> statement-breakpoint
CREATE UNIQUE INDEX "volunteers_person_number" ON "volunteers" USING btree ("root_id","person_number") WHERE "volunteers"."person_number" is not null;--> statement-breakpoint
ALTER TABLE "volunteers" ADD CONSTRAINT "volunteers_root_known" CHECK ("volunteers"."root_id" is not null);--> statement-breakpoint
-- The tree a person is in is that of their unit, also when the unit moves to another one.
create function volunteers_find_root() returns trigger language plpgsql as $$
begin
  new.root_id := (select split_part(path, '/', 2)::uuid from units where id = new.unit_id);
  return new;
end $$;--> statement-breakpoint
create trigger volunteers_root before insert or update of unit_id, root_id on volunteers
  for each row execute function volunteers_find_root();--> statement-breakpoint
create function units_carry_root() returns trigger language plpgsql as $$
begin
  update volunteers set root_id = split_part(new.path, '/', 2)::uuid where unit_id = new.id;
  return null;
end $$;--> statement-breakpoint
create trigger units_root after update of path on units
  for each row when (split_part(old.path, '/', 2) <> split_part(new.path, '/', 2)) execute function units_carry_root();
