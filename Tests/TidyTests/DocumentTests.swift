import Foundation
import Testing

/// Documents are true: links lead somewhere, nothing was forgotten, nothing names a machine.
@Suite struct DocumentTests {
  @Test func linksLeadSomewhere() {
    for file in Tree.files("", ".md") {
      let folder = (file.path as NSString).deletingLastPathComponent
      for target in Self.links(file.text) where !target.contains("://") && !target.hasPrefix("#") {
        let path = target.split(separator: "#").first.map(String.init) ?? ""
        let full = Tree.root.appendingPathComponent(folder).appendingPathComponent(path)
        #expect(
          FileManager.default.fileExists(atPath: full.path), "\(file.path) links to \(target)")
      }
    }
  }

  static func links(_ text: String) -> [String] {
    var links: [String] = []
    var rest = Substring(text)
    while let open = rest.range(of: "](") {
      rest = rest[open.upperBound...]
      guard let close = rest.firstIndex(of: ")") else { break }
      links.append(String(rest[..<close]))
    }
    return links
  }

  @Test func nothingIsForgotten() {
    // Spelled in pieces, so that this file does not find itself.
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
    for file in Tree.files("Sources", ".swift") + Tree.files("Tests", ".swift")
      + Tree.files("docs", ".md")
    {
      for mark in marks { #expect(!file.text.contains(mark), "\(file.path) holds \(mark)") }
    }
  }

  @Test func nothingNamesAMachine() {
    let marks = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
    for file in Tree.files("", ".swift", ".md", ".json", ".sh", "Makefile") {
      for mark in marks { #expect(!file.text.contains(mark), "\(file.path) holds \(mark)") }
    }
  }

  @Test func everyExampleSaysWhatItShows() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Tree.root.appendingPathComponent("examples").path
    )
    .filter { $0.first?.isNumber ?? false }
    #expect(folders.count >= 8)
    for folder in folders {
      let readme = Tree.root.appendingPathComponent("examples/\(folder)/README.md")
      #expect(
        FileManager.default.fileExists(atPath: readme.path), "examples/\(folder) has no README.md")
    }
  }

  /// Limits that users meet are public; what is only a threshold of an implementation is not, and
  /// needs no such test.
  @Test func everyLimitHasATest() {
    let tests = Tree.files("Tests", ".swift").map(\.text).joined()
    let modules = [
      "CEL", "PolicyEngine", "Compliance", "PolicyGate", "ModelRegistry", "SQLiteStore",
      "GateServer", "Authentication",
    ]
    for path in modules.map({ "Sources/\($0)" }) {
      for file in Tree.files(path, "Limits.swift") {
        let type =
          file.path.split(separator: "/").last?.replacingOccurrences(of: ".swift", with: "") ?? ""
        for line in file.lines {
          guard let name = Self.constant(String(line)) else { continue }
          let isTested =
            tests.contains("\(type).\(name)") || tests.contains("limits.\(name)")
            || tests.contains("\(name):")
          #expect(isTested, "no test mentions \(type).\(name)")
        }
      }
    }
  }

  static func constant(_ line: String) -> String? {
    guard let range = line.range(of: "public static let ") else { return nil }
    let name = line[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
    return name.isEmpty ? nil : String(name)
  }
}
