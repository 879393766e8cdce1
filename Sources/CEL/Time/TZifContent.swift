/// The parts of a TZif file that decide offsets; abbreviations and indicators are skipped.
///
/// The bytes are not trusted: all counts are checked against the length before anything is read.
struct TZifContent {
  private(set) var transitions: [Int64] = []
  private(set) var offsets: [Int32] = []
  private(set) var initial: Int32 = 0
  private(set) var rule: PosixRule?

  /// Offsets beyond a day and two hours are taken for damage, as RFC 9636 recommends.
  private static let offsetRange: ClosedRange<Int32> = -93_600...93_600

  init?(_ bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0) else { return nil }
    guard first.version >= UInt8(ascii: "2") else {
      guard first.version == 0, read(bytes, first, timeSize: 4) else { return nil }
      return
    }
    // From version 2 on a second block with 64-bit times follows the old one, then the footer.
    guard let second = Header(bytes, at: first.end(timeSize: 4)),
      second.version == first.version,
      read(bytes, second, timeSize: 8),
      readFooter(bytes, at: second.end(timeSize: 8))
    else { return nil }
  }

  /// The counts at the head of a block.
  private struct Header {
    /// 0, or an ASCII digit from 2 on.
    let version: UInt8
    let start: Int
    let indicators: Int
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    let characters: Int

    static let size = 44

    init?(_ bytes: [UInt8], at start: Int) {
      guard start <= bytes.count - Header.size,
        bytes[start..<start + 4].elementsEqual("TZif".utf8)
      else { return nil }
      self.start = start
      version = bytes[start + 4]
      func count(_ index: Int) -> Int {
        bytes.count(at: start + 20 + 4 * index)
      }
      indicators = count(0) + count(1)
      leapSeconds = count(2)
      transitions = count(3)
      types = count(4)
      characters = count(5)
    }

    var transitionsStart: Int { start + Header.size }
    func indexesStart(timeSize: Int) -> Int { transitionsStart + transitions * timeSize }
    func typesStart(timeSize: Int) -> Int { indexesStart(timeSize: timeSize) + transitions }

    /// Where the block ends, if the counts are true; it may be far beyond the bytes. Six counts
    /// of 32 bits cannot overflow this sum.
    func end(timeSize: Int) -> Int {
      typesStart(timeSize: timeSize) + types * 6 + characters + leapSeconds * (timeSize + 4)
        + indicators
    }
  }

  private mutating func read(_ bytes: [UInt8], _ header: Header, timeSize: Int) -> Bool {
    guard header.end(timeSize: timeSize) <= bytes.count, header.types > 0,
      header.leapSeconds == 0
    else { return false }
    var types: [Int32] = []
    for index in 0..<header.types {
      let start = header.typesStart(timeSize: timeSize) + index * 6
      let offset = Int32(truncatingIfNeeded: bytes.signed(at: start, size: 4))
      guard Self.offsetRange.contains(offset) else { return false }
      types.append(offset)
    }
    initial = types[0]
    for index in 0..<header.transitions {
      let time = bytes.signed(at: header.transitionsStart + index * timeSize, size: timeSize)
      let type = Int(bytes[header.indexesStart(timeSize: timeSize) + index])
      guard type < types.count, transitions.last.map({ $0 < time }) ?? true else { return false }
      transitions.append(time)
      offsets.append(types[type])
    }
    return true
  }

  /// `\n`, a rule or nothing, `\n`.
  private mutating func readFooter(_ bytes: [UInt8], at start: Int) -> Bool {
    let newline = UInt8(ascii: "\n")
    guard start < bytes.count, bytes[start] == newline,
      let end = bytes[(start + 1)...].firstIndex(of: newline)
    else { return false }
    guard end > start + 1 else { return true }
    rule = PosixRule(bytes[start + 1..<end])
    return rule != nil
  }
}

extension [UInt8] {
  /// The unsigned number in the four bytes at `start`, which are known to exist.
  fileprivate func count(at start: Int) -> Int {
    self[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  /// The signed number in the `size` bytes, four or eight, at `start`, which are known to exist.
  fileprivate func signed(at start: Int, size: Int) -> Int64 {
    let bits = self[start..<start + size].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return size == 4
      ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(truncatingIfNeeded: bits)
  }
}
