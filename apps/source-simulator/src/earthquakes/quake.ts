/** A record of the USGS GeoJSON format: https://earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php. Times are epoch milliseconds. */
export interface Quake {
  readonly type: string
  readonly id: string
  readonly properties: {
    readonly mag: number
    readonly place: string
    readonly time: number
    readonly updated: number
    readonly net: string
    readonly [more: string]: unknown
  }
  readonly geometry: { readonly type: string, readonly coordinates: readonly [longitude: number, latitude: number, depthKm: number] }
}
