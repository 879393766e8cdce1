import CEL
public import PolicyEngine

/// How much each finding weighs: `modelgate-lint.json`.
///
/// ```json
/// { "codes": { "missing-examples": "error", "broad-grant": "off" } }
/// ```
public struct LintConfiguration: Sendable {
  /// The name that the command looks for, in the folder of the policies and above it.
  public static let fileName = PolicyLoader.lintFile

  private var levels: [LintCode: LintCode.Level] = [:]

  /// Every code with its own level.
  public init() {}

  /// Reads a configuration.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong: unknown fields, codes and levels,
  ///   each with its place and a suggestion.
  public init(_ source: PolicySource) throws(PolicyLoadError) {
    let file = try Self.read(source)
    let tape = file.tape
    var faults: [LoadDiagnostic] = []
    func refuse(_ code: String, _ message: String, _ node: Int, _ help: String?) {
      faults.append(file.diagnostic(code, message, at: tape.sourceRange(of: node), help: help))
    }
    guard tape.kind(of: tape.root) == .object else {
      refuse("wrong-type", "the configuration of lint must be an object", tape.root, nil)
      throw PolicyLoadError(diagnostics: faults)
    }
    for name in tape.children(of: tape.root) {
      switch tape.string(of: name) {
      case "$schema": continue
      case "codes" where tape.kind(of: name + 1) == .object:
        for key in tape.children(of: name + 1) {
          let (code, level) = (tape.string(of: key), tape.string(of: key + 1))
          guard let known = LintCode(rawValue: code) else {
            refuse(
              "unknown-code", "lint has no code `\(code)`", key,
              Self.suggestion(code, LintCode.allCases.map(\.rawValue)))
            continue
          }
          guard tape.kind(of: key + 1) == .string, let level = LintCode.Level(rawValue: level)
          else {
            refuse(
              "unknown-word", "a level can't be `\(level)`", key + 1,
              "it is one of `off`, `warning`, `error`")
            continue
          }
          levels[known] = level
        }
      case "codes":
        refuse("wrong-type", "`codes` must be an object", name + 1, nil)
      case let other:
        refuse(
          "unknown-field", "unknown field `\(other)` in the configuration of lint", name,
          Self.suggestion(other, ["codes"]) ?? "known is `codes`")
      }
    }
    guard faults.isEmpty else { throw PolicyLoadError(diagnostics: faults) }
  }

  private static func suggestion(_ text: String, _ words: [String]) -> String? {
    CEL.suggestion(for: text, among: words).map { "did you mean `\($0)`?" }
  }

  private static func read(_ source: PolicySource) throws(PolicyLoadError) -> SourceFile {
    do throws(LoadDiagnostic) {
      return try SourceFile(reading: source, index: 0)
    } catch {
      throw PolicyLoadError(diagnostics: [error])
    }
  }

  /// The level of a code.
  public func level(of code: LintCode) -> LintCode.Level { levels[code] ?? code.level }
}
