import CEL

extension OpenSearch {
  /// Dates as searches write them: milliseconds, `2024`, `2024-05`, `2024-05-06`,
  /// `2024-05-06T07:08:09.123+02:00`, and sums such as `now-1d/d` or `2024-05-06||+1M`.
  struct DateMath: Sendable {
    /// What `now` is, in milliseconds since the Unix epoch.
    let now: Int64

    /// The first or the last millisecond of what a text names; nil if it names none.
    ///
    /// - Parameter roundsUp: what a text leaves open, and what it rounds to, is at its end.
    func milliseconds(_ text: String, roundsUp: Bool) -> Int64? {
      var rest = Substring(text)
      var time: Int64
      if text.hasPrefix("now") {
        time = now
        rest = rest.dropFirst(3)
      } else if let bars = Self.place(of: "||", in: text) {
        // What is added to starts where it starts.
        guard let date = Self.date(text[..<bars], roundsUp: false) else { return nil }
        time = date
        rest = text[bars...].dropFirst(2)
      } else {
        return Self.date(rest, roundsUp: roundsUp)
      }
      while !rest.isEmpty {
        guard let next = Self.step(time, &rest, roundsUp), Self.range.contains(next) else {
          return nil
        }
        time = next
      }
      return time
    }

    private static func place(of part: String, in text: String) -> String.Index? {
      var index = text.startIndex
      while index < text.endIndex {
        if text[index...].hasPrefix(part) { return index }
        index = text.index(after: index)
      }
      return nil
    }

    /// One `+1d`, `-2M` or `/d`.
    private static func step(_ time: Int64, _ rest: inout Substring, _ roundsUp: Bool) -> Int64? {
      guard let sign = rest.first else { return time }
      rest = rest.dropFirst()
      if sign == "/" {
        guard let unit = rest.first else { return nil }
        rest = rest.dropFirst()
        guard let start = floor(time, to: unit) else { return nil }
        return roundsUp ? add(1, unit, to: start).map { $0 - 1 } : start
      }
      guard sign == "+" || sign == "-" else { return nil }
      let digits = rest.prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(digits.count)
      guard let unit = rest.first, digits.count <= 9 else { return nil }
      rest = rest.dropFirst()
      guard let count = digits.isEmpty ? 1 : Int64(digits) else { return nil }
      return add(sign == "-" ? -count : count, unit, to: time)
    }

    private static let day: Int64 = 86_400_000
    /// A hundred million days around the epoch: nothing that is added up here overflows.
    private static let range: ClosedRange<Int64> = -100_000_000 * day...100_000_000 * day

    private static func fixed(_ unit: Character) -> Int64? {
      switch unit {
      case "s": 1_000
      case "m": 60_000
      case "h", "H": 3_600_000
      case "d": day
      case "w": 7 * day
      default: nil
      }
    }

    private static func add(_ count: Int64, _ unit: Character, to time: Int64) -> Int64? {
      if let length = fixed(unit) {
        let (product, isTooFar) = count.multipliedReportingOverflow(by: length)
        let (sum, isFarther) = time.addingReportingOverflow(product)
        return isTooFar || isFarther ? nil : sum
      }
      guard unit == "M" || unit == "y" else { return nil }
      let (days, rest) = time.flooringDivision(by: day)
      var date = CivilDate(daysSinceEpoch: days)
      let months = date.year * 12 + date.month - 1 + (unit == "y" ? 12 * count : count)
      let (year, month) = months.flooringDivision(by: 12)
      date.day = min(date.day, CivilDate.days(inMonth: month + 1, of: year))
      (date.year, date.month) = (year, month + 1)
      let (sum, isTooFar) = date.daysSinceEpoch.multipliedReportingOverflow(by: day)
      let (whole, isFarther) = sum.addingReportingOverflow(rest)
      return isTooFar || isFarther ? nil : whole
    }

    private static func floor(_ time: Int64, to unit: Character) -> Int64? {
      let (days, _) = time.flooringDivision(by: day)
      switch unit {
      case "M", "y":
        var date = CivilDate(daysSinceEpoch: days)
        date.day = 1
        if unit == "y" { date.month = 1 }
        return date.daysSinceEpoch * day
      case "w":
        // The first of January 1970 was a Thursday; weeks begin on Monday.
        return (days - (days + 3).flooringDivision(by: 7).remainder) * day
      default:
        guard let length = fixed(unit) else { return nil }
        return time.flooringDivision(by: length).quotient * length
      }
    }
  }
}

extension OpenSearch.DateMath {
  /// A date without sums.
  private static func date(_ text: Substring, roundsUp: Bool) -> Int64? {
    let isNumber = text.drop { $0 == "-" }.allSatisfy { ("0"..."9").contains($0) }
    // Four digits are a year, all other numbers are milliseconds.
    if isNumber, text.count != 4 {
      return Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }
    var reader = Reader(rest: text)
    guard let year = reader.number(4) else { return nil }
    var date = CivilDate(year: year, month: 1, day: 1)
    var unit: Character = "y"
    if reader.skip("-") {
      guard let month = reader.number(2), (1...12).contains(month) else { return nil }
      (date.month, unit) = (month, "M")
      if reader.skip("-") {
        guard let day = reader.number(2), day >= 1,
          day <= CivilDate.days(inMonth: month, of: year)
        else { return nil }
        (date.day, unit) = (day, "d")
      }
    }
    var time = date.daysSinceEpoch * day
    var offset: Int64 = 0
    if unit == "d", reader.skip("T") {
      guard let (clock, smallest) = reader.clock() else { return nil }
      (time, unit) = (time + clock, smallest)
      guard let zone = reader.offset() else { return nil }
      offset = zone
    }
    guard reader.rest.isEmpty else { return nil }
    time -= offset
    guard roundsUp, unit != "S" else { return time }
    return add(1, unit, to: time).map { $0 - 1 }
  }

  /// Reads the parts of a date.
  private struct Reader {
    var rest: Substring

    mutating func skip(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func number(_ digits: Int) -> Int64? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
      rest = rest.dropFirst(digits)
      return Int64(text)
    }

    /// Milliseconds of the day, and the smallest unit that is given.
    mutating func clock() -> (Int64, Character)? {
      guard let hours = number(2), hours < 24 else { return nil }
      var (time, unit): (Int64, Character) = (hours * 3_600_000, "h")
      guard skip(":") else { return (time, unit) }
      guard let minutes = number(2), minutes < 60 else { return nil }
      (time, unit) = (time + minutes * 60_000, "m")
      guard skip(":") else { return (time, unit) }
      guard let seconds = number(2), seconds < 60 else { return nil }
      (time, unit) = (time + seconds * 1_000, "s")
      guard skip(".") || skip(",") else { return (time, unit) }
      let fraction = rest.prefix { ("0"..."9").contains($0) }
      guard (1...9).contains(fraction.count), let value = Int64(fraction.prefix(3)) else {
        return nil
      }
      rest = rest.dropFirst(fraction.count)
      let scale: Int64 = fraction.count == 1 ? 100 : fraction.count == 2 ? 10 : 1
      return (time + value * scale, "S")
    }

    /// What has to be taken off to get to universal time: nothing given is universal time.
    mutating func offset() -> Int64? {
      if rest.isEmpty || skip("Z") { return 0 }
      let isEast = rest.first == "+"
      guard skip("+") || skip("-"), let hours = number(2), hours < 24 else { return nil }
      _ = skip(":")
      guard let minutes = rest.isEmpty ? 0 : number(2), minutes < 60 else { return nil }
      let offset = hours * 3_600_000 + minutes * 60_000
      return isEast ? offset : -offset
    }
  }
}
