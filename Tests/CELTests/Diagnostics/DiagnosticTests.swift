import CEL
import Testing

/// What an author is told, for the mistakes that authors make. The golden files are the
/// specification of the messages.
@Suite struct DiagnosticTests {
  typealias Mistake = (title: String, source: String)

  static func environment(_ extensions: Extensions = .core) -> Environment {
    var environment = Environment(extensions: extensions)
    environment.declare(
      record: "User",
      .init(attributes: [
        "name": .string, "age": .int, "roles": .list(.string), "active": .bool,
        "joined": .timestamp, "score": .double,
        "address": .record("Address"),
      ]))
    environment.declare(record: "Address", .init(attributes: ["city": .string, "zip": .string]))
    environment.declare("user", .record("User"))
    environment.declare("request", .map(.string, .dyn))
    environment.declare("labels", .map(.string, .string))
    environment.declare("count", .int)
    environment.declare("quota", .uint)
    environment.declare("name", .string)
    environment.declare("action", .string)
    environment.declare("now", .timestamp)
    environment.declare("com.example.limit", .int)
    return environment
  }

  /// One section a mistake: what was written, and all that is said about it.
  private func report(_ mistakes: [Mistake], _ environment: Environment = environment()) -> String {
    mistakes.map { mistake in
      var lines = ["## \(mistake.title)", mistake.source.replacing("\n", with: "⏎"), ""]
      do throws(CompilationError) {
        let compiled = try environment.compile(mistake.source)
        lines.append("compiles, type \(compiled.type)")
      } catch {
        lines.append("\(error)\n" + error.diagnostics.map { "[\($0.code)]" }.joined(separator: " "))
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n\n") + "\n"
  }

  @Test func syntax() throws {
    try GoldenFile.expect("diagnostics/syntax.txt", report(Mistakes.syntax))
  }
  @Test func literals() throws {
    try GoldenFile.expect("diagnostics/literals.txt", report(Mistakes.literals))
  }
  @Test func names() throws {
    try GoldenFile.expect("diagnostics/names.txt", report(Mistakes.names))
  }
  @Test func calls() throws {
    try GoldenFile.expect("diagnostics/calls.txt", report(Mistakes.calls))
  }
  @Test func types() throws {
    try GoldenFile.expect("diagnostics/types.txt", report(Mistakes.types))
  }
  @Test func optionals() throws {
    try GoldenFile.expect(
      "diagnostics/optionals.txt", report(Mistakes.optionals, Self.environment(.all)))
  }

  /// Rules that every message keeps (docs/STYLE).
  @Test func messagesKeepTheRules() {
    let mistakes =
      Mistakes.syntax + Mistakes.literals + Mistakes.names + Mistakes.calls + Mistakes.types
    #expect(mistakes.count >= 60)
    for (title, source) in mistakes {
      do throws(CompilationError) {
        _ = try Self.environment().compile(source)
      } catch {
        for diagnostic in error.diagnostics {
          #expect(diagnostic.message.first?.isUppercase == false, "\(title): \(diagnostic.message)")
          #expect(
            !diagnostic.message.hasSuffix(".") && diagnostic.help?.hasSuffix(".") != true,
            "\(title)")
          #expect(
            Int(diagnostic.span.end) <= source.utf8.count
              && diagnostic.span.start <= diagnostic.span.end, "\(title)")
          #expect(diagnostic.message.utf8.count <= 200, "\(title): \(diagnostic.message)")
        }
      }
    }
  }
}
