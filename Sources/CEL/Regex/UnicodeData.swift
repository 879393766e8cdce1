/// ``UnicodeTables`` unpacked, and the questions a pattern asks of it.
///
/// Each table is decoded once per process, when the first pattern needs it.
enum UnicodeData {
  /// Neighbouring characters whose next character in the folding orbit is equally far away.
  private struct Folding: Sendable {
    var first: UInt32
    var last: UInt32
    var stride: UInt32
    var distance: Int32
  }

  private static let categoryRuns = decode(UnicodeTables.categories)
  private static let scriptRuns = decode(UnicodeTables.scripts)
  private static let categoryNames = split(UnicodeTables.categoryNames)
  private static let scriptNames = split(UnicodeTables.scriptNames)
  private static let foldings = decodeFoldings()

  /// The set that `\p{name}` stands for: a category, the first letter of some, a script or `Any`.
  static func group(named name: ArraySlice<UInt8>) -> ScalarSet? {
    let name = Array(name)
    if name == Array("Any".utf8) { return .any }
    if name.count == 1 {
      let wanted = categoryNames.map { $0.first == name.first }
      return wanted.contains(true) ? members(of: categoryRuns, where: [false] + wanted) : nil
    }
    if let index = categoryNames.firstIndex(of: name) {
      return members(of: categoryRuns, number: index + 1, of: categoryNames.count)
    }
    if let index = scriptNames.firstIndex(of: name) {
      return members(of: scriptRuns, number: index + 1, of: scriptNames.count)
    }
    return nil
  }

  /// Whether a character may be part of a group name: letters, marks, digits, connectors.
  static func isNameCharacter(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return ScalarSet.wordCharacters.contains(scalar) }
    return nameCharacters.contains(scalar)
  }

  private static let nameCharacters = members(
    of: categoryRuns,
    where: [false]
      + categoryNames.map {
        ["Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Mn", "Mc", "Nd", "Pc"]
          .contains(String(decoding: $0, as: UTF8.self))
      })

  /// The next member of the folding orbit of every character of `ranges` that has one.
  static func successors(of ranges: some RandomAccessCollection<ScalarRange>) -> [ScalarRange] {
    let ranges = Array(ranges)
    var result: [ScalarRange] = []
    for folding in foldings {
      var index = firstIndex(in: ranges, reaching: folding.first)
      while index < ranges.count, ranges[index].lower <= folding.last {
        let lower = max(ranges[index].lower, folding.first)
        let upper = min(ranges[index].upper, folding.last)
        append(folding, from: lower, through: upper, to: &result)
        index += 1
      }
    }
    return result
  }

  private static func append(
    _ folding: Folding, from lower: UInt32, through upper: UInt32, to result: inout [ScalarRange]
  ) {
    let moved = { (scalar: UInt32) in UInt32(bitPattern: Int32(scalar) &+ folding.distance) }
    if folding.stride == 1 {
      result.append(ScalarRange(lower: moved(lower), upper: moved(upper)))
      return
    }
    var scalar = lower + (lower - folding.first) % folding.stride
    while scalar <= upper {
      result.append(ScalarRange(lower: moved(scalar), upper: moved(scalar)))
      scalar += folding.stride
    }
  }

  /// The first of the sorted ranges that does not end before `scalar`.
  private static func firstIndex(in ranges: [ScalarRange], reaching scalar: UInt32) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upper < scalar { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func members(of runs: [UInt32], number: Int, of count: Int) -> ScalarSet {
    var wanted = [Bool](repeating: false, count: count + 1)
    wanted[number] = true
    return members(of: runs, where: wanted)
  }

  private static func members(of runs: [UInt32], where wanted: [Bool]) -> ScalarSet {
    var pile: [ScalarRange] = []
    var start: UInt32 = 0
    for index in stride(from: 0, to: runs.count - 1, by: 2) {
      let end = start + runs[index + 1]
      if wanted[Int(runs[index])] { pile.append(ScalarRange(lower: start, upper: end)) }
      start = end + 1
    }
    return ScalarSet(union: pile)
  }

  private static func decodeFoldings() -> [Folding] {
    let numbers = decode(UnicodeTables.foldings)
    var result: [Folding] = []
    var start: UInt32 = 0
    for index in stride(from: 0, to: numbers.count - 2, by: 3) {
      start += numbers[index]
      let stride = numbers[index + 1] % 2 + 1
      let last = start + numbers[index + 1] / 2 * stride
      let half = Int32(numbers[index + 2] / 2)
      let distance = numbers[index + 2] % 2 == 0 ? half : -half - 1
      result.append(Folding(first: start, last: last, stride: stride, distance: distance))
    }
    return result
  }

  /// The numbers of a packed table.
  private static func decode(_ table: String) -> [UInt32] {
    var numbers: [UInt32] = []
    var number: UInt32 = 0
    var shift: UInt32 = 0
    for byte in table.utf8 {
      guard let digit = digit(byte) else { continue }
      number |= (digit & 31) << shift
      if digit < 32 {
        numbers.append(number)
        number = 0
        shift = 0
      } else {
        shift += 5
      }
    }
    return numbers
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func split(_ names: String) -> [[UInt8]] {
    names.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map(Array.init)
  }
}
