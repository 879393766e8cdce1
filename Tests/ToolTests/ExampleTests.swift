import Foundation
import Testing

/// The numbered folders in `examples/`: each is decided as its `expected.json` says.
@Suite struct ExampleTests {
  struct Example: Decodable, CustomTestStringConvertible {
    var file: String
    var outcomes: [String]
    /// Rules among the reasons and warnings of each request, in order.
    var rules: [[String]]
    var folder: String?

    var testDescription: String { "\(folder ?? "")/\(file)" }
  }

  static let examples: [Example] = {
    let root = Tool.root.appendingPathComponent("examples")
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return folders.filter { $0.first?.isNumber ?? false }.sorted().flatMap { folder -> [Example] in
      let file = root.appendingPathComponent("\(folder)/expected.json")
      guard let data = try? Data(contentsOf: file),
        let examples = try? JSONDecoder().decode([Example].self, from: data)
      else { return [] }
      return examples.map { example in
        var example = example
        example.folder = folder
        return example
      }
    }
  }()

  @Test func thereAreExamples() { #expect(Self.examples.count >= 10) }

  @Test(arguments: examples) func isDecidedAsItSays(_ example: Example) throws {
    let path = "examples/\(example.folder ?? "")/\(example.file)"
    let run = try Tool.run(["check", path, "--format", "json", "--explain"], in: Tool.root)
    #expect(run.errors == "")
    let answer = try #require(run.documents.first)
    let decisions = answer["evaluations"] as? [[String: Any]] ?? [answer]
    let contexts = decisions.map { $0["context"] as? [String: Any] ?? [:] }
    #expect(contexts.map { $0["outcome"] as? String ?? "" } == example.outcomes)
    #expect(contexts.map(Self.rules) == example.rules)
    for (decision, context) in zip(decisions, contexts) {
      #expect((decision["decision"] as? Bool) == (context["outcome"] as? String != "deny"))
    }
    #expect(run.status == (example.outcomes.contains("deny") ? 2 : 0))
    // People read the same.
    let text = try Tool.run(["check", path, "--explain"], in: Tool.root)
    let words = text.output.split(separator: "\n").compactMap { line in
      ["ALLOW", "WARN", "DENY"].first { line.hasPrefix("\($0) ") }?.lowercased()
    }
    #expect(words == example.outcomes)
    #expect(text.status == run.status)
  }

  private static func rules(_ context: [String: Any]) -> [String] {
    ["reasons", "warnings"].flatMap { name in
      (context[name] as? [[String: Any]] ?? []).filter { $0["effect"] as? String != "allow" }
        .compactMap { $0["rule"] as? String }
    }
  }
}
