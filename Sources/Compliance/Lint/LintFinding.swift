public import CEL
public import PolicyEngine

/// Something that lint found.
public struct LintFinding: Sendable {
  /// What it looked for; nil for what prevents the set from being loaded.
  public let code: LintCode?
  /// The finding as every other diagnostic of rule files: place, message, help.
  public let diagnostic: LoadDiagnostic
  /// A change of the file that settles it and changes no decision, if there is one.
  public let fix: Fix?

  /// A stretch of a file, and what to write in its place.
  public struct Fix: Hashable, Sendable {
    /// The file's name.
    public let file: String
    /// Bytes of the file.
    public let range: Range<Int>
    /// What stands there afterwards.
    public let replacement: [UInt8]
  }
}

/// What lint found in a policy set.
public struct LintReport: Sendable {
  /// Everything that was found, by file in load order and by place.
  public internal(set) var findings: [LintFinding] = []
  /// How many findings a suppression accepts.
  public internal(set) var suppressed = 0
  /// What could not be looked at completely, and why.
  public internal(set) var notes: [String] = []

  /// The diagnostics alone, for reports.
  public var diagnostics: [LoadDiagnostic] { findings.map(\.diagnostic) }

  /// The worst severity among them; nil if there is none.
  public var worst: Diagnostic.Severity? {
    findings.contains { $0.diagnostic.severity == .error }
      ? .error : findings.isEmpty ? nil : .warning
  }
}
