import CEL
import PolicyEngine

/// Findings that authors accept, with their reasons: `"suppress": { "code": "reason" }` in a rule,
/// a privilege, a role, a definition or a whole document.
struct Suppressions {
  private struct Place: Hashable {
    var file: Int
    var owner: Int
  }
  private struct Entry {
    var file: SourceFile
    var owner: Int
    var code: String
    var key: Int
    var isUsed = false
  }

  private var entries: [Entry] = []
  private var index: [Place: [String: Int]] = [:]
  private var invalid: [LoadDiagnostic] = []

  init(_ policies: [PolicyDocument]) {
    for document in policies {
      let file = document.file
      add(file, file.tape.root)
      for rule in document.rules { add(file, rule.node) }
      // The object of a named thing is the node behind its name.
      for name in document.privileges.map(\.name) + document.roles.map(\.name)
        + document.definitions.map(\.name)
      {
        add(file, name.node + 1)
      }
    }
  }

  private mutating func add(_ file: SourceFile, _ owner: Int) {
    let tape = file.tape
    guard tape.kind(of: owner) == .object, let node = tape.member("suppress", of: owner) else {
      return
    }
    guard tape.kind(of: node) == .object else {
      return refuse(
        file, node, "`suppress` must be an object",
        "write `\"suppress\": { \"code\": \"why it is accepted\" }`")
    }
    for key in tape.children(of: node) {
      let code = tape.string(of: key)
      if LintCode(rawValue: code) == nil {
        refuse(
          file, key, "lint has no code `\(code)`",
          suggestion(for: code, among: LintCode.allCases.map(\.rawValue)).map {
            "did you mean `\($0)`?"
          } ?? "the codes are listed in docs/LINT.md")
      } else if tape.kind(of: key + 1) != .string || tape.string(of: key + 1).isBlank {
        refuse(
          file, key + 1, "the suppression of `\(code)` has no reason",
          "say why it is accepted, for whoever reads this next")
      } else {
        index[Place(file: file.index, owner: owner), default: [:]][code] = entries.count
        entries.append(Entry(file: file, owner: owner, code: code, key: key))
      }
    }
  }

  private mutating func refuse(_ file: SourceFile, _ node: Int, _ message: String, _ help: String) {
    invalid.append(
      file.diagnostic(
        LintCode.invalidSuppression.rawValue, message, at: file.tape.sourceRange(of: node),
        help: help))
  }

  /// Whether what is found in this part of a document, or in the document, is accepted.
  mutating func accept(_ code: LintCode, _ file: SourceFile, _ owner: Int) -> Bool {
    for owner in [owner, file.tape.root] {
      if let entry = index[Place(file: file.index, owner: owner)]?[code.rawValue] {
        entries[entry].isUsed = true
        return true
      }
    }
    return false
  }

  /// What is wrong with the suppressions, once everything has been looked at.
  func problems(
    _ configuration: LintConfiguration
  ) -> [(code: LintCode, diagnostic: LoadDiagnostic)] {
    invalid.map { (.invalidSuppression, $0) }
      + entries.filter { entry in
        // What is not looked for can't be found.
        !entry.isUsed && LintCode(rawValue: entry.code).map(configuration.level) != .off
      }.map { entry in
        (
          .unusedSuppression,
          entry.file.diagnostic(
            LintCode.unusedSuppression.rawValue, "`\(entry.code)` is not found here",
            at: entry.file.tape.sourceRange(of: entry.key), help: "take the suppression away")
        )
      }
  }
}

extension String {
  /// Whether there is nothing to read.
  var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
