import CEL
import Foundation
import Testing

/// The cases computed with google-re2, found through `MODELGATE_SHARED` (by default `../shared`
/// next to the package).
@Suite struct RegexDataTests {
  struct File: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable {
    let id: String
    let pattern: String
    let text: Text
    let valid: Bool
    let match: Bool?
    let span: [Int]?
    let groups: [[Int]?]?
    let names: [String: Int]?
    let either: Bool?
  }

  /// A string, or strings each repeated some times.
  struct Text: Decodable {
    let bytes: [UInt8]

    private enum Keys: CodingKey { case parts }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        bytes = Array(text.utf8)
        return
      }
      var parts = try decoder.container(keyedBy: Keys.self).nestedUnkeyedContainer(forKey: .parts)
      var text: [UInt8] = []
      while !parts.isAtEnd {
        var part = try parts.nestedUnkeyedContainer()
        let piece = Array(try part.decode(String.self).utf8)
        for _ in 0..<(try part.decode(Int.self)) { text += piece }
      }
      bytes = text
    }
  }

  static let file: URL = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] ?? "../shared"
    return URL(filePath: shared, relativeTo: root).appending(path: "data/cel/re2_cases.json")
  }()

  static let isPresent = FileManager.default.fileExists(atPath: file.path)

  @Test(
    "agrees with RE2 on every case",
    .enabled(if: isPresent, "skipped: no data/cel/re2_cases.json under MODELGATE_SHARED"))
  func agreesWithRE2() throws {
    let cases = try JSONDecoder().decode(File.self, from: Data(contentsOf: Self.file)).cases
    var failures: [String] = []
    for test in cases {
      if let failure = Self.failure(of: test) {
        failures.append("\(test.id) `\(test.pattern.prefix(80))`: \(failure)")
      }
    }
    print("re2 cases: \(cases.count - failures.count) of \(cases.count) pass")
    #expect(failures.isEmpty, "\(failures.prefix(20).joined(separator: "\n"))")
  }

  /// What is wrong about a case, or nil.
  private static func failure(of test: Case) -> String? {
    let regex: Regex
    do {
      regex = try Regex(Array(test.pattern.utf8))
    } catch {
      return test.valid && test.either != true ? "rejected: \(error.message)" : nil
    }
    if !test.valid { return test.either == true ? nil : "accepted" }
    guard let match = test.match else { return nil }
    var scratch = RegexScratch()
    let text = test.text.bytes
    let all = 0..<text.count
    if regex.matches(text, in: all, scratch: &scratch) != match { return "matches is not \(match)" }
    let found = regex.firstMatch(text, in: all, from: 0, scratch: &scratch)
    guard let span = test.span else {
      return match || found == nil ? nil : "found \(RegexProbe.describe(found))"
    }
    // Cases of deep nesting leave their groups out.
    guard let found, found[0] == span[0]..<span[1] else {
      return "found \(RegexProbe.describe(found)), not \(span)"
    }
    if let groups = test.groups?.map({ $0.map { $0[0]..<$0[1] } }), groups != Array(found[1...]) {
      return "groups of \(RegexProbe.describe(found))"
    }
    for (name, group) in test.names ?? [:] where regex.groupNames.firstIndex(of: name) != group - 1
    {
      return "group \(name) is not \(group)"
    }
    return nil
  }
}
