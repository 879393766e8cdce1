/// The words for punctuation and values that are not where the grammar wants them.
extension JSONFaultWords {
  func describe(unexpected expected: JSONFault.Expected) -> Description {
    let found = found
    let message = "expected \(expected.words), found \(found.description)"
    switch found.kind {
    case .end:
      if isEmpty { return (.unexpectedEnd, "expected a value, found an empty text", nil) }
      return (.unexpectedEnd, message, beside < 0 ? nil : openHelp(expected))
    case .invalid:
      return (.invalidUTF8, "expected UTF-8, found \(found.description)", "save the text as UTF-8")
    case .text:
      let code: JSONError.Code =
        expected == .endOfText ? .trailingContent : .unexpectedCharacter
      return (code, message, help(expected, found))
    }
  }

  /// Says where the container starts whose end is missing.
  private func openHelp(_ expected: JSONFault.Expected) -> String {
    "the \(expected.container) starts at \(place(of: beside))"
  }

  private func help(_ expected: JSONFault.Expected, _ found: JSONFound) -> String? {
    if found.text.hasPrefix("/") || found.text == "#" { return "JSON has no comments" }
    let isCloser = found.text == "}" || found.text == "]"
    switch expected {
    case .value, .firstElement, .memberValue: return found.helpAsValue
    case .element:
      return isCloser ? "remove the comma before it" : found.helpAsValue
    case .name:
      return isCloser ? "remove the comma before it" : found.helpAsName
    case .firstName: return found.helpAsName
    case .colon: return "a name and its value stand as `\"name\": value`"
    case .afterMember, .afterElement:
      if isCloser { return openHelp(expected) }
      return found.startsValue ? "a comma may be missing before it" : nil
    case .endOfText: return "one text holds one value"
    }
  }
}

extension JSONFault.Expected {
  fileprivate var words: String {
    switch self {
    case .value: "a value"
    case .element: "a value after the comma"
    case .memberValue: "a value after the colon"
    case .firstElement: "a value or `]`"
    case .name: "a member name in double quotes after the comma"
    case .firstName: "a member name in double quotes or `}`"
    case .colon: "a colon after a member name"
    case .afterMember: "a comma or `}` after a member"
    case .afterElement: "a comma or `]` after an element"
    case .endOfText: "the end of the text after the value"
    }
  }

  fileprivate var container: String {
    switch self {
    case .element, .firstElement, .afterElement: "array"
    default: "object"
    }
  }
}
