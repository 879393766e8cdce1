extension OpenSearch {
  /// Words of a text, as OpenSearch's standard analyzer finds them, in lower case.
  ///
  /// A word is a run of letters, digits, marks and underscores; `'`, `.` and `:` between letters,
  /// and `.`, `,` and `'` between digits, belong to it. Han characters and Hiragana are words by
  /// themselves. (Unicode's text segmentation, annex 29, as far as names and descriptions go.)
  static func words(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var (words, word): ([String], String.UnicodeScalarView) = ([], .init())
    func isBetween(_ index: Int, _ test: (Unicode.Scalar) -> Bool) -> Bool {
      index > 0 && index + 1 < scalars.count && test(scalars[index - 1])
        && test(scalars[index + 1])
    }
    func end() {
      if !word.isEmpty { words.append(String(word)) }
      word = .init()
    }
    for (index, scalar) in scalars.enumerated() {
      if isWordByItself(scalar) {
        end()
        word.append(scalar)
        end()
      } else if isPart(scalar)
        || "'.:\u{2019}".unicodeScalars.contains(scalar) && isBetween(index, isLetter)
        || ".,'".unicodeScalars.contains(scalar) && isBetween(index, isDigit)
      {
        word.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      } else {
        end()
      }
    }
    end()
    return words
  }

  private static func isWordByItself(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isIdeographic || (0x3041...0x309F).contains(scalar.value)
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic && !isWordByItself(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .decimalNumber
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
      return (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value)
        || (0x61...0x7A).contains(scalar.value) || scalar == "_"
    }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation:
      return true
    default: return isLetter(scalar)
    }
  }

  /// A text in which upper and lower case are one.
  static func folded(_ text: String) -> String { text.lowercased() }

  /// A pattern in which `*` stands for any run of characters and `?` for one; `\` takes their
  /// meaning from them.
  struct TextPattern: Sendable, Hashable {
    private enum Part: Hashable {
      case one(Unicode.Scalar)
      case anyOne
      case anyRun
    }

    private let parts: [Part]
    private let foldsCase: Bool
    /// How much work a comparison is at most, for each character that it looks at.
    var cost: Int { parts.count }

    /// - Throws: `ErrorBody` if it is longer than `ServerLimits.searchPattern`.
    init(_ pattern: String, foldsCase: Bool = false, isPrefix: Bool = false) throws(ErrorBody) {
      let scalars = (foldsCase ? OpenSearch.folded(pattern) : pattern).unicodeScalars
      guard scalars.count <= ServerLimits.searchPattern else {
        throw .illegalArgument(
          "a pattern has [\(scalars.count)] characters, [\(ServerLimits.searchPattern)] are the "
            + "most")
      }
      var (parts, isEscaped): ([Part], Bool) = ([], false)
      for scalar in scalars {
        switch scalar {
        case _ where isPrefix || isEscaped:
          parts.append(.one(scalar))
          isEscaped = false
        case "\\": isEscaped = true
        case "?": parts.append(.anyOne)
        case "*": if parts.last != .anyRun { parts.append(.anyRun) }
        default: parts.append(.one(scalar))
        }
      }
      if isEscaped { parts.append(.one("\\")) }
      self.parts = isPrefix ? parts + [.anyRun] : parts
      self.foldsCase = foldsCase
    }

    /// Whether it is the whole text.
    func matches(_ text: String) -> Bool {
      let scalars = Array((foldsCase ? OpenSearch.folded(text) : text).unicodeScalars)
      var (part, place, star, resume) = (0, 0, -1, 0)
      while place < scalars.count {
        if part < parts.count, parts[part] == .anyRun {
          (star, resume) = (part, place)
          part += 1
        } else if part < parts.count, parts[part] == .anyOne || parts[part] == .one(scalars[place])
        {
          (part, place) = (part + 1, place + 1)
        } else if star >= 0 {
          resume += 1
          (part, place) = (star + 1, resume)
        } else {
          return false
        }
      }
      while part < parts.count, parts[part] == .anyRun { part += 1 }
      return part == parts.count
    }
  }
}
