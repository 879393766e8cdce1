import CEL
import Foundation
import Testing

/// The articles' code, word for word: it is compiled and run here, and every block of the articles
/// must be found in this file.
@Suite struct ArticleTests {
  @Test func landingPage() throws {
    var environment = Environment()
    environment.declare("user", .map(.string, .dyn))
    let rule = try environment.compile("user.age >= 18 && 'editor' in user.roles")
    let value = try rule.evaluate(["user": ["age": 20, "roles": ["editor"]]])  // .bool(true)
    #expect(value == .bool(true))
  }

  @Test func usingCELInYourOwnPackage() throws {
    var environment = Environment(extensions: [.macros, .strings, .optionals])
    environment.declare("user", .record("User"))
    environment.declare(
      record: "User",
      Environment.Record(attributes: ["name": .string, "age": .int, "roles": .list(.string)]))
    environment.declare("request", .map(.string, .dyn))

    do {
      _ = try environment.compile("user.nmae == 'alice'")
    } catch {
      print(error)  // with the line, a caret, and: did you mean `name`?
    }

    let rule = try environment.compile("user.age >= 18 && 'editor' in user.roles")
    let value = try rule.evaluate([
      "user": ["name": "alice", "age": 20, "roles": ["editor", "viewer"]]
    ])
    #expect(value == .bool(true))

    var evaluator = Evaluator(rule)
    for age in [17, 18] as [CELValue] {
      evaluator.reset()
      try evaluator.bind("user", to: ["name": "bob", "age": age, "roles": ["editor"]])
      _ = try evaluator.evaluate()
    }
    #expect(try evaluator.evaluate() == .bool(true))

    do {
      _ = try environment.compile("request.retries + 1").evaluate(["request": [:]])
    } catch let error as EvaluationError {
      print(error.code)  // no_such_key
    }

    if let overload = Overload("isWeekend(timestamp) -> bool") {
      try environment.declare(overload) { arguments in
        guard case .timestamp(let seconds, _) = arguments[0] else { return false }
        let day = ((seconds / 86_400) % 7 + 11) % 7  // 1970-01-01 was a Thursday
        return .bool(day == 6 || day == 0)
      }
    }
    #expect(
      try environment.compile("isWeekend(timestamp('2026-11-21T12:00:00Z'))").evaluate()
        == .bool(true))
    #expect(
      try environment.compile("isWeekend(timestamp('2026-11-23T12:00:00Z'))").evaluate()
        == .bool(false))

    environment.budget = 10_000

    environment.declare(size: 0...50, of: "user.roles")
    environment.declare(size: 0...64, of: "user.roles[]")
    let costly = try environment.compile("user.roles.all(r, r.matches('^[a-z]+$'))")
    print(costly.cost)  // 0…700 steps
    #expect(costly.cost.maximum.map { $0 > 500 && $0 < 2_500 } == true)

    environment.costCheck = .bounded
    #expect(throws: CompilationError.self) { try environment.compile("request.xs.all(x, x == 1)") }
    environment.costCheck = .none

    environment.timeZones = TimeZones(read: { name in nil }, names: { [] })
    #expect(try environment.compile("timestamp(0).getHours('+01:00')").evaluate() == .int(1))
  }

  @Test(arguments: ["CEL", "UsingCELInYourOwnPackage"])
  func everyBlockIsHere(_ article: String) throws {
    let tests = URL(fileURLWithPath: #filePath)
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appendingPathComponent("Sources/CEL/CEL.docc/\(article).md"), encoding: .utf8
    )
    let here = Self.lines(try String(contentsOf: tests, encoding: .utf8))
    let blocks = text.components(separatedBy: "```swift\n").dropFirst().map {
      Self.lines($0.components(separatedBy: "```")[0])
    }
    #expect(!blocks.isEmpty)
    for block in blocks {
      #expect(Self.occurs(block, in: here), "\(article): \(block.joined(separator: " / "))")
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
  }

  private static func occurs(_ block: [String], in file: [String]) -> Bool {
    guard file.count >= block.count else { return false }
    return (0...file.count - block.count).contains { Array(file[$0..<$0 + block.count]) == block }
  }
}
