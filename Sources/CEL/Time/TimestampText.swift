extension Timestamp {
  /// Reads RFC 3339 strictly: upper case `T` and `Z`, all fields of full width, an offset.
  ///
  /// Leap seconds and `24:00` are refused. Fractions may be of any length and are cut to
  /// nanoseconds, as Go does. The range applies to the instant, so a year of 0000 is accepted when
  /// its offset moves it into the year 1.
  package init?(rfc3339 text: some Collection<UInt8>) {
    var cursor = ByteCursor(text)
    guard let days = Timestamp.date(&cursor), cursor.skip("T"),
      let secondOfDay = Timestamp.time(&cursor),
      let nanoseconds = Timestamp.fraction(&cursor),
      let offset = Timestamp.offset(&cursor), cursor.isAtEnd
    else { return nil }
    self.init(
      seconds: days * .secondsPerDay + secondOfDay - offset, nanoseconds: nanoseconds)
  }

  /// `2009-02-13`, as days since the epoch.
  private static func date(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> Int64? {
    guard let year = cursor.number(digits: 4), cursor.skip("-"),
      let month = cursor.number(digits: 2), cursor.skip("-"),
      let day = cursor.number(digits: 2),
      (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, of: year)
    else { return nil }
    return CivilDate(year: year, month: month, day: day).daysSinceEpoch
  }

  /// `23:31:30`, as seconds since midnight.
  private static func time(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> Int64? {
    guard let minutes = hoursAndMinutes(&cursor), cursor.skip(":"),
      let second = cursor.number(digits: 2), second <= 59
    else { return nil }
    return minutes * 60 + second
  }

  /// `23:31`, as minutes.
  private static func hoursAndMinutes(
    _ cursor: inout ByteCursor<some Collection<UInt8>>
  ) -> Int64? {
    guard let hour = cursor.number(digits: 2), hour <= 23, cursor.skip(":"),
      let minute = cursor.number(digits: 2), minute <= 59
    else { return nil }
    return hour * 60 + minute
  }

  /// `.123456789`, as nanoseconds; 0 when there is none.
  private static func fraction(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> Int64? {
    guard cursor.skip(".") else { return 0 }
    guard let first = cursor.digit() else { return nil }
    var unit = Int64.nanosecondsPerSecond / 10
    var nanoseconds = Int64(first) * unit
    while let digit = cursor.digit() {
      unit /= 10
      nanoseconds += Int64(digit) * unit
    }
    return nanoseconds
  }

  /// `Z` or `+05:30`, as seconds east.
  private static func offset(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> Int64? {
    if cursor.skip("Z") { return 0 }
    guard let sign = cursor.sign(), let minutes = hoursAndMinutes(&cursor) else { return nil }
    return sign == .minus ? -minutes * 60 : minutes * 60
  }

  /// RFC 3339 in UTC with the shortest fraction: what `string(timestamp)` gives.
  package var text: String {
    var text: [UInt8] = []
    text.reserveCapacity(30)
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the same text.
  func write(to text: inout [UInt8]) {
    let (days, second) = seconds.flooringDivision(by: .secondsPerDay)
    let date = CivilDate(daysSinceEpoch: days)
    if date.year < 0 { text.append(UInt8(ascii: "-")) }
    text.append(decimal: date.year.magnitude, width: 4)
    for (separator, field) in [
      ("-", date.month), ("-", date.day), ("T", second / 3600), (":", second / 60 % 60),
      (":", second % 60),
    ] as [(Unicode.Scalar, Int64)] {
      text.append(UInt8(ascii: separator))
      text.append(decimal: field.magnitude, width: 2)
    }
    text.append(fraction: nanoseconds)
    text.append(UInt8(ascii: "Z"))
  }
}
