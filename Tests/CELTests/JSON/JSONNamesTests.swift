import Testing

@testable import CEL

/// Names given twice, in small objects (compared in pairs) and large ones (hashed).
@Suite struct JSONNamesTests {
  @Test func everySizeAndPlace() {
    for count in 2...(JSONParser.pairwiseLimit * 2 + 2) {
      #expect(readJSON(object((0..<count).map { "\($0)" })).error == nil)
      for first in 0..<(count - 1) {
        for second in [first + 1, count - 1] {
          var names = (0..<count).map { "\($0)" }
          names[second] = names[first]
          let error = readJSON(object(names)).error
          #expect(error?.code == .duplicateKey)
          #expect(error?.message.contains("`\(first)`") == true)
        }
      }
    }
  }

  /// The second of two equal names is reported, and the first such pair in the order of the text.
  @Test func firstOfSeveral() {
    for padding in [0, 40] {
      let more = (0..<padding).map { "pad\($0)" }
      let text = object(["a", "b", "b", "a", "a"] + more)
      #expect(readJSON(text).error?.offset == 13)
      #expect(readJSON(text).error?.help?.contains("line 1, column 8") == true)
    }
  }

  @Test func spelledDifferently() {
    for padding in [0, 40] {
      let more = (0..<padding).map { "pad\($0)" }
      #expect(readJSON(object(["ab", "\\u0061b"] + more)).error?.offset == 8)
      #expect(readJSON(object(["\\u0061b", "ab"] + more)).error?.offset == 13)
      #expect(readJSON(object(["\\u0061b", "a\\u0062"] + more)).error?.offset == 13)
      #expect(readJSON(object(["\\u0061b", "a\\u0063", "\\\\u0061b"] + more)).error == nil)
    }
  }

  /// Names inside and around an object do not meet those of the object.
  @Test func nestedObjects() {
    let inner = object((0..<40).map { "k\($0)" })
    let values = (0..<40).map { "\"k\($0)\":\(inner)" }.joined(separator: ",")
    #expect(readJSON("{\(values)}").error == nil)
    #expect(readJSON("{\(values),\"k7\":1}").error?.code == .duplicateKey)
  }

  @Test(.timeLimit(.minutes(20)), arguments: ["\u{6B}", "a long common start of all the names, "])
  func hundredThousandNames(_ start: String) {
    // The same length, the same first byte and the same last byte: only the middle differs.
    var names = (0..<100_000).map { "\(start)\(1_000_000 + $0)z" }
    #expect(readJSON(object(names)).error == nil)
    names[99_999] = names[50_000]
    let error = readJSON(object(names)).error
    #expect(error?.code == .duplicateKey)
    #expect(error?.message.contains(names[50_000]) == true)
  }

  /// The published test vector of SipHash would need other rounds; what matters here is that every
  /// byte, the length and the seed count.
  @Test func hash() {
    var seen: Set<UInt64> = []
    for length in 0..<32 {
      seen.insert(JSONHash.hash([UInt8](repeating: 0, count: length).span, (1, 2)))
      for place in 0..<length {
        var bytes = [UInt8](repeating: 0, count: length)
        bytes[place] = 1
        seen.insert(JSONHash.hash(bytes.span, (1, 2)))
        seen.insert(JSONHash.hash(bytes.span, (1, 3)))
        seen.insert(JSONHash.hash(bytes.span, (0, 2)))
      }
    }
    #expect(seen.count == 32 + 3 * (31 * 32 / 2))
  }

  private func object(_ names: [String]) -> String {
    "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
  }
}
