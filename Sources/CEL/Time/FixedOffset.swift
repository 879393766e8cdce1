/// Zone arguments that name an offset and need no zone data.
package enum FixedOffset {
  /// Seconds east for `UTC`, the empty text (which Go takes for UTC), and `+hh:mm`, `-hh:mm`,
  /// `hh:mm` with hours up to 23 and minutes up to 59; `nil` for anything else.
  ///
  /// As in cel-go either number may have a single digit. `nil` does not yet mean an error: the
  /// text may be the name of a zone, unless it has a colon, which no name has.
  package static func parse(_ text: some Collection<UInt8>) -> Int32? {
    if text.isEmpty || text.elementsEqual("UTC".utf8) { return 0 }
    var cursor = ByteCursor(text)
    let sign = cursor.sign()
    guard let hours = cursor.number(upTo: 2), hours <= 23, cursor.skip(":"),
      let minutes = cursor.number(upTo: 2), minutes <= 59, cursor.isAtEnd
    else { return nil }
    let seconds = Int32(truncatingIfNeeded: (hours * 60 + minutes) * 60)
    return sign == .minus ? -seconds : seconds
  }
}
