import Testing

@testable import CEL

/// Zone files come from the machine, but a damaged one must be refused, not believed.
@Suite struct HostileZoneTests {
  private static let rule = "EST5EDT,M3.2.0,M11.1.0"
  private static let valid = ZoneFiles.make(
    transitions: [(-100, 1), (0, 2), (100, 0)], types: [10, 20, -30], footer: rule)

  @Test func everyPrefixIsRefused() {
    #expect(TimeZoneRules(tzif: Self.valid) != nil)
    for length in 0..<Self.valid.count {
      #expect(TimeZoneRules(tzif: Array(Self.valid.prefix(length))) == nil, "\(length) bytes")
    }
  }

  static let badFooters = [
    "EST", "5", "ES5", "<ES5", "<E>5", "EST5EDT", "EST5EDT,", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,",
    "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0",
    "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,M11.1.0",
    "EST5EDT,J366,M11.1.0", "EST5EDT,366,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0",
    "EST5EDT,M3.2.0/-168,M11.1.0", "EST25", "EST5:60", "EST5:5", "EST5:30:60", "EST5 ",
    "EST5EDT,M3.2.0,M11.1.0x", "EST5EDT,M3.2.0/,M11.1.0", "EST5EDT,M3.2,M11.1.0", "EST5EDT4x",
    "\0", "EST5\0", "<+0\u{FF}>5", "EST5EDT,-1,3",
  ]

  @Test(arguments: badFooters) func badFooterIsRefused(footer: String) {
    #expect(TimeZoneRules(tzif: ZoneFiles.make(footer: footer)) == nil)
  }

  @Test func inconsistentTablesAreRefused() {
    let refused: [[UInt8]] = [
      ZoneFiles.make(types: []),
      ZoneFiles.make(transitions: [(0, 1)], types: [0]),
      ZoneFiles.make(transitions: [(0, 0), (0, 0)]),
      ZoneFiles.make(transitions: [(1, 0), (0, 0)]),
      ZoneFiles.make(types: [93_601]),
      ZoneFiles.make(types: [-93_601]),
      ZoneFiles.make(types: [.min]),
      ZoneFiles.make(leapSeconds: 1),
      ZoneFiles.make(version: "1"),
      ZoneFiles.make(version: "\0", transitions: [(0, 9)]),
    ]
    for bytes in refused { #expect(TimeZoneRules(tzif: bytes) == nil) }
    #expect(TimeZoneRules(tzif: ZoneFiles.make(types: [93_600, -93_600])) != nil)
    #expect(TimeZoneRules(tzif: ZoneFiles.make(version: "4", footer: "UTC0")) != nil)
  }

  /// Each count in turn claims more than any memory holds.
  @Test func hugeCountsAreRefused() {
    for start in stride(from: 20, to: 44, by: 4) {
      var bytes = Self.valid
      bytes.replaceSubrange(start..<start + 4, with: [255, 255, 255, 255])
      #expect(TimeZoneRules(tzif: bytes) == nil)
    }
    let header = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
    #expect(TimeZoneRules(tzif: header + [UInt8](repeating: 255, count: 24)) == nil)
    #expect(TimeZoneRules(tzif: header + [UInt8](repeating: 255, count: 4000)) == nil)
  }

  @Test func damagedBytesDoNotTrap() {
    var random = PrimitiveRandom(seed: 12)
    let times: [Int64] = [.min, -100, 0, 50, 4_102_444_800, 253_402_300_799, .max]
    for _ in 0..<20_000 {
      var bytes = Self.valid
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] =
          UInt8(truncatingIfNeeded: random.next())
      }
      guard let rules = TimeZoneRules(tzif: bytes) else { continue }
      for time in times { #expect(rules.offset(at: time).magnitude <= 172_800) }
    }
  }

  @Test func anyRuleIsReadOrRefused() {
    var random = PrimitiveRandom(seed: 13)
    for _ in 0..<20_000 {
      var footer = Array(Self.rule.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<footer.count, using: &random)
        footer[index] = random.text(from: "0123456789J,./:+-<>EM", length: 1).first ?? 48
      }
      let text = String(decoding: footer, as: UTF8.self)
      guard let rules = TimeZoneRules(tzif: ZoneFiles.make(footer: text)) else { continue }
      for time in [Int64.min, 0, 1_767_225_600, .max] {
        #expect(rules.offset(at: time).magnitude <= 176_400, "`\(text)`")
      }
    }
  }
}
