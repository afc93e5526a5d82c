/** Where somebody lives, in degrees (WGS 84). */
export interface HomePlace {
  latitude: number
  longitude: number
}

/** Limits a person has set or been given; they hold besides the rules of units. */
export interface VolunteerLimits {
  maxMinutesPerWeek?: number
  maxShiftsPerWeek?: number
  maxNightsPerWeek?: number
  maxMinutesPerPeriod?: number
}
