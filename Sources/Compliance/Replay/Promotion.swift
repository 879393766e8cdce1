import CEL
public import PolicyEngine

/// Rule files in which rules that only watch are enforced: what a promotion would do.
public enum Promotion {
  /// The same files with `mode` of these rules set to `enforce`.
  ///
  /// - Throws: `PolicyLoadError` if a rule does not exist or is enforced already.
  public static func enforcing(
    _ rules: [String], in sources: [PolicySource]
  ) throws(PolicyLoadError) -> [PolicySource] {
    let set = try PolicySet(sources, timeZones: .system)
    var sources = sources
    for rule in rules {
      guard let linked = set.rules.first(where: { $0.id == rule }) else {
        throw refusal(
          "unknown-rule", "there is no rule `\(rule)`",
          suggestion(for: rule, among: set.rules.map(\.id)).map { "did you mean `\($0)`?" },
          SourcePosition(file: sources.first?.name ?? "", line: 1, column: 1))
      }
      guard linked.mode != .enforce else {
        throw refusal(
          "already-enforced", "rule `\(rule)` is enforced already",
          "only a rule whose `mode` is `warn` or `audit` can be promoted", linked.position)
      }
      guard let index = sources.firstIndex(where: { $0.name == linked.position.file }),
        let changed = enforce(rule, sources[index])
      else { continue }
      sources[index] = changed
    }
    return sources
  }

  private static func refusal(
    _ code: String, _ message: String, _ help: String?, _ position: SourcePosition
  ) -> PolicyLoadError {
    PolicyLoadError(diagnostics: [
      LoadDiagnostic(
        code: code, message: message, help: help, position: position, excerpt: "",
        severity: .error)
    ])
  }

  private static func enforce(_ rule: String, _ source: PolicySource) -> PolicySource? {
    var tape = JSONTape()
    let limits = JSONLimits(
      bytes: EngineLimits.fileBytes, depth: 64, nodes: EngineLimits.fileValues)
    guard (try? tape.read(source.bytes, limits: limits)) != nil,
      let rules = tape.member("rules", of: tape.root)
    else { return nil }
    for node in tape.children(of: rules) {
      guard let id = tape.member("id", of: node), tape.isString(id, rule),
        let mode = tape.member("mode", of: node)
      else { continue }
      var bytes = source.bytes
      bytes.replaceSubrange(tape.sourceRange(of: mode), with: Array("\"enforce\"".utf8))
      return PolicySource(name: source.name, bytes: bytes)
    }
    return nil
  }
}
