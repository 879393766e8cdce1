/// A pattern over action names, in which `*` stands for any run of characters.
package struct ActionPattern: Hashable, Sendable {
  package let text: [UInt8]
  package let isExact: Bool

  /// Nil if the pattern is empty, too long or has too many wildcards.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let stars = bytes.count { $0 == UInt8(ascii: "*") }
    guard !bytes.isEmpty, bytes.count <= EngineLimits.patternBytes,
      stars <= EngineLimits.patternWildcards
    else { return nil }
    self.text = bytes
    isExact = stars == 0
  }

  /// Whether the whole action name matches. Compares bytes: action names have no case and no normal
  /// forms.
  package func matches(_ action: [UInt8]) -> Bool {
    let pattern = text.span
    let name = action.span
    var p = 0
    var n = 0
    var star = -1
    var resume = 0
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = p
        resume = n
        p += 1
      } else if p < pattern.count, pattern[p] == name[n] {
        p += 1
        n += 1
      } else if star >= 0 {
        p = star + 1
        resume += 1
        n = resume
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.count
  }
}

/// Patterns with exceptions: what a privilege, a role or a rule is about.
package struct ActionSet: Hashable, Sendable {
  package var patterns: [ActionPattern]
  package var exceptions: [ActionPattern] = []

  package init(patterns: [ActionPattern], exceptions: [ActionPattern] = []) {
    (self.patterns, self.exceptions) = (patterns, exceptions)
  }

  package func contains(_ action: [UInt8]) -> Bool {
    patterns.contains { $0.matches(action) } && !exceptions.contains { $0.matches(action) }
  }
}
