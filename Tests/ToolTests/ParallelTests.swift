import Foundation
import Testing

/// A long file is answered on all cores, and nobody can tell.
@Suite struct ParallelTests {
  /// Lines of every kind, more than a round of chunks.
  static let lines: [String] = {
    let allowed = StreamTests.request
    let others = [
      "", "   ", "{", "[]", "{}", "\"text\"", allowed.replacing("\"id\":", with: "\"id\" :"),
      "{\"evaluations\":[\(allowed),{}]}", "{\"evaluations\":[\(allowed),\(allowed)]}\r",
      String(allowed.dropLast()) + ", \"padding\": \"\(String(repeating: "é", count: 200_000))\"}",
      String(allowed.dropLast()) + ", \"subject\": 1}",
    ]
    var lines: [String] = [allowed]
    for index in 0..<9_000 {
      lines.append(index.isMultiple(of: 97) ? others[index / 97 % others.count] : allowed)
    }
    return lines
  }()

  private func answers(
    _ text: String, _ arguments: String...
  ) throws -> (parallel: Tool.Run, one: Tool.Run) {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "modelgate-\(ProcessInfo.processInfo.globallyUniqueString).ndjson")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let common = ["--policies", StreamTests.policies, "--format", "json"] + arguments
    let parallel = try Tool.run(["check", file.path] + common)
    // Standard input has no size, so it is answered line by line.
    let one = try Tool.run(["check", "-"] + common, input: Data(text.utf8))
    return (
      Tool.Run(
        status: parallel.status, output: parallel.output.replacing(file.path, with: "<stdin>"),
        errors: parallel.errors), one
    )
  }

  @Test(arguments: ["", "\n", "\n\n"]) func theSameBytesAsLineByLine(_ end: String) throws {
    let text = Self.lines.joined(separator: "\n") + end
    #expect(text.utf8.count > 4 << 20)
    let (parallel, one) = try answers(text)
    #expect(parallel.status == one.status)
    #expect(parallel.errors == one.errors)
    let (left, right) = (
      parallel.output.split(separator: "\n"), one.output.split(separator: "\n")
    )
    #expect(left.count == right.count)
    #expect(left.count > 8_900)
    let difference = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      difference == nil,
      "line \(difference?.offset ?? 0): \(difference?.element.0 ?? "") \(difference?.element.1 ?? "")"
    )
  }

  @Test func explanationsToo() throws {
    let denied = StreamTests.request.replacing("\"roles\"", with: "\"rolls\"")
    let text = String(repeating: "\(StreamTests.request)\n\(denied)\n", count: 2_000)
    let (parallel, one) = try answers(text, "--explain")
    #expect(parallel.output == one.output)
    #expect(parallel.status == one.status)
    #expect(one.output.contains("\"missing\""))
  }
}
