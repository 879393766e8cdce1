import Foundation
import Testing

/// `CEL` stands on nothing but the standard library, so that it builds wherever Swift does.
@Suite struct ImportTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/CEL")

  @Test func importsNothing() throws {
    let files = FileManager.default.enumerator(at: Self.sources, includingPropertiesForKeys: nil)
    var count = 0
    for case let file as URL in try #require(files) where file.pathExtension == "swift" {
      count += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let words = line.split(separator: " ").map(String.init)
        let isImport =
          words.first == "import"
          || words.dropFirst().first == "import" && Self.modifiers.contains(words[0])
        #expect(!isImport, "\(file.lastPathComponent):\(index + 1): \(line)")
      }
    }
    #expect(count > 50, "the sources are where they are looked for")
  }

  private static let modifiers: Set<String> = [
    "public", "package", "internal", "fileprivate", "private", "@testable", "@_exported",
    "@preconcurrency",
    "@_implementationOnly", "@_spi",
  ]
}
