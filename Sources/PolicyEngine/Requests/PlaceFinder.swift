import CEL

/// Turns byte offsets of a request into lines and columns, by a few places that it keeps from a first pass: a batch of ten
/// thousand bad items on one line must not be counted from its start ten thousand times.
struct PlaceFinder {
  private struct Place {
    var offset = 0
    var line = 1
    var column = 1
  }

  private static let distance = 4_096
  private var places: [Place] = []

  /// The error with line and column, if it has only an offset yet.
  mutating func located(_ error: RequestError, in tape: borrowing JSONTape) -> RequestError {
    guard let wanted = error.offset else { return error }
    let bytes = tape.source.span
    if places.isEmpty { places = Self.survey(bytes) }
    var place = places[min(wanted / Self.distance, places.count - 1)]
    while place.offset < min(wanted, bytes.count) { Self.step(&place, bytes) }
    return error.at(line: place.line, column: place.column)
  }

  private static func survey(_ bytes: Span<UInt8>) -> [Place] {
    var place = Place()
    var places = [place]
    while place.offset < bytes.count {
      step(&place, bytes)
      if place.offset % distance == 0 { places.append(place) }
    }
    return places
  }

  /// As `LineMap` counts: lines end with `\n`, `\r\n` or `\r`, columns are code points.
  private static func step(_ place: inout Place, _ bytes: Span<UInt8>) {
    let next = place.offset + 1 < bytes.count ? bytes[place.offset + 1] : 0
    let byte = bytes[place.offset]
    place.offset += 1
    if byte == 0x0A || byte == 0x0D && next != 0x0A {
      place.line += 1
      place.column = 1
    } else if next & 0xC0 != 0x80 {
      place.column += 1
    }
  }
}
