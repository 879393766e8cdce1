import Testing

/// Files and functions stay short. The exceptions are named, with a bound that may only be lowered.
@Suite struct SizeTests {
  static let fileLimit = 400
  static let functionLimit = 60
  /// Functions that may be longer: path and name → lines.
  static let longFunctions: [String: Int] = [
    // The dispatch loop is one switch, on purpose.
    "Sources/CEL/Machine/Machine.swift run": 210
  ]

  @Test func filesAreShort() {
    for file in Tree.files("Sources", ".swift") + Tree.files("Tests", ".swift") {
      let lines = file.lines.count
      #expect(lines <= Self.fileLimit, "\(file.path) has \(lines) lines")
    }
  }

  @Test func functionsAreShort() {
    for file in Tree.files("Sources", ".swift") {
      for function in Self.functions(file) {
        let limit = Self.longFunctions["\(file.path) \(function.name)"] ?? Self.functionLimit
        #expect(
          function.lines <= limit, "\(file.path): \(function.name) has \(function.lines) lines")
      }
    }
  }

  /// Functions by their indentation: from `func` or `init` to the brace in the same column.
  static func functions(_ file: Tree.File) -> [(name: String, lines: Int)] {
    var found: [(String, Int)] = []
    let lines = file.lines
    for (index, line) in lines.enumerated() {
      let indent = line.prefix { $0 == " " }
      let words = line.split { " (<:".contains($0) }
      guard let place = words.firstIndex(where: { $0 == "func" || $0 == "init" || $0 == "init?" }),
        place < 5,
        !line.dropFirst(indent.count).hasPrefix("//")
      else { continue }
      let name = words[place] == "func" && place + 1 < words.count ? words[place + 1] : words[place]
      guard let end = lines[index...].firstIndex(where: { $0 == indent + "}" }) else { continue }
      let next = lines[(index + 1)...].firstIndex {
        $0.hasPrefix(indent + "func ") || $0.hasPrefix(indent + "  func ")
      }
      // A declaration without a body ends before the next one begins.
      if let next, next < end, line.last != "{" { continue }
      found.append((String(name), end - index + 1))
    }
    return found
  }
}
