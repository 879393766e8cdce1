#if Server
  public import PolicyEngine

  /// Why a file of users, keys or a token issuer's keys can't be used or changed.
  public struct FileFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A stable name: `file-missing`, `file-unreadable`, `file-unsafe`, `file-not-written`,
    /// `file-busy`, `file-invalid`, and those of what was asked for: `user-exists`, `no-such-user`, ….
    public let code: String
    /// What is wrong: lower case, no full stop.
    public let message: String
    /// What to do about it, if that is known.
    public let help: String?
    /// What is wrong inside the file, each with its place.
    public let diagnostics: [LoadDiagnostic]

    /// A fault from its parts.
    public init(_ code: String, _ message: String, help: String? = nil) {
      (self.code, self.message, self.help, diagnostics) = (code, message, help, [])
    }

    /// A file that could be read and makes no sense.
    init(invalid path: String, _ diagnostics: [LoadDiagnostic]) {
      code = "file-invalid"
      let count = diagnostics.count
      message = "`\(path)` can't be used: \(count == 1 ? "1 error" : "\(count) errors")"
      help = nil
      self.diagnostics = diagnostics
    }

    /// The message, and everything inside the file below it.
    public var description: String {
      var text = message
      if let help { text += " (\(help))" }
      for diagnostic in diagnostics { text += "\n\(diagnostic)" }
      return text
    }
  }
#endif
